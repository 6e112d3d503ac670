"""Milestones that were revised, and the alerts they were in, asked of every backend."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import Delivery, DeliveryState, Kind
from bot.model import BOARD_MODELS, Cause, Milestone
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    LATER,
    NOTHING,
    OTHER_BOARD,
    delivery,
    everything,
    keys,
    milestone,
    progress,
    subscription,
)

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
NEW, OLD = milestone("new", 199), milestone("old", 0)


def _revised(one: Milestone) -> Milestone:
    return replace(one, total=999, final=True, revised=LATER)


def _withdrawn(one: Milestone) -> Milestone:
    return replace(_revised(one), withdrawn=Cause.REGISTRY)


async def _with_both(open_store: StoreOpener) -> Store:
    """Return a store with a new milestone, and one so old that it may be kept elsewhere."""
    store = await open_store()
    await store.record(BOARD_MODELS, progress(1), [OLD], [])
    await store.record(BOARD_MODELS, progress(200), [NEW], [])
    return store


async def _again(open_store: StoreOpener, store: Store, restart: bool | None) -> Store:
    return store if restart is None else await open_store(killed=restart)


@restarts
@pytest.mark.parametrize("one", [NEW, OLD], ids=["new", "old"])
async def test_a_revised_milestone_takes_the_place_of_the_known_one(
    open_store: StoreOpener, restart: bool | None, one: Milestone
) -> None:
    store = await _with_both(open_store)
    for after in (replace(one, final=True), _revised(one), _withdrawn(one)):
        await store.record(BOARD_MODELS, progress(200), [], [], [after])
        store = await _again(open_store, store, restart)
        assert await store.milestones_by_key([one.key]) == (after,)
        both = (OLD, after) if one is NEW else (after, NEW)
        assert await store.milestones(BOARD_MODELS) == both


@restarts
async def test_what_was_revised_stays_so_when_it_becomes_old(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_both(open_store)
    await store.record(BOARD_MODELS, progress(200), [], [], [_withdrawn(NEW), _revised(OLD)])
    await store.record(BOARD_MODELS, progress(400), [milestone("newest", 400)], [])
    store = await _again(open_store, store, restart)
    found = await store.milestones(BOARD_MODELS)
    assert found == (_revised(OLD), _withdrawn(NEW), milestone("newest", 400))


async def test_a_revised_milestone_found_again_stays_as_it_was_revised(
    open_store: StoreOpener,
) -> None:
    store = await _with_both(open_store)
    await store.record(BOARD_MODELS, progress(200), [], [], [_withdrawn(NEW), _withdrawn(OLD)])
    await store.record(BOARD_MODELS, progress(201), [NEW, OLD], [])
    async for each in open_store.then(store):
        assert await each.milestones(BOARD_MODELS) == (_withdrawn(OLD), _withdrawn(NEW))


async def test_revising_a_milestone_of_one_board_leaves_another_boards_alone(
    open_store: StoreOpener,
) -> None:
    store, there = await _with_both(open_store), milestone("new", 199, OTHER_BOARD)
    await store.record(OTHER_BOARD, progress(200), [there], [])
    await store.record(BOARD_MODELS, progress(200), [], [], [_withdrawn(NEW)])
    assert await store.milestones(OTHER_BOARD) == (there,)


async def test_revised_milestones_and_what_is_owed_for_them_are_kept_together(
    open_store: StoreOpener,
) -> None:
    store = await _with_both(open_store)
    edit = replace(delivery("d2"), kind=Kind.EDIT, about="d1")
    await store.record(BOARD_MODELS, progress(201), [], [edit], [_withdrawn(NEW)])
    store = await open_store(killed=True)
    assert await store.open_deliveries() == (edit,)
    assert await store.milestones_by_key([NEW.key]) == (_withdrawn(NEW),)
    assert await store.progress(BOARD_MODELS) == progress(201)


async def test_a_revision_that_changes_nothing_else_is_kept_all_the_same(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, NOTHING, [NEW], [])
    before = await everything(store)
    await store.record(BOARD_MODELS, NOTHING, [], [], [_revised(NEW)])
    assert await everything(store) != before
    assert await (await open_store()).milestones(BOARD_MODELS) == (_revised(NEW),)


# The alerts that a milestone is in


def _alert(name: str, state: DeliveryState, *milestones: str, channel: int = 1) -> Delivery:
    return replace(delivery(name, channel, state), milestones=milestones)


async def _with_alerts(open_store: StoreOpener) -> Store:
    """Return a store with an alert in each state; all but d5 have m1, all have another."""
    store = await open_store()
    rows = [
        _alert("d1", DeliveryState.PENDING, "m1", "m2"),
        _alert("d2", DeliveryState.SENDING, "m1", "m3", channel=2),
        _alert("d3", DeliveryState.SENT, "m0", "m1", channel=3),
        _alert("d4", DeliveryState.DEAD, "m1", "m2", channel=4),
        _alert("d5", DeliveryState.SENT, "m2", "m9", channel=5),
    ]
    waiting = [replace(row, state=DeliveryState.PENDING) for row in rows]
    await store.record(BOARD_MODELS, NOTHING, [], waiting)
    for row in rows:
        await store.save_deliveries([row])
    return store


@restarts
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["m1"], ["d2", "d3"]),
        (["m0"], ["d3"]),
        (["m3", "m9"], ["d2", "d5"]),
        (["m9", "m1", "m2", "m1"], ["d2", "d3", "d5"]),
        (["m"], []),
        ([], []),
    ],
)
async def test_alerts_are_found_by_any_of_their_milestones_once_they_may_have_gone_out(
    open_store: StoreOpener, restart: bool | None, asked: list[str], found: list[str]
) -> None:
    store = await _again(open_store, await _with_alerts(open_store), restart)
    assert sorted(keys(await store.alerts_with(asked))) == found


@restarts
async def test_edits_and_corrections_are_no_alerts(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_alerts(open_store)
    rows = [
        replace(_alert(kind, DeliveryState.SENT, "m1"), kind=kind, about="d3")
        for kind in (Kind.EDIT, Kind.CORRECTION)
    ]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    store = await _again(open_store, store, restart)
    assert sorted(keys(await store.alerts_with(["m1"]))) == ["d2", "d3"]
    assert sorted(keys(await store.alerts_with(["m1"], 10))) == ["d2", "d3"]
    assert await store.alerts_with(["m1"], 11) == ()
    assert await store.deliveries([row.key for row in rows]) == tuple(rows)


async def test_an_alert_is_found_however_long_ago_it_was_sent(open_store: StoreOpener) -> None:
    store = await _with_alerts(open_store)
    for number in range(1, 40):
        later = replace(milestone("m", number * 30), as_of=LATER + timedelta(number * 30))
        await store.record(BOARD_MODELS, progress(number * 30), [later], [])
    assert keys(await (await open_store()).alerts_with(["m0"])) == ["d3"]


async def test_a_sent_alert_is_found_when_its_channel_is_no_longer_subscribed(
    open_store: StoreOpener,
) -> None:
    store = await _with_alerts(open_store)
    await store.subscribe(subscription(3))
    assert await store.unsubscribe(3)
    async for each in open_store.then(store):
        assert "d3" in keys(await each.alerts_with(["m0"]))
