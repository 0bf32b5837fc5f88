"""What a task is about: its links to customers, locations, visits, tickets and opportunities."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain import carrying, task_parts
from domain.principal import Principal
from domain.statements import columns
from domain.work import Work
from models.customers import Customer, Location
from models.links import LinkKind, TaskLink
from models.opportunities import Opportunity
from models.tickets import Ticket
from models.visits import Visit

Record = Customer | Location | Visit | Ticket | Opportunity
Target = type[Record]

_KINDS: dict[Target, LinkKind] = {
    Location: LinkKind.LOCATION,
    Visit: LinkKind.VISIT,
    Ticket: LinkKind.TICKET,
    Opportunity: LinkKind.OPPORTUNITY,
}
_COLUMNS: dict[Target, str] = {Customer: "customer_id"} | {
    target: f"{kind.lower()}_id" for target, kind in _KINDS.items()
}


async def link(
    task_id: UUID, target: Target, target_id: UUID, *, primary: bool = False, by: Principal, version: int | None = None
) -> UUID:
    """Say that a task is about a record, perhaps above all others; the id of the link.

    A task has one primary link at most, so a new one takes the old one's place.
    """
    async with Work(by) as work:
        task = await task_parts.opened(work, task_id, "links", version=version)
        found = kind(await work.see(target, target_id, path=("targetId",)))
        links = await TaskLink.filter(task_id=task_id)
        old = next((each for each in links if getattr(each, _COLUMNS[target]) == target_id), None)
        if old and old.is_primary >= primary:
            return old.id
        for each in (each for each in links if primary and each.is_primary):
            await work.change(each, "made secondary", is_primary=False)
        told = {"kind": found, "id": target_id, "is_primary": primary}
        await work.record(task, "linked", {"link": [None, told]})
        values = {"task_id": task_id, "kind": found, _COLUMNS[target]: target_id}
        return await _put(work, old, **values, is_primary=primary)


async def unlink(task_id: UUID, target: Target, target_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Say that a task is not about a record; when it was not anyway, nothing changes."""
    async with Work(by) as work:
        task = await task_parts.opened(work, task_id, "links", version=version)
        old = await TaskLink.filter(**{"task_id": task_id, _COLUMNS[target]: target_id}).first()
        if old is None:
            return
        await old.delete()
        told = {"kind": old.kind, "id": target_id, "is_primary": old.is_primary}
        await work.record(task, "unlinked", {"link": [told, None]})


async def carry(work: Work, origins: Mapping[UUID, UUID]) -> None:
    """Let new tasks be about what those are about that they come from."""
    about = [name for name in columns(TaskLink) if name not in {"id", "created_at", "task_id", "workspace_id"}]
    await carrying.carry(work, TaskLink, origins, about)


async def _put(work: Work, old: TaskLink | None, **values: Any) -> UUID:
    """Make the link that is there primary, or a new one."""
    if old is None:
        return (await work.create(TaskLink, **values)).id
    await work.change(old, "made primary", is_primary=True)
    return old.id


def kind(row: Record) -> LinkKind:
    """What kind of record a link to this one points to."""
    return LinkKind(row.kind) if isinstance(row, Customer) else _KINDS[type(row)]


def column(kind: LinkKind) -> str:
    """The key of a link that points to a record of this kind."""
    return "customer_id" if kind in {LinkKind.INDIVIDUAL, LinkKind.ORGANIZATION} else f"{kind.lower()}_id"
