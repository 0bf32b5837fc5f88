"""What the people of a team have to do, against the time that they have."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.errors import InvalidInput, LimitExceeded
from domain.loads import LOAD, WEIGHT
from domain.principal import Principal
from domain.rebalancing import Carrier, Movable, Move, suggest
from domain.work import Work
from models.accounts import Team

LONGEST_DAYS = 366
_TODAY = "(now() at time zone (select w.time_zone from workspaces w where w.id = $1))::date"
_MEMBERS = (
    "from memberships m join users u on u.id = m.user_id and u.active where m.workspace_id = $1 and m.team_id = $2"
)
_WORKLOAD = f"""
select u.id as user_id, u.capacity, {LOAD.replace("{user}", "u.id")} as load, t.*,
    u.weekly_minutes * (
        select count(*) from generate_series($3::date, $4::date, interval '1 day') d
        where extract(isodow from d) < 6
        and not exists (select from absences a where a.user_id = u.id and d::date between a.starts_on and a.ends_on)
    ) / 5 as available_minutes
from (select u.* {_MEMBERS} and ($5::uuid is null or u.id = $5)) u, lateral (
    select count(*) as open, count(*) filter (where t.due_on between $3 and $4) as due,
        count(*) filter (where t.due_on < {_TODAY}) as overdue,
        coalesce(sum(t.expected_minutes) filter (where t.due_on <= $4), 0) as estimated_minutes
    from tasks t
    where t.assignee_id = u.id and t.status in ('PENDING', 'IN_PROGRESS') and t.deletion_id is null
) t
order by u.name, u.id
"""
_CARRIERS = f"""
select u.id, u.name, u.capacity, {LOAD.replace("{user}", "u.id")} as load, not exists (
    select from absences a where a.user_id = u.id and {_TODAY} between a.starts_on and a.ends_on
) as here
{_MEMBERS} and not m.leads
"""
_MOVABLE = f"""
select t.id, t.assignee_id as holder_id, {WEIGHT.replace("{t}", "t")} as weight
from tasks t where t.workspace_id = $1 and t.team_id = $2 and t.status = 'PENDING' and t.assignee_id is not null
and t.deletion_id is null
order by t.priority, t.due_on desc nulls first, t.number desc
"""


@dataclass(frozen=True, slots=True)
class Workload:
    """What one person has to do in a period, and how long they are there in it."""

    user_id: UUID
    capacity: int | None
    load: int
    open: int
    due: int
    overdue: int
    estimated_minutes: int
    available_minutes: int


async def of_team(team_id: UUID, start: date, end: date, *, by: Principal) -> list[Workload]:
    """What each member has to do, for who leads the team; others are told of themselves alone."""
    if start > end:
        raise InvalidInput(path=("to",), reason="the period would end before it starts")
    if (days := (end - start) // timedelta(days=1) + 1) > LONGEST_DAYS:
        raise LimitExceeded(path=("to",), what="The number of days", limit=LONGEST_DAYS, actual=days)
    async with Work(by) as work:
        await work.see(Team, team_id, path=("teamId",))
        alone = None if _leads(by, team_id) else by.id
        rows = await work.fetch(_WORKLOAD, by.workspace_id, team_id, start, end, alone)
        return [Workload(**row) for row in rows]


async def rebalance(team_id: UUID, *, by: Principal) -> list[Move]:
    """Moves that would even out what the members carry who do not lead the team; none for who does not lead it."""
    async with Work(by) as work:
        await work.see(Team, team_id, path=("teamId",))
        if not _leads(by, team_id):
            return []
        people = [Carrier(**row) for row in await work.fetch(_CARRIERS, by.workspace_id, team_id)]
        tasks = [Movable(**row) for row in await work.fetch(_MOVABLE, by.workspace_id, team_id)]
        return list(suggest(people, tasks))


def _leads(by: Principal, team_id: UUID) -> bool:
    return by.reaches_all or team_id in by.reach
