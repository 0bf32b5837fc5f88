"""Attachments through HTTP: announced, sent, looked at, listed, fetched as long as one may, and taken away."""

import asyncio
import io
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from PIL import Image
from uuid_utils.compat import uuid7

from domain import accounts, attachments, lifecycle, signatures, store, uploads
from domain.principal import Principal
from models import ApiKey, Attachment, Scope, Task, Team, User
from tests import make
from tests.files import HARMLESS, image
from tests.schema.refusals import ERRORS, codes
from workers.attachments import tend_attachments

BEGIN = f"upload {{ uploadUrl method headers {{ name value }} expiresAt }} attachment {{ id status url }} {ERRORS}"
LIST = """
query ($id: ID!) { node(id: $id) { ... on Task { attachmentCount attachments { totalCount nodes {
  name type size sha256 status url thumbnailUrl creator { name } subject { ... on Task { title } }
} } history(last: 1) { nodes { verb changes { field before after } } } } } }
"""
FETCH = "query ($id: ID!) { attachment(id: $id) { url thumbnailUrl } }"
PHOTO = image("JPEG", (900, 600))


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Tea", team_id=team)


@pytest.fixture
def announced(mutate, id_of):
    """Announces a file on a task."""

    async def announced(by, task, content=PHOTO, *, name="tea.jpg", **more):
        told = {"name": name, "size": len(content), "sha256": sha256(content).hexdigest(), **more}
        return await mutate(by, "attachmentUploadBegin", BEGIN, subjectId=id_of("task", task), **told)

    return announced


@pytest.fixture
def completed(mutate):
    """Says that a file has been sent."""

    async def completed(by, begun):
        key = begun["attachment"]["id"]
        return await mutate(by, "attachmentUploadComplete", f"attachment {{ id url }} {ERRORS}", attachmentId=key)

    return completed


@pytest.fixture
def attached(files, http, announced, completed):
    """Attaches a file to a task, as a client does, and answers its id."""

    async def attached(by, task, content=PHOTO, name="tea.jpg"):
        begun = await announced(by, task, content, name=name)
        assert (await http.put(begun["upload"]["uploadUrl"], content=content)).status_code == 204
        assert (await completed(by, begun))["userErrors"] == []
        return begun["attachment"]["id"]

    return attached


@pytest.fixture
def fetched(graphql, http):
    """The answer to whoever fetches a file, or its small picture, by the URL that they are told."""

    async def fetched(by, key, url="url"):
        file = (await graphql(by, FETCH, id=key))["data"]["attachment"]
        return file and file[url] and await http.get(file[url])

    return fetched


def kept(files):
    """The files in the folder, without the folders."""
    return [path for path in files.rglob("*") if path.is_file()]


async def test_a_file_is_announced_sent_completed_listed_and_fetched(
    ada, task, files, graphql, http, announced, completed, id_of
):
    begun = await announced(ada, task)
    assert (begun["userErrors"], begun["attachment"]["status"], begun["attachment"]["url"]) == ([], "STAGED", None)
    upload = begun["upload"]
    assert upload["uploadUrl"].startswith("http://app/uploads/")
    headers = {each["name"]: each["value"] for each in upload["headers"]}
    assert (upload["method"], headers) == ("PUT", {"Content-Type": "application/octet-stream"})
    assert (await graphql(ada, LIST, id=id_of("task", task)))["data"]["node"]["attachmentCount"] == 0
    assert (await http.put(upload["uploadUrl"], content=PHOTO, headers=headers)).status_code == 204
    done = await completed(ada, begun)
    answer = await http.get(done["attachment"]["url"])
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PHOTO, "image/jpeg")
    node = (await graphql(ada, LIST, id=id_of("task", task)))["data"]["node"]
    (file,) = node["attachments"]["nodes"]
    assert (node["attachmentCount"], node["attachments"]["totalCount"], file.pop("url")) == (
        1,
        1,
        done["attachment"]["url"],
    )
    told = {
        "name": "tea.jpg",
        "type": "JPEG",
        "size": len(PHOTO),
        "sha256": sha256(PHOTO).hexdigest(),
        "status": "READY",
    }
    assert file == told | {"thumbnailUrl": None, "creator": {"name": "Ada Rep"}, "subject": {"title": "Tea"}}
    (event,) = node["history"]["nodes"]
    changes = {each["field"]: (each["before"], each["after"]) for each in event["changes"]}
    key = str((await Attachment.get()).id)
    assert (event["verb"], changes) == ("attachment_added", {"attachment": (None, key), "name": (None, "tea.jpg")})


