"""Milestones are found however old they are, asked of every backend."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.model import BOARD_MODELS, Milestone
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import NOTHING, OTHER_BOARD, delivery, keys, milestone, progress
from tests.made import START

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
OLD = [milestone("a", 0), milestone("b", 29), milestone("c", 30), milestone("d", 61)]


def _on(number: int) -> date:
    return START + timedelta(days=number)


def _held(one: Milestone) -> Milestone:
    return replace(one, key=f"{one.key}.held", held_by=("lab/unknown",))


async def _aged(open_store: StoreOpener, restart: bool | None) -> Store:
    """Return a store whose milestones have become old in two steps, and that was opened anew."""
    store = await open_store()
    await store.record(BOARD_MODELS, progress(61), OLD, [])
    await store.record(BOARD_MODELS, progress(95), [milestone("e", 95)], [])
    await store.record(BOARD_MODELS, progress(200), [milestone("f", 200)], [])
    return store if restart is None else await open_store(killed=restart)


@restarts
async def test_old_milestones_are_found_by_board(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _aged(open_store, restart)
    found = (*OLD, milestone("e", 95), milestone("f", 200))
    assert await store.milestones(BOARD_MODELS) == found
    assert await store.milestones(OTHER_BOARD) == ()


@restarts
async def test_old_milestones_are_found_from_a_day_on(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _aged(open_store, restart)
    dates = (0, 29, 30, 61, 95, 200)
    for since in (0, 1, 29, 30, 31, 61, 62, 95, 96, 200, 201):
        found = await store.milestones(BOARD_MODELS, _on(since))
        assert [one.date for one in found] == [_on(n) for n in dates if n >= since]


@restarts
async def test_old_milestones_are_found_by_key_in_the_order_asked_for(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _aged(open_store, restart)
    asked = [OLD[3].key, "?", milestone("f", 200).key, milestone("g", 1).key, OLD[0].key]
    assert await store.milestones_by_key(asked) == (OLD[3], milestone("f", 200), OLD[0])


@restarts
async def test_known_keys_stay_as_they_are_however_old(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _aged(open_store, restart)
    again = [replace(one, total=999) for one in (*OLD, milestone("e", 95))]
    await store.record(BOARD_MODELS, progress(210), [*again, milestone("g", 3)], [])
    async for each in open_store.then(store, killed=True):
        found = await each.milestones(BOARD_MODELS)
        assert [one for one in found if one.total == 999] == []
        assert len(keys(found)) == len(set(keys(found))) == 7
        assert await each.milestones_by_key([one.key for one in OLD]) == tuple(OLD)


@restarts
async def test_what_is_old_when_it_is_found_is_kept_like_the_rest(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await open_store()
    found = [milestone("a", 0), milestone("b", 40), milestone("c", 300)]
    await store.record(BOARD_MODELS, progress(300), found, [delivery("d1")])
    store = store if restart is None else await open_store(killed=restart)
    assert await store.milestones(BOARD_MODELS) == tuple(found)
    assert await store.milestones_by_key(keys(found)) == tuple(found)
    assert await store.deliveries(["d1"]) == (delivery("d1"),)


async def test_an_old_held_milestone_and_the_told_one_are_two(open_store: StoreOpener) -> None:
    store, told = await open_store(), milestone("a", 0)
    await store.record(BOARD_MODELS, progress(1), [_held(told)], [])
    await store.record(BOARD_MODELS, progress(200), [told], [])
    async for each in open_store.then(store):
        assert await each.milestones(BOARD_MODELS) == (told, _held(told))
        assert await each.milestones_by_key([f"{told.key}.held", told.key]) == (_held(told), told)


async def test_old_milestones_of_boards_named_alike_do_not_mix(open_store: StoreOpener) -> None:
    store, boards = await open_store(), ("a", "a-b", "a-2026-06")
    for board in boards:
        await store.record(board, progress(1), [milestone("m", 0, board)], [])
    await store.record("a", progress(200), [], [])
    async for each in open_store.then(store, killed=True):
        for board in boards:
            assert await each.milestones(board) == (milestone("m", 0, board),)
            assert await each.milestones_by_key([milestone("m", 0, board).key])


async def test_subjects_with_dots_and_dates_are_found_when_old(open_store: StoreOpener) -> None:
    store = await open_store()
    named = [
        milestone(name, 0) for name in ("z.ai/glm-4.5", "x.2026-01-01", "a.held", "a/b>c/d:5T")
    ]
    await store.record(BOARD_MODELS, progress(300), named, [])
    async for each in open_store.then(store):
        assert await each.milestones_by_key(keys(named)) == tuple(named)


async def test_nothing_is_old_on_a_board_that_was_not_judged(open_store: StoreOpener) -> None:
    store, found = await open_store(), [milestone("a", 0), milestone("b", 300)]
    await store.record(BOARD_MODELS, NOTHING, found, [])
    assert await (await open_store()).milestones(BOARD_MODELS) == tuple(found)
