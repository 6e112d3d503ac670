"""All that is kept of a channel, shown and dropped, asked of every backend."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import Delivery, DeliveryState, Kind
from bot.model import BOARD_MODELS
from bot.subscription import DIRECT, Channel
from storage.protocol import KEPT_WHOLE, Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    DIGEST,
    NOTHING,
    PAUSE,
    changed,
    delivery,
    everything,
    keys,
    sent,
    subscription,
)
from tests.made import AS_OF

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
CHANNEL = 71
MONTHS = timedelta(days=20)


def _rows(channel: int, guild: int) -> list[Delivery]:
    """Return deliveries of every state and kind to a channel, over half a year, oldest first."""
    found = [delivery(f"{channel}{state}", channel, state) for state in DeliveryState]
    found += [replace(sent(f"{channel}:{kind}", channel), kind=kind) for kind in Kind]
    return [
        replace(row, guild_id=guild, created_at=AS_OF + number * MONTHS)
        for number, row in enumerate(found)
    ]


THEIRS = _rows(CHANNEL, DIRECT)
OTHERS = [*_rows(7, DIRECT), *_rows(1, 10)]


async def _with_all(open_store: StoreOpener) -> Store:
    store = await open_store()
    for channel, guild in ((CHANNEL, DIRECT), (7, DIRECT), (1, 10)):
        for number in (1, 2):
            await store.subscribe(subscription(channel, guild, number))
        await store.put_channel(Channel(channel, guild, digest=DIGEST), changed(channel, guild))
    await store.record(BOARD_MODELS, NOTHING, [], [*reversed(THEIRS), *OTHERS])
    return store


async def _again(open_store: StoreOpener, store: Store, restart: bool | None) -> Store:
    return store if restart is None else await open_store(killed=restart)


@restarts
async def test_all_deliveries_of_a_channel_are_shown_oldest_first(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    store = await _again(open_store, store, restart)
    assert await store.kept(DIRECT, CHANNEL) == tuple(THEIRS)
    assert await store.kept(10, CHANNEL) == ()
    assert await store.kept(DIRECT, 1) == ()


@restarts
async def test_all_deliveries_of_a_server_are_shown_oldest_first(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    store = await _again(open_store, store, restart)
    assert await store.kept(10) == tuple(_rows(1, 10))
    both = zip(_rows(7, DIRECT), THEIRS, strict=True)
    expected = [row for pair in both for row in sorted(pair, key=lambda row: row.key)]
    assert await store.kept(DIRECT) == tuple(expected)
    assert await store.kept(11) == ()


async def test_what_was_made_slim_and_what_is_paused_is_shown(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(CHANNEL, DIRECT))
    now = AS_OF + KEPT_WHOLE + timedelta(days=1)
    old = replace(sent("s", CHANNEL), guild_id=DIRECT)
    waits = replace(delivery("o", CHANNEL), guild_id=DIRECT, created_at=now)
    await store.record(BOARD_MODELS, NOTHING, [], [waits, old])
    await store.pause(CHANNEL, PAUSE)
    await store.tidy(now)
    slim, paused = await store.kept(DIRECT, CHANNEL)
    assert (slim.key, slim.nonce, slim.milestones) == ("s", "", ("m1", "m2"))
    assert paused == waits


@restarts
async def test_a_delivery_is_shown_as_it_is_now(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    waited, was_sent = THEIRS[0], THEIRS[2]
    now = [replace(row, state=DeliveryState.SENT, message_id=5) for row in (waited, was_sent)]
    await store.save_deliveries(now)
    store = await _again(open_store, store, restart)
    found = await store.kept(DIRECT, CHANNEL)
    assert [found[0], found[2]] == now


@restarts
async def test_a_channel_that_is_purged_leaves_nothing_but_its_changes(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    await store.save_deliveries([replace(THEIRS[1], attempts=4)])
    await store.pause(CHANNEL, PAUSE)
    store = await _again(open_store, store, restart)
    changes, others = await store.changes(DIRECT), await store.kept(DIRECT, 7)
    await store.purge_channel(CHANNEL)
    store = await _again(open_store, store, restart)
    assert await store.kept(DIRECT, CHANNEL) == ()
    assert await store.deliveries(keys(THEIRS)) == ()
    assert {each.channel_id for each in await store.subscriptions()} == {1, 7}
    assert {each.channel_id for each in await store.channels()} == {1, 7}
    assert await store.changes(DIRECT) == changes
    assert await store.kept(DIRECT, 7) == others
    assert await store.kept(10) == tuple(_rows(1, 10))


async def test_a_channel_of_which_there_are_deliveries_alone_is_purged(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, NOTHING, [], THEIRS)
    await store.purge_channel(CHANNEL)
    async for each in open_store.then(store, killed=True):
        assert await each.kept(DIRECT, CHANNEL) == ()
        assert await each.guilds() == frozenset()


async def test_purging_an_unknown_channel_changes_nothing(open_store: StoreOpener) -> None:
    store = await _with_all(open_store)
    before = await everything(store)
    await store.purge_channel(9)
    assert await everything(store) == before
    assert await everything(await open_store()) == before


async def test_what_is_saved_of_a_purged_channel_is_not_kept(open_store: StoreOpener) -> None:
    store = await _with_all(open_store)
    await store.purge_channel(CHANNEL)
    done = [replace(row, state=DeliveryState.SENT) for row in (*THEIRS, OTHERS[0])]
    assert await store.save_deliveries(done) == {OTHERS[0].key}
    async for each in open_store.then(store, killed=True):
        assert await each.kept(DIRECT, CHANNEL) == ()
