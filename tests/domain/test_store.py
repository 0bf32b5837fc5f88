"""Bytes are kept the same way in a folder and in a bucket of an S3-compatible store."""

import asyncio
import re
import socket
from contextlib import suppress
from datetime import timedelta
from xml.sax.saxutils import escape

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uuid_utils.compat import uuid7

import settings as config
from domain import store

BUCKET = "files"


class Bucket:
    """The few requests of the S3 protocol that a client makes to one bucket; each must be signed."""

    def __init__(self):
        self.objects, self.methods = {}, ["GET", "PUT", "DELETE", "HEAD", "POST"]

    def app(self):
        return Starlette(routes=[Route(f"/{BUCKET}{{key:path}}", self.answer, methods=self.methods)])

    async def answer(self, request: Request) -> Response:
        query = request.query_params
        if "authorization" not in request.headers and "X-Amz-Signature" not in query:
            return Response(status_code=403)
        key = request.path_params["key"].strip("/")
        if request.method == "PUT":
            source = request.headers.get("x-amz-copy-source", "").strip("/").removeprefix(f"{BUCKET}/")
            if source and source not in self.objects:
                return self.missing()
            self.objects[key] = self.objects[source] if source else await request.body()
            return Response("<CopyObjectResult><ETag>x</ETag></CopyObjectResult>", headers={"ETag": "x"})
        if request.method == "DELETE":
            self.objects.pop(key, None)
            return Response(status_code=204)
        if request.method == "POST" and "delete" in query:
            keys = re.findall(r"<Key>(.+?)</Key>", (await request.body()).decode())
            deleted = "".join(
                f"<Deleted><Key>{gone}</Key></Deleted>" for gone in keys if [self.objects.pop(gone, None)]
            )
            return Response(f"<DeleteResult>{deleted}</DeleteResult>")
        if query.get("list-type") == "2":
            return self.listed(query.get("prefix", ""))
        if key not in self.objects:
            return self.missing()
        return Response(self.objects[key], headers={"ETag": "x", "Last-Modified": "Sun, 22 Nov 2026 00:00:00 GMT"})

    def missing(self):
        return Response("<Error><Code>NoSuchKey</Code></Error>", 404)

    def listed(self, prefix):
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-22T00:00:00Z</LastModified>"
            f"<ETag>x</ETag><Size>{len(content)}</Size></Contents>"
            for key, content in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return Response(f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>")


@pytest.fixture
async def bucket():
    """A store that answers on a port of this machine."""
    bucket = Bucket()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(bucket.app(), port=port, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn tells nobody
        await asyncio.sleep(0.01)
    bucket.url = f"http://127.0.0.1:{port}"
    yield bucket
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture(params=["folder", "bucket"])
async def kept(request, bucket, tmp_path, monkeypatch):
    """Tells what is kept, whichever way; the settings say where."""
    s3 = {"S3_BUCKET": BUCKET, "S3_ENDPOINT": bucket.url, "S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "secret"}
    chosen = s3 if request.param == "bucket" else {"DATA_DIR": str(tmp_path)}
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    config.settings.cache_clear()
    folder = tmp_path / "attachments"
    yield (
        lambda: (
            {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            if request.param == "folder"
            else bucket.objects
        )
    )
    monkeypatch.undo()
    config.settings.cache_clear()


async def parts(*content):
    for part in content:
        yield part


async def test_bytes_are_written_copied_read_and_removed(kept):
    key = uuid7()
    await store.put(store.staged(key), b"onetwo")
    place = store.fresh(key)
    await store.copy(store.staged(key), place)
    assert kept() == {f"{key.hex}/staged": b"onetwo", place: b"onetwo"}
    file, size, sha256 = await store.take(place, at_most=6)
    with file:
        assert (file.read(), size, sha256[:8]) == (b"onetwo", 6, "25b6746d")
    assert b"".join([part async for part in store.stream(place)]) == b"onetwo"
    for _ in range(2):
        await store.remove(store.staged(key))
    assert kept() == {place: b"onetwo"}
    await store.put(store.fresh(uuid7()), b"of another")
    await store.remove_all(place)
    assert list(kept().values()) == [b"of another"]


async def test_what_is_not_there_is_not_found(kept):
    with pytest.raises(FileNotFoundError):
        await store.copy(store.staged(uuid7()), store.fresh(uuid7()))


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
async def test_a_folder_takes_a_stream_whole_or_not_at_all(kept):
    async def broken():
        yield b"x"
        raise EOFError

    key = uuid7()
    with pytest.raises(EOFError):
        await store.put(store.staged(key), broken())
    assert kept() == {}
    await store.put(store.staged(key), parts(b"one", b"two"))
    assert kept() == {f"{key.hex}/staged": b"onetwo"}


async def test_a_client_uploads_to_a_bucket_by_a_url_that_is_signed(kept, bucket):
    key = uuid7()
    url = await store.upload_url(key, timedelta(minutes=5))
    if url is None:
        assert kept() is not bucket.objects
        return
    async with httpx2.AsyncClient(trust_env=False) as http:
        assert (await http.put(url.partition("?")[0], content=b"x")).status_code == 403
        assert (await http.put(url, content=b"x")).status_code == 200
    assert kept() == {f"{key.hex}/staged": b"x"}
