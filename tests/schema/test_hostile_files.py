"""Each of two hundred hostile uploads ends in a refusal or in inert bytes; none is served as HTML or script."""

import pytest

from domain.file_types import MEDIA_TYPES
from tests import make
from tests.hostile import FAMILIES, INERT, REFUSED

BEGIN = "upload { uploadUrl } attachment { id } userErrors { code path }"
COMPLETE = "attachment { url status } userErrors { code }"
CODES = {"FILE_REFUSED", "INVALID_INPUT", "LIMIT_EXCEEDED", "REQUIRED", "TOO_LONG", "UPLOAD_MISMATCH"}
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.fixture
async def outcome(ada, mutate, http, id_of, files):
    """Attaches a file as a client does, and says what comes of it."""
    task = id_of("task", await make.task(ada))

    async def outcome(upload):
        begun = await mutate(ada, "attachmentUploadBegin", BEGIN, subjectId=task, **upload.announced)
        if begun["userErrors"]:
            assert begun["upload"] is None
            assert {error["code"] for error in begun["userErrors"]} <= CODES
            return REFUSED
        content = upload.content if upload.sent is None else upload.sent
        sent = await http.put(begun["upload"]["uploadUrl"], content=content)
        assert sent.status_code == (413 if len(content) > upload.announced["size"] else 204)
        done = await mutate(ada, "attachmentUploadComplete", COMPLETE, attachmentId=begun["attachment"]["id"])
        if done["userErrors"]:
            assert done["attachment"] == {"url": None, "status": "STAGED"}
            assert {error["code"] for error in done["userErrors"]} <= CODES
            return REFUSED
        return await served(http, done["attachment"]["url"], upload)

    return outcome


async def served(http, url, upload):
    """That bytes are inert: as they were sent, to be saved, of a type that no browser runs, under a tame name."""
    answer = await http.get(url)
    assert (answer.status_code, answer.content) == (200, upload.content)
    assert answer.headers["content-type"] in MEDIA_TYPES.values()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == POLICY
    kind, plain, own = answer.headers["content-disposition"].split("; ")
    assert (kind, plain.count('"'), own.partition("''")[0]) == ("attachment", 2, "filename*=UTF-8")
    assert not set(own.partition("''")[2]) & set("\"\\/;<>' ")
    assert "set-cookie" not in answer.headers
    return INERT


def test_there_are_two_hundred_and_each_is_another():
    listed = [upload for family in FAMILIES.values() for upload in family]
    assert len({upload.label for upload in listed}) == len(listed) >= 200


@pytest.mark.parametrize("family", FAMILIES)
async def test_every_one_ends_in_a_refusal_or_in_inert_bytes(family, outcome):
    uploads = FAMILIES[family]
    found = {upload.label: await outcome(upload) for upload in uploads}
    assert found == {upload.label: upload.outcome for upload in uploads}
