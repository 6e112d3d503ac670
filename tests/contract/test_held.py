"""What is held back, and told with others later, asked of every backend."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import LONGEST_HELD, TOO_OLD, DeliveryState, Form, Held, Kind
from bot.model import BOARD_MODELS
from bot.subscription import Channel
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    DIGEST,
    NOTHING,
    PAUSE,
    delivery,
    everything,
    gathered,
    gathering,
    held,
    keys,
    sent,
    subscription,
)
from tests.made import AS_OF

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
H1, H2, H3 = held("h1"), held("h2", 1, Held.BUDGET), held("h3", 2, Held.MUTE)
P1 = replace(delivery("p1"), kind=Kind.PUBLISH, about="r1")
NEXT = DIGEST.after + timedelta(days=7)
LONG_AFTER = AS_OF + LONGEST_HELD + timedelta(microseconds=1)


async def _holding(open_store: StoreOpener) -> Store:
    """Return a store that holds something back for two channels, and owes one something."""
    store = await open_store()
    for channel in (1, 2):
        await store.subscribe(subscription(channel))
    await store.record(BOARD_MODELS, NOTHING, [], [H1, delivery("d1"), H3, H2])
    return store


async def _again(open_store: StoreOpener, store: Store, restart: bool | None) -> Store:
    return store if restart is None else await open_store(killed=restart)


@restarts
async def test_what_is_held_back_is_not_open_and_waits_in_its_order(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    store = await _again(open_store, store, restart)
    assert await store.held() == (H1, H3, H2)
    assert keys(await store.open_deliveries()) == ["d1"]
    assert keys(await store.open_deliveries(2)) == []
    assert await store.deliveries(["h3", "h1"]) == (H3, H1)


@restarts
async def test_what_is_held_back_stays_when_its_channel_is_paused_and_resumed(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    await store.pause(1, PAUSE)
    store = await _again(open_store, store, restart)
    assert await store.held() == (H3,)
    await store.resume(1, LONG_AFTER)
    store = await _again(open_store, store, restart)
    assert await store.held() == (H1, H3, H2)


@restarts
async def test_a_gathering_tells_what_was_held_back(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store, roundup = await _holding(open_store), gathering("r1", ["h1", "h2"])
    await store.gather([roundup])
    store = await _again(open_store, store, restart)
    assert await store.held() == (H3,)
    assert await store.deliveries(["h1", "h2"]) == (gathered(H1, "r1"), gathered(H2, "r1"))
    assert keys(await store.open_deliveries()) == ["d1", "r1"]
    assert await store.deliveries(["r1"]) == (roundup.delivery,)


async def test_a_gathering_of_nothing_is_owed(open_store: StoreOpener) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", []), gathering("r2", [])])
    async for each in open_store.then(store, killed=True):
        assert keys(await each.open_deliveries(1)) == ["d1", "r1", "r2"]
        assert await each.held() == (H1, H3, H2)


@restarts
async def test_what_is_beside_a_gathering_is_owed_with_it(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1"], 1, [P1]), gathering("r2", [], 2)])
    store = await _again(open_store, store, restart)
    assert keys(await store.open_deliveries()) == ["d1", "r1", "p1", "r2"]
    assert await store.deliveries(["p1"]) == (P1,)


async def test_what_is_beside_a_gathering_that_does_nothing_is_not_owed(
    open_store: StoreOpener,
) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1"])])
    await store.save_deliveries([sent("r1")])
    await store.unsubscribe(2)
    before = await everything(store)
    gone = gathering("r3", [], 2, [P1])
    await store.gather([gathering("r1", ["h2"], 1, [P1]), gathering("r2", ["h1"], 1, [P1]), gone])
    async for each in open_store.then(store, killed=True):
        assert await everything(each) == before
        assert await each.deliveries(["p1"]) == ()


async def test_what_is_beside_a_gathering_and_known_stays_as_it_is(
    open_store: StoreOpener,
) -> None:
    store = await _holding(open_store)
    await store.save_deliveries([sent("d1")])
    beside = [delivery("d1"), delivery("h2"), replace(delivery("r1"), attempts=9)]
    await store.gather([gathering("r1", ["h1"], 1, beside), gathering("r2", ["h3"], 1, [P1])])
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["d1", "h2"]) == (sent("d1"), H2)
        assert await each.deliveries(["r1"]) == (gathering("r1", []).delivery,)
        assert keys(await each.open_deliveries()) == ["r1", "r2", "p1"]


@restarts
async def test_a_gathering_that_is_known_does_nothing(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1"])])
    await store.save_deliveries([sent("r1")])
    store = await _again(open_store, store, restart)
    await store.gather([gathering("r1", ["h2"])])
    assert await store.held() == (H3, H2)
    assert await store.deliveries(["r1"]) == (sent("r1"),)


async def test_a_gathering_of_which_nothing_is_held_any_more_does_nothing(
    open_store: StoreOpener,
) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1"])])
    before = await everything(store)
    await store.gather([gathering("r2", ["h1", "d1", "?"])])
    async for each in open_store.then(store, killed=True):
        assert await everything(each) == before
        assert await each.deliveries(["r2"]) == ()


async def test_what_is_held_back_is_told_once(open_store: StoreOpener) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1"]), gathering("r2", ["h1", "h2"])])
    async for each in open_store.then(store, killed=True):
        found = await each.deliveries(["h1", "h2"])
        assert found == (gathered(H1, "r1"), gathered(H2, "r2"))


async def test_two_gatherings_of_the_same_held_alert_owe_one(open_store: StoreOpener) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1"]), gathering("r2", ["h1"])])
    async for each in open_store.then(store, killed=True):
        assert keys(await each.deliveries(["r1", "r2"])) == ["r1"]


@restarts
async def test_digests_are_dealt_with_together_with_a_gathering(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    told = Channel(1, 10, muted_until=NEXT, budget=3, digest=DIGEST)
    await store.put_channel(told)
    await store.pause(1, PAUSE)
    await store.gather([gathering("r1", ["h1"])], {1: NEXT})
    store = await _again(open_store, store, restart)
    dealt_with = replace(told, paused=PAUSE, digest=replace(DIGEST, after=NEXT))
    assert await store.channels() == (dealt_with, Channel(2, 10))
    assert keys(await store.deliveries(["r1"])) == ["r1"]


async def test_digests_are_dealt_with_though_the_gathering_does_nothing(
    open_store: StoreOpener,
) -> None:
    store = await _holding(open_store)
    await store.put_channel(Channel(1, 10, digest=DIGEST))
    await store.gather([gathering("r1", ["?"])], {1: NEXT})
    async for each in open_store.then(store, killed=True):
        (found, _) = await each.channels(10)
        assert found == Channel(1, 10, digest=replace(DIGEST, after=NEXT))


async def test_digests_that_are_dealt_with_stay_so(open_store: StoreOpener) -> None:
    store = await _holding(open_store)
    await store.put_channel(Channel(1, 10, digest=DIGEST))
    before = await everything(store)
    for earlier in (DIGEST.after, DIGEST.after - timedelta(days=7)):
        await store.gather([], {1: earlier})
        assert await everything(store) == before
    assert await everything(await open_store(killed=True)) == before


async def test_a_channel_without_a_digest_gets_none_and_an_unknown_one_is_not_made(
    open_store: StoreOpener,
) -> None:
    store = await _holding(open_store)
    before = await everything(store)
    await store.gather([], {1: NEXT, 9: NEXT})
    async for each in open_store.then(store, killed=True):
        assert await everything(each) == before


async def test_nothing_is_owed_to_a_channel_that_is_gone_meanwhile(
    open_store: StoreOpener,
) -> None:
    store = await _holding(open_store)
    await store.unsubscribe(1)
    before = await everything(store)
    await store.gather([gathering("r1", ["h1"]), gathering("r2", [])])
    async for each in open_store.then(store, killed=True):
        assert await everything(each) == before


async def test_what_is_held_back_for_too_long_is_dead(open_store: StoreOpener) -> None:
    store = await _holding(open_store)
    later = replace(held("h4"), created_at=AS_OF + timedelta(hours=1))
    await store.record(BOARD_MODELS, NOTHING, [], [later])
    await store.pause(2, PAUSE)
    await store.tidy(AS_OF + LONGEST_HELD)
    assert await store.held() == (H1, H2, later)
    await store.tidy(LONG_AFTER)
    async for each in open_store.then(store, killed=True):
        assert await each.held() == (later,)
        rows = await each.deliveries(["h1", "h2", "h3"])
        assert {(row.state, row.reason) for row in rows} == {(DeliveryState.DEAD, TOO_OLD)}
        assert keys(await each.open_deliveries()) == ["d1"]


@restarts
async def test_what_was_gathered_is_known_and_not_held_back_again(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    await store.gather([gathering("r1", ["h1", "h2"])])
    store = await _again(open_store, store, restart)
    await store.owe([H1, delivery("h2"), delivery("d2")])
    assert await store.held() == (H3,)
    assert keys(await store.open_deliveries()) == ["d1", "r1", "d2"]


@restarts
async def test_what_is_owed_and_known_stays_as_it_is(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _holding(open_store)
    await store.save_deliveries([sent("d1")])
    test = replace(delivery("t1"), kind=Kind.TEST, milestones=())
    await store.owe([test, delivery("d1"), delivery("h1")])
    store = await _again(open_store, store, restart)
    assert await store.deliveries(["t1", "d1", "h1"]) == (test, sent("d1"), H1)
    assert await store.open_deliveries() == (test,)
    assert [row.form for row in await store.open_deliveries()] == [Form.ALERT]
