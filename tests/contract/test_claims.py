"""Claims: outcomes kept, and what is next in each channel taken, in one go."""

from dataclasses import replace
from datetime import timedelta

from bot.delivery import DeliveryState, Kind
from storage.protocol import Claimed
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import PAUSE, delivery, held, keys, sent, subscription
from tests.made import AS_OF

MINUTE = timedelta(minutes=1)


async def test_the_oldest_of_each_channel_is_claimed_and_stays_so(open_store: StoreOpener) -> None:
    store = await open_store()
    rows = [delivery("z", 2), delivery("m", 1), delivery("a", 2), delivery("x", 3)]
    await store.owe(rows)
    assert await store.waiting() == (2, 1, 3)
    found = await store.claim([1, 2, 4], AS_OF)
    assert sorted(keys(found.deliveries)) == ["m", "z"]
    assert (found.later, found.again) == ({}, frozenset())
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["m", "z"]) == tuple(
            replace(row, state=DeliveryState.SENDING, attempts=1, tried_at=AS_OF)
            for row in (rows[1], rows[0])
        )
        assert await each.deliveries(["a", "x"]) == (rows[2], rows[3])
        assert await each.waiting() == (2, 1, 3)


async def test_outcomes_are_kept_before_anything_is_claimed(open_store: StoreOpener) -> None:
    store = await open_store()
    edit = replace(delivery("a1!final", 1), kind=Kind.EDIT, about="a1")
    await store.owe([delivery("a1", 1), edit, delivery("b", 1)])
    first = await store.claim([1], AS_OF)
    assert keys(first.deliveries) == ["a1"]
    done = sent("a1", 1)
    second = await store.claim([1], AS_OF, [done])
    assert keys(second.deliveries) == ["a1!final"]
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["a1"]) == (done,)
        assert keys(await each.open_deliveries(1)) == ["a1!final", "b"]


async def test_what_is_not_due_is_not_claimed_and_said_to_be_later(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    rows = [replace(delivery(f"d{n}", n), retry_at=AS_OF + n * MINUTE) for n in (1, 2)]
    await store.owe(rows)
    found = await store.claim([1, 2], AS_OF + MINUTE)
    assert keys(found.deliveries) == ["d1"]
    assert found.later == {2: AS_OF + 2 * MINUTE}


async def test_paused_channels_and_what_is_held_back_are_not_claimed(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    await store.owe([delivery("a", 1), held("h1", 2)])
    await store.pause(1, PAUSE)
    assert await store.waiting() == ()
    assert await store.claim([1, 2], AS_OF) == Claimed((), {})
    await store.resume(1, AS_OF)
    assert keys((await store.claim([1, 2], AS_OF)).deliveries) == ["a"]


async def test_outcomes_of_what_was_dropped_are_not_kept(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.owe([delivery("a", 1)])
    (claimed,) = (await store.claim([1], AS_OF)).deliveries
    await store.purge_channel(1)
    assert await store.claim([1], AS_OF, [replace(claimed, state=DeliveryState.SENT)]) == (
        Claimed((), {})
    )
    assert await store.deliveries(["a"]) == ()
