"""Subscriptions that take the place of what their channel has, asked of every backend."""

from dataclasses import replace

import pytest

from bot.model import BOARD_MODELS
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    NOTHING,
    PAUSE,
    delivery,
    everything,
    keys,
    sent,
    subscription,
)

WATCHING = replace(subscription(1), language="tr", only=("öpen/модель", "öpen/"))


@pytest.mark.parametrize("killed", [False, True])
async def test_an_amended_subscription_takes_the_place_of_the_one_before(
    open_store: StoreOpener, *, killed: bool
) -> None:
    store = await open_store()
    for channel in (1, 2):
        await store.subscribe(subscription(channel))
    assert await store.amend(WATCHING)
    for each in (store, await open_store(killed=killed)):
        assert await each.subscriptions() == (WATCHING, subscription(2))


async def test_what_is_owed_to_an_amended_subscription_stays(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    rows = [delivery("d1"), sent("d2"), delivery("d3", 2)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    await store.amend(WATCHING)
    for each in (store, await open_store(killed=True)):
        assert await each.deliveries(keys(rows)) == tuple(rows)
        assert keys(await each.open_deliveries()) == ["d1", "d3"]


async def test_an_amended_subscription_keeps_the_pause_that_it_has(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    await store.amend(replace(WATCHING, paused=PAUSE))
    assert await store.subscriptions() == (WATCHING,)
    await store.pause(1, PAUSE)
    assert await store.amend(WATCHING)
    for each in (store, await open_store(killed=True)):
        assert await each.subscriptions() == (replace(WATCHING, paused=PAUSE),)


async def test_only_what_is_subscribed_is_amended(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(2))
    before = await everything(store)
    assert not await store.amend(WATCHING)
    for each in (store, await open_store()):
        assert await everything(each) == before
