"""Doing what is due of one kind, a batch at a time."""

import asyncio

from domain import due, jobs
from domain.due import SWEEPS, Verb
from domain.jobs import Job

BATCH = 100


async def sweep(job: Job, verb: Verb) -> None:
    """Do what is due, oldest first; after a full batch, ask for another, so that no kind keeps the others waiting.

    Rows are taken one at a time: work that kills its worker spends its own attempts and nobody else's.
    """
    model, where = SWEEPS[job]
    for _ in range(BATCH):
        for key, workspace_id in (taken := await due.take(model, limit=1, where=where)):
            await due.run(model, key, workspace_id, verb)
        if not taken:
            return
    await asyncio.to_thread(jobs.send, job)


async def sweep_together(job: Job, verb: Verb, *, most: int = 50) -> None:
    """Do what is due by a verb that takes many at once.

    Rows on which an attempt was spent are taken one at a time: those that were taken together with work that killed its
    worker are not killed by it again.
    """
    model, where = SWEEPS[job]
    for _ in range(BATCH):
        taken = await due.take(model, most, untried=True, where=where)
        if not (taken := taken or await due.take(model, limit=1, where=where)):
            return
        await due.run_together(model, taken, verb)
    await asyncio.to_thread(jobs.send, job)
