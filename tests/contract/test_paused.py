"""Channels that nothing can be posted in for a while, asked of every backend."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import (
    LATE,
    LATEST_EDIT,
    MISSED,
    Delivery,
    DeliveryState,
    Kind,
)
from bot.model import BOARD_MODELS
from bot.subscription import Channel, Pause, PauseReason
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    NOTHING,
    PAUSE,
    changed,
    delivery,
    everything,
    keys,
    notice,
    sent,
    subscription,
)
from tests.made import AS_OF

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
LONG_AFTER = AS_OF + LATE + timedelta(microseconds=1)


async def _owing(open_store: StoreOpener) -> Store:
    """Return a store that owes something to two subscribed channels and to one that is not."""
    store = await open_store()
    for channel in (1, 2):
        await store.subscribe(subscription(channel))
    rows = [delivery(f"{n}: {name}", n) for name in ("a", "b") for n in (1, 2, 3)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    return store


async def _again(open_store: StoreOpener, store: Store, restart: bool | None) -> Store:
    return store if restart is None else await open_store(killed=restart)


@restarts
async def test_what_is_owed_to_a_paused_channel_waits(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _owing(open_store)
    assert await store.pause(1, PAUSE)
    store = await _again(open_store, store, restart)
    assert keys(await store.open_deliveries()) == ["2: a", "3: a", "2: b", "3: b"]
    assert await store.open_deliveries(1) == ()
    assert keys(await store.deliveries(["1: a", "1: b"])) == ["1: a", "1: b"]
    assert await store.channels() == (Channel(1, 10, PAUSE), Channel(2, 10))


@restarts
async def test_what_is_found_meanwhile_waits_too(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _owing(open_store)
    await store.pause(1, PAUSE)
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("1: c", 1)])
    store = await _again(open_store, store, restart)
    assert await store.open_deliveries(1) == ()
    assert await store.resume(1, AS_OF)
    assert keys(await store.open_deliveries(1)) == ["1: a", "1: b", "1: c"]


@restarts
async def test_after_a_pause_all_that_is_not_late_is_open_in_its_old_order(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _owing(open_store)
    before = await everything(store)
    await store.pause(1, PAUSE)
    store = await _again(open_store, store, restart)
    assert await store.resume(1, AS_OF + LATE)
    store = await _again(open_store, store, restart)
    assert await everything(store) == before


@restarts
async def test_what_waited_for_more_than_a_day_is_dead_after_a_pause(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _owing(open_store)
    late = delivery("1: a")
    later = replace(delivery("1: c"), created_at=LONG_AFTER)
    edit = replace(delivery("1: d"), kind=Kind.EDIT)
    await store.record(BOARD_MODELS, NOTHING, [], [later, edit, sent("1: e")])
    await store.pause(1, PAUSE)
    assert await store.resume(1, LONG_AFTER)
    store = await _again(open_store, store, restart)
    dead = replace(late, state=DeliveryState.DEAD, reason=MISSED)
    assert await store.deliveries(["1: a", "1: e"]) == (dead, sent("1: e"))
    assert await store.open_deliveries(1) == (later, edit)
    assert keys(await store.open_deliveries(2)) == ["2: a", "2: b"]
    assert await store.channels() == (Channel(1, 10), Channel(2, 10))


async def test_a_pause_comes_with_its_notices(open_store: StoreOpener) -> None:
    store = await _owing(open_store)
    assert await store.pause(1, PAUSE, [notice("n1"), notice("n2", 2)])
    async for each in open_store.then(store, killed=True):
        assert await each.open_deliveries(8) == (notice("n1"),)
        assert keys(await each.open_deliveries(2)) == ["2: a", "2: b", "n2"]


async def test_a_notice_that_was_told_is_not_told_again(open_store: StoreOpener) -> None:
    store = await _owing(open_store)
    await store.pause(1, PAUSE, [notice()])
    told = replace(notice(), state=DeliveryState.SENT, message_id=5)
    await store.save_deliveries([told])
    await store.resume(1, AS_OF)
    await store.put_synced_commands("something else is kept")
    async for each in open_store.then(store):
        await each.pause(1, PAUSE, [notice()])
        assert await each.deliveries(["n1"]) == (told,)
        assert await each.open_deliveries(8) == ()


async def test_only_what_is_subscribed_and_not_paused_is_paused(open_store: StoreOpener) -> None:
    store = await _owing(open_store)
    await store.pause(1, PAUSE)
    before = await everything(store)
    other = Pause(PauseReason.GONE, LONG_AFTER, "404")
    async for each in open_store.then(store):
        assert not await each.pause(1, other, [notice()])
        assert not await each.pause(3, other, [notice()])
        assert not await each.resume(2, LONG_AFTER)
        assert not await each.resume(3, LONG_AFTER)
        assert await everything(each) == before


async def test_unsubscribing_ends_a_pause_and_drops_what_waited(open_store: StoreOpener) -> None:
    store = await _owing(open_store)
    await store.pause(1, PAUSE)
    assert await store.unsubscribe(1)
    assert await store.subscribe(subscription(1))
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("1: c", 1)])
    async for each in open_store.then(store, killed=True):
        assert keys(await each.open_deliveries(1)) == ["1: c"]


async def test_a_message_on_its_way_when_its_channel_is_paused_is_settled(
    open_store: StoreOpener,
) -> None:
    store = await _owing(open_store)
    await store.save_deliveries([delivery("1: a", 1, DeliveryState.SENDING)])
    await store.pause(1, PAUSE)
    row: Delivery = sent("1: a")
    assert await store.save_deliveries([row]) == {"1: a"}
    await store.resume(1, LONG_AFTER)
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["1: a"]) == (row,)


async def test_what_is_missed_ends_with_the_next_tidying_and_what_is_not_waits(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    edit = replace(delivery("d2"), kind=Kind.EDIT)
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("d1"), edit, delivery("d3", 2)])
    await store.pause(1, PAUSE)
    await store.tidy(AS_OF + LATE + timedelta(seconds=1))
    async for each in open_store.then(store, killed=True):
        rows = await each.deliveries(["d1", "d2", "d3"])
        assert [(row.state, row.reason) for row in rows] == [
            (DeliveryState.DEAD, MISSED),
            (DeliveryState.PENDING, None),
            (DeliveryState.PENDING, None),
        ]
    store = await open_store()
    await store.tidy(AS_OF + LATEST_EDIT + timedelta(seconds=1))
    (row,) = await store.deliveries(["d2"])
    assert row.reason == MISSED


async def test_what_is_unsent_goes_with_an_unsubscribing_though_nothing_was_subscribed(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("d1"), sent("d2"), delivery("d3", 2)])
    assert not await store.unsubscribe(1, change=changed(1))
    assert await store.changes(10) == ()
    async for each in open_store.then(store, killed=True):
        assert keys(await each.open_deliveries()) == ["d3"]
        assert keys(await each.deliveries(["d1", "d2"])) == ["d2"]
