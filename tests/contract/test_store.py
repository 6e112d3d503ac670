"""What storage/protocol.py promises, asked of every backend."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import DeliveryState
from bot.model import BOARD_MODELS
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    CHANGES,
    NOTHING,
    OTHER_BOARD,
    Changing,
    delivery,
    entry,
    everything,
    fill,
    key,
    keys,
    milestone,
    progress,
    sent,
    subscription,
)
from tests.made import START, day

SETTLED = (DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.GATHERED)


async def test_a_new_store_is_empty(open_store: StoreOpener) -> None:
    store = await open_store()
    held = await everything(store)
    empty = {name: found for name, found in held.items() if not name.endswith("progress")}
    assert not any(empty.values())
    assert await store.progress(BOARD_MODELS) == NOTHING
    assert await store.versions(BOARD_MODELS, START) == ()


@pytest.mark.parametrize("killed", [False, True])
async def test_what_was_kept_is_there_after_a_restart(
    open_store: StoreOpener, *, killed: bool
) -> None:
    store = await open_store()
    await fill(store)
    before = await everything(store)
    assert all(before[name] for name in before if name not in {"coding: milestones", "late posts"})
    assert await everything(await open_store(killed=killed)) == before


async def test_boards_do_not_mix(open_store: StoreOpener) -> None:
    store = await open_store()
    for number, board in enumerate(("a", "a-b", "modèles")):
        await store.put_days(board, [day(number, {"x": 1})])
        await store.record(board, progress(number), [milestone(board, number, board)], [])
    for number, board in enumerate(("a", "a-b", "modèles")):
        assert list(await store.days(board)) == [START + timedelta(number)]
        assert await store.progress(board) == progress(number)
        assert keys(await store.milestones(board)) == [key(board, number, board)]


async def test_record_leaves_what_is_known_as_it_is(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, progress(1), [milestone("m1")], [delivery("d1")])
    await store.save_deliveries([sent("d1")])
    again = [milestone("m1", tokens=9), milestone("m2")]
    await store.record(BOARD_MODELS, progress(2), again, [delivery("d1", 9), delivery("d2")])
    async for each in open_store.then(store):
        assert await each.milestones_by_key([key("m1")]) == (milestone("m1"),)
        assert keys(await each.milestones(BOARD_MODELS)) == [key("m1"), key("m2")]
        assert await each.deliveries(["d1", "d2"]) == (sent("d1"), delivery("d2"))
        assert await each.progress(BOARD_MODELS) == progress(2)


async def test_milestones_come_by_date_then_key(open_store: StoreOpener) -> None:
    store = await open_store()
    found = [milestone("b", 2), milestone("z", 1), milestone("a", 2), milestone("c", 3)]
    await store.record(BOARD_MODELS, progress(3), found, [])
    await store.record(BOARD_MODELS, progress(4), [milestone("0", 3)], [])
    ordered = [key("z", 1), key("a", 2), key("b", 2), key("0", 3), key("c", 3)]
    assert keys(await store.milestones(BOARD_MODELS)) == ordered
    assert keys(await store.milestones(BOARD_MODELS, START + timedelta(2))) == ordered[1:]
    assert keys(await store.milestones(BOARD_MODELS, START + timedelta(4))) == []


async def test_keys_asked_for_set_the_order_and_unknown_ones_are_left_out(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    rows = [delivery("d1"), delivery("d2"), sent("d3")]
    await store.record(BOARD_MODELS, NOTHING, [milestone("m1"), milestone("m2")], rows)
    asked = [key("m2"), "?", key("m3"), key("m1")]
    assert keys(await store.milestones_by_key(asked)) == [key("m2"), key("m1")]
    assert keys(await store.deliveries(["d3", "?", "d1"])) == ["d3", "d1"]


async def test_subscriptions_come_by_channel_and_of_one_server(open_store: StoreOpener) -> None:
    store = await open_store()
    for channel, guild in ((10, 1), (9, 2), (2**63, 1), (8, 1)):
        assert await store.subscribe(subscription(channel, guild))
    assert [s.channel_id for s in await store.subscriptions()] == [8, 9, 10, 2**63]
    assert [s.channel_id for s in await store.subscriptions(1)] == [8, 10, 2**63]
    assert await store.subscriptions(3) == ()


async def test_a_second_subscription_of_a_channel_and_number_is_refused(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    assert await store.subscribe(subscription(1))
    assert not await store.subscribe(replace(subscription(1), guild_id=99))
    assert await store.subscriptions() == (subscription(1),)


async def test_unsubscribing_drops_what_is_unsent_for_the_channel(open_store: StoreOpener) -> None:
    store = await open_store()
    assert not await store.unsubscribe(1)
    await store.subscribe(subscription(1))
    rows = [delivery(f"1 {state}", 1, state) for state in DeliveryState]
    rows += [delivery(f"2 {state}", 2, state) for state in DeliveryState]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    assert await store.unsubscribe(1)
    left = [f"1 {state}" for state in SETTLED] + [f"2 {state}" for state in DeliveryState]
    async for each in open_store.then(store, killed=True):
        assert sorted(keys(await each.deliveries(keys(rows)))) == sorted(left)
        assert await each.subscriptions() == ()
        assert not await each.unsubscribe(1)
    assert await (await open_store()).subscribe(subscription(1))


async def test_open_deliveries_come_in_the_order_they_were_recorded(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("z"), delivery("m"), delivery("b")])
    await store.record(OTHER_BOARD, NOTHING, [], [delivery("a"), delivery("y"), delivery("x")])
    await store.save_deliveries([delivery("z", 1, DeliveryState.SENDING)])
    await store.save_deliveries([delivery("b", 1, DeliveryState.DEAD)])
    await store.save_deliveries([sent("y")])
    await store.save_deliveries([replace(delivery("m"), attempts=1)])
    for killed in (True, False):
        async for each in open_store.then(store, killed=killed):
            assert keys(await each.open_deliveries()) == ["z", "m", "a", "x"]
            store = each


@pytest.mark.parametrize("state", DeliveryState)
async def test_nothing_is_kept_of_a_delivery_that_was_dropped(
    open_store: StoreOpener, state: DeliveryState
) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("d1")])
    assert await store.save_deliveries([delivery("d1", 1, DeliveryState.SENDING)])
    await store.unsubscribe(1)
    assert not await store.save_deliveries([delivery("d1", 1, state)])
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["d1"]) == ()


async def test_a_catalogue_takes_the_place_of_the_one_before(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_catalogue([entry("a"), entry("b")])
    fresh = (replace(entry("b"), weights=None, weights_since=None), entry("c"))
    await store.put_catalogue(fresh)
    assert await store.catalogue() == fresh
    await store.put_catalogue([])
    assert await (await open_store()).catalogue() == ()


async def test_the_catalogue_is_by_model(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_catalogue([entry("b"), entry("c"), entry("a")])
    assert [each.model for each in await store.catalogue()] == ["a", "b", "c"]


async def test_the_fingerprint_put_last_is_kept(open_store: StoreOpener) -> None:
    store = await open_store()
    for fingerprint in ("one", "two"):
        await store.put_synced_commands(fingerprint)
    assert await (await open_store(killed=True)).synced_commands() == "two"


async def test_counts_have_no_upper_end(open_store: StoreOpener) -> None:
    store, huge = await open_store(), 2**63 * 10**20 + 1
    await store.put_days(BOARD_MODELS, [day(0, {"a": huge}, other=huge + 1)])
    await store.record(BOARD_MODELS, NOTHING, [milestone("m1", tokens=huge)], [])
    store = await open_store()
    assert (await store.days(BOARD_MODELS))[START] == day(0, {"a": huge}, other=huge + 1)
    assert await store.milestones(BOARD_MODELS) == (milestone("m1", tokens=huge),)


async def test_saved_deliveries_and_records_at_the_same_time_lose_nothing(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    rows = [delivery(f"old {n}") for n in range(150)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    calls: list[Awaitable[object]] = []
    for n, row in enumerate(rows):
        calls.append(store.save_deliveries([replace(row, state=DeliveryState.SENT, message_id=n)]))
        if n % 10 == 0:
            calls.append(store.record(BOARD_MODELS, progress(n), [], [delivery(f"new {n}")]))
    assert frozenset() not in await asyncio.gather(*calls)
    async for each in open_store.then(store, killed=True):
        assert [row.message_id for row in await each.deliveries(keys(rows))] == list(range(150))
        assert keys(await each.open_deliveries()) == [f"new {n}" for n in range(0, 150, 10)]
        assert await each.progress(BOARD_MODELS) == progress(140)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_cancelled_call_leaves_the_store_whole_and_usable(
    open_store: StoreOpener, change: Changing
) -> None:
    for steps in range(6):
        opener = await open_store.elsewhere()
        store = await opener()
        await fill(store)
        call = asyncio.ensure_future(change(store))
        for _ in range(steps):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait([call])
        held = await everything(store)
        held["guilds"] = await store.guilds() | {12}
        await store.put_days("third", [day(0, {"a": 1})])
        last = replace(delivery("last", 9), guild_id=12, milestones=())
        await store.record("third", NOTHING, [], [last])
        assert await store.save_deliveries([replace(last, state=DeliveryState.DEAD)])
        assert await everything(await opener(killed=True)) == held
        await opener.let_go()
