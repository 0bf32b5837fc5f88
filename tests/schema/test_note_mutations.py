"""Notes through HTTP: written, rendered, searched, read with their record, their revisions and their mentions."""

import pytest

from domain import notes
from models import Task, Team, User
from tests import make
from tests.schema.refusals import ERRORS, codes

READ = """
query ($id: ID!) { node(id: $id) { ... on Task { notes { totalCount nodes {
  kind text html version creator { name } mentioned { nodes { name } }
  subject { __typename ... on Task { title } ... on Customer { name } } task { title } customer { name }
  revisions(sort: [{field: CREATED_AT}]) { nodes { verb actor { name } changes { field before after } } }
} } } } }
"""
INBOX = "{ viewer { notifications { nodes { message note { text } task { title } reminder { id } } } } }"
SEARCH = "query ($words: String!) { notes(search: $words) { nodes { text } } }"


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Tea", team_id=team)


async def test_a_note_is_written_rewritten_and_read_with_its_revisions(ada, bob, task, mutate, graphql, id_of):
    at_bob = f"@[{id_of('user', bob.id)}]"
    made = await mutate(ada, "noteCreate", f"note {{ id }} {ERRORS}", subjectId=id_of("task", task), text="*x*")
    assert made["userErrors"] == []
    patch = {"noteId": made["note"]["id"], "text": f"{at_bob} **y**", "kind": "OUTCOME", "expectedVersion": 1}
    assert await mutate(ada, "noteUpdate", f"note {{ version }} {ERRORS}", **patch) == {
        "note": {"version": 2},
        "userErrors": [],
    }
    await User.filter(id=bob.id).update(name="Bob <Newname>")
    (note,) = (await graphql(ada, READ, id=id_of("task", task)))["data"]["node"]["notes"]["nodes"]
    span = f'<span class="mention" data-user="{id_of("user", bob.id)}">@Bob &lt;Newname&gt;</span>'
    assert note == {
        "kind": "OUTCOME",
        "text": f"{at_bob} **y**",
        "html": f"<p>{span} <strong>y</strong></p>",
        "version": 2,
        "creator": {"name": "Ada Rep"},
        "mentioned": {"nodes": [{"name": "Bob <Newname>"}]},
        "subject": {"__typename": "Task", "title": "Tea"},
        "task": {"title": "Tea"},
        "customer": None,
        "revisions": {"nodes": [
            {"verb": "created", "actor": {"name": "Ada Rep"}, "changes": note["revisions"]["nodes"][0]["changes"]},
            {"verb": "updated", "actor": {"name": "Ada Rep"}, "changes": [
                {"field": "kind", "before": "INTERNAL", "after": "OUTCOME"},
                {"field": "text", "before": "*x*", "after": f"{at_bob} **y**"},
            ]},
        ]},
    }  # fmt: skip
    told = {"message": "Ada Rep mentioned you in a note on T-1 Tea.", "note": {"text": note["text"]}}
    (line,) = (await graphql(bob, INBOX))["data"]["viewer"]["notifications"]["nodes"]
    assert line == told | {"task": {"title": "Tea"}, "reminder": None}


async def test_a_deleted_note_is_null_and_an_undeleted_one_is_shown(ada, bob, task, mutate, id_of):
    note = {"noteId": id_of("note", await notes.create(Task, task, text="x", by=ada))}
    answer = await mutate(bob, "noteDelete", f"note {{ text }} {ERRORS}", **note)
    assert (answer["note"], codes(answer)) == ({"text": "x"}, [("FORBIDDEN", None)])
    assert await mutate(ada, "noteDelete", f"note {{ text }} {ERRORS}", **note) == {"note": None, "userErrors": []}


async def test_notes_are_found_by_what_they_say(admin, ada, task, graphql):
    customer = await make.customer(ada)
    for text in ("Ring about the **grinder**", "Nothing"):
        await notes.create(type(customer), customer.id, text=text, by=ada)
    hidden = await make.task(admin, team_id=(await make.row(Team, admin, name="South")).id)
    await notes.create(Task, hidden, text="A grinder of theirs", by=admin)
    for words in ("grinder", "grindr", "grin"):
        found = (await graphql(ada, SEARCH, words=words))["data"]["notes"]["nodes"]
        assert found == [{"text": "Ring about the **grinder**"}]


@pytest.mark.parametrize("kind", ["loc", "user", "note"])
async def test_what_carries_no_notes_is_refused(kind, ada, mutate, id_of):
    answer = await mutate(ada, "noteCreate", ERRORS, subjectId=id_of(kind, ada.id), text="x")
    assert codes(answer) == [("INVALID_ID", ["subjectId"])]
