"""What is said of a server that cannot be used."""

import pytest

import preflight
from preflight import ServerUnusable, check, check_postgresql, check_redis


async def refusal(checking):
    with pytest.raises(ServerUnusable) as caught:
        await checking
    return str(caught.value)


async def test_servers_that_are_new_enough_pass(servers):
    await check(servers.database_url, servers.redis_url)


async def test_an_old_server_is_refused_with_its_version_and_the_oldest_that_will_do(servers, monkeypatch):
    monkeypatch.setattr(preflight, "OLDEST_POSTGRESQL", 99)
    monkeypatch.setattr(preflight, "OLDEST_REDIS", 99)
    assert (await refusal(check_postgresql(servers.database_url))).endswith("is too old: Fieldgraph needs 99 or newer.")
    assert (await refusal(check_redis(servers.redis_url))).endswith("is too old: Fieldgraph needs 99 or newer.")


async def test_a_missing_database_is_named(servers):
    assert 'database "none" does not exist' in await refusal(
        check_postgresql(servers.database_url.replace("/postgres?", "/none?"))
    )


async def test_a_server_that_is_not_there_is_named_without_its_password():
    said = await refusal(check_redis("redis://me:hidden@127.0.0.1:1/0"))
    assert said.startswith("Redis cannot be used at redis://127.0.0.1:1/0: ")
    assert said.endswith(". Start it, correct REDIS_URL, or unset it for an embedded one.")


async def test_something_else_behind_the_address_is_refused(servers):
    socket = servers.redis_url.removeprefix("unix://")
    said = await refusal(check_redis(f"unix://{socket}.none"))
    assert "cannot be used" in said
