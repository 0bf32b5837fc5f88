"""What is stored: one table a class, and nothing else."""

from tortoise import Tortoise
from tortoise.context import TortoiseContext

from models.absences import Absence
from models.accounts import ApiKey, Membership, Role, Scope, Strategy, Team, User, Workspace
from models.attachments import Attachment, AttachmentStatus, FileType
from models.billing import Billable, BilledEntry, Conversion, Rate, RateScope
from models.calendars import CalendarEntry, CalendarFeed
from models.checklists import ChecklistItem
from models.customers import BasisDate, BillingStatus, Customer, CustomerKind, Location, Rounding
from models.deletions import Deletion
from models.dependencies import Dependency
from models.escalations import EscalationRule
from models.follow_ups import FollowUpHolder, FollowUpItem, FollowUpRule, FollowUpTrigger
from models.history import Event, StoredAnswer, SubjectType
from models.indicators import AssessmentIndicator, IndicatorDirection, IndicatorKind, TaskIndicator
from models.links import LinkKind, TaskLink
from models.notes import Mention, Note, NoteKind
from models.notifications import (
    ChannelUse,
    DigestLine,
    Notification,
    NotificationKind,
    NotificationSettings,
    NotificationStatus,
)
from models.opportunities import Opportunity, OpportunityStage
from models.participants import Participant, Participation
from models.recurrence import HolidayPolicy, MonthEnd, Series, SeriesAnchor, SeriesKind, SeriesState
from models.reminders import Anchor, Channel, Recipient, Reminder, ReminderStatus
from models.rows import Due, Row, Versioned
from models.task_types import CustomTaskType, RequiredField
from models.tasks import Assignment, Handover, Priority, ProgressBy, Task, TaskStatus, TaskType, TaskWeight
from models.tickets import Ticket, TicketStatus
from models.timesheets import TimeEntry
from models.visits import Visit, VisitStatus
from models.workflows import WorkflowVersion

__all__ = [
    "Absence",
    "Anchor",
    "ApiKey",
    "AssessmentIndicator",
    "Assignment",
    "Attachment",
    "AttachmentStatus",
    "BasisDate",
    "Billable",
    "BilledEntry",
    "BillingStatus",
    "CalendarEntry",
    "CalendarFeed",
    "Channel",
    "ChannelUse",
    "ChecklistItem",
    "Conversion",
    "CustomTaskType",
    "Customer",
    "CustomerKind",
    "Deletion",
    "Dependency",
    "DigestLine",
    "Due",
    "EscalationRule",
    "Event",
    "FileType",
    "FollowUpHolder",
    "FollowUpItem",
    "FollowUpRule",
    "FollowUpTrigger",
    "Handover",
    "HolidayPolicy",
    "IndicatorDirection",
    "IndicatorKind",
    "LinkKind",
    "Location",
    "Membership",
    "Mention",
    "MonthEnd",
    "Note",
    "NoteKind",
    "Notification",
    "NotificationKind",
    "NotificationSettings",
    "NotificationStatus",
    "Opportunity",
    "OpportunityStage",
    "Participant",
    "Participation",
    "Priority",
    "ProgressBy",
    "Rate",
    "RateScope",
    "Recipient",
    "Reminder",
    "ReminderStatus",
    "RequiredField",
    "Role",
    "Rounding",
    "Row",
    "Scope",
    "Series",
    "SeriesAnchor",
    "SeriesKind",
    "SeriesState",
    "StoredAnswer",
    "Strategy",
    "SubjectType",
    "Task",
    "TaskIndicator",
    "TaskLink",
    "TaskStatus",
    "TaskType",
    "TaskWeight",
    "Team",
    "Ticket",
    "TicketStatus",
    "TimeEntry",
    "User",
    "Versioned",
    "Visit",
    "VisitStatus",
    "WorkflowVersion",
    "Workspace",
]

with TortoiseContext():  # so that models know the columns of their keys also before a database is opened
    Tortoise.init_models(["models"], "models")
