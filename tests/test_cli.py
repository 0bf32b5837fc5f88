"""The command line as a person or a script meets it."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx2
import pytest
import redis

import cli
from settings import Settings, example

pytestmark = pytest.mark.long

ROOT = Path(cli.__file__).parent
DEBIAN_POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def environment(**values):
    """What the command sees: nothing of a developer's own settings."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours} | values


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def home():
    """One folder whose embedded servers keep a migrated database from test to test."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def fieldgraph(*arguments, cwd, **values):
    command = [sys.executable, "-m", "cli", *arguments]
    values |= {"PYTHONPATH": str(ROOT), "COLUMNS": "300"}
    return subprocess.run(
        command, cwd=cwd, env=environment(**values), capture_output=True, text=True, timeout=60, check=False
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_a_command_it_lists_them(folder):
    shown = fieldgraph(cwd=folder).stdout
    for name in ("up", "serve", "worker", "clock", "migrate", "demo", "token", "schema", "settings"):
        assert f"│ {name} " in shown


def test_settings_prints_the_example_file(folder):
    assert fieldgraph("settings", cwd=folder).stdout == example()


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"ENVIRONMENT": "production"}, "SECRET must be at least 32 bytes of your own outside development"),
        ({"PORT": "many"}, "PORT Input should be a valid integer"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL must start with postgresql://"),
        (
            {"DATABASE_URL": "postgresql://me:hidden@127.0.0.1:1/d", "REDIS_URL": "redis://127.0.0.1:1"},
            "PostgreSQL cannot be used at postgresql://127.0.0.1:1/d: ",
        ),
        ({"REDIS_URL": "redis://:hidden@127.0.0.1:1"}, "Redis cannot be used at redis://127.0.0.1:1: "),
    ],
)
def test_what_a_person_can_put_right_is_one_line_and_exit_code_1(folder, values, line):
    for part in ("migrate", "worker"):
        refused = fieldgraph(part, cwd=folder, **values)
        assert refused.returncode == 1
        assert refused.stdout == ""
        assert refused.stderr.startswith(f"fieldgraph: {line}")
        assert refused.stderr.count("\n") == 1
        assert "hidden" not in refused.stderr


def test_a_port_that_is_taken_is_refused_before_anything_starts(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = fieldgraph("up", "--port", str(port), "--data", "data", cwd=folder)
    assert refused.stderr == (
        f"fieldgraph: The API cannot listen on 127.0.0.1:{port} (Address already in use): choose another --port.\n"
    )
    assert refused.returncode == 1
    assert not (folder / "data").exists()


def test_migrating_twice_changes_nothing(home):
    for _ in range(2):
        done = fieldgraph("migrate", cwd=home)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_token_needs_to_know_whose(folder):
    refused = fieldgraph("token", "create", cwd=folder)
    assert refused.returncode == 1
    assert refused.stderr == "fieldgraph: Say whose token: either --email or --user.\n"


@contextmanager
def running(*command, **options):
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    try:
        yield program
    finally:
        if program.poll() is None:
            program.terminate()
        program.communicate(timeout=60)


@contextmanager
def fieldgraph_up(home, port):
    """`fieldgraph up --json`, with what it announced."""
    command = [sys.executable, "-m", "cli", "up", "--json", "--data", str(home / ".data"), "--port", str(port)]
    values = environment(PYTHONPATH=str(ROOT))
    with (
        (home / "log").open("w+") as log,
        subprocess.Popen(command, cwd=home, env=values, stdout=subprocess.PIPE, stderr=log, text=True) as program,
    ):
        try:
            line = program.stdout.readline()
            assert line, (home / "log").read_text()
            yield program, json.loads(line)
        finally:
            if program.poll() is None:
                program.send_signal(signal.SIGINT)


def names_of(welcome):
    """Who each announced token stands for, asked of the API."""
    for role, bearer in welcome["tokens"].items():
        answer = httpx2.post(
            welcome["url"],
            json={"query": "{ viewer { name role } }"},
            headers={"Authorization": f"Bearer {bearer}"},
        )
        viewer = answer.json()["data"]["viewer"]
        assert viewer["role"] == role.upper()
        yield viewer["name"]


def test_up_announces_itself_in_one_line_and_one_ctrl_c_stops_all(home):
    port = free_port()
    people = []
    for number in (signal.SIGINT, signal.SIGTERM):  # the second time with the first one's data
        with fieldgraph_up(home, port) as (program, welcome):
            assert welcome["url"] == f"http://127.0.0.1:{port}/graphql"
            assert welcome["explorer"] == f"http://127.0.0.1:{port}/"
            assert list(welcome["tokens"]) == ["rep", "supervisor", "admin"]
            people.append(list(names_of(welcome)))
            program.send_signal(number)
            assert program.stdout.read() == ""
            assert program.wait(60) == 0
        assert not (home / ".data" / "postgres" / "postmaster.pid").exists()
        assert not (home / ".data" / "valkey" / "valkey.sock").exists()
    assert people[0] == people[1]


def test_after_a_kill_the_next_up_takes_the_same_port_and_data(home):
    port = free_port()
    with fieldgraph_up(home, port) as (program, first):
        people = list(names_of(first))
        program.kill()
    for _ in range(200):  # its programs notice, and let go of the port
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.05)
    with fieldgraph_up(home, port) as (_, second):
        assert list(names_of(second)) == people


@pytest.mark.parametrize("part", ["worker", "clock"])
def test_a_part_by_itself_ends_with_exit_code_0_when_told(home, part):
    command = [sys.executable, "-m", "cli", part]
    with subprocess.Popen(command, cwd=home, env=environment(PYTHONPATH=str(ROOT))) as program:
        for _ in range(400):
            if (home / ".data" / "valkey" / "valkey.sock").exists():
                break
            time.sleep(0.05)
        time.sleep(2)
        program.terminate()
        assert program.wait(60) == 0
    assert not (home / ".data" / "postgres" / "postmaster.pid").exists()


@pytest.fixture
def debian(folder):
    """Debian's own PostgreSQL and Redis, started by hand on free ports."""
    if not DEBIAN_POSTGRESQL or not shutil.which("redis-server"):
        pytest.skip("needs Debian's packages postgresql and redis-server")
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    os.chown(folder, user, -1)
    binaries, cluster = DEBIAN_POSTGRESQL[-1], folder / "cluster"
    ports = {"postgresql": free_port(), "redis": free_port()}
    initdb = [binaries / "initdb", "-D", cluster, "-U", "tester", "-A", "trust", "-N"]
    subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True)
    postgres = [binaries / "postgres", "-D", cluster, "-p", str(ports["postgresql"]), "-k", folder]
    redis_server = ["redis-server", "--port", str(ports["redis"]), "--dir", folder, "--save", ""]
    with running(*postgres, user=user, cwd=folder), running(*redis_server, user=user, cwd=folder):
        for port in ports.values():
            for _ in range(200):
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
        yield {
            "DATABASE_URL": f"postgresql://tester@127.0.0.1:{ports['postgresql']}/postgres",
            "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/3",
        }


async def test_it_runs_on_debians_postgresql_and_redis(folder, debian):
    done = fieldgraph("migrate", cwd=folder, **debian)
    assert (done.returncode, done.stderr) == (0, "")
    connection = await asyncpg.connect(debian["DATABASE_URL"])
    assert await connection.fetchval("select count(*) from tasks") == 0
    await connection.close()
    with redis.from_url(debian["REDIS_URL"]) as client:
        assert client.ping()
    assert not (folder / ".data").exists()
