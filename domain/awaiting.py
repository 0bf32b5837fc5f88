"""Series whose next occurrence is reckoned from when the last one was finished."""

from domain.jobs import Job
from domain.work import Work
from models.tasks import Task
from models.visits import Visit

_WAKE = """
update series set due_at = clock_timestamp() where id in (
    select id from series where id = $1 and anchor = 'COMPLETION' and due_at > clock_timestamp()
    for no key update skip locked
) returning id
"""


async def wake(work: Work, occurrence: Task | Visit) -> None:
    """Have the next occurrence made soon; whoever is changing the series sees to it, or the series looks by itself."""
    if occurrence.series_id and await work.fetch(_WAKE, occurrence.series_id):
        work.enqueue(Job.EXPAND_SERIES)
