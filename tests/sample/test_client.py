import re
import socket

import pytest

from sample.client import Refused, connect
from sample.progress import at_once, silent


async def test_a_refusal_says_what_was_asked_and_why_it_was_refused(url, admin_token):
    async with connect(url, admin_token) as admin:
        with pytest.raises(Refused) as refused:
            await admin.do("teamMembersSet", teamId="task_1", members=[], leads=[])
    said = str(refused.value)
    assert said.startswith("teamMembersSet: INVALID_ID (teamId) This is not the id of a team. ")
    assert said.endswith(" Sent was {'teamId': 'task_1', 'members': [], 'leads': []}.")


async def test_an_error_of_the_whole_request_is_said_as_well(url):
    async with connect(url, "nobody") as nobody:
        with pytest.raises(Refused, match=r"^UNAUTHENTICATED .* Asked was \{ viewer \{ id \} \}$"):
            await nobody.ask("{ viewer { id } }")


async def test_a_server_that_is_away_is_one_sentence():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/graphql"
        async with connect(url, "token") as client:
            with pytest.raises(Refused, match=f"^The API at {re.escape(url)} cannot be reached: .+"):
                await client.ask("{ viewer { id } }")


async def test_the_first_failure_ends_the_rest(url, admin_token):
    told = []
    async with connect(url, admin_token, at_once=1) as admin:
        work = [admin.do("teamCreate", name=name) for name in ("A", "A", "B")]
        with pytest.raises(Refused, match=r"^teamCreate: DUPLICATE_VALUE \(name\) "):
            await at_once("Teams", work, lambda *step: told.append(step))
    assert told == [("Teams", 1, 3)]


async def test_answers_come_in_the_order_of_the_questions(url, admin_token):
    async with connect(url, admin_token) as admin:
        work = [admin.do("teamCreate", "team { name }", name=name) for name in "ABCDEF"]
        assert [made["team"]["name"] for made in await at_once("Teams", work, silent)] == list("ABCDEF")
