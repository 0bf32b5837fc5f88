"""How long a task was in each status."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import models
from schema.compiler.catalog import Column, Kind, Table
from schema.compiler.fields import Node, column, node, one, sql
from schema.durations import elapsed

if TYPE_CHECKING:
    from schema.accounts import User

STATUS_PERIODS = Table(
    "status_periods",
    {
        each.name: each
        for each in (
            Column("id", Kind.UUID),
            Column("workspace_id", Kind.UUID),
            Column("task_id", Kind.UUID),
            Column("status", Kind.TEXT, enum=models.TaskStatus),
            Column("entered_at", Kind.INSTANT),
            Column("left_at", Kind.INSTANT, nullable=True),
            Column("by_id", Kind.UUID, nullable=True),
            Column("created_at", Kind.INSTANT),
        )
    },
)


@node(STATUS_PERIODS, prefix="period")
class StatusPeriod(Node):
    """The time that a task was in a status."""

    status: models.TaskStatus = column("The status.")
    entered_at: datetime = column("Since when.")
    left_at: datetime | None = column("Until when; null while it still is.", sortable=False)
    duration: timedelta | None = sql("How long; null while it still is.", elapsed("{t}.entered_at", "{t}.left_at"))
    by: "User | None" = one("Who brought it there; null for the system.")
