"""The loopback OpenRouter's keyed endpoints, asked by a plain aiohttp client."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import aiohttp
import pytest

from tests.wire.openrouter_keyed import APPS, RANKINGS
from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

AT = 1_782_907_200.0
"""2026-07-01 12:00 UTC, in seconds."""
DAYS = {
    date(2025, 1, 1): [("a/one", 5)],
    date(2026, 6, 30): [("other", 900), ("a/two", 10), ("a/one", 10), ("b/big", 99)],
    date(2026, 6, 29): [("a/one", 2**64)],
}
WEEKS = {date(2026, 6, 22): [("a/one", 70)]}
JUNE = {"start_date": "2026-06-01", "end_date": "2026-06-30"}


class Client:
    """A client with a key."""

    def __init__(self, server: LoopbackOpenRouter, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.headers = {"Authorization": "Bearer k1"}
        self.reset = ""

    async def get(self, path: str, **query: str) -> tuple[int, dict[str, Any]]:
        """Ask; the reset of an answer is kept."""
        url = self.server.base_url + path
        async with self.session.get(url, params=query, headers=self.headers) as response:
            self.reset = response.headers.get("X-RateLimit-Reset", "")
            return response.status, await response.json(content_type=None)

    async def status(self, **query: str) -> int:
        """Ask for rankings; return the status."""
        return (await self.get(RANKINGS, **query))[0]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """Give a client of a server with days and weeks, at AT."""
    async with LoopbackOpenRouter() as server, aiohttp.ClientSession() as session:
        server.keyed.clock = lambda: AT
        server.keyed.keys |= {"k1", "k2"}
        server.keyed.publish(DAYS)
        server.keyed.publish(WEEKS, category="marketing/seo", period="week")
        yield Client(server, session)


async def test_rows_come_by_date_then_tokens_with_other_last_and_counts_as_strings(
    client: Client,
) -> None:
    status, found = await client.get(RANKINGS, **JUNE)
    assert status == 200
    assert [tuple(row.values()) for row in found["data"]] == [
        ("2026-06-29", "a/one", str(2**64)),
        ("2026-06-30", "b/big", "99"),
        ("2026-06-30", "a/one", "10"),
        ("2026-06-30", "a/two", "10"),
        ("2026-06-30", "other", "900"),
    ]
    assert found["meta"] == JUNE | {"as_of": "2026-07-01T12:00:00.000Z", "version": "v1"}
    assert client.server.requests[-1].query == JUNE


@pytest.mark.parametrize("sent", ["", "k1", "Bearer", "Bearer k3", "Basic k1"])
async def test_a_wrong_key_is_a_401_and_not_counted(client: Client, sent: str) -> None:
    client.headers = {"Authorization": sent} if sent else {}
    for path in (RANKINGS, APPS):
        status, found = await client.get(path)
        assert (status, found["error"]["code"]) == (401, 401)
    assert client.server.keyed.asked == []


async def test_an_early_start_is_clamped_and_echoed_and_an_early_end_refused(
    client: Client,
) -> None:
    _, found = await client.get(RANKINGS, start_date="2024-06-01", end_date="2025-01-01")
    assert (found["meta"]["start_date"], len(found["data"])) == ("2025-01-01", 1)
    assert await client.status(start_date="2024-06-01", end_date="2024-12-31") == 400


@pytest.mark.parametrize(
    ("status", "start", "end"),
    [
        (200, "2025-06-30", "2026-06-30"),
        (400, "2025-06-29", "2026-06-30"),
        (400, "2026-06-30", "2026-06-29"),
        (400, "2026-06-31", "2026-07-01"),
    ],
)
async def test_a_span_is_forwards_and_of_366_days_at_most(
    client: Client, status: int, start: str, end: str
) -> None:
    assert await client.status(start_date=start, end_date=end) == status


async def test_a_selection_has_its_own_figures(client: Client) -> None:
    _, found = await client.get(RANKINGS, **JUNE, category="marketing/seo", period="week")
    assert [row["total_tokens"] for row in found["data"]] == ["70"]
    assert (await client.get(RANKINGS, **JUNE, category="marketing/seo"))[1] == found
    assert (await client.get(RANKINGS, **JUNE, modality="text"))[1]["data"] == []


@pytest.mark.parametrize(
    ("status", "query"),
    [
        (200, {"modality": "image_output", "context_bucket": "10M"}),
        (200, {"language_type": "natural", "period": "month"}),
        (400, {"category": "programming", "period": "day"}),
        (400, {"language_type": "natural", "period": "day"}),
        (400, {"category": "programming", "language_type": "natural"}),
        (400, {"category": "programming", "modality": "text"}),
        (400, {"language_type": "natural", "context_bucket": "1K"}),
        (400, {"category": "cooking"}),
        (400, {"modality": "image-output"}),
        (400, {"context_bucket": "1k"}),
        (400, {"period": "year"}),
    ],
)
async def test_what_cannot_be_combined_or_is_unknown_is_a_400(
    client: Client, status: int, query: dict[str, str]
) -> None:
    assert await client.status(**query) == status


async def test_apps_come_in_pages(client: Client) -> None:
    client.server.keyed.app_rows = [{"rank": n} for n in range(1, 80)]
    assert len((await client.get(APPS))[1]["data"]) == 50
    _, found = await client.get(APPS, limit="10", offset="75")
    assert [row["rank"] for row in found["data"]] == [76, 77, 78, 79]
    assert (await client.get(APPS, limit="101"))[0] == 400
    assert (await client.get(APPS, sort="loudest"))[0] == 400


async def test_a_key_has_thirty_requests_in_a_minute(client: Client) -> None:
    now = AT
    client.server.keyed.clock = lambda: now
    assert [await client.status() for _ in range(31)] == [200] * 30 + [429]
    assert client.reset == str(int(AT + 60) * 1000)
    client.headers = {"Authorization": "Bearer k2"}
    assert await client.status() == 200
    client.headers = {"Authorization": "Bearer k1"}
    now = AT + 59.9
    assert await client.status() == 429
    now = AT + 60
    assert await client.status() == 200


async def test_an_account_has_five_hundred_requests_in_a_day(client: Client) -> None:
    client.server.keyed.asked = [(AT - 3600, "k1")] * 250 + [(AT - 1800, "k2")] * 250
    assert await client.status() == 429
    assert client.reset == str(int(AT - 3600 + 86400) * 1000)


async def test_faults_strike_the_keyed_endpoints_too(client: Client) -> None:
    client.server.fail_next("rankings-daily", Fault.answer(500))
    assert [await client.status(), await client.status()] == [500, 200]
