"""Nobody learns anything of another workspace, or of another team's own work.

Every question that the schema allows, in `make test` some of them, is asked twice: while the others' rows are there,
and after they are gone. The answers must be the same, to the byte.
"""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from starlette.requests import Request

from domain import accounts, tokens
from domain.principal import Principal
from models import Scope, Team, User
from schema.auth import Authenticator, issue_token
from schema.database import Pool
from schema.faults import Unauthenticated
from settings import settings
from tests import make, orders
from tests import questions as q
from tests.effort import some
from tests.populate import PUBLIC, populate

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("files")]

VIEWS = {"failed_work", "status_periods"}
OURS, THEIRS = "okapi", "quagga"
ADMINS = {"rateCreate", "workRetry"}
"""What only admins do, who see all of their workspace."""


@dataclass
class Sides:
    """Who asks, who the others are, and whose rows are whose: keys by table, ids by type."""

    viewers: list[Principal]
    stranger: Principal
    keys: dict[str, set]
    ours: dict[str, list[str]]
    theirs: dict[str, list[str]]
    pool: Pool
    connection: Any

    async def answers(self, questions):
        """Every viewer's answer to every question, by role and text."""
        asked = [(by, each) for each in questions for by in self.viewers]
        answers = await asyncio.gather(*(each.asked(by, self.pool) for by, each in asked))
        return {
            (by.role, each.text, orjson.dumps(each.variables)): unsigned(answer)
            for (by, each), answer in zip(asked, answers, strict=True)
        }

    async def gone(self):
        """Delete all that is theirs."""
        await self.connection.execute("set session_replication_role = replica")
        for table in self.keys.keys() - VIEWS:
            await self.connection.execute(f"delete from {table} where id = any($1)", self.keys[table])
        await self.connection.execute("reset session_replication_role")

    async def values(self):
        """What the others' rows show to the others, by type."""
        asked = {name: await q.shown(name, ids).asked(self.stranger, self.pool) for name, ids in self.theirs.items()}
        return {name: [row for row in orjson.loads(answer)["data"]["nodes"] if row] for name, answer in asked.items()}


@pytest.fixture(autouse=True)
def _remembered(monkeypatch):
    """Let no statement be written twice: each question is asked twice."""
    monkeypatch.setattr("schema.compiler.reader.MOST", 100_000)


@pytest.fixture(scope="module")
async def pool(database_url):
    async with Pool.opened(database_url, size=2) as pool:
        yield pool


@pytest.fixture(params=["another workspace", "another team"])
async def sides(request, workspace, database, pool):
    """Two sides, each with rows of every table."""
    viewers = [await tokens.of_user(key) for key in (workspace.ada, workspace.sue, workspace.admin)]
    people = {User: [await User.get(id=workspace.ada)], Team: [await Team.get(id=workspace.team)]}
    ours = await populate(viewers[0], OURS, people)
    if request.param == "another workspace":
        before = await keys(database)
        other = await make.workspace(THEIRS)
        stranger = await tokens.of_user(other.admin)
        people = {User: [await User.get(id=other.admin)], Team: [await Team.get(id=other.team)]}
        await populate(stranger, THEIRS, people)
    else:
        south = await make.row(Team, viewers[0], name="South")
        stranger = await make.person(viewers.pop(), team=south.id)
        people = {User: [await User.get(id=stranger.id)], Team: [south]}
        before = await keys(database)
        await populate(
            stranger, THEIRS, {model: ours[model] for model in PUBLIC} | people, currency="EUR", public=False
        )
    theirs = {table: found - before[table] for table, found in (await keys(database)).items()}
    return Sides(viewers, stranger, theirs, q.typed(before), q.typed(theirs), pool, database)


def unsigned(answer):
    """An answer without the signatures in it, which say the time."""
    return re.sub(r'"/(attachments|calendars)/[^"]+"', r'"/\1/"', answer)


async def keys(database):
    """The ids in each table and in the list of failed work."""
    return {
        table: {record["id"] for record in await database.fetch(f"select id from {table}")}
        for table in [*make.TABLES, *VIEWS]
    }


