"""The root of reading: any node by its id, and every topic's queries."""

import strawberry

from schema.absences import AbsenceQueries
from schema.accounts import AccountQueries
from schema.api_keys import ApiKeyQueries
from schema.attachments import AttachmentQueries
from schema.billing import BillingQueries
from schema.calendars import CalendarQueries
from schema.capacity import CapacityQueries
from schema.compiler.fields import Node, item, items
from schema.customers import CustomerQueries
from schema.deletions import DeletionQueries
from schema.dependencies import DependencyQueries
from schema.escalations import EscalationQueries
from schema.follow_ups import FollowUpQueries
from schema.history import HistoryQueries
from schema.indicators import IndicatorQueries
from schema.locations import LocationQueries
from schema.metrics import MetricQueries
from schema.notes import NoteQueries
from schema.occurrences import OccurrenceQueries
from schema.opportunities import OpportunityQueries
from schema.recurrence import SeriesQueries
from schema.recurrence_preview import RecurrenceQueries
from schema.task_types import TaskTypeQueries
from schema.tasks import TaskQueries
from schema.teams import TeamQueries
from schema.tickets import TicketQueries
from schema.timeline import TimelineQueries
from schema.timesheets import TimeQueries
from schema.visits import VisitQueries
from schema.workflows import WorkflowQueries
from schema.workload import WorkloadQueries


@strawberry.type(description="Everything that can be read. What you may not see is as if it were not there.")
class Query(
    TaskQueries,
    DependencyQueries,
    MetricQueries,
    WorkflowQueries,
    TaskTypeQueries,
    IndicatorQueries,
    VisitQueries,
    NoteQueries,
    AttachmentQueries,
    CustomerQueries,
    LocationQueries,
    TicketQueries,
    OpportunityQueries,
    AccountQueries,
    TeamQueries,
    AbsenceQueries,
    CapacityQueries,
    WorkloadQueries,
    ApiKeyQueries,
    CalendarQueries,
    SeriesQueries,
    RecurrenceQueries,
    OccurrenceQueries,
    FollowUpQueries,
    EscalationQueries,
    TimeQueries,
    BillingQueries,
    DeletionQueries,
    HistoryQueries,
    TimelineQueries,
):
    """Everything that can be read."""

    node: Node | None = item("Any object by its id; null when there is none that you see.")
    nodes: list[Node | None] = items("Objects by their ids, in the same order; null where there is none that you see.")
