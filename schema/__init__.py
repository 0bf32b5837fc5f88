"""What clients may ask: the topics' types merged into one schema."""

import hmac
from datetime import date, timedelta
from decimal import Decimal

import strawberry
from strawberry.schema.config import StrawberryConfig

from domain import policy
from models import Role
from schema import (
    absences,
    accounts,
    api_keys,
    attachments,
    billing,
    calendars,
    capacity,
    checklists,
    customers,
    deletions,
    escalations,
    follow_ups,
    history,
    indicators,
    links,
    locations,
    metrics,
    notes,
    notifications,
    opportunities,
    recurrence,
    reminders,
    status_history,
    task_indicators,
    task_types,
    tasks,
    teams,
    tickets,
    timeline,
    timesheets,
    visits,
    workflows,
)
from schema.compiler.build import Builder, Rules
from schema.compiler.catalog import Kind
from schema.mutation import attach
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALAR_MAP, DateTimeOrDuration
from settings import settings

TOPICS = (
    tasks,
    task_types,
    metrics,
    status_history,
    checklists,
    indicators,
    task_indicators,
    workflows,
    follow_ups,
    deletions,
    links,
    notes,
    attachments,
    visits,
    customers,
    locations,
    tickets,
    opportunities,
    accounts,
    teams,
    absences,
    api_keys,
    calendars,
    capacity,
    recurrence,
    reminders,
    notifications,
    escalations,
    timesheets,
    billing,
    history,
    timeline,
)
ZONE = "(select w.time_zone from workspaces w where w.id = {workspace})"
TODAY = "(now() at time zone {zone})::date"
RULES = Rules(
    sight=lambda table, role: policy.visible(table, Role(role)),
    words={"workspace": "uuid", "me": "uuid", "teams": "uuid[]", "reach": "uuid[]", "people": "uuid[]"},
    macros={"today": TODAY, "zone": ZONE},
    # Of its own, so that no cursor's signature is ever a token's.
    secret=hmac.digest(settings().secret.encode(), b"cursors", "sha256"),
    answers={
        Kind.UUID: strawberry.ID,
        Kind.TEXT: str,
        Kind.INT: int,
        Kind.BOOL: bool,
        Kind.DATE: date,
        Kind.INSTANT: DateTimeOrDuration,
        Kind.INTERVAL: timedelta,
        Kind.NUMERIC: Decimal,
    },
)
TYPES = {
    name: cls
    for topic in TOPICS
    for name, cls in vars(topic).items()
    if hasattr(cls, "__fieldgraph__") and cls.__module__ == topic.__name__
}

schema, reader = Builder(TYPES, RULES, StrawberryConfig(scalar_map=SCALAR_MAP)).build(Query, Mutation)
attach(schema, lambda name: reader.catalog.nodes[name].prefix)