@pytest.mark.parametrize("name", HARMLESS)
async def test_a_harmless_file_of_every_type_is_taken(name, ada, task, attached, fetched):
    answer = await fetched(ada, await attached(ada, task, HARMLESS[name], name=name))
    assert (answer.status_code, answer.content) == (200, HARMLESS[name])
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}"')


async def test_completing_again_changes_nothing(ada, task, files, http, announced, completed, database, sent):
    begun = await announced(ada, task)
    await http.put(begun["upload"]["uploadUrl"], content=PHOTO)
    await completed(ada, begun)
    before = await make.everything(database), sent()
    assert (await completed(ada, begun))["userErrors"] == []
    assert (await make.everything(database), sent()) == before
    assert len(kept(files)) == 2  # the upload, and the copy that was looked at


async def test_what_is_sent_after_it_was_looked_at_is_not_what_is_served(ada, task, files, http, announced, completed):
    begun = await announced(ada, task)
    await http.put(begun["upload"]["uploadUrl"], content=PHOTO)
    done = await completed(ada, begun)
    assert (await http.put(begun["upload"]["uploadUrl"], content=b"<script>")).status_code == 404
    await store.put(store.staged((await Attachment.get()).id), b"<script>")  # as a bucket's own URL still lets one do
    await completed(ada, begun)
    assert (await http.get(done["attachment"]["url"])).content == PHOTO


async def test_completed_many_times_at_once_it_is_attached_once(ada, task, files, http, announced, completed, id_of):
    begun = await announced(ada, task)
    await http.put(begun["upload"]["uploadUrl"], content=PHOTO)
    answers = await asyncio.gather(*(completed(ada, begun) for _ in range(6)))
    assert [answer["userErrors"] for answer in answers] == [[]] * 6
    assert [verb for verb, _ in await make.history(task)].count("attachment_added") == 1
    assert len(kept(files)) == 2


async def test_only_who_announced_a_file_sees_completes_and_gives_it_up_before_it_is_there(
    ada, admin, task, files, announced, completed, graphql, mutate, http
):
    begun = await announced(ada, task)
    await http.put(begun["upload"]["uploadUrl"], content=PHOTO)
    assert (await graphql(admin, FETCH, id=begun["attachment"]["id"]))["data"]["attachment"] is None
    assert codes(await completed(admin, begun)) == [("NOT_FOUND", ["attachmentId"])]
    answer = await mutate(ada, "attachmentDelete", ERRORS, attachmentId=begun["attachment"]["id"])
    assert answer == {"userErrors": []}
    await tend_attachments()
    assert (await Attachment.all().count(), kept(files)) == (0, [])


async def test_who_may_not_edit_attachments_adds_and_takes_away_none(ada, bob, task, attached, announced, mutate):
    key = await attached(ada, task)
    assert codes(await announced(bob, task)) == [("FORBIDDEN", None)]
    assert codes(await mutate(bob, "attachmentDelete", ERRORS, attachmentId=key)) == [("FORBIDDEN", None)]
    await lifecycle.cancel(task, by=ada)
    assert codes(await announced(ada, task)) == [("TASK_FINAL", None)]
    assert codes(await mutate(ada, "attachmentDelete", ERRORS, attachmentId=key)) == [("TASK_FINAL", None)]


