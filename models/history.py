"""The one log of all that happened, and the answers kept for repeated requests."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

from models.rows import Row, belongs


class SubjectType(StrEnum):
    """What kind of record an event is about."""

    USER = "USER"
    TEAM = "TEAM"
    API_KEY = "API_KEY"
    CUSTOMER = "CUSTOMER"
    LOCATION = "LOCATION"
    TASK = "TASK"
    VISIT = "VISIT"
    TICKET = "TICKET"
    OPPORTUNITY = "OPPORTUNITY"
    SERIES = "SERIES"
    NOTE = "NOTE"
    RATE = "RATE"
    WORKFLOW = "WORKFLOW"
    TASK_WEIGHT = "TASK_WEIGHT"
    FOLLOW_UP_RULE = "FOLLOW_UP_RULE"
    CUSTOM_TASK_TYPE = "CUSTOM_TASK_TYPE"
    ASSESSMENT_INDICATOR = "ASSESSMENT_INDICATOR"
    CALENDAR_FEED = "CALENDAR_FEED"
    ESCALATION_RULE = "ESCALATION_RULE"


class Event(Row):
    """One change: who did what to which record, and each field from and to."""

    subject_type = fields.CharEnumField(SubjectType, max_length=20)
    subject_id = fields.UUIDField()
    verb = fields.CharField(max_length=40)
    changes: dict[str, Any] = fields.JSONField()
    reason = fields.CharField(max_length=500, null=True)
    actor = belongs("User", null=True)
    api_key = belongs("ApiKey", null=True)

    class Meta:
        table = "events"
        indexes = (Index(fields=("subject_id", "created_at"), name="events_subject"),)


class StoredAnswer(Row):
    """What an idempotency key was used for, and what came of it."""

    user = belongs("User")
    key = fields.CharField(max_length=255)
    fingerprint = fields.CharField(max_length=64)
    answer: UUID | None = fields.UUIDField(null=True)
    outcomes: list[Any] | None = fields.JSONField(null=True)
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "stored_answers"
        constraints = (UniqueConstraint(fields=("user_id", "key"), name="stored_answers_once"),)
