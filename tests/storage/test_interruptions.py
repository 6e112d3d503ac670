"""Calls that are cancelled, fail or meet others while the disk is at work."""

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import StoreBusy, StoreError
from bot.model import BOARD_MODELS
from storage._files import replace_file, whole
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import (
    CHANGES,
    DELIVERIES,
    Changing,
    delivery,
    everything,
    keys,
    progress,
    sent,
)
from tests.made import day
from tests.storage.faults import stalled
from tests.storage.opened import after_a_kill, filled, turns

OF_THE_STATE = (
    *("record", "put_days", "subscribe", "unsubscribe", "put_channel", "put_change"),
    *("pause", "resume", "owe", "gather", "forget", "purge"),
    "purge_channel",
)
STATE_CHANGES = {name: CHANGES[name] for name in OF_THE_STATE}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return a store that holds some of everything."""
    opened = await filled(tmp_path)
    yield opened
    await opened.close()


async def test_a_delivery_saved_while_a_record_is_written_is_kept(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        recording = asyncio.ensure_future(CHANGES["record"](store))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([sent("d2")]))
        await turns()
        assert not saving.done()
        stall.end()
        assert await saving
    await recording
    for held in (await everything(store), await after_a_kill(store, tmp_path)):
        assert held["deliveries"] == await store.deliveries(DELIVERIES)
        assert await store.deliveries(["d2"]) == (sent("d2"),)


async def test_a_delivery_saved_while_a_record_fails_is_kept(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        recording = asyncio.ensure_future(CHANGES["record"](store))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([sent("d2")]))
        await turns()
        stall.end(failing=[1])
        assert await saving
    with pytest.raises(StoreError):
        await recording
    assert await store.deliveries(["d2"]) == (sent("d2"),)


async def test_a_delivery_saved_while_it_is_dropped_is_told_and_not_kept(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        dropping = asyncio.create_task(store.unsubscribe(2))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([delivery("d3", 2)]))
        await turns()
        stall.end()
        assert not await saving
    assert await dropping
    assert await store.deliveries(["d3"]) == ()
    assert await after_a_kill(store, tmp_path) == await everything(store)


async def test_a_delivery_sent_while_it_is_dropped_is_kept_as_sent(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        dropping = asyncio.create_task(store.unsubscribe(2))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([sent("d3", 2)]))
        await turns()
        stall.end()
        assert await saving
    assert await dropping
    assert await store.deliveries(["d3"]) == (sent("d3", 2),)
    assert await after_a_kill(store, tmp_path) == await everything(store)


async def test_a_delivery_dropped_while_its_saving_fails_stays_dropped(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        saving = asyncio.create_task(store.save_deliveries([delivery("d3", 2)]))
        await stall.reached()
        dropping = asyncio.create_task(store.unsubscribe(2))
        await turns()
        stall.end(failing=[1])
        with pytest.raises(StoreError):
            await saving
    assert await dropping
    assert await store.deliveries(["d3"]) == ()


async def test_a_delivery_dropped_before_its_saving_fails_stays_dropped(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        dropping = asyncio.create_task(store.unsubscribe(2))
        await stall.reached()
        saving = asyncio.create_task(store.save_deliveries([delivery("d3", 2)]))
        await turns()
        stall.end(failing=range(2, 9))
        with pytest.raises(StoreError):
            await saving
    assert await dropping
    assert await store.deliveries(["d3"]) == ()


async def test_days_read_while_they_fail_to_be_kept_are_not_believed(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await store.days(BOARD_MODELS)
    with stalled(monkeypatch) as stall:
        putting = asyncio.create_task(store.put_days(BOARD_MODELS, [day(20, {"a": 1})]))
        await stall.reached()
        await store.days(BOARD_MODELS)
        stall.end(failing=[1])
        with pytest.raises(StoreError):
            await putting
    assert await store.days(BOARD_MODELS) == before


@pytest.mark.parametrize("change", STATE_CHANGES.values(), ids=STATE_CHANGES)
async def test_a_call_cancelled_at_the_disk_is_whole_and_keeps_others_waiting(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Changing
) -> None:
    with stalled(monkeypatch) as stall:
        call = asyncio.ensure_future(change(store))
        await stall.reached()
        call.cancel()
        next_one = asyncio.create_task(store.put_days("third", [day(0, {"a": 1})]))
        await turns()
        assert not call.done()
        assert not next_one.done()
        stall.end()
        await next_one
    assert call.cancelled()
    assert await everything(store) == await after_a_kill(store, tmp_path)


async def test_a_record_cancelled_and_failed_leaves_nothing(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await everything(store)
    with stalled(monkeypatch) as stall:
        call = asyncio.ensure_future(CHANGES["record"](store))
        await stall.reached()
        call.cancel()
        await turns()
        stall.end(failing=[1])
        await asyncio.wait([call])
    assert await everything(store) == before


@pytest.mark.parametrize("change", STATE_CHANGES.values(), ids=STATE_CHANGES)
async def test_a_call_cancelled_while_it_waits_for_the_journal_can_be_repeated(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Changing
) -> None:
    with stalled(monkeypatch) as stall:
        saving = asyncio.create_task(store.save_deliveries([sent("d2")]))
        await stall.reached()
        call = asyncio.ensure_future(change(store))
        await turns()
        call.cancel()
        await turns()
        stall.end()
        await asyncio.wait([call, saving])
    if change is CHANGES["record"]:
        await store.record(BOARD_MODELS, progress(9), [], [])
    else:
        await change(store)
    assert await everything(store) == await after_a_kill(store, tmp_path)


async def test_close_waits_for_deliveries_that_are_being_saved(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        saving = asyncio.create_task(store.save_deliveries([sent("d2")]))
        await stall.reached()
        closing = asyncio.create_task(store.close())
        await turns()
        with pytest.raises(StoreBusy):
            TinyDBStore(tmp_path, writable=True)
        stall.end()
        await closing
    assert await saving
    again = TinyDBStore(tmp_path, writable=True)
    assert keys(await again.open_deliveries()) == ["d3"]
    await again.close()


async def test_close_waits_for_a_record_that_is_being_written(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        recording = asyncio.ensure_future(CHANGES["record"](store))
        await stall.reached()
        closing = asyncio.create_task(store.close())
        await turns()
        closed_early = closing.done()
        stall.end()
        await asyncio.wait([recording, closing])
    assert not closed_early


@pytest.mark.parametrize("cancellations", [1, 2, 3])
async def test_work_under_way_is_waited_for_however_often_its_caller_is_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cancellations: int
) -> None:
    with stalled(monkeypatch) as stall:
        work = asyncio.to_thread(replace_file, tmp_path / "file", b"x")
        call = asyncio.create_task(whole(work))
        await stall.reached()
        for _ in range(cancellations):
            call.cancel()
            await turns()
        assert not call.done()
        stall.end()
        await asyncio.wait([call])
    assert call.cancelled()
    assert (tmp_path / "file").read_bytes() == b"x"


async def test_what_work_returns_or_raises_reaches_the_caller() -> None:
    async def fail() -> None:
        raise OSError(errno.EIO, "the disk is gone")

    assert await whole(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(OSError, match="the disk is gone"):
        await whole(fail())


async def test_work_of_a_cancelled_caller_that_fails_is_a_cancellation() -> None:
    going = asyncio.Event()

    async def fail() -> None:
        await going.wait()
        raise OSError(errno.EIO, "the disk is gone")

    call = asyncio.create_task(whole(fail()))
    await turns()
    call.cancel()
    await turns()
    assert not call.done()
    going.set()
    await asyncio.wait([call])
    assert call.cancelled()
