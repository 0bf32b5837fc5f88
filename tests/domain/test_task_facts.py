"""What the rules need to know of a task, from its row or from columns."""

import json

from domain import checklists, task_facts, task_rules
from domain.work import Work
from domain.workflow import TaskFacts
from domain.workflow_tables import REVIEWED
from models import Task, TaskStatus
from tests import make


async def test_columns_that_a_read_fetched_as_json_give_the_same_facts_as_the_locked_row(ada, sue, team, database):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    for title in ("Open", "Open too"):
        await make.task(ada, title=title, parent_id=key)
    done = await make.task(ada, parent_id=key)
    await database.execute("update tasks set status = 'CANCELLED', finished_at = now() where id = $1", done)
    for text, required in (("Read it", True), ("Tick it", False)):
        await checklists.create(key, text=text, required=required, by=ada)
    more = [f"{sql} as {name}" for name, sql in task_facts.MORE.items()]
    listed = ", ".join([*(f"x.{name}" for name in task_facts.COLUMNS), *more])
    text = await database.fetchval(
        f"select row_to_json(r) from (select {listed.replace('{t}', 'x')} from tasks x where x.id = $1) r", key
    )
    async with Work(sue) as work:
        facts = await task_facts.gather(work, await work.load(Task, key, to="look"))
    assert task_facts.of_columns(json.loads(text), sue) == facts
    assert facts == TaskFacts(
        status=TaskStatus.PENDING,
        flow=REVIEWED,
        creator_id=ada.id,
        assignee_id=ada.id,
        assignee_name="Ada Rep",
        team_id=team,
        in_reach=True,
        open_subtasks=("T-2", "T-3"),
        open_checklist=("Read it",),
    )
    assert [action.action for action in task_rules.actions(facts, sue) if action.allowed] == [
        "UNCLAIM",
        "ASSIGN",
        "DELETE",
    ]
