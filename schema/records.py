"""The records of which history and timelines speak."""

from typing import TYPE_CHECKING, Annotated, Union

import strawberry

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.api_keys import ApiKey
    from schema.billing import Billable, Conversion, Rate
    from schema.calendars import CalendarFeed
    from schema.capacity import TaskWeight
    from schema.customers import Customer
    from schema.escalations import EscalationRule
    from schema.history import Event
    from schema.indicators import AssessmentIndicator
    from schema.locations import Location
    from schema.notes import Note
    from schema.opportunities import Opportunity
    from schema.recurrence import Series
    from schema.reminders import Reminder
    from schema.tasks import Task
    from schema.teams import Team
    from schema.tickets import Ticket
    from schema.timesheets import TimeEntry
    from schema.visits import Visit

Record = Annotated[
    Union[
        "Task",
        "Visit",
        "Customer",
        "Location",
        "Ticket",
        "Opportunity",
        "Note",
        "TimeEntry",
        "Billable",
        "Conversion",
        "Reminder",
        "Series",
        "User",
        "Team",
        "ApiKey",
        "CalendarFeed",
        "Rate",
        "TaskWeight",
        "AssessmentIndicator",
        "EscalationRule",
        "Event",
    ],
    strawberry.union("Record", description="Whatever history and timelines speak of."),
]
