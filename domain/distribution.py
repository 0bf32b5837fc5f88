"""Giving the tasks of a queue that nobody claims to people, by the strategy of its team."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain import capacity
from domain.handover import hand
from domain.jobs import Job
from domain.loads import LOAD, WEIGHT
from domain.statements import Values
from domain.strategies import CHOOSE, Person, Roster, Waiting
from domain.work import Work
from models.accounts import Strategy, Team
from models.tasks import Handover, Task

BATCH = 100
_TODAY = "(now() at time zone (select w.time_zone from workspaces w where w.id = $1))::date"
_WAITING = f"""
select t.id, {WEIGHT.replace("{t}", "t")} as weight, c.sales_rep_id as rep_id, c.name as customer,
    (select a.sender_id from assignments a where a.task_id = t.id order by a.created_at desc, a.id desc limit 1)
        as left_id
from tasks t left join lateral (
    select c.sales_rep_id, c.name from task_links l left join locations p on p.id = l.location_id
    join customers c on c.id = coalesce(l.customer_id, p.customer_id)
    where l.task_id = t.id and c.sales_rep_id is not null order by l.is_primary desc, l.id limit 1
) c on true
where t.workspace_id = $1 and t.team_id = $2 and t.assignee_id is null and t.status in ('PENDING', 'IN_PROGRESS')
and t.deletion_id is null
and (c.sales_rep_id is not null or not $3)
order by t.priority desc, t.due_on, t.number limit $4 for no key update of t skip locked
"""
_MEMBERS = """
select u.id from memberships m join users u on u.id = m.user_id
where m.team_id = $1 and not m.leads and u.active order by u.name, u.id
"""
_SUBSTITUTES = f"""
select substitute_id as id from absences
where user_id = any($2) and {_TODAY} between starts_on and ends_on and substitute_id is not null
"""
_PEOPLE = f"""
select u.id, u.name, u.active, u.capacity, {LOAD.replace("{user}", "u.id")} as load,
    a.ends_on as away_until, a.substitute_id
from users u left join absences a on a.user_id = u.id and {_TODAY} between a.starts_on and a.ends_on
where u.workspace_id = $1 and u.id = any($2)
"""
_WAKE = """
update teams set due_at = clock_timestamp() where id in (
    select id from teams where id = any($1) and strategy <> 'MANUAL' and due_at > clock_timestamp()
    for no key update skip locked
) returning id
"""


async def distribute(work: Work, team: Team) -> bool:
    """Hand the tasks that wait in the queue of a locked team to people; whether there may be more for somebody.

    Where nobody can take a task, it goes on waiting to be claimed.
    """
    if team.strategy is Strategy.MANUAL:
        return False
    by_rep = team.strategy is Strategy.CUSTOMER_DEFAULT_REP
    found = await work.fetch(_WAITING, work.by.workspace_id, team.id, by_rep, BATCH)
    tasks = {task.id: task for task in await work.lock(Task, [row["id"] for row in found])}
    waiting = {row["id"]: Waiting(**{name: row[name] for name in Waiting.__annotations__}) for row in found}
    roster = await _roster(work, team, waiting.values()) if found else None
    given = [await _give(work, team, roster, tasks[key], task) for key, task in waiting.items() if roster]
    return sum(given) == BATCH


async def wake(work: Work, rows: Sequence[Values]) -> None:
    """Have the queues of new tasks tended soon, where tasks are given out; whoever is tending one sees to it later."""
    teams = {row["team_id"] for row in rows if row.get("team_id") and not row.get("assignee_id")}
    if teams and await work.fetch(_WAKE, list(teams)):
        work.enqueue(Job.TEND_QUEUES)


async def _give(work: Work, team: Team, roster: Roster, task: Task, waiting: Waiting) -> bool:
    """Hand a task to whoever is chosen, if anybody is."""
    roster = Roster(roster.people, roster.members, team.served_id)
    if (choice := CHOOSE[team.strategy](roster, waiting)) is None:
        return False
    await hand(work, task, choice.person.id, Handover.AUTOMATIC, "assigned", reason=choice.reason)
    choice.person.load += waiting.weight
    team.served_id = choice.turn.id
    return True


async def _roster(work: Work, team: Team, waiting: Iterable[Waiting]) -> Roster:
    """The members of a team who do not lead it, those who look after the customers, and who stands in for them.

    They are held, so that nobody gives them anything meanwhile.
    """
    members = [row["id"] for row in await work.fetch(_MEMBERS, team.id)]
    chosen = {*members, *(task.rep_id for task in waiting if task.rep_id)}
    chosen |= {row["id"] for row in await work.fetch(_SUBSTITUTES, work.by.workspace_id, list(chosen))}
    await capacity.hold(work, chosen)
    rows: list[Any] = await work.fetch(_PEOPLE, work.by.workspace_id, list(chosen))
    return Roster({row["id"]: Person(**row) for row in rows}, members, team.served_id)
