"""The actor that looks after the bytes of attachments."""

from domain import attachments
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.TEND_ATTACHMENTS, seconds=600)
async def tend_attachments() -> None:
    """Draw images small, and remove uploads that were given up and files that were deleted."""
    await sweep(Job.TEND_ATTACHMENTS, attachments.tend)
