"""A token says who acts, convincingly or not at all."""

import asyncio
import base64
import hmac
import json
import time
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from starlette.requests import Request

from domain import accounts
from models import Scope, User
from schema import jwks
from schema.auth import Authenticator, issue_token
from schema.faults import Unauthenticated
from settings import Settings

REFUSAL = {
    "message": "Send a valid token: `Authorization: Bearer …`.",
    "extensions": {"code": "UNAUTHENTICATED", "requestId": "r1"},
}


@pytest.fixture
def whose(chosen):
    """Finds out who sends a header; the settings may differ."""

    async def whose(header, **settings):
        known = Settings(_env_file=None, secret=chosen.secret, **settings)
        headers = [(b"authorization", header.encode())] if header is not None else []
        return await Authenticator(known).principal(Request({"type": "http", "headers": headers}))

    return whose


def signed(claims, secret, alg="HS256"):
    return jwt.encode({"alg": alg}, claims, OctKey.import_key(secret), algorithms=[alg])


def unsigned(header, claims, signature=""):
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, signature])


@pytest.fixture
def claims(ada):
    return {"sub": str(ada.id), "ws": str(ada.workspace_id), "exp": int(time.time()) + 60}


async def test_an_issued_token_acts_as_its_user(whose, ada, chosen):
    token = issue_token(await User.get(id=ada.id), chosen=chosen)
    assert await whose(f"Bearer {token}") == ada
    assert await whose(f"bearer {token}") == ada


async def test_an_issued_token_fits_the_issuer_and_audience_that_are_expected(whose, ada, chosen):
    expected = {"jwt_issuer": "us", "jwt_audience": "api"}
    token = issue_token(await User.get(id=ada.id), chosen=chosen.model_copy(update=expected))
    assert await whose(f"Bearer {token}", **expected) == ada
    for wrong in ({"jwt_issuer": "them"}, {"jwt_audience": "other"}):
        with pytest.raises(Unauthenticated):
            await whose(f"Bearer {token}", **wrong)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token x", "Bearer a b", "Bearer ä", "Bearer fg_unknown"]
)
async def test_a_header_without_a_known_token_is_refused(whose, database, header):
    with pytest.raises(Unauthenticated):
        await whose(header)


async def test_a_token_that_is_not_quite_right_is_refused(whose, claims, chosen, other):
    now = int(time.time())
    right, none = chosen.secret, {"alg": "none"}
    wrong = {
        "another secret": signed(claims, "x" * 32),
        "another algorithm of the same key": signed(claims, right, "HS512"),
        "no signature": unsigned(none, claims),
        "no signature, in capitals": unsigned({"alg": "NONE"}, claims),
        "no signature, for the right algorithm": unsigned({"alg": "HS256"}, claims),
        "no algorithm": unsigned({}, claims),
        "an algorithm that is no text": unsigned({"alg": ["HS256"]}, claims),
        "a header that is no object": unsigned(["HS256"], claims),
        "claims that are no object": jwt.encode({"alg": "HS256"}, {}, OctKey.import_key(right))[:-4],
        "over": signed({**claims, "exp": now - 60}, right),
        "without an end": signed({key: value for key, value in claims.items() if key != "exp"}, right),
        "an end that is no time": signed({**claims, "exp": "tomorrow"}, right),
        "not yet": signed({**claims, "nbf": now + 300}, right),
        "nobody": signed({key: value for key, value in claims.items() if key != "sub"}, right),
        "a subject that is no id": signed({**claims, "sub": "ada"}, right),
        "a subject that nobody has": signed({**claims, "sub": str(claims["ws"])}, right),
        "another workspace": signed({**claims, "ws": str(other.workspace_id)}, right),
        "three dots": "...",
        "no JSON": "e30.e30.e30",
    }
    for why, token in wrong.items():
        with pytest.raises(Unauthenticated):
            raise AssertionError(why, await whose(f"Bearer {token}"))


async def test_a_token_that_ended_a_moment_ago_is_still_good_because_clocks_differ(whose, ada, chosen):
    user = await User.get(id=ada.id)
    assert await whose(f"Bearer {issue_token(user, lifetime=timedelta(seconds=-5), chosen=chosen)}") == ada


async def test_a_person_who_left_acts_no_more(whose, ada, chosen):
    user = await User.get(id=ada.id)
    token = issue_token(user, chosen=chosen)
    await User.filter(id=ada.id).update(active=False)
    with pytest.raises(Unauthenticated):
        await whose(f"Bearer {token}")


async def test_an_api_key_acts_as_its_user_within_its_scopes_until_it_is_revoked(whose, ada):
    key, secret = await accounts.api_key_create(name="Reader", scopes=[Scope.READ], by=ada)
    by = await whose(f"Bearer {secret}")
    assert (by.id, by.api_key_id, by.scopes) == (ada.id, key, {Scope.READ})
    await accounts.api_key_revoke(key, by=ada)
    with pytest.raises(Unauthenticated):
        await whose(f"Bearer {secret}")


@asynccontextmanager
async def provider(*keys):
    """A key set at a URL, and how often it was asked for."""
    asked = []

    body = json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()

    async def answer(reader, writer):
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys", asked


