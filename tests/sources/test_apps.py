"""The apps: what is asked, what is read, what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import KeyRefused, PayloadRefused
from bot.sources._http import open_http
from bot.sources.budget import Budget
from bot.sources.data_api import App, DataApi, parse_apps
from tests.sources.test_budget import Clock, Kept
from tests.wire.openrouter_server import LoopbackOpenRouter

WHERE, KEY = "app-rankings", "sk-or-v1-0123456789abcdef"


def row(rank: int, app_id: int, name: str = "An app", tokens: object = "9") -> dict[str, Any]:
    """Return a row as the source words it."""
    return {
        "rank": rank,
        "app_id": app_id,
        "app_name": name,
        "total_tokens": tokens,
        "total_requests": 4,
    }


def answer(*rows: dict[str, Any], **more: object) -> bytes:
    """Return an answer of these rows."""
    return json.dumps({"data": rows, **more}).encode()


async def test_apps_are_one_request_with_the_key_within_the_budget() -> None:
    clock, kept = Clock(), Kept()
    async with LoopbackOpenRouter() as server, open_http("rankshift/0") as http:
        server.keyed.clock = clock.seconds
        server.keyed.keys.add(KEY)
        server.keyed.app_rows = [row(n, n * 7, f"App {n}", str(2**70 - n)) for n in range(1, 61)]
        budget = Budget(kept, clock, clock.sleep)
        found = await DataApi(http, server.base_url, KEY, budget).fetch_apps()
        assert found[0] == App(7, "App 1", 1, 2**70 - 1)
        assert [app.rank for app in found] == list(range(1, 51))
        assert [request.path for request in server.requests] == ["/datasets/app-rankings"]
        assert server.requests[0].query == {"sort": "popular", "limit": "50"}
        assert len(kept.moments) == 1
        with pytest.raises(KeyRefused):
            await DataApi(http, server.base_url, "other", budget).fetch_apps()


def test_apps_come_by_rank() -> None:
    found = parse_apps(answer(row(2, 5), row(1, 6), generated_at="today"), WHERE)
    assert [app.app_id for app in found] == [6, 5]
    assert parse_apps(answer(), WHERE) == ()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (answer(row(1, 5), row(1, 6)), "gives a rank twice"),
        (answer(row(1, 5), row(2, 5)), "gives a app_id twice"),
        (answer(row(0, 5)), "data.0.rank: "),
        (answer(row(1, 0)), "data.0.app_id: "),
        (answer(row(1, 5, "")), "data.0.app_name: "),
        (answer(row(1, 5, "x" * 301)), "data.0.app_name: "),
        (answer(row(1, 5, tokens=9)), "data.0.total_tokens: "),
        (answer(row(1, 5, tokens="9.5")), "data.0.total_tokens: "),
        (answer(row(1, 5, tokens="٩")), "data.0.total_tokens: "),
        (answer(row(1, 5, tokens="9\n")), "data.0.total_tokens: "),
        (answer(meta={"version": "v2"}), "meta."),
        (b"<!doctype html>", "the whole: "),
    ],
)
def test_a_wrong_answer_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(PayloadRefused) as refused:
        parse_apps(content, WHERE)
    assert str(refused.value).startswith(f"{WHERE}: {what}")


def test_the_real_answer_gives_its_apps(real_data: Path) -> None:
    file = real_data / "app_rankings_raw_top50.json"
    if not file.is_file():
        pytest.skip(f"RANKSHIFT_TEST_DATA: {real_data} holds no {file.name}")
    apps = parse_apps(file.read_bytes(), file.name)
    assert [app.rank for app in apps] == list(range(1, 51))
    assert apps[0] == App(3067167, "Hermes Agent", 1, 38877705398677)
    assert [app.tokens for app in apps] == sorted((app.tokens for app in apps), reverse=True)
