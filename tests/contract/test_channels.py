"""The settings of channels, and who changed them, asked of every backend."""

from dataclasses import replace

import pytest

from bot.model import BOARD_MODELS
from bot.subscription import CHANGES_KEPT, DIRECT, NOBODY, Channel, QuietHours
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    DIGEST,
    LATER,
    NOTHING,
    PAUSE,
    PERSON,
    Changing,
    amended,
    changed,
    delivery,
    everything,
    held,
    keys,
    sent,
    subscription,
)

QUIET = QuietHours(22, 7, "Europe/Istanbul")
WITH_ALL = Channel(1, 10, None, LATER, QUIET, 5, DIGEST)


@pytest.mark.parametrize("killed", [False, True])
async def test_settings_take_the_place_of_those_before(
    open_store: StoreOpener, *, killed: bool
) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    for settings in (WITH_ALL, Channel(1, 10, quiet=QUIET), replace(WITH_ALL, budget=None)):
        await store.put_channel(settings)
        assert await store.channels() == (settings,)
    assert await (await open_store(killed=killed)).channels() == (settings,)


async def test_a_digest_alone_makes_a_channel(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_channel(WITH_ALL)
    assert await store.pause(1, PAUSE)
    async for each in open_store.then(store, killed=True):
        assert await each.channels() == (replace(WITH_ALL, paused=PAUSE),)
        assert await each.subscriptions() == ()
        assert await each.guilds() == {10}


async def test_channels_come_by_id_and_of_one_server(open_store: StoreOpener) -> None:
    store = await open_store()
    for channel, guild in ((10, 1), (9, 2), (2**63, 1)):
        await store.put_channel(replace(WITH_ALL, channel_id=channel, guild_id=guild))
    await store.subscribe(subscription(8, 1))
    async for each in open_store.then(store, killed=True):
        assert [c.channel_id for c in await each.channels()] == [8, 9, 10, 2**63]
        assert [c.channel_id for c in await each.channels(1)] == [8, 10, 2**63]
        assert await each.channels(3) == ()


async def test_settings_leave_the_pause_as_it_is(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.subscribe(subscription(1))
    await store.put_channel(Channel(1, 10, PAUSE, budget=1))
    assert await store.channels() == (Channel(1, 10, budget=1),)
    await store.pause(1, PAUSE)
    await store.put_channel(Channel(1, 10, budget=2))
    async for each in open_store.then(store, killed=True):
        assert await each.channels() == (Channel(1, 10, PAUSE, budget=2),)


@pytest.mark.parametrize("killed", [False, True])
async def test_a_channel_that_is_left_with_nothing_goes_with_what_is_unsent(
    open_store: StoreOpener, *, killed: bool
) -> None:
    store = await open_store()
    await store.put_channel(WITH_ALL)
    rows = [delivery("d1"), sent("d2"), held("h1"), held("h2", 2)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    await store.put_channel(replace(WITH_ALL, digest=None), changed(1))
    async for each in open_store.then(store, killed=killed):
        assert await each.channels() == ()
        assert await each.deliveries(keys(rows)) == (rows[1], rows[3])
        assert await each.changes(10) == (changed(1),)


async def test_settings_of_nothing_are_not_kept(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_channel(Channel(1, 10, budget=1), changed(1))
    async for each in open_store.then(store, killed=True):
        assert await each.channels() == ()
        assert await each.changes(10) == ()
        assert not await each.pause(1, PAUSE)


async def _with_both(store: Store) -> None:
    await store.subscribe(subscription(1))
    await store.put_channel(WITH_ALL)


DONE: dict[str, Changing] = {
    "subscribe": lambda s: s.subscribe(subscription(1, number=2), changed(1)),
    "amend": lambda s: s.amend(amended(1), changed(1)),
    "unsubscribe": lambda s: s.unsubscribe(1, 1, changed(1)),
    "unsubscribe all": lambda s: s.unsubscribe(1, None, changed(1)),
    "put_channel": lambda s: s.put_channel(Channel(1, 10), changed(1)),
    "put_change": lambda s: s.put_change(changed(1)),
}
NOT_DONE: dict[str, Changing] = {
    "subscribe": lambda s: s.subscribe(subscription(1), changed(1)),
    "amend": lambda s: s.amend(amended(1, number=2), changed(1)),
    "unsubscribe": lambda s: s.unsubscribe(1, 2, changed(1)),
    "unsubscribe all": lambda s: s.unsubscribe(2, None, changed(1)),
    "put_channel": lambda s: s.put_channel(WITH_ALL, changed(1)),
}


@pytest.mark.parametrize("call", DONE.values(), ids=DONE)
async def test_a_change_is_kept_with_what_it_did(open_store: StoreOpener, call: Changing) -> None:
    store = await open_store()
    await _with_both(store)
    await call(store)
    async for each in open_store.then(store, killed=True):
        assert await each.changes(10) == (changed(1),)


@pytest.mark.parametrize("call", NOT_DONE.values(), ids=NOT_DONE)
async def test_a_change_is_not_kept_if_nothing_was_done(
    open_store: StoreOpener, call: Changing
) -> None:
    store = await open_store()
    await _with_both(store)
    before = await everything(store)
    assert not await call(store)
    async for each in open_store.then(store, killed=True):
        assert await everything(each) == before
        assert await each.changes(10) == ()


async def test_the_newest_changes_of_each_server_are_kept(open_store: StoreOpener) -> None:
    store = await open_store()
    made = [changed(number) for number in range(CHANGES_KEPT + 5)]
    for each in (*made, changed(1, 11)):
        await store.put_change(each)
    async for one in open_store.then(store, killed=True):
        assert await one.changes(10) == tuple(reversed(made[5:]))
        assert await one.changes(11) == (changed(1, 11),)
        assert await one.changes(12) == ()
        assert await one.guilds() == {10, 11}


@pytest.mark.parametrize("killed", [False, True])
async def test_a_person_is_forgotten_in_all_that_they_set_and_changed(
    open_store: StoreOpener, *, killed: bool
) -> None:
    store = await open_store()
    others = replace(subscription(3, 11), created_by=5)
    for each in (subscription(1), subscription(2, 11), others):
        await store.subscribe(each)
    for change in (changed(1), changed(2, who=5), changed(3), changed(4, 11)):
        await store.put_change(change)
    await store.forget(PERSON)
    async for one in open_store.then(store, killed=killed):
        assert await one.subscriptions() == (
            replace(subscription(1), created_by=NOBODY),
            replace(subscription(2, 11), created_by=NOBODY),
            others,
        )
        assert await one.changes(10) == (
            changed(3, who=NOBODY),
            changed(2, who=5),
            changed(1, who=NOBODY),
        )
        assert await one.changes(11) == (changed(4, 11, NOBODY),)


async def test_what_a_forgotten_person_watches_stays_theirs(open_store: StoreOpener) -> None:
    store = await open_store()
    watching = subscription(1, DIRECT)
    await store.subscribe(watching)
    await store.forget(PERSON)
    async for each in open_store.then(store, killed=True):
        assert await each.subscriptions(DIRECT) == (watching,)
