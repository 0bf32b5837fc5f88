"""What must be finished before what: before a task all that blocks it, and all its subtasks."""

from uuid import UUID

from domain.dependency_errors import DependencyCycle
from domain.work import Work

_BEFORE = """
with recursive before (id) as (
    select $1::uuid
    union
    select e.id from before b, lateral (
        select d.predecessor_id from dependencies d where d.successor_id = b.id
        union all select s.id from tasks s where s.parent_id = b.id
    ) e (id)
) select exists (select from before where id = $2) as found
"""


async def keep(work: Work, first: UUID, then: UUID, *, path: tuple[str, ...]) -> None:
    """Refuse that one task is to be finished before another one which must be finished before it.

    Whoever asks does it while nobody else changes the tree.
    """
    (way,) = await work.fetch(_BEFORE, first, then)
    if way["found"]:
        raise DependencyCycle(path=path)