async def test_a_revoked_key_acts_only_as_long_as_it_is_remembered(ada, chosen):
    authenticator = Authenticator(chosen.model_copy(update={"principal_seconds": 0.2}))
    key, secret = await accounts.api_key_create(name="Robot", scopes=[Scope.READ], by=ada)
    request = Request({"type": "http", "headers": [(b"authorization", f"Bearer {secret}".encode())]})
    remembered = await authenticator.principal(request)
    await accounts.api_key_revoke(key, by=ada)
    assert await authenticator.principal(request) is remembered
    await asyncio.sleep(0.25)
    with pytest.raises(Unauthenticated):
        await authenticator.principal(request)


async def test_tokens_of_an_identity_provider_are_checked_with_its_keys(whose, ada, claims, chosen):
    rsa = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
    curve = ECKey.generate_key("P-256", parameters={"kid": "curve"})
    async with provider(rsa, curve) as (url, _):
        for key, alg in ((rsa, "RS256"), (curve, "ES256")):
            token = jwt.encode({"alg": alg, "kid": key.kid}, claims, key, algorithms=[alg])
            assert await whose(f"Bearer {token}", jwks_url=url) == ada
            with pytest.raises(Unauthenticated):
                await whose(f"Bearer {token}")  # without the setting the provider is a stranger
        confused = unsigned({"alg": "HS256", "kid": "rsa"}, claims)
        digest = hmac.digest(rsa.as_pem(private=False), confused.removesuffix(".").encode(), "sha256")
        confused += base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        unnamed = jwt.encode({"alg": "RS256"}, claims, rsa, algorithms=["RS256"])
        crossed = jwt.encode({"alg": "RS256", "kid": "curve"}, claims, rsa, algorithms=["RS256"])
        padded = jwt.encode({"alg": "PS256", "kid": "rsa"}, claims, rsa, algorithms=["PS256"])
        for token in (confused, unnamed, crossed, padded):
            with pytest.raises(Unauthenticated):
                await whose(f"Bearer {token}", jwks_url=url)
        assert await whose(f"Bearer {signed(claims, chosen.secret)}", jwks_url=url) == ada


async def test_a_shared_secret_among_the_keys_of_a_provider_signs_nothing(whose, claims):
    shared = OctKey.import_key("y" * 32, parameters={"kid": "shared"})
    async with provider(shared) as (url, _):
        token = jwt.encode({"alg": "HS256", "kid": "shared"}, claims, shared)
        with pytest.raises(Unauthenticated):
            await whose(f"Bearer {token}", jwks_url=url)


async def test_keys_are_fetched_once_and_again_for_an_unknown_one_but_not_too_often(monkeypatch):
    key = ECKey.generate_key("P-256", parameters={"kid": "one"})
    async with provider(key) as (url, asked):
        source = jwks.KeySource(url)
        for _ in range(3):
            assert (await source.key("one")).kid == "one"
        with pytest.raises(ValueError, match="unknown key"):
            await source.key("two")
        assert asked == [b"/keys"]
        monkeypatch.setattr(jwks, "PAUSE_SECONDS", 0)
        with pytest.raises(ValueError, match="unknown key"):
            await source.key("two")
        assert asked == [b"/keys", b"/keys"]
        monkeypatch.setattr(jwks, "KEPT_SECONDS", 0)
    assert (await source.key("one")).kid == "one"  # the provider is gone, and what it said still holds


@pytest.mark.parametrize(("accept", "status"), [("application/json", 401), ("application/graphql-response+json", 401)])
async def test_a_request_without_a_token_is_told_what_to_send(http, accept, status):
    headers = {"Accept": accept, "X-Request-Id": "r1"}
    answer = await http.post("/graphql", json={"query": "{ viewer { id } }"}, headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (status, "Bearer")
    assert answer.json() == {"errors": [REFUSAL]}


async def test_the_schema_may_be_asked_for_without_a_token(http):
    answer = await http.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert answer.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


async def test_a_key_does_only_what_its_scopes_allow(http, graphql, ada, id_of):
    _, reader = await accounts.api_key_create(name="Reader", scopes=[Scope.READ], by=ada)
    _, writer = await accounts.api_key_create(name="Writer", scopes=[Scope.WRITE], by=ada)
    create = 'mutation { taskCreate(input: {title: "By key"}) { userErrors { code } task { title } } }'
    for secret, document, scope in ((reader, create, "WRITE"), (writer, "{ viewer { id } }", "READ")):
        headers = {"Authorization": f"Bearer {secret}", "X-Request-Id": "r1"}
        answer = await http.post("/graphql", json={"query": document}, headers=headers)
        message = f"This API key lacks the scope {scope}. Use a key that has it, or sign in."
        extensions = {"code": "INSUFFICIENT_SCOPE", "requestId": "r1"}
        assert answer.status_code == httpx2.codes.FORBIDDEN
        assert answer.json() == {"errors": [{"message": message, "extensions": extensions}]}
    assert await graphql(reader, "{ viewer { id } }") == {"data": {"viewer": {"id": id_of("user", ada.id)}}}
    assert await graphql(writer, create) == {"data": {"taskCreate": {"userErrors": [], "task": {"title": "By key"}}}}
