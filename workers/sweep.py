"""Doing what is due of one kind, a batch at a time."""

import asyncio

from domain import due, jobs
from domain.due import SWEEPS, Sweepable, Verb

BATCH = 100
TOGETHER = 50


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


async def sweep_together(model: Sweepable, verb: Verb) -> None:
    """Do what is due by a verb that takes many at once.

    Rows on which an attempt was spent are taken one at a time: those that were taken together with work that killed its
    worker are not killed by it again.
    """
    for _ in range(BATCH):
        if not (taken := await due.take(model, TOGETHER, untried=True) or await due.take(model, limit=1)):
            return
        await due.run_together(model, taken, verb)
    await asyncio.to_thread(jobs.send, SWEEPS[model])
