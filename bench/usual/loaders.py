"""Batched reading, once per request: rows by id, the children of many parents, and how many they have."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from strawberry.dataloader import DataLoader
from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.models import Model
from tortoise.queryset import QuerySet

import models
from domain.principal import Principal
from models.accounts import Role

HELD = (models.Task, models.Visit)


class Loaders:
    """What one request reads, and for whom."""

    def __init__(self, by: Principal) -> None:
        self.by = by
        self._made: dict[object, DataLoader[UUID, Any]] = {}

    def held(self, at: str = "") -> Q:
        """Which tasks and visits the principal sees; `at` is the way to them from the rows that are asked for."""
        mine: dict[str, Any] = {"assignee_id": self.by.id, "creator_id": self.by.id, "team_id__isnull": True}
        mine |= {"team_id__in": list(self.by.teams | self.by.reach)}
        return Q(*(Q(**{at + name: value}) for name, value in mine.items()), join_type=Q.OR)

    def seen(self, model: type[Model], *, all: bool = False) -> QuerySet[Any]:
        """Rows that the principal sees; of tasks the open ones, unless all are wanted."""
        rows = model.filter(workspace_id=self.by.workspace_id)
        if model in HELD and self.by.role is not Role.ADMIN:
            rows = rows.filter(self.held())
        return rows.filter(finished_at__isnull=True) if model is models.Task and not all else rows

    async def one(self, model: type[Model], key: UUID | None) -> Any:
        """Load a row by its id."""

        async def load(keys: list[UUID]) -> list[Any]:
            rows = {row.pk: row for row in await self.seen(model, all=True).filter(id__in=keys)}
            return [rows.get(key) for key in keys]

        return None if key is None else await self._loader(model, load).load(key)

    async def many(self, model: type[Model], parent: str, key: UUID, first: int, *, all: bool = False) -> list[Any]:
        """Load the first children of a parent, in the order of their ids."""

        async def load(keys: list[UUID]) -> list[list[Any]]:
            found = defaultdict(list)
            for row in await self.seen(model, all=all).filter(**{f"{parent}__in": keys}).order_by("id"):
                found[getattr(row, parent)].append(row)
            return [found[key][:first] for key in keys]

        return list(await self._loader((model, parent, first, all), load).load(key))

    async def open_tasks(self, customer: UUID) -> int:
        """Count the open tasks that are linked to a customer."""

        async def load(keys: list[UUID]) -> list[int]:
            links = models.TaskLink.filter(self.held("task__"), customer_id__in=keys, task__finished_at__isnull=True)
            counted = await links.annotate(n=Count("id")).group_by("customer_id").values_list("customer_id", "n")
            return [dict(counted).get(key, 0) for key in keys]

        return int(await self._loader("open_tasks", load).load(customer))

    def _loader(self, name: object, load: Callable[[list[UUID]], Any]) -> DataLoader[UUID, Any]:
        if name not in self._made:
            self._made[name] = DataLoader(load)
        return self._made[name]
