"""The loopback OpenRouter, asked by a plain aiohttp client."""

import asyncio
import csv
import hashlib
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import aiohttp
import pytest

from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

FIRST, SECOND = date(2026, 8, 20), date(2026, 8, 21)
DAYS = {
    FIRST: [("a/one", 600), ("b/two:free", 300), ("other", 100)],
    SECOND: [("b/two:free", 500), ("a/one", 400)],
}
READ_AT = datetime(2026, 8, 22, 1, 46, tzinfo=UTC)
MANIFEST = "/datasets/exports/rankings-daily/latest.manifest.json"
CSV = "/datasets/exports/rankings-daily/2026-08-21.csv"


@pytest.fixture
async def server() -> AsyncIterator[LoopbackOpenRouter]:
    """Give an OpenRouter with two days published."""
    async with LoopbackOpenRouter() as running:
        running.publish(DAYS, SECOND, READ_AT)
        yield running


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


async def get(
    server: LoopbackOpenRouter, client: aiohttp.ClientSession, path: str, **headers: str
) -> tuple[int, bytes, aiohttp.ClientResponse]:
    """Ask for a path under the base."""
    async with client.get(server.base_url + path, headers=headers) as response:
        return response.status, await response.read(), response


async def test_the_manifest_names_a_csv_that_matches_it(
    server: LoopbackOpenRouter, client: aiohttp.ClientSession
) -> None:
    async with client.get(server.base_url + MANIFEST) as response:
        manifest = await response.json()
    named = manifest["files"]["csv"]
    async with client.get(named["url"]) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        body = await response.read()
    assert (len(body), hashlib.sha256(body).hexdigest()) == (named["bytes"], named["sha256"])
    rows = list(csv.DictReader(io.StringIO(body.decode("ascii"), newline="")))
    assert body.count(b"\r\n") == manifest["row_count"] + 1 == len(rows) + 1
    assert [row["rank"] for row in rows] == ["1", "2", "", "1", "2"]
    assert rows[2]["share_of_daily_tokens"] == "0.100000"
    assert manifest["retrieved_at"] == "2026-08-22T01:46:00Z"


async def test_an_unchanged_file_is_a_304_and_an_unknown_one_a_404(
    server: LoopbackOpenRouter, client: aiohttp.ClientSession
) -> None:
    status, body, response = await get(server, client, MANIFEST)
    assert (status, response.headers["Cache-Control"]) == (200, "public, max-age=300")
    tag = {"If-None-Match": response.headers["ETag"]}
    assert (await get(server, client, MANIFEST, **tag))[:2] == (304, b"")
    server.publish(DAYS, date(2026, 8, 22), READ_AT)
    assert (await get(server, client, MANIFEST, **tag))[0] == 200
    assert server.requests[-1].headers["if-none-match"] == tag["If-None-Match"]
    status, body, _ = await get(server, client, CSV.replace("21", "30"))
    assert (status, body) == (404, b'{"error": {"message": "Export not found", "code": 404}}')
    with pytest.raises(ValueError, match="out already"):
        server.publish(DAYS, SECOND, READ_AT)


async def test_the_catalogue_is_served(
    server: LoopbackOpenRouter, client: aiohttp.ClientSession
) -> None:
    server.catalogue([{"id": "a/one"}])
    assert (await get(server, client, "/models"))[1] == b'{"data": [{"id": "a/one"}]}'


async def test_faults_strike_once_and_in_their_turn(
    server: LoopbackOpenRouter, client: aiohttp.ClientSession
) -> None:
    whole = (await get(server, client, CSV))[1]
    server.fail_next("csv", Fault.answer(429, retry_after=7))
    status, _, response = await get(server, client, CSV)
    assert (status, response.headers["Retry-After"]) == (429, "7")
    server.fail_next("csv", Fault.spoilt("html"))
    assert (await get(server, client, CSV))[2].content_type == "text/html"
    server.fail_next("csv", Fault.spoilt("wrong bytes"))
    wrong = (await get(server, client, CSV))[1]
    assert len(wrong) == len(whole) != sum(a == b for a, b in zip(wrong, whole, strict=True))
    server.fail_next("csv", Fault.spoilt("truncated"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await get(server, client, CSV)
    server.fail_next("csv", Fault.spoilt("reset"), times=2)  # aiohttp itself asks a second time
    with pytest.raises(aiohttp.ClientOSError):
        await get(server, client, CSV)
    assert (await get(server, client, CSV))[1] == whole


async def test_a_slow_answer_waits_for_its_gate(
    server: LoopbackOpenRouter, client: aiohttp.ClientSession
) -> None:
    gate = asyncio.Event()
    server.fail_next("models", Fault.slow(gate))
    asking = asyncio.create_task(get(server, client, "/models"))
    await server.until(lambda: server.requests)
    assert not asking.done()
    gate.set()
    assert (await asking)[0] == 200
