"""How a team's queue works: what its holders leave lying goes back to it, and what waits is given out."""

from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from domain.accounts import reached
from domain.distribution import distribute
from domain.errors import DomainError, InvalidInput, refuse
from domain.handover import hand
from domain.jobs import Job
from domain.principal import Principal
from domain.work import Work
from models.accounts import Strategy, Team
from models.tasks import Handover, Task

LONGEST_LEASE = 525_600
PAUSE = timedelta(minutes=1)
"""How long a queue that was tended waits for the next time."""
BATCH = 100
_LYING = """
select t.id from tasks t
where t.workspace_id = $1 and t.team_id = $2 and t.status in ('PENDING', 'IN_PROGRESS') and t.assigned_at <= $3
and t.deletion_id is null
and (t.scheduled_at is null or t.scheduled_at <= $3)
and not exists (
    select from events e where e.subject_id = t.id and e.created_at > $3 and e.actor_id = t.assignee_id
)
and not exists (
    select from time_entries e
    where e.task_id = t.id and e.user_id = t.assignee_id and e.ended_at is null and e.minutes is null
)
order by t.assigned_at limit $4 for no key update of t skip locked
"""
_TENDED = "update teams set due_at = $2, attempts = 0, error = null, failed_at = null, served_id = $3 where id = $1"


class Queue(TypedDict, total=False):
    """How a queue works; what is absent stays as it is."""

    claim_lease_minutes: int | None
    strategy: Strategy


async def update(team_id: UUID, patch: Queue, *, by: Principal, version: int | None = None) -> None:
    """Change how the queue of a team works."""
    async with Work(by) as work:
        team = await work.load(Team, team_id, to="team_queue_update", version=version, path=("teamId",))
        reached(by, team_id, "change how this queue works")
        refuse(_wrong(patch))
        if await work.change(team, "queue_updated", **patch):
            await work.fetch(_TENDED, team_id, work.now if _is_tended(team) else None, team.served_id)
            work.enqueue(Job.TEND_QUEUES)


async def tend(team_id: UUID, *, by: Principal) -> None:
    """Take back what the holders of a team's tasks leave lying, give out what waits, and do so again after a pause."""
    async with Work(by) as work:
        team = await work.load(Team, team_id, to="tend")
        if not team.attempts and team.due_at and team.due_at > work.now:
            return  # nobody has leased it, and it was tended just now
        more = [await _take_back(work, team), await distribute(work, team)]
        again = work.now if any(more) else work.now + PAUSE
        await work.fetch(_TENDED, team_id, again if _is_tended(team) else None, team.served_id)


async def _take_back(work: Work, team: Team) -> bool:
    """Return to the queue what nobody has done anything about for as long as the lease; whether there may be more.

    An appointment that is still to come, or a timer that runs, keeps a task with its holder.
    """
    if team.claim_lease_minutes is None:
        return False
    lease = timedelta(minutes=team.claim_lease_minutes)
    since = work.now - lease
    found = await work.fetch(_LYING, work.by.workspace_id, team.id, since, BATCH)
    for task in await work.lock(Task, [row["id"] for row in found]):
        reason = f"Nothing was done about it for {in_words(lease)}."
        await hand(work, task, None, Handover.LEASE_EXPIRED, "lease_expired", reason=reason)
    return len(found) == BATCH


def in_words(span: timedelta) -> str:
    """A span as people say it: "1 day, 2 hours"."""
    minutes = span // timedelta(minutes=1)
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    return ", ".join(f"{count} {unit}{'s' * (count > 1)}" for count, unit in parts if count)


def _is_tended(team: Team) -> bool:
    return team.claim_lease_minutes is not None or team.strategy is not Strategy.MANUAL


def _wrong(patch: Queue) -> tuple[DomainError, ...]:
    lease = patch.get("claim_lease_minutes")
    if lease is None or 1 <= lease <= LONGEST_LEASE:
        return ()
    return (InvalidInput(path=("claimLease",), reason="it must be between a minute and 365 days"),)
