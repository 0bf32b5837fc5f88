"""The usual server: the root fields that the questions need, with the arguments that they give, and our login."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from tortoise.context import TortoiseContext
from tortoise.expressions import Q

import models
from bench.usual.loaders import Loaders
from bench.usual.types import Customer, Info, Nodes, Task
from schema.auth import Authenticator
from settings import settings, tortoise

AUTHENTICATOR = Authenticator(settings())


@strawberry.input
class IsId:
    """Equal to an id."""

    eq: strawberry.ID

    @property
    def key(self) -> UUID:
        """The UUID."""
        return UUID(hex=self.eq.rpartition("_")[2])


@strawberry.input
class HasId:
    """Whose id is."""

    id: IsId


@strawberry.input
class TaskFilter:
    """Of a team."""

    team: HasId


@strawberry.input
class CustomerFilter:
    """Of a sales rep."""

    sales_rep: HasId


@strawberry.enum
class SortField(Enum):
    """What the questions sort by."""

    DUE_ON = "due_on"
    NAME = "name"


@strawberry.input
class Sort:
    """One key of an order."""

    field: SortField


@strawberry.type
class PageInfo:
    """Where a page stands."""

    has_next_page: bool
    end_cursor: str


@strawberry.type
class TaskPage(Nodes[Task]):
    """A page of tasks."""

    page_info: PageInfo


@strawberry.type
class Query:
    """The questions."""

    @strawberry.field
    async def task(self, info: Info, id: strawberry.ID) -> Task | None:
        """Load a task."""
        found: Task | None = await info.context.one(models.Task, IsId(eq=id).key)
        return found

    @strawberry.field
    async def tasks(  # noqa: PLR0917 - these are the arguments of a list
        self,
        info: Info,
        first: int,
        sort: list[Sort],
        after: str | None = None,
        filter: TaskFilter | None = None,
        include_finished: bool = False,
    ) -> TaskPage:
        """Load a page of tasks by their days; PostgreSQL puts nulls last."""
        rows = info.context.seen(models.Task, all=include_finished)
        rows = rows.filter(team_id=filter.team.id.key) if filter else rows
        rows = rows.filter(_beyond(after)) if after else rows
        found = await rows.order_by(*(each.field.value for each in sort), "id").limit(first + 1)
        last = found[first - 1] if len(found) >= first else None
        cursor = urlsafe_b64encode(f"{last.due_on}|{last.id}".encode()).decode() if last else ""
        return TaskPage(nodes=found[:first], page_info=PageInfo(has_next_page=len(found) > first, end_cursor=cursor))

    @strawberry.field
    async def customers(self, info: Info, first: int, sort: list[Sort], filter: CustomerFilter) -> Nodes[Customer]:
        """Load the first customers of a sales rep."""
        rows = info.context.seen(models.Customer).filter(sales_rep_id=filter.sales_rep.id.key)
        return Nodes(nodes=await rows.order_by(*(each.field.value for each in sort), "id").limit(first))


def _beyond(after: str) -> Q:
    day, id = urlsafe_b64decode(after).decode().split("|")
    same = Q(due_on=date.fromisoformat(day), id__gt=UUID(id))
    return Q(due_on__gt=date.fromisoformat(day)) | same | Q(due_on__isnull=True)


class View(GraphQL[Loaders, None]):
    """The endpoint."""

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Loaders:
        """Find out who asks, as we do."""
        return Loaders(await AUTHENTICATOR.principal(request))  # type: ignore[arg-type]


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Open the tables."""
    async with TortoiseContext() as context:
        config = tortoise(str(settings().database_url), pool_size=settings().pool_size)
        await context.init(config=config, _enable_global_fallback=True)
        yield


schema = strawberry.Schema(Query, extensions=[lambda: ParserCache(maxsize=100), lambda: ValidationCache(maxsize=100)])
app = Starlette(routes=[Route("/graphql", View(schema, graphql_ide=None))], lifespan=lifespan)
