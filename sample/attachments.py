"""Attaching files."""

from hashlib import sha256

from sample.company import DATA, Record
from sample.office import Office


async def attach(office: Office, row: Record) -> None:
    """Let somebody attach a file to a task, as everybody does: announce it, send it, and say that it is there."""
    by, content = office.acting[row["by"]], (DATA / "files" / row["name"]).read_bytes()
    about = {"size": len(content), "sha256": sha256(content).hexdigest()}
    begun = await by.do(
        "attachmentUploadBegin",
        "upload { uploadUrl headers { name value } } attachment { id }",
        subjectId=office.tasks[row["task"]],
        name=row["name"],
        **about,
    )
    await by.put(begun["upload"], content)
    await by.do("attachmentUploadComplete", attachmentId=begun["attachment"]["id"])
