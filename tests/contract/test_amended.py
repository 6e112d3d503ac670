"""Subscriptions beside each other, and in place of each other, asked of every backend."""

from dataclasses import replace

import pytest

from bot.model import BOARD_MODELS
from bot.subscription import Channel
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    DIGEST,
    NOTHING,
    PAUSE,
    amended,
    delivery,
    everything,
    held,
    keys,
    sent,
    subscription,
)

killed = pytest.mark.parametrize("killed", [False, True])


@killed
async def test_an_amended_subscription_takes_the_place_of_the_one_before(
    open_store: StoreOpener, *, killed: bool
) -> None:
    store = await open_store()
    for channel, number in ((1, 1), (1, 2), (2, 1)):
        await store.subscribe(subscription(channel, number=number))
    assert await store.amend(amended(1, number=2))
    async for each in open_store.then(store, killed=killed):
        expected = (subscription(1), amended(1, number=2), subscription(2))
        assert await each.subscriptions() == expected


async def test_what_is_owed_to_an_amended_subscription_stays(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    rows = [delivery("d1"), sent("d2"), delivery("d3", 2), held("h1")]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    await store.amend(amended(1))
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(keys(rows)) == tuple(rows)
        assert keys(await each.open_deliveries()) == ["d1", "d3"]


async def test_amending_leaves_the_settings_of_the_channel(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    await store.put_channel(Channel(1, 10, budget=3))
    await store.pause(1, PAUSE)
    assert await store.amend(amended(1))
    async for each in open_store.then(store, killed=True):
        assert await each.channels() == (Channel(1, 10, PAUSE, budget=3),)


async def test_only_what_is_subscribed_is_amended(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    before = await everything(store)
    assert not await store.amend(amended(2))
    assert not await store.amend(amended(1, number=2))
    async for each in open_store.then(store):
        assert await everything(each) == before


async def test_subscriptions_of_a_channel_come_by_number(open_store: StoreOpener) -> None:
    store = await open_store()
    for channel, number in ((7, 10), (7, 2), (6, 1), (7, 9)):
        assert await store.subscribe(subscription(channel, number=number))
    async for each in open_store.then(store, killed=True):
        found = [(s.channel_id, s.number) for s in await each.subscriptions(10)]
        assert found == [(6, 1), (7, 2), (7, 9), (7, 10)]
        assert await each.channels() == (Channel(6, 10), Channel(7, 10))


async def test_another_subscription_leaves_the_settings_of_its_channel(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    settings = Channel(1, 10, budget=3, digest=DIGEST)
    await store.put_channel(settings)
    await store.pause(1, PAUSE)
    assert await store.subscribe(subscription(1))
    async for each in open_store.then(store, killed=True):
        assert await each.channels() == (replace(settings, paused=PAUSE),)


async def test_one_subscription_goes_and_the_others_stay_with_what_is_owed(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    for number in (1, 2, 12):
        await store.subscribe(subscription(1, number=number))
    rows = [delivery("d1"), held("h1")]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    assert not await store.unsubscribe(1, 3)
    assert await store.unsubscribe(1, 2)
    async for each in open_store.then(store, killed=True):
        assert [s.number for s in await each.subscriptions()] == [1, 12]
        assert await each.deliveries(["d1", "h1"]) == tuple(rows)
        assert await each.channels() == (Channel(1, 10),)


@killed
@pytest.mark.parametrize("number", [None, 1])
async def test_the_last_subscription_takes_its_channel_and_what_is_unsent_along(
    open_store: StoreOpener, number: int | None, *, killed: bool
) -> None:
    store = await open_store()
    for channel in (1, 2):
        await store.subscribe(subscription(channel))
        await store.pause(channel, PAUSE)
    rows = [delivery("d1"), sent("d2"), held("h1"), held("h2", 2)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    assert await store.unsubscribe(1, number)
    async for each in open_store.then(store, killed=killed):
        assert await each.channels() == (Channel(2, 10, PAUSE),)
        assert await each.deliveries(keys(rows)) == (rows[1], rows[3])


@pytest.mark.parametrize("number", [None, 1])
async def test_a_digest_keeps_a_channel_whose_last_subscription_goes(
    open_store: StoreOpener, number: int | None
) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    await store.put_channel(Channel(1, 10, digest=DIGEST))
    rows = [delivery("d1"), held("h1")]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    assert await store.unsubscribe(1, number)
    async for each in open_store.then(store, killed=True):
        assert await each.subscriptions() == ()
        assert await each.channels() == (Channel(1, 10, digest=DIGEST),)
        assert await each.deliveries(["d1", "h1"]) == tuple(rows)
        assert not await each.unsubscribe(1)
