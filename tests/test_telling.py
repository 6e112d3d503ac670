"""Errors reach a Sentry server of the operator's: where they came from, and nothing else."""

import asyncio
import gzip
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog
from aiohttp import web

from bot.errors import SettingsError
from bot.logs import set_up_logs
from bot.telling import told_to

SECRET = "a-token-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the logs as they were."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@asynccontextmanager
async def sentry() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """Start what takes envelopes; yield its DSN and the events that came."""
    events: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        lines = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).splitlines()
        events.extend(each for each in map(json.loads, lines) if "exception" in each)
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/api/1/envelope/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://public@{host}:{port}/1", events
    finally:
        await runner.cleanup()


def fail(headers: dict[str, str]) -> None:
    """Fail with a secret at hand and in what is said."""
    raise KeyError(f"refused: {SECRET}", len(headers))


def log_all(dsn: str) -> None:
    """Log an error of ours, one of a library's, and an outage that we know."""
    redact = set_up_logs("json", "info", [SECRET])
    with told_to(dsn, redact):
        try:
            fail({"Authorization": SECRET})
        except KeyError as error:
            structlog.get_logger().error("sender failed", exc_info=error, server=123456)
            logging.getLogger("discord.client").exception("a library failed")
        structlog.get_logger().error("rankings fails", problem="no answer")


async def test_an_error_is_told_with_where_it_came_from_and_without_what_was_at_hand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with sentry() as (dsn, events):
        await asyncio.to_thread(log_all, dsn)
        assert len(events) == 2
    capsys.readouterr()
    for event in events:
        (error,) = event["exception"]["values"]
        assert error["type"] == "KeyError"
        assert "refused: [hidden]" in error["value"]
        frames = error["stacktrace"]["frames"]
        assert frames[-1]["function"] == "fail"
        assert all("vars" not in frame for frame in frames)
        whole = json.dumps(event)
        for hidden in (SECRET, "123456", "Authorization"):
            assert hidden not in whole
        assert "request" not in event
        assert "user" not in event


async def test_nothing_is_told_where_no_server_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    with told_to(None, str):
        logging.getLogger("discord").error("nothing")
    assert "sentry" not in capsys.readouterr().err


def test_a_dsn_that_is_none_and_a_library_that_is_missing_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SettingsError, match="is no DSN"), told_to("not a dsn", str):
        pass
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(SettingsError, match=r"pip install"), told_to("http://a@b/1", str):
        pass
