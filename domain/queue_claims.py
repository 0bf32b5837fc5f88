"""Taking tasks of a queue by one statement, as most claims can be: nothing is locked before it is taken."""

from uuid import UUID

from uuid_utils.compat import uuid7

from domain.errors import NothingToClaim
from domain.handover import CLOCK
from domain.work import Work

NEXT = """
from tasks
where workspace_id = $1 and team_id = $2 and assignee_id is null and status in ('PENDING', 'IN_PROGRESS')
and deletion_id is null
order by priority desc, due_on, number limit 1 for no key update skip locked
"""
"""What a queue holds, in its order; whoever asks at the same time gets another one."""
_ONE = """
from tasks
where workspace_id = $1 and id = $2 and team_id = any($7) and ($8::int is null or version = $8)
and assignee_id is null and status in ('PENDING', 'IN_PROGRESS') and deletion_id is null for no key update skip locked
"""
# It leaves what `handover.hand` leaves.
_TAKE = """
with next as materialized (select id, watched {which}),
made as (
    update tasks t set assignee_id = $3, assigned_at = c.now, updated_at = c.now, version = t.version + 1
    from next, clock_timestamp() c (now) where t.id = next.id and not next.watched returning t.id, c.now
),
handed as (
    insert into assignments (id, workspace_id, created_at, task_id, receiver_id, actor_id, how)
    select $4, $1, now, id, $3, $3, 'CLAIMED' from made
),
told as (
    insert into events (id, workspace_id, created_at, actor_id, api_key_id, subject_type, subject_id, verb, changes)
    select $5, $1, now, $3, $6, 'TASK', id, 'claimed', json_build_object(
        'assignee_id', json_build_array(null, $3::uuid),
        'assigned_at', json_build_array(null, to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'))
    ) from made
),
clock as ({clock})
select (select id from made) as taken from next
"""
_TAKE_NEXT, _TAKE_ONE = (_TAKE.format(which=which, clock=CLOCK) for which in (NEXT, _ONE))


async def take_next(work: Work, team_id: UUID) -> UUID | None:
    """Make whoever acts, whom the queue is open to, hold its next task; none when others are to be told of it."""
    found, key = await _taken(work, _TAKE_NEXT, team_id)
    if not found:
        raise NothingToClaim
    return key


async def take_one(work: Work, task_id: UUID, version: int | None) -> bool:
    """Make whoever acts hold a task of a queue that is open to them, if it waits there and nobody is to be told."""
    _, key = await _taken(work, _TAKE_ONE, task_id, [*work.by.teams | work.by.reach], version)
    return key is not None


async def _taken(work: Work, statement: str, about: UUID, *more: object) -> tuple[bool, UUID | None]:
    """Whether there was a task to take, and its key if it was taken."""
    by, event = work.by, uuid7()
    found = await work.fetch(statement, by.workspace_id, about, by.id, uuid7(), event, by.api_key_id, *more)
    key: UUID | None = found[0]["taken"] if found else None
    if key:
        work.told(event)
    return bool(found), key
