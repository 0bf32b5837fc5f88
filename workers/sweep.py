"""Doing what is due of one kind, a batch at a time."""

import asyncio

from domain import due, jobs
from domain.due import SWEEPS, Sweepable, Verb

BATCH = 100


async def sweep(model: Sweepable, verb: Verb) -> None:
    """Do what is due, oldest first; after a full batch, ask for another, so that no kind keeps the others waiting.

    Rows are taken one at a time: work that kills its worker spends its own attempts and nobody else's.
    """
    for _ in range(BATCH):
        for key, workspace_id in (taken := await due.take(model, limit=1)):
            await due.run(model, key, workspace_id, verb)
        if not taken:
            return
    await asyncio.to_thread(jobs.send, SWEEPS[model])
