"""Visits: a person at a customer's location."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Versioned, belongs


class VisitStatus(StrEnum):
    """Where a visit is in its life; the last three are final."""

    PLANNED = "PLANNED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    MISSED = "MISSED"


class Visit(Versioned):
    """Takes a rep to a location."""

    customer = belongs("Customer")
    location = belongs("Location")
    creator = belongs("User")
    assignee = belongs("User", null=True)
    team = belongs("Team", null=True)
    status = fields.CharEnumField(VisitStatus, max_length=20, default=VisitStatus.PLANNED, db_default="PLANNED")
    planned_start = fields.DatetimeField()
    planned_end = fields.DatetimeField()
    purpose: str | None = fields.TextField(null=True)
    outcome: str | None = fields.TextField(null=True)
    checked_in_at: datetime | None = fields.DatetimeField(null=True)
    checked_out_at: datetime | None = fields.DatetimeField(null=True)
    series = belongs("Series", null=True)
    occurrence = fields.CharField(max_length=19, null=True)

    customer_id: UUID
    location_id: UUID
    creator_id: UUID
    assignee_id: UUID | None
    team_id: UUID | None
    series_id: UUID | None

    class Meta:
        table = "visits"
        indexes = (Index(fields=("workspace_id", "planned_start", "id"), name="visits_planned_start"),)
        constraints = (
            UniqueConstraint(fields=("series_id", "occurrence"), name="visits_occurrence_once"),
            CheckConstraint(check="(series_id is null) = (occurrence is null)", name="visits_occurrence_of_series"),
            CheckConstraint(check="planned_start < planned_end", name="visits_planned"),
            CheckConstraint(check="checked_out_at is null or checked_in_at <= checked_out_at", name="visits_checked"),
            CheckConstraint(
                check="(checked_in_at is not null) = (status in ('IN_PROGRESS', 'COMPLETED'))"
                " and (checked_out_at is not null) = (status = 'COMPLETED')",
                name="visits_status",
            ),
        )