async def hidden(sides, questions, *codes):
    """Expect that the answers would be the same without the others' rows, and that only these errors are in them."""
    questions = some(questions)
    there = await sides.answers(questions)
    await sides.gone()
    alone = await sides.answers(questions)
    assert [asked for asked, answer in there.items() if answer != alone[asked]] == []
    for answer in there.values():
        assert THEIRS not in answer
        assert {error.get("extensions", {}).get("code", str(error)) for error in orjson.loads(answer)["errors"]} <= set(
            codes
        )


async def test_the_others_see_their_own_rows(sides):
    """Without this, the tests below would show nothing."""
    values = await sides.values()
    everything = await q.deep_from(sides.theirs)[0].asked(sides.stranger, sides.pool)
    assert everything.count(THEIRS) > 50
    unseen = {name for name, rows in values.items() if len(rows) < len(sides.theirs[name])}
    public = {"User", "Team", "Customer", "Location", "Ticket", "Opportunity", "Absence", "TaskWeight", "Workflow"}
    public |= {"FollowUpRule", "FollowUpItem", "CustomTaskType", "AssessmentIndicator", "EscalationRule"}
    assert unseen == set() if sides.stranger.reaches_all else unseen == {"Rate", "FailedWork", "Event"}
    assert {name for name, ids in sides.theirs.items() if not ids} == (set() if sides.stranger.reaches_all else public)


async def test_no_selection_shows_them(sides):
    await hidden(sides, [*q.deep(), *q.deep_from(sides.ours)])


async def test_no_id_reaches_them(sides):
    await hidden(sides, [*q.by_id(sides.theirs)])


async def test_no_filter_finds_them(sides):
    await hidden(sides, q.everywhere(sides.ours, q.Filters(sides.theirs, await sides.values(), THEIRS)))


async def test_no_order_counts_them(sides):
    await hidden(sides, [*q.everywhere(sides.ours, q.sorts), *q.everywhere(sides.ours, q.windows)])


async def test_no_search_finds_them(sides):
    await hidden(sides, q.everywhere(sides.ours, q.searches(THEIRS, THEIRS[:4], OURS)))


async def test_their_cursors_lead_to_none_of_them(sides):
    questions = []
    for place in q.PLACES:
        for order in q.sorts(place[2]) if place[0] is None else [{"first": 100}]:
            (question,) = q.asked_of(sides.theirs, *place, [order])
            cursors = re.findall(r'"cursor" ?: ?"([^"]+)"', await question.asked(sides.stranger, sides.pool))
            ways = [order | {way: cursor} for cursor in cursors[:2] for way in ("after", "before")]
            questions += q.asked_of(sides.ours, *place, ways)
    assert len(questions) > 300
    await hidden(sides, questions, "INVALID_CURSOR")


async def test_a_mutation_takes_their_ids_for_absent_ones(sides):
    """What is not linked need not be unlinked; whatever else it is told of them, it answers that nobody has it."""
    before, found = await make.everything(sides.connection), Counter()
    for reference in orders.references():
        for key in sides.theirs[reference.kind][:1]:
            theirs = await sides.answers([orders.order(reference, sides.ours, key)])
            nobodys = await sides.answers([orders.order(reference, sides.ours, q.absent(reference.kind))])
            assert list(theirs.values()) == list(nobodys.values()), reference
            found[reference] += any("NOT_FOUND" in answer for answer in theirs.values())
    missed = {reference.name for reference, times in found.items() if not times}
    assert missed == {"taskUnlink"} | (set() if sides.stranger.reaches_all else ADMINS)
    assert await make.everything(sides.connection) == before


@pytest.mark.parametrize("sides", ["another workspace"], indirect=True)
async def test_a_token_acts_in_its_own_workspace_only(sides):
    stranger, ours = await User.get(id=sides.stranger.id), sides.viewers[0].workspace_id
    _, secret = await accounts.api_key_create(name=THEIRS, scopes=[Scope.ADMIN], by=sides.stranger)
    for token in (issue_token(stranger), secret):
        by = await Authenticator(settings()).principal(bearing(token))
        assert by.workspace_id == stranger.workspace_id
        for question in [*q.by_id(sides.ours), *q.deep_from(sides.ours)]:
            assert OURS not in await question.asked(by, sides.pool)
    stranger.workspace_id = ours
    with pytest.raises(Unauthenticated):
        await Authenticator(settings()).principal(bearing(issue_token(stranger)))


def bearing(token):
    return Request({"type": "http", "headers": [(b"authorization", f"Bearer {token}".encode())]})