async def test_a_url_works_for_whom_it_was_made_while_they_may_see_the_file(admin, ada, task, attached, graphql, http):
    key = await attached(ada, task)
    secret = (await accounts.api_key_create(name="CI", scopes=[Scope.READ], by=ada))[1]
    urls = [(await graphql(whose, FETCH, id=key))["data"]["attachment"]["url"] for whose in (ada, secret, admin)]
    assert [(await http.get(url)).status_code for url in urls] == [200, 200, 200]
    await ApiKey.all().update(revoked_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [(await http.get(url)).status_code for url in urls] == [200, 404, 200]
    south = await make.row(Team, admin, name="South")
    await Task.filter(id=task).update(team_id=south.id, creator_id=admin.id)
    assert [(await http.get(url)).status_code for url in urls] == [404, 404, 200]
    await User.filter(id=admin.id).update(active=False)
    assert [(await http.get(url)).status_code for url in urls] == [404, 404, 404]


async def test_a_url_that_was_made_up_changed_or_is_over_leads_nowhere(ada, task, attached, graphql, http):
    key = await attached(ada, task)
    url = (await graphql(ada, FETCH, id=key))["data"]["attachment"]["url"]
    file = (await Attachment.get()).id
    over = signatures.sign("file", [file, ada.id, ada.id], until=1)
    upload = signatures.sign(uploads.PURPOSE, [file], until=2**40)
    swapped = signatures.sign("thumbnail", [uuid7(), ada.id, uuid7()], until=2**40)
    tokens = [url[:-2], url[:-4] + "AAAA", over, upload, swapped, "x", "é", "A" * 5000]
    answers = [await http.get(token if "/" in token else f"/attachments/{token}") for token in tokens]
    assert {(answer.status_code, answer.headers["x-content-type-options"]) for answer in answers} == {(404, "nosniff")}
    for token in (over, "x", url.rpartition("/")[2]):
        assert (await http.put(f"/uploads/{token}", content=b"x")).status_code == 404
    assert (await http.post(f"/uploads/{upload}", content=b"x")).status_code == 405


async def test_a_worker_draws_images_small_and_clears_what_was_uploaded(ada, task, files, attached, fetched, http):
    key = await attached(ada, task)
    assert await fetched(ada, key, "thumbnailUrl") is None
    await tend_attachments()
    answer = await fetched(ada, key, "thumbnailUrl")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    with Image.open(io.BytesIO(answer.content)) as small:
        assert (small.format, small.size) == ("WEBP", (320, 213))
    row = await Attachment.get()
    assert (row.due_at, len(kept(files))) == (row.expires_at, 2)  # once more when its URL has expired


async def test_what_cannot_be_drawn_has_no_small_picture_and_does_not_fail(ada, task, attached, fetched):
    broken = PHOTO[: len(PHOTO) // 2]
    for content, name in ((broken, "half.jpg"), (HARMLESS["offer.pdf"], "offer.pdf")):
        key = await attached(ada, task, content, name=name)
        await tend_attachments()
        assert (await fetched(ada, key)).status_code == 200
        assert await fetched(ada, key, "thumbnailUrl") is None
    assert {row.failed_at for row in await Attachment.all()} == {None}


async def test_a_deleted_file_is_gone_at_once_and_its_bytes_soon_after(
    ada, task, files, attached, graphql, mutate, http, database, id_of
):
    key = await attached(ada, task)
    url = (await graphql(ada, FETCH, id=key))["data"]["attachment"]["url"]
    await tend_attachments()
    answer = await mutate(ada, "attachmentDelete", f"attachment {{ id }} {ERRORS}", attachmentId=key)
    assert answer == {"attachment": None, "userErrors": []}
    assert ((await http.get(url)).status_code, len(kept(files))) == (404, 2)
    node = (await graphql(ada, LIST, id=id_of("task", task)))["data"]["node"]
    assert (node["attachmentCount"], node["attachments"]["nodes"], node["history"]["nodes"][0]["verb"]) == (
        0,
        [],
        "attachment_deleted",
    )
    await database.execute("update attachments set due_at = now()")
    await tend_attachments()
    assert (await Attachment.all().count(), kept(files)) == (0, [])


async def test_an_upload_that_is_never_completed_is_swept_away(ada, task, files, announced, completed, http, database):
    begun = await announced(ada, task)
    await http.put(begun["upload"]["uploadUrl"], content=PHOTO)
    row = await Attachment.get()
    assert row.due_at - row.expires_at == uploads.GRACE
    await database.execute("update attachments set due_at = now()")
    await tend_attachments()
    assert (await Attachment.all().count(), kept(files)) == (0, [])
    assert codes(await completed(ada, begun)) == [("NOT_FOUND", ["attachmentId"])]
    assert kept(files) == []


async def test_tending_twice_at_once_leaves_one_small_picture(ada, task, files, attached):
    await attached(ada, task)
    system = Principal.system(ada.workspace_id)
    row = await Attachment.get()
    await asyncio.gather(*(attachments.tend(row.id, by=system) for _ in range(3)))
    assert (await Attachment.get()).thumbnail is not None


@pytest.fixture
def copied(mutate, id_of):
    """Copies a task with its files, and answers the ids of these."""

    async def copied(by, task):
        selection = f"copy {{ attachmentCount attachments(first: 5) {{ nodes {{ id name }} }} }} {ERRORS}"
        answer = await mutate(by, "taskCopy", selection, taskId=id_of("task", task), include=["ATTACHMENTS"])
        assert answer["userErrors"] == []
        assert answer["copy"]["attachmentCount"] == len(answer["copy"]["attachments"]["nodes"])
        return [each["id"] for each in answer["copy"]["attachments"]["nodes"]]

    return copied


@pytest.mark.parametrize("tended", [True, False], ids=["drawn", "not drawn yet"])
@pytest.mark.parametrize("first", [0, 1], ids=["the original goes first", "the copy goes first"])
async def test_a_copied_file_outlives_the_other(
    tended, first, ada, task, files, attached, copied, fetched, mutate, database
):
    key = await attached(ada, task)
    if tended:
        await tend_attachments()
    keys = [key, *await copied(ada, task)]
    await tend_attachments()
    assert [(await fetched(ada, each)).content for each in keys] == [PHOTO] * 2
    await mutate(ada, "attachmentDelete", ERRORS, attachmentId=keys.pop(first))
    await database.execute("update attachments set due_at = now()")
    await tend_attachments()
    assert await Attachment.all().count() == 1
    assert (await fetched(ada, keys[0])).content == PHOTO
    assert (await fetched(ada, keys[0], "thumbnailUrl")).status_code == 200
    await mutate(ada, "attachmentDelete", ERRORS, attachmentId=keys[0])
    await database.execute("update attachments set due_at = now()")
    await tend_attachments()
    assert (await Attachment.all().count(), kept(files)) == (0, [])


async def test_of_files_that_go_at_once_the_last_takes_the_bytes_along(
    ada, task, files, attached, copied, mutate, database
):
    keys = [await attached(ada, task), *await copied(ada, task), *await copied(ada, task)]
    for key in keys:
        await mutate(ada, "attachmentDelete", ERRORS, attachmentId=key)
    system = Principal.system(ada.workspace_id)
    await asyncio.gather(*(attachments.tend(row.id, by=system) for row in await Attachment.all()))
    assert (await Attachment.all().count(), kept(files)) == (0, [])


async def test_a_copy_has_the_files_that_count(ada, task, attached, announced, copied, mutate):
    gone = await attached(ada, task)
    await mutate(ada, "attachmentDelete", ERRORS, attachmentId=gone)
    await announced(ada, task)
    assert await copied(ada, task) == []
    await attached(ada, task)
    (key,) = await copied(ada, task)
    row = await Attachment.exclude(task_id=task).get()
    assert (key.endswith(row.id.hex), row.creator_id, row.status) == (True, ada.id, "READY")


async def test_more_uploads_at_once_than_anybody_needs_are_refused(ada, task, files, announced, database):
    await announced(ada, task)
    copied = "select (json_populate_record(a, json_build_object('id', gen_random_uuid()))).* from attachments a"
    await database.execute(f"insert into attachments {copied}, generate_series(1, 99)")
    assert codes(await announced(ada, task)) == [("LIMIT_EXCEEDED", None)]


async def test_a_repeated_announcement_is_answered_with_the_same_url(ada, task, files, announced):
    first = await announced(ada, task, idempotencyKey="once")
    assert await announced(ada, task, idempotencyKey="once") == first
    assert await Attachment.all().count() == 1
