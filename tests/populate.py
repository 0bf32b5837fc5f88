"""Rows of every table there is, made from the models themselves: every text says whose they are."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from tortoise import fields
from uuid_utils.compat import uuid7

import models
from domain import telling
from models import (
    Absence,
    AssessmentIndicator,
    Attachment,
    AttachmentStatus,
    Conversion,
    Customer,
    CustomerKind,
    CustomTaskType,
    Deletion,
    Dependency,
    EscalationRule,
    Event,
    FollowUpItem,
    FollowUpRule,
    LinkKind,
    Location,
    Membership,
    Note,
    Notification,
    NotificationSettings,
    Opportunity,
    Rate,
    RateScope,
    Reminder,
    Row,
    Series,
    SubjectType,
    Task,
    TaskIndicator,
    TaskLink,
    TaskStatus,
    TaskWeight,
    Team,
    Ticket,
    TimeEntry,
    User,
    Visit,
    VisitStatus,
    WorkflowVersion,
)
from tests import make

ROWS = [found for name in models.__all__ if issubclass(found := getattr(models, name), Row) and found._meta.db_table]
PUBLIC = (
    *(User, Team, Membership, Customer, Location, Ticket, Opportunity),
    *(Absence, TaskWeight, CustomTaskType, AssessmentIndicator, WorkflowVersion, FollowUpRule, FollowUpItem),
    EscalationRule,
)
"""What everybody in the workspace sees, and what happened to it."""
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
NEXT = count(1_000_000)
NOT_MADE = {"id", "workspace_id", "deletion_id"}
TABLES = {model._meta.db_table: model for model in ROWS}
SUBJECTS = {kind: TABLES[table] for table, kind in telling.SUBJECTS.items()}
LINKED = {
    LinkKind.ORGANIZATION: "customer_id",
    LinkKind.LOCATION: "location_id",
    LinkKind.VISIT: "visit_id",
    LinkKind.TICKET: "ticket_id",
    LinkKind.OPPORTUNITY: "opportunity_id",
}
ABOUT = ("task_id", "customer_id", "visit_id", "ticket_id", "opportunity_id")
PRICED = {
    RateScope.TASK: "task_id",
    RateScope.LOCATION: "location_id",
    RateScope.CUSTOMER: "customer_id",
    RateScope.PERSON: "user_id",
    RateScope.WORKSPACE: None,
}
COLUMNS = {
    fields.CharField: lambda word, number: f"{word} {number}",
    fields.TextField: lambda word, number: f"{word} {number}",
    fields.BigIntField: lambda word, number: number,
    fields.IntField: lambda word, number: 60,
    fields.BooleanField: lambda word, number: True,
    fields.DatetimeField: lambda word, number: AT,
    fields.DateField: lambda word, number: AT.date(),
    fields.DecimalField: lambda word, number: Decimal(1),
    fields.JSONField: lambda word, number: {word: [None, word]},
    fields.UUIDField: lambda word, number: uuid7(),
}


def apart(column, choices):
    """A row for each choice, with the choice's own key and none of the others."""
    return [
        {key: None for key in choices.values() if key not in {own, None}} | {column: choice}
        for choice, own in choices.items()
    ]


def only(keys):
    """A row for each key, with none of the others."""
    return [dict.fromkeys(set(keys) - {key}) for key in keys]


