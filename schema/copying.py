"""Copying tasks."""

from datetime import date
from uuid import UUID

import strawberry

from domain import copying
from schema.compiler.fields import changed
from schema.context import Info
from schema.enums import enum
from schema.inputs import given, idempotency_key, key, once, optional_key, optional_keys, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

TaskCopyPart = enum(
    copying.Part,
    SUBTASKS="All that is below it, or those of it that `subtaskIds` names.",
    BLOCKERS="Which of the copied tasks wait for which.",
    CHECKLIST="The lines of the checklists, none of them ticked.",
    INDICATORS="What is to be captured on the tasks, without the values, but for archived indicators.",
    LINKS="What the tasks are about.",
    ATTACHMENTS="The files on the tasks.",
    REMINDERS="Who is reminded, as far as they are in your reach; at moments that fit the new dates.",
)


@strawberry.input(description="Which task is copied, and how the copy differs.")
class TaskCopyInput:
    """What `copying.copy` takes."""

    task_id: UUID = key("The task, which may be finished.", "Task")
    include: list[copying.Part] = strawberry.field(description="What is copied beside a task's own content.")
    subtask_ids: list[UUID] | None = optional_keys(
        "Only these of all the tasks below it; one whose parent is left out moves up.", "Task"
    )
    title: str | None = part("What is to be done, up to 200 characters; the same unless given.")
    parent_id: UUID | None = optional_key("The task of which the copy is a part; none unless given.", "Task")
    start_on: date | None = part(
        "The day on which it starts: all days and appointments move by as many days as the first of them."
    )
    shift_days: int | None = part(
        "By how many days all days and appointments move, from -3650 to 3650; none unless given."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `taskCopy`.")
class TaskCopyPayload(Payload):
    """What `taskCopy` answers."""

    copy: UUID | None = changed("The new task; null when it was refused.", Task)
    task: UUID | None = changed("The task that was copied.", Task)


@strawberry.type
class CopyMutations:
    """Copying tasks."""

    @mutation
    async def task_copy(self, info: Info, input: TaskCopyInput) -> TaskCopyPayload:
        """Make a task like another one, with those of its parts that you choose, for whoever claims it.

        It starts afresh in the workspace's workflow: nobody holds it, and it has no outcome, time, notes or history
        of the other one. Appointments keep their time of day, also where the clock changes.
        """
        wanted, by = given(input, copying.Wanted.__annotations__), info.context.by
        copy = await copying.copy(input.task_id, parts=input.include, by=by, once=once(input), **wanted)
        return TaskCopyPayload(copy=copy, task=input.task_id)
