"""Who is to be told of tasks, and which of these people may be told: many at once, by one statement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from domain import policy
from domain.notification_rules import Wishes
from domain.work import Work
from models.accounts import Role

INACTIVE = "The person is no longer active."
UNSEEN = "The person may no longer see the task."
_TODAY = "(now() at time zone (select w.time_zone from workspaces w where w.id = t.workspace_id))::date"
_FAR = 1_000
"""More levels than teams have: whoever leads any team further on is further away."""
_WORDS = {
    "workspace": "w.workspace_id",
    "me": "w.id",
    "teams": "w.teams",
    "reach": "w.reach",
    "people": "w.people",
}
_SEES = " or ".join(
    f"w.role = '{role}' and ({policy.visible('tasks', role).where.format(t='t', **_WORDS)})"
    for role in (Role.REP, Role.SUPERVISOR, Role.ADMIN)
)
_PEOPLE = """
who as (
    select u.id, u.workspace_id, u.role from users u where u.active and u.id in (select user_id from told)
),
reach (user_id, team_id) as (
    select m.user_id, m.team_id from memberships m join who on m.user_id = who.id
    where m.leads and who.role = 'SUPERVISOR'
    union
    select r.user_id, t.id from teams t join reach r on t.parent_id = r.team_id
),
seeing as (
    select who.*, r.reach, m.teams || r.reach as teams,
        array(select distinct n.user_id from memberships n where n.team_id = any(r.reach)) as people
    from who
    cross join lateral (select array(select x.team_id from reach x where x.user_id = who.id) as reach) r
    cross join lateral (select array(select x.team_id from memberships x where x.user_id = who.id) as teams) m
)
"""
_HEARERS = f"""
{_PEOPLE}
select d.id, d.user_id, u.time_zone, u.active, coalesce({_SEES}, false) as sees,
    s.channels, s.quiet_from, s.quiet_until
from told d join tasks t on t.id = d.task_id join users u on u.id = d.user_id
left join seeing w on w.id = d.user_id left join notification_settings s on s.user_id = d.user_id
order by d.id, d.user_id
"""
_REMINDED = f"""
with recursive asked as (
    select r.id, r.task_id, r.recipient, r.user_id, t.assignee_id, t.creator_id, t.team_id, t.series_id
    from reminders r join tasks t on t.id = r.task_id where r.id = any($1)
),
told (id, task_id, user_id) as (
    select id, task_id, user_id from asked where recipient = 'PERSON'
    union select id, task_id, assignee_id from asked where recipient = 'ASSIGNEE' and assignee_id is not null
    union select id, task_id, creator_id from asked
        where recipient = 'CREATOR' or recipient = 'ASSIGNEE' and assignee_id is null and series_id is not null
    union select a.id, a.task_id, p.user_id from asked a join participants p on p.task_id = a.task_id
        where a.recipient = 'WATCHERS'
    union select a.id, a.task_id, m.user_id from asked a join memberships m on m.team_id = a.team_id
        where a.recipient = 'TEAM'
),
{_HEARERS}
"""
_ESCALATED = f"""
with recursive asked as (
    select t.id, t.assignee_id, t.team_id from tasks t where t.id = any($1)
),
above (id, team_id, far) as (
    select a.id, m.team_id, case when m.team_id = a.team_id then 0 else {_FAR} end
        from asked a join memberships m on m.user_id = a.assignee_id
    union all select id, team_id, 2 * {_FAR} from asked where team_id is not null
    union all select a.id, t.parent_id, a.far + 1 from above a join teams t on t.id = a.team_id
        where t.parent_id is not null
),
leaders as (
    select a.id, m.user_id, rank() over (partition by a.id order by a.far) as place
    from above a join memberships m on m.team_id = a.team_id and m.leads
    join users u on u.id = m.user_id and u.active and u.role <> 'REP'
    join asked t on t.id = a.id and m.user_id is distinct from t.assignee_id
),
told (id, task_id, user_id) as (
    select distinct id, id, user_id from leaders where place = 1
),
{_HEARERS}
"""
_NOTIFIED = f"""
with recursive told (id, task_id, user_id) as (
    select n.id, n.task_id, n.user_id from notifications n where n.id = any($1)
),
{_PEOPLE}
select d.id, case when not u.active then '{INACTIVE}' when d.task_id is null then null
    when t.deletion_id is not null then 'The task is deleted.'
    when t.finished_at is not null and n.kind in ('REMINDER', 'ESCALATION') then 'The task is ' || t.status || '.'
    when n.kind = 'ESCALATION' and (t.due_on < {_TODAY}) is not true then 'The task is no longer overdue.'
    when not coalesce({_SEES}, false) then '{UNSEEN}' end as reason
from told d join notifications n on n.id = d.id join users u on u.id = d.user_id
left join tasks t on t.id = d.task_id left join seeing w on w.id = d.user_id
"""
_WISHES = """
select u.id, u.time_zone, s.channels, s.quiet_from, s.quiet_until
from users u left join notification_settings s on s.user_id = u.id where u.id = any($1)
"""


@dataclass(frozen=True, slots=True)
class Hearer:
    """A person who is to be told of a task."""

    user_id: UUID
    wishes: Wishes
    reason: str | None
    """Why they are not to be told, if they are not."""


async def of_reminders(work: Work, keys: Sequence[UUID]) -> dict[UUID, list[Hearer]]:
    """The people whom each of these reminders tells now."""
    return await _hearers(work, _REMINDED, keys)


async def of_escalations(work: Work, keys: Sequence[UUID]) -> dict[UUID, list[Hearer]]:
    """The nearest people who lead whoever holds each of these tasks, in its own team first of all.

    Where there is nobody, or nobody holds it, the nearest who lead its team. Nobody is told of a task of their own.
    """
    return await _hearers(work, _ESCALATED, keys)


async def of_notifications(work: Work, keys: Sequence[UUID]) -> dict[UUID, str | None]:
    """Why each of these notifications is not to be sent any more; none for what is to be sent."""
    return {row["id"]: row["reason"] for row in await work.fetch(_NOTIFIED, list(keys))}


async def wishes(work: Work, users: Collection[UUID]) -> dict[UUID, Wishes]:
    """How people wish to be told."""
    return {row["id"]: _wishes(row) for row in await work.fetch(_WISHES, list(users))} if users else {}


async def _hearers(work: Work, sql: str, keys: Sequence[UUID]) -> dict[UUID, list[Hearer]]:
    found: dict[UUID, list[Hearer]] = {key: [] for key in keys}
    for row in await work.fetch(sql, list(keys)):
        found[row["id"]].append(Hearer(row["user_id"], _wishes(row), _reason(row["active"], row["sees"])))
    return found


def _wishes(row: Mapping[str, Any]) -> Wishes:
    said = orjson.loads(row["channels"]) if row["channels"] else {}
    return Wishes(ZoneInfo(row["time_zone"]), said, row["quiet_from"], row["quiet_until"])


def _reason(active: bool, sees: bool) -> str | None:
    if not active:
        return INACTIVE
    return None if sees else UNSEEN
