"""The servers that are measured: each one process on a port of its own."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.load import once
from bench.postgraphile import NODE

HERE = Path(__file__).parent

UVICORN = (sys.executable, "-m", "uvicorn", "--log-level", "error", "--no-access-log", "--loop", "uvloop", "--port")
COMMANDS = {
    "fieldgraph": (*UVICORN, "{port}", "schema.app:app"),
    "limit": (*UVICORN, "{port}", "bench.limit.app:app"),
    "usual": (*UVICORN, "{port}", "bench.usual.app:app"),
    "postgraphile": (str(NODE), str(HERE / "postgraphile/server.js"), "{port}"),
}


@dataclass(frozen=True)
class Server:
    """A running server."""

    name: str
    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """How long the processor has worked for it so far."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    async def answer(self, request: bytes) -> bytes:
        """Return the body of an answer; a server that is still starting has 30 seconds."""
        for _ in range(300):
            try:
                return await once(self.port, request)
            except ConnectionRefusedError:
                if not self.process.is_running() or self.process.status() == psutil.STATUS_ZOMBIE:
                    break
                await asyncio.sleep(0.1)
        raise SystemExit(f"{self.name} does not start.")


@contextmanager
def serving(name: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run a server while the block runs."""
    port = _free_port()
    process = subprocess.Popen([part.format(port=port) for part in COMMANDS[name]], env=environment, cwd=HERE.parent)
    try:
        yield Server(name, port, psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
