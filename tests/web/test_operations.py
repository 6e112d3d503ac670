"""The operator's server by itself: what it answers, and what it refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.addresses import Bind
from bot.delivery import DeliveryState, Held
from bot.errors import SettingsError, StoreError
from bot.metrics import Metrics
from bot.states import State, StateKind
from bot.subscription import Pause, PauseReason
from bot.web.operations import LOOKED_BACK, Watch, kept, operating
from bot.web.vitals import Gateway, Kept, Newest
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.made import day
from tests.sending import owed, record, subscribe
from tests.test_metrics import samples
from tests.web.test_vitals import NOW

ANY = Bind("127.0.0.1", 0)


class Failing(TinyDBStore):
    """A store that can be told to fail, and counts how often it is asked."""

    asked = 0
    problem: str | None = None

    async def held(self) -> tuple[Any, ...]:
        self.asked += 1
        if self.problem is not None:
            raise StoreError(self.problem)
        return await super().held()


def connected(store: Store) -> Watch:
    """Return what is watched of a bot that is connected."""
    gateway = Gateway(connected=True, refused=False, latency=0.1, servers=1)
    every = timedelta(minutes=30)
    return Watch(store, Metrics(), lambda: NOW, lambda: gateway, lambda: False, every)


@asynccontextmanager
async def operated(store: Store) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve the endpoints in this process."""
    async with (
        operating(connected(store), ANY) as (host, port),
        aiohttp.ClientSession(f"http://{host}:{port}") as session,
    ):
        yield session


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Failing]:
    """Return an empty store."""
    opened = Failing(tmp_path, writable=True)
    yield opened
    await opened.close()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_nothing_but_get_is_answered(store: Failing, method: str, path: str) -> None:
    async with operated(store) as ask, ask.request(method, path, data=b"x") as answer:
        assert answer.status == 405


@pytest.mark.parametrize("path", ["/", "/metrics/", "/healthz/x", "/../metrics/..", "/%00"])
async def test_where_there_is_nothing_is_a_404(store: Failing, path: str) -> None:
    async with operated(store) as ask, ask.get(path) as answer:
        assert answer.status == 404


async def test_headers_that_are_too_large_are_refused(store: Failing) -> None:
    async with operated(store) as ask:
        async with ask.get("/healthz", headers={"X-Long": "x" * 5000}) as answer:
            assert answer.status == 400
        async with ask.get("/healthz") as answer:
            assert answer.status == 200


async def test_what_is_kept_is_counted_by_board_and_by_what_holds_it_back(store: Failing) -> None:
    old = replace(day(0, {"a/x": 1}), date=NOW.date() - 2 * LOOKED_BACK)
    await store.put_days("models", [day(5, {"a/x": 1}), day(6, {"a/x": 1}, as_of=NOW)])
    await store.put_days("images", [old])
    kinds = (StateKind.HELD, StateKind.HELD, StateKind.UNKNOWN)
    states = [State(kind, "models", str(n), NOW, "") for n, kind in enumerate(kinds)]
    await store.put_states("models", states)
    await store.put_states("unasked", [State(StateKind.HELD, "unasked", "x", NOW, "")])
    for channel in (7, 8):
        await subscribe(store, channel, NOW)
    late = owed(7, "a", NOW - timedelta(hours=2))
    back = replace(owed(7, "b", NOW), state=DeliveryState.HELD, held=Held.MUTE)
    await record(store, owed(7, "c", NOW), late, back, owed(8, "a", NOW - timedelta(hours=9)))
    await store.pause(8, Pause(PauseReason.GONE, NOW, "gone"))
    found = await kept(store, {"models", "images"}, NOW)
    assert found == Kept(
        newest={"models": Newest(date(2026, 6, 7), NOW)},
        held_milestones={"models": 2, "images": 0},
        open=2,  # what is owed to a paused channel waits for that alone
        oldest=late.created_at,
        held_back=1,
        paused=1,
    )


async def test_asking_often_asks_the_store_once(store: Failing) -> None:
    async with operated(store) as ask:
        for path in ("/readyz", "/metrics") * 10:
            async with ask.get(path) as answer:
                await answer.read()
    assert store.asked == 1


async def test_a_store_that_cannot_be_read_is_named_and_the_counters_are_told_all_the_same(
    store: Failing,
) -> None:
    store.problem = "states.json: damaged"
    async with operated(store) as ask:
        async with ask.get("/readyz") as answer:
            assert answer.status == 503
            checks = (await answer.json())["checks"]
        async with ask.get("/metrics") as answer:
            told = samples(await answer.read())
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert checks["store"] == {"ok": False, "why": "states.json: damaged"}
    assert told["rankshift_ready", (("check", "store"),)] == 0
    assert ("rankshift_deliveries_open", ()) not in told
    assert told["process_resident_memory_bytes", ()] > 0


async def test_a_slow_asker_keeps_nobody_waiting_and_does_not_hold_up_the_end(
    store: Failing,
) -> None:
    async with operating(connected(store), ANY) as (host, port):
        _, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-Slow:")
        await writer.drain()
        async with aiohttp.request("GET", f"http://{host}:{port}/healthz") as answer:
            assert answer.status == 200
    writer.close()


async def test_a_port_that_is_taken_names_the_setting(store: Failing) -> None:
    async with operating(connected(store), ANY) as (host, port):
        with pytest.raises(SettingsError, match="RANKSHIFT_OPERATIONS_BIND: nothing can listen"):
            async with operating(connected(store), Bind(host, port)):
                pass
