"""Deliveries that are saved while others are put aside, resumed or purged."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import DeliveryState
from bot.errors import StoreError
from bot.model import BOARD_MODELS
from storage._lines import read_lines
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import CHANGES, DELIVERIES, delivery, everything, progress, sent
from tests.made import AS_OF
from tests.storage.faults import stalled
from tests.storage.opened import after_a_kill, filled, turns

LATE = AS_OF + timedelta(days=2)
NAMED = {"purge": b'"guild_id":10,', "purge_channel": b'"channel_id":2,'}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return a store that holds some of everything."""
    opened = await filled(tmp_path)
    yield opened
    await opened.close()


def _naming(folder: Path, named: bytes) -> list[Path]:
    """Return the files that name the server or channel of a delivery or a subscription so."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if named in path.read_bytes()]


async def test_a_delivery_that_is_put_aside_while_it_is_saved_is_kept(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        first = asyncio.create_task(store.save_deliveries([delivery("d2")]))
        await stall.reached()
        recording = asyncio.ensure_future(CHANGES["record"](store))
        await turns()
        saving = asyncio.create_task(store.save_deliveries([sent("d2")]))
        await turns()
        stall.end()
        await recording
        assert await saving == {"d2"}
    await first
    assert await store.deliveries(["d2"]) == (sent("d2"),)
    assert await after_a_kill(store, tmp_path) == await everything(store)


async def test_a_settled_delivery_saved_while_it_is_put_aside_is_kept_as_saved(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save_deliveries([sent("d2")])
    newer = replace(sent("d2"), message_id=7)
    with stalled(monkeypatch) as stall:
        recording = asyncio.ensure_future(CHANGES["record"](store))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([newer]))
        await turns()
        assert await store.deliveries(["d2"]) == (newer,)
        stall.end()
        assert await saving == {"d2"}
    await recording
    await store.record(BOARD_MODELS, progress(10), [], [])
    assert await store.deliveries(["d2"]) == (newer,)
    assert await after_a_kill(store, tmp_path) == await everything(store)


async def test_deliveries_are_found_while_they_are_put_aside(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save_deliveries([sent("d2")])
    before, alerts = await store.deliveries(DELIVERIES), await store.alerts_with(["m1"])
    with stalled(monkeypatch) as stall:
        saving = asyncio.create_task(store.put_synced_commands("x"))
        await stall.reached()
        assert await store.deliveries(DELIVERIES) == before
        assert sorted(await store.alerts_with(["m1"]), key=str) == sorted(alerts, key=str)
        stall.end()
        await saving
    assert await store.deliveries(DELIVERIES) == before


async def test_a_delivery_claimed_while_its_channel_is_resumed_is_not_missed_here(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = delivery("d4", 3, DeliveryState.SENDING)
    with stalled(monkeypatch) as stall:
        resuming = asyncio.create_task(store.resume(3, LATE))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([claimed]))
        await turns()
        stall.end()
        assert await saving == {"d4"}
    assert await resuming
    assert await store.deliveries(["d4"]) == (claimed,)
    assert await store.save_deliveries([sent("d4", 3)]) == {"d4"}
    assert await after_a_kill(store, tmp_path) == await everything(store)
    assert await store.deliveries(["d4"]) == (sent("d4", 3),)


@pytest.mark.parametrize("purge", ["purge", "purge_channel"])
@pytest.mark.parametrize("state", DeliveryState)
async def test_a_delivery_saved_while_its_server_or_channel_is_purged_leaves_nothing(
    store: TinyDBStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: DeliveryState,
    purge: str,
) -> None:
    with stalled(monkeypatch) as stall:
        purging = asyncio.ensure_future(CHANGES[purge](store))
        await stall.reached()
        row = delivery("d3", 2, state)
        saving = [asyncio.create_task(store.save_deliveries([row])) for _ in range(150)]
        await turns()
        stall.end()
        assert set(await asyncio.gather(*saving)) == {frozenset()}
        await purging
    assert await store.deliveries(["d3"]) == ()
    assert _naming(tmp_path, NAMED[purge]) == []
    assert await after_a_kill(store, tmp_path) == await everything(store)


async def test_deliveries_saved_together_are_known_at_once_and_share_a_sync(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [delivery(f"new {n}") for n in range(300)]
    await store.record(BOARD_MODELS, progress(9), [], rows)
    with stalled(monkeypatch) as stall:
        saving = asyncio.create_task(store.save_deliveries([sent(row.key) for row in rows]))
        await stall.reached()
        assert len(read_lines(tmp_path / "outbox.jsonl", str)) == 300
        assert "new 0" not in {row.key for row in await store.open_deliveries()}
        stall.end(failing=[1])
        with pytest.raises(StoreError):
            await saving
    assert [row for row in await store.open_deliveries() if row.key.startswith("new")] == rows
