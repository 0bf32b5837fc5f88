"""A stream of distinct tasks that nobody holds: made for the claims, and removed after them."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

from bench.dataset import Dataset
from bench.questions import OURS, Question

CLAIMS = (
    Question("claim", "claim", answered_by=OURS),
    Question("claim next", "claimNext", answered_by=OURS, clients=(1, 16, 64)),
)
MAKE = """
insert into tasks (id, workspace_id, number, title, creator_id, team_id, workflow, priority, due_on)
select
    ('9' || lpad(to_hex(n), 31, '0'))::uuid, $1, 1000000000 + n, 'Claim me ' || n, $2, $3, 'REVIEWED', 4, '2000-01-01'
from generate_series($4::bigint, $5::bigint) n
"""
REMOVE = """
delete from {table}
where {column} between '90000000-0000-0000-0000-000000000000' and '9fffffff-ffff-ffff-ffff-ffffffffffff'
"""


class Claims:
    """Makes tasks in the team of the one who claims, as many as are wanted at once, before all others of its queue."""

    def __init__(self, connection: Any, data: Dataset) -> None:
        self.connection, self.data, self.made = connection, data, 0

    async def requests(self, question: Question, server: str, token: str, number: int) -> Iterator[bytes]:
        """Make so many tasks, and return a request for each: for itself, or for the next of the queue."""
        first, self.made = self.made, self.made + number
        data = self.data
        await self.connection.execute(MAKE, data.workspace, data.rep, data.team, first, self.made - 1)
        if question.document == "claimNext":
            return repeat(question.request(server, token, {"team": f"team_{data.team.hex}"}), number)
        ids = (f"task_9{n:031x}" for n in range(first, self.made))
        return (question.request(server, token, {"task": id}) for id in ids)

    async def remove(self) -> None:
        """Leave the data set as it was, also the indexes: room in them would make them look dear."""
        for table, column in (("assignments", "task_id"), ("events", "subject_id"), ("tasks", "id")):
            await self.connection.execute("set session_replication_role = replica")
            await self.connection.execute(REMOVE.format(table=table, column=column))
            await self.connection.execute(f"vacuum (analyze) {table}")
            await self.connection.execute(f"reindex table {table}")
