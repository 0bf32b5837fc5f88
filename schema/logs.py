"""How the log is written: for people while developing, for machines otherwise; never with the values of variables."""

import logging

import structlog
from structlog.typing import Processor

from settings import Settings


def configure(chosen: Settings) -> None:
    """Set up the log of this process."""
    if chosen.environment == "development":
        last: list[Processor] = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp, *last],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, chosen.log_level.upper())),
    )
