"""What a channel was told, and when, asked of every backend."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.delivery import Delivery, DeliveryState, Form, Kind
from bot.model import BOARD_MODELS
from storage.protocol import KEPT_WHOLE, Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    NOTHING,
    OTHER_BOARD,
    delivery,
    gathered,
    held,
    keys,
    sent,
)
from tests.contract.nouns import key as key_of
from tests.made import AS_OF

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
TICK = timedelta(microseconds=1)
ONE, OTHER = key_of("m1"), key_of("m2", 3)
STATES = {
    "pending": delivery("pending"),
    "sending": delivery("sending", 1, DeliveryState.SENDING),
    "sent": sent("sent"),
    "dead": delivery("dead", 1, DeliveryState.DEAD),
    "held": held("held"),
    "gathered": gathered(held("gathered"), "r1"),
}


def _owed(row: Delivery, days: int, guild: int = 10) -> Delivery:
    return replace(row, created_at=AS_OF + timedelta(days=days), guild_id=guild)


async def _again(open_store: StoreOpener, store: Store, restart: bool | None) -> Store:
    return store if restart is None else await open_store(killed=restart)


@restarts
async def test_posts_are_alerts_that_wait_or_went(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await open_store()
    others = [replace(sent(kind), kind=kind) for kind in Kind if kind is not Kind.ALERT]
    await store.record(BOARD_MODELS, NOTHING, [], [*STATES.values(), *others])
    await store.save_deliveries([sent("pending")])
    store = await _again(open_store, store, restart)
    assert set(keys(await store.posts())) == {"pending", "sending", "sent"}


@restarts
async def test_posts_come_oldest_first_and_from_a_moment_on(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store, ages = await open_store(), [40, 0, 8, 100, 7]
    rows = [_owed(replace(sent(f"d{days}"), form=Form.ROUNDUP), days) for days in ages]
    rows += [_owed(delivery("d9"), 9), _owed(delivery("d1"), 1)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    store = await _again(open_store, store, restart)
    assert keys(await store.posts()) == ["d0", "d1", "d7", "d8", "d9", "d40", "d100"]
    since = AS_OF + timedelta(days=8)
    assert keys(await store.posts(since)) == ["d8", "d9", "d40", "d100"]
    assert keys(await store.posts(since + TICK)) == ["d9", "d40", "d100"]
    assert keys(await store.posts(AS_OF + timedelta(days=101))) == []


async def test_posts_are_asked_for_in_any_time_zone(open_store: StoreOpener) -> None:
    store = await open_store()
    for hours in (-12, 0, 14):
        zone = timezone(timedelta(hours=hours))
        await store.owe([replace(sent(f"d{hours}"), created_at=AS_OF.astimezone(zone))])
    async for each in open_store.then(store, killed=True):
        for hours in (-12, 14):
            since = AS_OF.astimezone(timezone(timedelta(hours=hours)))
            assert keys(await each.posts(since)) == ["d-12", "d0", "d14"]
            assert keys(await each.posts(since + TICK)) == []


@restarts
async def test_posts_of_one_server_are_its_own(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await open_store()
    rows = [_owed(sent(f"d{n}"), n, 10 + n % 2) for n in range(4)]
    rows += [_owed(delivery("open 10"), 5, 10), _owed(delivery("open 11"), 5, 11)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    store = await _again(open_store, store, restart)
    assert keys(await store.posts(guild_id=11)) == ["d1", "d3", "open 11"]
    assert keys(await store.posts(AS_OF + timedelta(days=2), 10)) == ["d2", "open 10"]
    assert await store.posts(guild_id=1) == ()


@restarts
async def test_old_posts_are_among_them(open_store: StoreOpener, restart: bool | None) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, NOTHING, [], [sent("old"), _owed(sent("new"), 90)])
    await store.tidy(AS_OF + KEPT_WHOLE + TICK)
    store = await _again(open_store, store, restart)
    assert keys(await store.posts()) == ["old", "new"]
    assert keys(await store.posts(guild_id=10)) == ["old", "new"]


async def test_what_was_sent_and_is_dead_later_is_no_post(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.owe([sent("d1"), sent("d2")])
    await store.save_deliveries([delivery("d1", 1, DeliveryState.DEAD)])
    async for each in open_store.then(store, killed=True):
        assert keys(await each.posts(AS_OF)) == ["d2"]
        await each.put_states(BOARD_MODELS, [])
        store = each
    await store.owe([delivery("d3", 2)])
    assert keys(await store.posts(AS_OF, 10)) == ["d2", "d3"]


@restarts
async def test_about_a_milestone_is_each_alert_of_the_channel_that_has_it(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await open_store()
    rows = [_owed(replace(row, milestones=(ONE, OTHER)), 3) for row in STATES.values()]
    rows.append(_owed(replace(sent("other"), milestones=(OTHER,)), 99))
    rows.append(replace(sent("x", 2), milestones=(ONE,)))
    rows.append(replace(sent("edit"), milestones=(ONE,), kind=Kind.EDIT))
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    store = await _again(open_store, store, restart)
    assert sorted(await store.about(ONE, 1), key=str) == sorted(rows[:6], key=str)
    assert keys(await store.about(ONE, 2)) == ["x"]
    assert set(keys(await store.about(OTHER, 1))) == {*STATES, "other"}
    assert await store.about(key_of("m1", 0, OTHER_BOARD), 1) == ()
    assert await store.about(ONE, 12) == ()


@restarts
async def test_about_a_milestone_comes_in_the_order_in_which_it_became_owed(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await open_store()
    held_back = gathered(_owed(held("z"), 39), "y")
    roundup, digest = _owed(sent("y"), 40), _owed(delivery("a"), 47)
    rows = [replace(row, milestones=(OTHER,)) for row in (digest, roundup, held_back)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    store = await _again(open_store, store, restart)
    assert keys(await store.about(OTHER, 1)) == ["z", "y", "a"]
