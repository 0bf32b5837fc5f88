"""The real thing, as a user starts it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest

from settings import Settings

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "cli", "up", "--json"]


@pytest.fixture(scope="session")
def product():
    """`fieldgraph up --json` on sample data: what its one line says; in the end Ctrl-C stops it, and nothing broke."""
    folder = Path(tempfile.mkdtemp(prefix="fg-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as a user of its own
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in ours} | {"PYTHONPATH": str(ROOT)}
    command = [*COMMAND, "--port", str(port), "--data", str(folder / "data")]
    with (
        (folder / "log").open("w+") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as program,
    ):
        line = program.stdout.readline()
        assert line, (folder / "log").read_text()
        yield SimpleNamespace(**json.loads(line))
        program.send_signal(signal.SIGINT)
        assert program.stdout.read() == ""
        assert program.wait(60) == 0
    assert "Traceback" not in (folder / "log").read_text()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def ask(product):
    """Asks the product as one of its three people, and answers the whole JSON."""
    with httpx2.Client(trust_env=False, timeout=30) as http:

        def ask(who, document, operation=None, **variables):
            body = {"query": document, "operationName": operation, "variables": variables}
            headers = {"Authorization": f"Bearer {product.tokens[who]}"}
            return http.post(product.url, json=body, headers=headers).json()

        yield ask
