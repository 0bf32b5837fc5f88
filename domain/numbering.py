"""Numbers by which people name records: each kind of record is counted in its workspace."""

from domain.work import Work


async def following(work: Work, column: str) -> int:
    """The next number in the workspace's column; whoever asks at the same time waits, so that none is left out."""
    counted = f"update workspaces set {column} = {column} + 1 where id = $1 returning {column} as last"
    (row,) = await work.fetch(f"{counted}, clock_timestamp() as as_of", work.by.workspace_id)
    work.now = row["as_of"]
    number: int = row["last"]
    return number
