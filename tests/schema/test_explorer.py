import gzip
import json
import subprocess
from pathlib import Path

import httpx2
import pytest
from graphql import OperationDefinitionNode, parse
from starlette.applications import Starlette

from schema import explorer

SOURCE = Path(__file__).parents[2] / "web" / "explorer"
VITE = SOURCE / "node_modules" / ".bin" / "vite"
DOCUMENTS = sorted(SOURCE.glob("examples/*.graphql"))
ASSETS = sorted(path for path in explorer._files() if path.startswith("assets/"))


@pytest.fixture
async def client():
    transport = httpx2.ASGITransport(Starlette(routes=explorer.routes()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://explorer") as client:
        yield client


async def raw(client, path, accept_encoding):
    async with client.stream("GET", path, headers={"Accept-Encoding": accept_encoding}) as response:
        return response, b"".join([chunk async for chunk in response.aiter_raw()])


async def test_the_page_is_asked_for_each_time_and_sent_once(client):
    first = await client.get("/")
    again = await client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Fieldgraph</title>" in first.text
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


async def test_every_answer_forbids_scripts_requests_and_frames_from_elsewhere(client):
    for path in ("/", f"/{ASSETS[0]}"):
        headers = (await client.get(path)).headers
        policy = dict(item.split(" ", 1) for item in headers["Content-Security-Policy"].split("; "))
        assert (
            policy["default-src"]
            == policy["frame-ancestors"]
            == policy["base-uri"]
            == policy["form-action"]
            == "'none'"
        )
        assert policy["script-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ASSETS)
async def test_every_asset_is_kept_for_ever_and_sent_compressed(client, path):
    response, body = await raw(client, f"/{path}", "gzip, br")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(body)
    assert gzip.decompress(body)


@pytest.mark.parametrize("accepted", ["gzip", "br, *", "GZIP;q=0.5"])
async def test_a_client_that_takes_gzip_gets_gzip(client, accepted):
    response, _ = await raw(client, f"/{ASSETS[0]}", accepted)
    assert response.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("refused", ["", "identity", "gzip;q=0", "*;q=0", "br", "gzip;q=x"])
async def test_a_client_that_takes_no_gzip_gets_the_plain_file(client, refused):
    packed = await raw(client, f"/{ASSETS[0]}", "gzip")
    response, body = await raw(client, f"/{ASSETS[0]}", refused)
    assert "Content-Encoding" not in response.headers
    assert body == gzip.decompress(packed[1])


@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/assets/",
        "/assets/../index.html",
        "/assets/%2e%2e%2findex.html",
        "/licenses.md",
        "/assets/..%5cindex.html",
    ],
)
async def test_what_the_build_did_not_make_does_not_exist(client, path):
    assert (await client.get(path)).status_code == 404


async def test_the_page_is_read_only(client):
    assert (await client.post("/")).status_code == 405
    assert (await client.head("/")).status_code == 200


def test_the_build_stays_small():
    assert sum(map(len, explorer._files().values())) < 2_500_000


def test_the_page_names_only_files_of_the_build():
    page = gzip.decompress(explorer._files()["index.html"]).decode()
    named = [part.split('"', 1)[0] for part in page.split('="./')[1:]]
    assert named
    assert set(named) <= set(explorer._files())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_the_build_holds_every_example_as_it_is_in_the_source(document):
    scripts = [gzip.decompress(explorer._files()[path]).decode() for path in ASSETS if path.endswith(".js")]
    for line in document.read_text().splitlines():
        assert any(line in script for script in scripts)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_example_names_its_operations_and_gives_a_value_to_each_variable(document):
    operations = [node for node in parse(document.read_text()).definitions if isinstance(node, OperationDefinitionNode)]
    declared = {variable.variable.name.value for node in operations for variable in node.variable_definitions or ()}
    assert all(node.name for node in operations)
    assert set(json.loads(document.with_suffix(".json").read_text())) == declared


@pytest.mark.skipif(not VITE.exists(), reason="no node_modules in web/explorer: make explorer")
def test_the_source_builds_the_committed_files_bit_by_bit(tmp_path):
    subprocess.run([VITE, "build", "--outDir", tmp_path, "--logLevel", "error"], cwd=SOURCE, check=True, timeout=120)
    built = {path.relative_to(tmp_path).as_posix().removesuffix(".gz"): path for path in tmp_path.rglob("*.gz")}
    unpacked = {name: gzip.decompress(path.read_bytes()) for name, path in built.items()}
    assert unpacked == {name: gzip.decompress(content) for name, content in explorer._files().items()}
