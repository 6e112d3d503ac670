"""What storage/protocol.py promises of days, asked of every backend."""

from datetime import date, timedelta

import pytest

from bot.model import BOARD_MODELS, Day
from storage.protocol import Changes
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import OTHER_BOARD, everything, progress
from tests.made import AS_OF, START, day

LATER = AS_OF + timedelta(hours=1)


def _on(number: int) -> date:
    return START + timedelta(days=number)


async def test_days_are_ascending_and_bounded_on_both_sides(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_days(BOARD_MODELS, [day(n, {"a": n}) for n in (40, 2, 31, 29, 30, 0)])
    assert list(await store.days(BOARD_MODELS)) == [_on(n) for n in (0, 2, 29, 30, 31, 40)]
    for since, until, expected in [
        (2, 31, [2, 29, 30, 31]),
        (3, 30, [29, 30]),
        (None, 1, [0]),
        (31, None, [31, 40]),
        (41, None, []),
        (31, 30, []),
    ]:
        first = None if since is None else _on(since)
        last = None if until is None else _on(until)
        assert list(await store.days(BOARD_MODELS, first, last)) == [_on(n) for n in expected]


async def test_put_days_says_what_is_new_and_what_reads_otherwise(open_store: StoreOpener) -> None:
    store = await open_store()
    first = await store.put_days(BOARD_MODELS, [day(n, {"a": 1}) for n in (0, 1, 2)])
    assert first == Changes((_on(0), _on(1), _on(2)), ())
    readings = [day(0, {"a": 1}), day(1, {"a": 2}), day(2, {"a": 1}, other=None), day(3, {"a": 1})]
    assert await store.put_days(BOARD_MODELS, readings) == Changes((_on(3),), (_on(1), _on(2)))
    assert await store.put_days(BOARD_MODELS, []) == Changes((), ())


async def test_a_repeated_put_days_changes_nothing(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_days(BOARD_MODELS, [day(0, {"a": 1}, as_of=LATER), day(1, {"a": 1})])
    readings = [day(0, {"a": 2}), day(1, {"a": 2}, as_of=LATER), day(2, {"a": 2})]
    await store.put_days(BOARD_MODELS, readings)
    await store.record(BOARD_MODELS, progress(5), [], [])
    before = await everything(store)
    assert await store.put_days(BOARD_MODELS, readings) == Changes((), ())
    assert await everything(store) == before


async def test_the_same_figures_read_again_later_are_no_restatement(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.put_days(BOARD_MODELS, [day(0, {"a": 1})])
    again = await store.put_days(BOARD_MODELS, [day(0, {"a": 1}, as_of=LATER)])
    assert again == Changes((), ())
    assert await store.versions(BOARD_MODELS, START) == ()


@pytest.mark.parametrize(
    ("fresh", "takes_its_place"),
    [
        pytest.param(day(0, {"a": 2}, as_of=LATER), True, id="newer"),
        pytest.param(day(0, {"a": 2}), True, id="same moment"),
        pytest.param(day(0, {"a": 2}, as_of=AS_OF - timedelta(seconds=1)), False, id="older"),
        pytest.param(day(0, {"a": 1}, other=7, as_of=LATER), True, id="other alone"),
    ],
)
async def test_of_two_readings_one_is_current_and_the_other_stays_beside(
    open_store: StoreOpener, fresh: Day, *, takes_its_place: bool
) -> None:
    store, stored = await open_store(), day(0, {"a": 1})
    await store.put_days(BOARD_MODELS, [stored])
    changes = await store.put_days(BOARD_MODELS, [fresh])
    current, beside = (fresh, stored) if takes_its_place else (stored, fresh)
    assert changes == Changes((), (START,) if takes_its_place else ())
    async for each in open_store.then(store):
        assert await each.days(BOARD_MODELS) == {START: current}
        assert await each.versions(BOARD_MODELS, START) == (beside,)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
async def test_the_other_readings_of_a_day_come_by_the_moment_they_were_given(
    open_store: StoreOpener, order: tuple[int, ...]
) -> None:
    store = await open_store()
    readings = [day(0, {"a": n}, as_of=AS_OF + timedelta(hours=n)) for n in range(4)]
    for number in order:
        await store.put_days(BOARD_MODELS, [readings[number]])
    async for each in open_store.then(store):
        assert (await each.days(BOARD_MODELS))[START] == readings[3]
        assert await each.versions(BOARD_MODELS, START) == tuple(readings[:3])


async def test_the_current_reading_is_not_among_the_others(open_store: StoreOpener) -> None:
    store, one, two = await open_store(), day(0, {"a": 1}), day(0, {"a": 2})
    for reading in (one, two, one):
        await store.put_days(BOARD_MODELS, [reading])
    assert (await store.days(BOARD_MODELS))[START] == one
    assert await store.versions(BOARD_MODELS, START) == (two,)


async def test_two_readings_of_a_day_in_one_call_are_both_kept(open_store: StoreOpener) -> None:
    store, one, two = await open_store(), day(0, {"a": 1}), day(0, {"a": 2}, as_of=LATER)
    await store.put_days(BOARD_MODELS, [one, two])
    assert await store.days(BOARD_MODELS) == {START: two}
    assert await store.versions(BOARD_MODELS, START) == (one,)


@pytest.mark.parametrize(
    ("reading", "kept"),
    [
        pytest.param(day(5, {"a": 2}), [2, 3, 4], id="the newest judged day reads otherwise"),
        pytest.param(day(4, {"a": 2}), [2, 3], id="a gap before it is filled"),
        pytest.param(day(2, {"a": 2}), [], id="the oldest remembered day is added"),
        pytest.param(day(-40, {"a": 2}), [], id="a day long before is added"),
        pytest.param(day(6, {"a": 1}), [2, 3, 4, 5], id="the day after is added"),
        pytest.param(day(5, {"a": 1}, as_of=LATER), [2, 3, 4, 5], id="it reads the same"),
        pytest.param(
            day(5, {"a": 2}, as_of=AS_OF - timedelta(1)), [2, 3, 4, 5], id="an older reading"
        ),
    ],
)
async def test_memories_are_forgotten_from_the_day_that_changed_on_and_not_before(
    open_store: StoreOpener, reading: Day, kept: list[int]
) -> None:
    store = await open_store()
    await store.put_days(BOARD_MODELS, [day(3, {"a": 1}), day(5, {"a": 1})])
    for board in (BOARD_MODELS, OTHER_BOARD):
        await store.record(board, progress(5), [], [])
    await store.put_days(BOARD_MODELS, [day(7, {"a": 1}), reading])
    async for each in open_store.then(store, killed=True):
        found = await each.progress(BOARD_MODELS)
        assert [memory.through for memory in found.memories] == [_on(n) for n in kept]
        assert found.memories == progress(5).memories[: len(kept)]
        assert found.mark == "mark"
        assert await each.progress(OTHER_BOARD) == progress(5)


async def test_of_several_changed_days_the_oldest_counts(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, progress(5), [], [])
    await store.put_days(BOARD_MODELS, [day(9, {"a": 1}), day(4, {"a": 1}), day(5, {"a": 1})])
    found = await store.progress(BOARD_MODELS)
    assert [memory.through for memory in found.memories] == [_on(2), _on(3)]