OF_CUSTOMER = {"task_id": None, "visit_id": None}
"""What everybody in the workspace sees as well."""
DAILY = {"rule": "FREQ=DAILY", "start": "2026-11-23T09:00:00", "time_zone": "UTC", "rdates": [], "exdates": []}
BARE = DAILY | {"due_at": None, "subtasks": [], "checklist": [], "links": [], "reminders": []}
"""A series whose occurrences are a title."""
VARIANTS = {
    Customer: [{"kind": CustomerKind.ORGANIZATION, "organization_id": None}, {"kind": CustomerKind.INDIVIDUAL}],
    CustomTaskType: [{"required_fields": ["DUE_ON"], "checklist": []}],
    AssessmentIndicator: [{"choices": []}],
    TaskIndicator: [{"number": None, "yes": None, "choice": None}],
    Team: [{"parent_id": None}, {}],
    Task: [
        {
            "parent_id": None,
            "follow_up_of_id": None,
            "follow_up_visit_id": None,
            "finished_at": None,
            "finished_by_id": None,
        },
        {"status": TaskStatus.CLOSED},
    ],
    Ticket: [{"closed_at": None}],
    Opportunity: [{"closed_at": None}],
    Visit: [{"planned_end": AT + timedelta(hours=1), "status": VisitStatus.COMPLETED}],
    TimeEntry: [
        {"ended_at": AT + timedelta(hours=1), "minutes": None, "worked_on": None},
        {"started_at": None, "ended_at": None},
    ],
    Reminder: [{"sent_at": None, "due_at": None, "anchor": "INSTANT", "local_time": None}],
    NotificationSettings: [{"channels": {}, "due_at": None}],
    EscalationRule: [
        {"holiday_country": "DE", "holiday_region": "BY", "opens_at": "09:00", "closes_at": "17:00", "due_at": None}
    ],
    Conversion: [{"finished_at": None, "due_at": None}],
    Series: [BARE | {"predecessor_id": None, "ended_at": None}, BARE],
    TaskLink: apart("kind", LINKED),
    Note: only(ABOUT),
    Deletion: [{"due_at": None}],
    Attachment: [each | {"status": AttachmentStatus.READY, "due_at": None} for each in only(ABOUT)],
    Notification: [each | {"status": "SENT", "due_at": None} for each in ({"note_id": None}, {"reminder_id": None})],
    Rate: apart("scope", PRICED),
    FollowUpRule: [{"trigger": "TASK"}],
    Event: [
        *({"subject_type": kind} for kind in SubjectType),
        {"subject_type": SubjectType.TASK, "changes": {"number": [None, 1]}},
    ],
}
"""What the database's own checks ask for; a model that is not here gets one row, with a value in every column."""


async def populate(by, word, made, *, currency="USD", public=True):
    """Bare rows of all models, whose keys point at the first row of a model in `made` or among the new ones.

    Without `public`, nothing of what everybody in the workspace sees. Returns the new rows by model.
    """
    known, new = {model: list(rows) for model, rows in made.items()}, defaultdict(list)
    pending = [model for model in ROWS if public or model not in PUBLIC]
    while pending:
        model = next(each for each in pending if not targets(each) & set(pending) - {each})
        pending.remove(model)
        for variant in VARIANTS.get(model, [{}]):
            if not public and (
                SUBJECTS.get(variant.get("subject_type")) in PUBLIC or OF_CUSTOMER.items() <= variant.items()
            ):
                continue
            row = await make.row(model, by, **values(model, word, known) | due(model, variant, known, currency))
            known.setdefault(model, []).append(row)
            new[model].append(row)
    return new


def due(model, variant, known, currency):
    """What the row must have whatever its column would take."""
    words = {"currency": currency, "workflow": "REVIEWED"}
    more = {name: value for name, value in words.items() if name in model._meta.fields_map}
    if model is User:
        more |= {"email": f"person{next(NEXT)}@{currency.lower()}.example"}
    if model is NotificationSettings:
        more |= {"user_id": known[User][-1].id, "quiet_from": "22:00", "quiet_until": "07:00", "digest_at": "08:00"}
    if model is Membership:
        more |= {"user_id": known[User][-1].id}
    if model is Absence:
        more |= {"substitute_id": known[User][-1].id}
    if model is Dependency:
        more |= {"successor_id": known[Task][-1].id}
    if model is FollowUpItem:
        more |= {"place": next(NEXT)}
    if model is Event:
        more |= {"subject_id": known[SUBJECTS[variant["subject_type"]]][0].id}
    return more | variant


def values(model, word, known):
    """A value for each column without a default of its own."""
    found = {f"{name}_id": known[target(model, name)][0].id for name in keys(model) if target(model, name) in known}
    for name, column in model._meta.fields_map.items():
        if name in model._meta.fk_fields or (name.endswith("_id") and name in found) or name in NOT_MADE:
            continue
        if column.default is None and not column.has_db_default():
            found[name] = value(column, word)
    return found


def value(column, word):
    if enum := getattr(column, "enum_type", None):
        return next(iter(enum))
    if not isinstance(column, tuple(COLUMNS)):
        return ["READ"]
    made = next(make for kind, make in COLUMNS.items() if isinstance(column, kind))(word, next(NEXT))
    return made[: column.max_length] if isinstance(column, fields.CharField) else made


def target(model, name):
    return model._meta.fields_map[name].related_model


def targets(model):
    """The models that a model's rows point at."""
    return set(SUBJECTS.values()) if model is Event else {target(model, name) for name in keys(model)}


def keys(model):
    """The keys of a model's rows; none of them is deleted."""
    return sorted(model._meta.fk_fields - {"workspace", "deletion"})
