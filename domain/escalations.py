"""Escalations: whoever leads the holder of a task is told that it has been overdue for so many working hours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from domain import audience, digests, escalation_rules, notification_rules, telling
from domain.audience import Hearer
from domain.errors import refuse
from domain.escalation_rules import Terms
from domain.jobs import Job
from domain.policy import allow
from domain.principal import Principal
from domain.statements import Values
from domain.work import Work
from models.escalations import EscalationRule
from models.history import Event
from models.notifications import Notification, NotificationKind, NotificationStatus
from models.tasks import Task

PAUSE = timedelta(minutes=1)
"""How long a workspace that was looked through waits for the next time."""
BATCH = 500
_NOBODY = "Nobody leads whoever holds the task, or its team."
_ZONES = """
select w.time_zone as here,
    array(select w.time_zone union select u.time_zone from users u where u.workspace_id = w.id) as zones
from workspaces w where w.id = $1
"""
_OVERDUE = """
select t.id, t.due_on, z.name as zone, a.name as holder from tasks t left join users a on a.id = t.assignee_id
join unnest($3::text[], $4::date[]) z (name, day) on z.name = coalesce(a.time_zone, $2) and t.due_on < z.day
where t.workspace_id = $1 and t.due_on < $5
and t.finished_at is null and t.deletion_id is null and t.escalated_on is distinct from t.due_on
order by t.due_on, t.id limit $6 for no key update of t skip locked
"""
_ESCALATED = "update tasks set escalated_on = due_on where id = any($1)"
_LOOKED = "update escalation_rules set due_at = $2, attempts = 0, error = null, failed_at = null where id = $1"


class Patch(TypedDict, total=False):
    """What is changed about the rule; what is absent stays."""

    after_working_hours: int | None
    opens_at: str
    closes_at: str
    holiday_country: str | None
    holiday_region: str | None


async def rule_update(patch: Patch, *, by: Principal, version: int | None = None) -> UUID:
    """Say after how many working hours the workspace escalates what is overdue, and when it works; the rule's id."""
    allow(by, "escalation_rule_update")
    async with Work(by) as work:
        await work.create_all(EscalationRule, [{}], unless_there=True)
        found = await EscalationRule.get(workspace_id=by.workspace_id)
        rule = await work.load(EscalationRule, found.id, to="escalation_rule_update", version=version)
        known = {name: getattr(rule, name) for name in Patch.__annotations__}
        refuse(escalation_rules.faults({**known, **patch}))
        if await work.change(rule, "updated", **patch):
            await work.fetch(_LOOKED, rule.id, work.now if rule.after_working_hours else None)
            work.enqueue(Job.ESCALATE_OVERDUE)
        return rule.id


async def escalate(rule_id: UUID, *, by: Principal) -> None:
    """Tell of what has been overdue for too long, once for each due day of a task, and look again after a pause."""
    async with Work(by) as work:
        rule = await work.load(EscalationRule, rule_id, to="escalate")
        if rule.after_working_hours is None or (not rule.attempts and rule.due_at and rule.due_at > work.now):
            return  # nothing is escalated any more, or nobody has leased it and it was looked through just now
        (place,) = await work.fetch(_ZONES, by.workspace_id)
        terms = escalation_rules.terms(rule, rule.after_working_hours, place["here"], place["zones"])
        more = await _tell(work, terms, place["here"])
        await work.fetch(_LOOKED, rule.id, work.now if more else work.now + PAUSE)


async def _tell(work: Work, terms: Terms, here: str) -> bool:
    """Tell of the oldest; whether there may be more."""
    days = {name: terms.first_day(name, work.now) for name in terms.hours}
    among = (work.by.workspace_id, here, list(days), list(days.values()), max(days.values()))
    found = {row["id"]: row for row in await work.fetch(_OVERDUE, *among, BATCH)}
    if not found:
        return False
    tasks = await work.lock(Task, found)
    heard = await audience.of_escalations(work, list(found))
    told = {task.id: _rows(work.now, task, terms, found[task.id], heard[task.id]) for task in tasks}
    rows = [row for each in told.values() for row in each]
    await work.create_all(Notification, rows, unless_there=True)
    await work.fetch(_ESCALATED, list(found))
    await work.create_all(Event, [_event(work, task.id, told[task.id]) for task in tasks])
    await digests.wake(work, {row["user_id"] for row in rows if row["status"] is NotificationStatus.FOLDED})
    return len(found) == BATCH


def _rows(now: datetime, task: Task, terms: Terms, found: Values, heard: Sequence[Hearer]) -> list[dict[str, Any]]:
    """The notifications about a task."""
    about = {"task_id": task.id, "message": escalation_rules.message(task, found["holder"])}
    moment = terms.moment(found["due_on"], found["zone"])
    kind = NotificationKind.ESCALATION
    return [
        {**about, "user_id": hearer.user_id, **each}
        for hearer in heard
        for each in notification_rules.told_of_moment(kind, hearer.wishes, now, moment, reason=hearer.reason)
    ]


def _event(work: Work, task_id: UUID, told: Sequence[Values]) -> dict[str, Any]:
    """What is told of a task: whom it was escalated to, or why nobody was told."""
    people = sorted({row["user_id"] for row in told if row["status"] is not NotificationStatus.SKIPPED})
    reason = None if people else told[0]["error"] if told else _NOBODY
    changes = {"people": [None, people]} if people else {}
    return dict(telling.event(work.by, "tasks", task_id, "escalated", changes, reason=reason))
