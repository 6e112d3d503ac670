"""The door to the network where a key is needed: headers, counted attempts, asked pauses."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest
import stamina
from aiohttp import web
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from bot.errors import BudgetSpent, PayloadRefused, SourceDeclined, SourceUnreachable
from bot.sources._http import ATTEMPTS, Body, Http, open_http
from tests.made import AS_OF
from tests.sources.test_http import Waiting, serving
from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

LIMIT = 10_000
SENT = "Wed, 01 Jul 2026 12:00:00 GMT"
NOON = 1_782_907_200
"""The seconds of that moment."""


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """Give the door."""
    async with open_http("rankshift/0") as opened:
        yield opened


@pytest.fixture
def pauses() -> Iterator[None]:
    """Let retries pause as in earnest, and raise Waiting where the first pause would begin."""

    def stop(details: RetryDetails) -> None:
        raise Waiting(details.wait_for)

    set_on_retry_hooks([stop])
    stamina.set_testing(False)
    yield
    set_on_retry_hooks(None)


async def asked_pause(http: Http, headers: dict[str, str]) -> float:
    """Return the pause in seconds that follows on a 429 with these headers."""
    async with serving(web.Response(status=429, headers=headers)) as (url, _):
        with pytest.raises(Waiting) as waiting:
            await http.get(url, limit=LIMIT)
    seconds: float = waiting.value.args[0]
    return seconds


async def test_headers_go_along_with_every_attempt_and_with_an_etag(http: Http) -> None:
    async with LoopbackOpenRouter() as server:
        server.catalogue([{"id": "a/one"}])
        server.fail_next("models", Fault.answer(503))
        url, headers = f"{server.base_url}/models", {"Authorization": "Bearer k"}
        body = await http.get(url, limit=LIMIT, headers=headers)
        assert body is not None
        assert await http.get(url, limit=LIMIT, headers=headers, etag=body.etag) is None
        seen = [request.headers.get("Authorization") for request in server.requests]
        assert seen == ["Bearer k"] * 3
        await http.get(url, limit=LIMIT)
        assert "Authorization" not in server.requests[-1].headers


async def test_a_key_is_not_taken_along_to_where_a_redirect_points(http: Http) -> None:
    async with LoopbackOpenRouter() as other:
        moved = web.Response(status=307, headers={"Location": f"{other.base_url}/models"})
        async with serving(moved) as (url, _):
            with pytest.raises(SourceDeclined):
                await http.get(url, limit=LIMIT, headers={"Authorization": "Bearer k"})
        assert other.requests == []


async def test_every_attempt_is_preceded_by_what_must_come_before(http: Http) -> None:
    seen: list[int] = []
    async with LoopbackOpenRouter() as server:

        async def before() -> None:
            seen.append(len(server.requests))

        server.fail_next("models", Fault.answer(503), times=ATTEMPTS)
        with pytest.raises(SourceUnreachable):
            await http.get(f"{server.base_url}/models", limit=LIMIT, before=before)
    assert seen == [0, 1, 2, 3]


async def test_what_comes_before_may_forbid_the_request(http: Http) -> None:
    async def before() -> None:
        raise BudgetSpent(500, AS_OF)

    async with LoopbackOpenRouter() as server:
        with pytest.raises(BudgetSpent):
            await http.get(f"{server.base_url}/models", limit=LIMIT, before=before)
        assert server.requests == []


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        (str(NOON + 7), 7.0),
        (f"{NOON + 7}250", 7.25),
        (str(NOON + 60), 60.0),
        (str(NOON + 3600), 60.0),
        (f"{NOON + 86400}000", 60.0),
    ],
)
async def test_a_429_is_waited_out_until_its_reset_up_to_a_minute(
    http: Http, pauses: None, reset: str, seconds: float
) -> None:
    headers = {"X-RateLimit-Reset": reset, "Date": SENT}
    assert await asked_pause(http, headers) == seconds


async def test_a_wait_in_seconds_is_taken_before_the_moment_of_a_reset(
    http: Http, pauses: None
) -> None:
    headers = {"Retry-After": "3", "X-RateLimit-Reset": str(NOON + 7), "Date": SENT}
    assert await asked_pause(http, headers) == 3.0


@pytest.mark.parametrize(
    ("reset", "sent"),
    [
        ("", SENT),
        ("soon", SENT),
        ("-7", SENT),
        ("12.5", SENT),
        (str(NOON), SENT),
        (str(NOON - 7), SENT),
        ("60", SENT),
        ("9" * 15, "yesterday"),
        (str(NOON + 7), "yesterday"),
        ("9" * 16, SENT),
        ("٧", SENT),
    ],
)
async def test_a_reset_that_says_nothing_is_waited_out_as_any_fault(
    http: Http, pauses: None, reset: str, sent: str
) -> None:
    assert 0 < await asked_pause(http, {"X-RateLimit-Reset": reset, "Date": sent}) <= 1.1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (json.dumps({"error": {"code": 400, "message": "no such day"}}), "no such day"),
        (json.dumps({"error": {"code": 400}}), ""),
        (json.dumps({"error": {"message": 4}}), ""),
        (json.dumps(["no"]), ""),
        ("<!doctype html>", ""),
        ("", ""),
        (json.dumps({"error": {"message": "x" * 100_000}}), ""),
    ],
    ids=["message", "none", "number", "list", "html", "empty", "too long"],
)
async def test_a_final_answer_is_told_by_its_status_and_the_sources_words(
    http: Http, body: str, said: str
) -> None:
    async with serving(web.Response(status=400, text=body)) as (url, seen):
        with pytest.raises(SourceDeclined) as declined:
            await http.get(url, limit=LIMIT)
    assert (declined.value.status, declined.value.said) == (400, said)
    assert str(declined.value) == f"{url}: answered 400"
    assert len(seen) == 1


async def test_a_final_answer_that_cannot_be_read_is_final_all_the_same(http: Http) -> None:
    spoilt = web.Response(status=400, body=b"plain", headers={"Content-Encoding": "gzip"})
    async with serving(spoilt) as (url, seen):
        with pytest.raises(SourceDeclined) as declined:
            await http.get(url, limit=LIMIT)
    assert declined.value.said == ""
    assert len(seen) == 1


async def test_the_limit_of_a_good_answer_holds_with_headers_too(http: Http) -> None:
    async with serving(web.Response(body=bytes(100))) as (url, _):
        assert await http.get(url, limit=100, headers={"A": "b"}) == Body(bytes(100), None)
        with pytest.raises(PayloadRefused):
            await http.get(url, limit=99, headers={"A": "b"})
