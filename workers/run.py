"""A worker process: it answers nudges until it is told to stop."""

import signal

from dramatiq import Worker

from embedded import servers
from settings import settings
from workers import attachments, billing, broker, deletions, emails, queues, recurrence, reminders  # noqa: F401 -- importing an actor declares it

STOPS = frozenset({signal.SIGTERM, signal.SIGINT})
GRACE_SECONDS = 30
"""How long the jobs at hand may take to finish; what they leave undone stays due."""


def main() -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun."""
    with servers(settings()) as urls:
        queue = broker.serve(urls.redis_url, urls.database_url, pool_size=settings().pool_size)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # for every thread: none but `sigwait` hears of them
        queue.emit_after("process_boot")  # without it time limits do nothing
        worker = Worker(queue, worker_threads=settings().worker_threads)
        worker.start()
        signal.sigwait(STOPS)
        worker.stop(timeout=GRACE_SECONDS * 1000)


if __name__ == "__main__":
    main()
