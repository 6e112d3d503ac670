"""The one door to the network, tried against servers on 127.0.0.1."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
import stamina
from aiohttp import web
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from bot.errors import PayloadRefused, SourceUnreachable
from bot.sources._http import ATTEMPTS, LONGEST_WAIT, Body, Http, open_http
from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

AGENT = "rankshift/0 (+https://example.org/rankshift)"
LIMIT = 10_000
CONTENT = b'{"data": [{"id": "a/one"}]}'
PASSING = {
    "500": (Fault.answer(500), 1),
    "502": (Fault.answer(502), 1),
    "503": (Fault.answer(503), 1),
    "429": (Fault.answer(429), 1),
    "429 with Retry-After": (Fault.answer(429, retry_after=30), 1),
    "truncated": (Fault.spoilt("truncated"), 1),
    "reset": (Fault.spoilt("reset"), 2),
}
"""Faults, and how often aiohttp itself asks within one attempt of ours when they last."""


class Waiting(Exception):
    """Raised in place of a pause; holds the seconds it would have taken."""


@pytest.fixture
async def server() -> AsyncIterator[LoopbackOpenRouter]:
    """Give an OpenRouter with one model."""
    async with LoopbackOpenRouter() as running:
        running.catalogue([{"id": "a/one"}])
        yield running


@pytest.fixture
def url(server: LoopbackOpenRouter) -> str:
    """Give an address that answers."""
    return f"{server.base_url}/models"


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """Give the door."""
    async with open_http(AGENT) as opened:
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


@pytest.fixture
def retries() -> Iterator[list[RetryDetails]]:
    """Give a list that grows with every retry."""
    seen: list[RetryDetails] = []

    def note(details: RetryDetails) -> None:
        seen.append(details)

    set_on_retry_hooks([note])
    yield seen
    set_on_retry_hooks(None)


@asynccontextmanager
async def serving(
    answers: web.Response | Mapping[str, web.Response],
) -> AsyncIterator[tuple[str, list[web.Request]]]:
    """Give the address of a server of fixed answers (by file name, else 404), and its requests."""
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        found = answers
        if not isinstance(found, web.Response):
            found = found.get(request.path.rsplit("/", 1)[-1], web.Response(status=404))
        return web.Response(status=found.status, body=found.body, headers=found.headers.copy())

    app = web.Application()
    app.add_routes([web.get("/{path:.*}", answer)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/file", seen
    finally:
        await runner.cleanup()


async def trouble(http: Http, url: str, limit: int = LIMIT) -> str:
    """Return what SourceUnreachable says of an address."""
    with pytest.raises(SourceUnreachable) as unreachable:
        await http.get(url, limit=limit)
    assert unreachable.value.retry
    return str(unreachable.value)


async def test_a_good_answer_gives_its_bytes_and_its_etag_if_it_has_one(http: Http) -> None:
    marked = web.Response(body=CONTENT, headers={"ETag": '"one"'})
    async with serving({"a": marked, "b": web.Response(body=b"")}) as (url, _):
        assert await http.get(f"{url}/a", limit=LIMIT) == Body(CONTENT, '"one"')
        assert await http.get(f"{url}/b", limit=LIMIT) == Body(b"", None)


async def test_a_compressed_answer_is_asked_for_and_given_decompressed(
    http: Http, server: LoopbackOpenRouter, url: str
) -> None:
    body = await http.get(url, limit=LIMIT)
    assert body is not None
    assert body.content == CONTENT
    assert "gzip" in server.requests[0].headers["Accept-Encoding"]


async def test_an_answer_that_still_has_the_etag_is_none(
    http: Http, server: LoopbackOpenRouter, url: str
) -> None:
    first = await http.get(url, limit=LIMIT)
    assert first is not None
    assert await http.get(url, limit=LIMIT, etag=first.etag) is None
    assert "If-None-Match" not in server.requests[0].headers
    assert server.requests[1].headers["If-None-Match"] == first.etag


async def test_an_answer_that_lost_the_etag_comes_whole(http: Http, url: str) -> None:
    body = await http.get(url, limit=LIMIT, etag='"old"')
    assert body is not None
    assert (body.content, body.etag != '"old"') == (CONTENT, True)


async def test_every_request_says_who_asks(
    http: Http, server: LoopbackOpenRouter, url: str
) -> None:
    server.fail_next("models", Fault.answer(503))
    await http.get(url, limit=LIMIT)
    assert [request.headers["User-Agent"] for request in server.requests] == [AGENT, AGENT]


@pytest.mark.parametrize(("fault", "each"), PASSING.values(), ids=PASSING)
async def test_a_passing_fault_is_retried(
    http: Http, server: LoopbackOpenRouter, url: str, fault: Fault, each: int
) -> None:
    server.fail_next("models", fault, times=each)
    body = await http.get(url, limit=LIMIT)
    assert body is not None
    assert body.content == CONTENT
    assert len(server.requests) == each + 1


@pytest.mark.parametrize(("fault", "each"), PASSING.values(), ids=PASSING)
async def test_a_lasting_fault_is_given_up_after_so_many_attempts(
    http: Http, server: LoopbackOpenRouter, url: str, fault: Fault, each: int
) -> None:
    server.fail_next("models", fault, times=3 * ATTEMPTS)
    said = await trouble(http, url)
    assert said.startswith(f"{url}: ")
    assert fault.status is None or said == f"{url}: answered {fault.status}"
    assert len(server.requests) == each * ATTEMPTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_final_answer_is_not_retried(
    http: Http, server: LoopbackOpenRouter, url: str, status: int
) -> None:
    server.fail_next("models", Fault.answer(status))
    assert await trouble(http, url) == f"{url}: answered {status}"
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [203, 204, 206, 304])
async def test_any_other_answer_than_200_is_no_good(http: Http, status: int) -> None:
    async with serving(web.Response(status=status)) as (url, seen):
        assert await trouble(http, url) == f"{url}: answered {status}"
        assert len(seen) == 1


async def test_a_redirect_is_not_followed(http: Http, server: LoopbackOpenRouter, url: str) -> None:
    moved = web.Response(status=302, headers={"Location": url})
    async with serving(moved) as (old, _):
        assert await trouble(http, old) == f"{old}: answered 302"
    assert server.requests == []


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7.0), ("0", 0.0), ("60", 60.0), ("61", 60.0), ("86400", 60.0)],
)
async def test_a_429_is_waited_out_as_asked_up_to_a_minute(
    http: Http, pauses: None, asked: str, seconds: float
) -> None:
    assert timedelta(seconds=60) == LONGEST_WAIT
    async with serving(web.Response(status=429, headers={"Retry-After": asked})) as (url, _):
        with pytest.raises(Waiting) as waiting:
            await http.get(url, limit=LIMIT)
    assert waiting.value.args == (seconds,)


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_a_429_that_asks_for_no_seconds_is_waited_out_as_any_fault(
    http: Http, pauses: None, asked: str
) -> None:
    async with serving(web.Response(status=429, headers={"Retry-After": asked})) as (url, _):
        with pytest.raises(Waiting) as waiting:
            await http.get(url, limit=LIMIT)
    assert 0 < waiting.value.args[0] <= 1.1


async def test_a_429_that_asks_for_an_absurd_wait_is_retried(http: Http) -> None:
    headers = {"Retry-After": "1" + "0" * 15}
    async with serving(web.Response(status=429, headers=headers)) as (url, _):
        assert await trouble(http, url) == f"{url}: answered 429"


async def test_a_server_that_is_not_there_is_named(http: Http) -> None:
    async with LoopbackOpenRouter() as gone:
        url = f"{gone.base_url}/models"
    assert (await trouble(http, url)).startswith(f"{url}: ")


async def test_a_server_that_says_nothing_is_given_up(
    server: LoopbackOpenRouter, url: str, retries: list[RetryDetails]
) -> None:
    gate = asyncio.Event()
    server.fail_next("models", Fault.slow(gate), times=ATTEMPTS)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as session:
        said = await trouble(Http(session), url)
    gate.set()
    assert said.startswith(f"{url}: ")
    assert said != f"{url}: "
    assert len(retries) == ATTEMPTS - 1


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://127.0.0.1/file"])
async def test_an_address_that_is_none_is_named(http: Http, url: str) -> None:
    assert (await trouble(http, url)).startswith(f"{url}: ")


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_an_answer_that_cannot_be_decompressed_is_no_good(http: Http, encoding: str) -> None:
    headers = {"Content-Encoding": encoding}
    async with serving(web.Response(body=b"plain", headers=headers)) as (url, _):
        assert (await trouble(http, url)).startswith(f"{url}: ")


async def test_an_answer_may_be_as_large_as_the_limit_and_no_larger(
    http: Http, server: LoopbackOpenRouter, url: str
) -> None:
    assert await http.get(url, limit=len(CONTENT)) is not None
    with pytest.raises(PayloadRefused) as refused:
        await http.get(url, limit=len(CONTENT) - 1)
    assert refused.value.where == url
    assert refused.value.what == f"larger than {len(CONTENT) - 1} bytes"
    assert len(server.requests) == 2


async def test_what_swells_beyond_the_limit_is_refused_however_small_it_came(http: Http) -> None:
    packed = gzip.compress(bytes(20_000_000))
    headers = {"Content-Encoding": "gzip"}
    async with serving(web.Response(body=packed, headers=headers)) as (url, _):
        with pytest.raises(PayloadRefused, match="larger than 100,000 bytes"):
            await http.get(url, limit=100_000)


async def test_no_cookie_is_kept(http: Http) -> None:
    async with serving(web.Response(headers={"Set-Cookie": "who=you; Path=/"})) as (url, seen):
        named = url.replace("127.0.0.1", "localhost")  # no jar keeps the cookies of a bare address
        await http.get(named, limit=LIMIT)
        await http.get(named, limit=LIMIT)
        assert ["Cookie" in request.headers for request in seen] == [False, False]


async def test_the_session_has_time_limits_and_is_closed_at_the_end() -> None:
    async with open_http(AGENT) as opened:
        session = opened._session
        assert (session.timeout.total, session.timeout.connect) == (30, 10)
        assert not session.closed
    assert session.closed
