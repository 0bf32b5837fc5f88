"""The root of writing: every topic's mutations."""

import strawberry

from schema.absences import AbsenceMutations
from schema.accounts import AccountMutations
from schema.api_keys import ApiKeyMutations
from schema.attachments import AttachmentMutations
from schema.billing import BillingMutations
from schema.bulk_assign import BulkAssignMutations
from schema.bulk_steps import BulkStepMutations
from schema.calendars import CalendarMutations
from schema.capacity import CapacityMutations
from schema.checklists import ChecklistMutations
from schema.copying import CopyMutations
from schema.customers import CustomerMutations
from schema.deletions import DeletionMutations
from schema.dependencies import DependencyMutations
from schema.escalations import EscalationMutations
from schema.follow_ups import FollowUpMutations
from schema.history import HistoryMutations
from schema.importing import ImportMutations
from schema.inbox import InboxMutations
from schema.indicators import IndicatorMutations
from schema.lifecycle import LifecycleMutations
from schema.links import LinkMutations
from schema.locations import LocationMutations
from schema.notes import NoteMutations
from schema.opportunities import OpportunityMutations
from schema.ownership import OwnershipMutations
from schema.participants import ParticipantMutations
from schema.queues import QueueMutations
from schema.reminders import ReminderMutations
from schema.series_creation import SeriesMutations
from schema.series_edits import SeriesEditMutations
from schema.series_life import SeriesLifeMutations
from schema.subtasks import SubtaskMutations
from schema.task_content import TaskContentMutations
from schema.task_indicators import TaskIndicatorMutations
from schema.task_types import TaskTypeMutations
from schema.teams import TeamMutations
from schema.tickets import TicketMutations
from schema.timesheets import TimeMutations
from schema.visits import VisitMutations
from schema.workflows import WorkflowMutations


@strawberry.type(description="Everything that can be done. A refusal a person can act on is data, in `userErrors`.")
class Mutation(
    TaskContentMutations,
    SubtaskMutations,
    DependencyMutations,
    ChecklistMutations,
    IndicatorMutations,
    TaskIndicatorMutations,
    FollowUpMutations,
    CopyMutations,
    DeletionMutations,
    OwnershipMutations,
    LifecycleMutations,
    BulkAssignMutations,
    BulkStepMutations,
    WorkflowMutations,
    TaskTypeMutations,
    LinkMutations,
    NoteMutations,
    AttachmentMutations,
    VisitMutations,
    SeriesMutations,
    SeriesEditMutations,
    SeriesLifeMutations,
    ImportMutations,
    ReminderMutations,
    InboxMutations,
    EscalationMutations,
    TimeMutations,
    BillingMutations,
    CustomerMutations,
    LocationMutations,
    TicketMutations,
    OpportunityMutations,
    AccountMutations,
    TeamMutations,
    ParticipantMutations,
    QueueMutations,
    AbsenceMutations,
    CapacityMutations,
    ApiKeyMutations,
    CalendarMutations,
    HistoryMutations,
):
    """Everything that can be done."""
