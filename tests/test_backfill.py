"""Reading the past: the fewest calls, what is missing, going on after a fault, and no alert."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rules
from bot.backfill import Backfilled, backfill, rejudge, wanted
from bot.boards import Board
from bot.detect import detect
from bot.errors import SourceError, SourceUnreachable
from bot.model import Openness, Severity
from bot.pipeline import poll
from bot.sources.data_api import BEGINNING
from bot.subscription import Subscription, Wish
from storage.protocol import Progress
from tests.keyed import BOARDS, MODELS, Keyed, every_day, keyed
from tests.made import day, directory, verdict
from tests.wire.openrouter_server import Fault

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
"""A Wednesday."""

YESTERDAY = date(2026, 7, 14)
KNOWN_GAPS = (date(2025, 6, 15), date(2025, 7, 15))
LEGAL = BOARDS["category-legal"]
ONE_DAY, A_WEEK, A_YEAR = timedelta(days=1), timedelta(weeks=1), timedelta(days=366)
RULES = rules.discover()
OLD, NEW = "b/closed", "a/open"
KNOWN = directory({NEW: verdict(Openness.OPEN), OLD: verdict(Openness.CLOSED)})


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Keyed]:
    """Give a source that lacks the two days it is known to lack, and an empty store."""
    async with keyed(tmp_path, NOW) as opened:
        rows = [(OLD, 900), (NEW, 500), ("other", 50)]
        days = {**every_day(BEGINNING, YESTERDAY, rows, less=KNOWN_GAPS)}
        loud = every_day(date(2026, 7, 12), YESTERDAY, [(NEW, 9000), (OLD, 900)])
        opened.server.keyed.publish({**days, **loud})
        yield opened


async def read(world: Keyed, board: Board = MODELS) -> Backfilled:
    """Read the past of a board, and judge it anew, as the command does."""
    shown: list[tuple[int, int]] = []
    done = await backfill(
        board, world.api(), world.store, world.clock(), lambda *call: shown.append(call)
    )
    await rejudge(board, world.store, KNOWN, RULES, world.clock())
    assert shown == [(call, done.calls) for call in range(done.calls + 1)]
    return done


def day_number(number: int) -> date:
    """Return a day so many after the first one."""
    return BEGINNING + timedelta(days=number)


def most_apart(moments: list[date]) -> int:
    """Return how many of ascending days can be chosen so that no call holds two of them."""
    most = [0] * (len(moments) + 1)
    for here in reversed(range(len(moments))):
        later = (n for n in range(here, len(moments)) if moments[n] - moments[here] >= A_YEAR)
        most[here] = max(most[here + 1], 1 + most[next(later, len(moments))])
    return most[0]


@st.composite
def _known(draw: st.DrawFn) -> tuple[set[date], set[date], date]:
    """Draw what is stored, what is absent, and yesterday."""
    length = draw(st.integers(0, 1500))
    runs = st.lists(st.tuples(st.integers(0, length), st.integers(1, 500)), max_size=5)
    stored = {day_number(n) for start, run in draw(runs) for n in range(start, start + run)}
    absent = {day_number(n) for n in draw(st.sets(st.integers(0, length), max_size=5))}
    return stored, absent, day_number(length)


@given(_known())
def test_what_is_missing_is_asked_for_once_and_in_the_fewest_calls(
    known: tuple[set[date], set[date], date],
) -> None:
    stored, absent, until = known
    missing = [
        each
        for each in (day_number(n) for n in range((until - BEGINNING).days + 1))
        if each not in stored | absent
    ]
    found = wanted(dict.fromkeys(stored), tuple(absent), until, ONE_DAY)
    assert all(sum(a <= each <= b for a, b in found) == 1 for each in missing)
    assert all(ONE_DAY <= b - a + ONE_DAY <= A_YEAR and b <= until for a, b in found)
    # No call holds two of the days that are a year apart: it takes a call for each of these.
    assert len(found) == most_apart(missing)


@given(_known())
def test_weeks_are_asked_for_once_by_their_mondays_and_in_the_fewest_calls(
    known: tuple[set[date], set[date], date],
) -> None:
    stored, absent, until = known
    sundays = [date(2025, 1, 12) + n * A_WEEK for n in range(220)]
    missing = [end for end in sundays if end <= until and end not in stored | absent]
    found = wanted(dict.fromkeys(stored), tuple(absent), until, A_WEEK)
    mondays = [end - timedelta(days=6) for end in missing]
    assert all(sum(a <= each <= b for a, b in found) == 1 for each in mondays)
    assert all(a.weekday() == 0 and b - a + ONE_DAY <= A_YEAR for a, b in found)
    assert len(found) == most_apart(mondays)


@pytest.mark.parametrize(
    ("stored", "absent", "until", "spans"),
    [
        pytest.param([], [], "2026-11-22", ["2025-01-01..2026-01-01", "2026-01-02..2026-11-22"]),
        pytest.param([], [], "2024-12-31", [], id="before there was anything"),
        pytest.param([], [], "2025-01-01", ["2025-01-01..2025-01-01"], id="the first day"),
        pytest.param([], ["2025-01-01"], "2025-01-01", [], id="known to be absent"),
        pytest.param(["2025-01-02"], [], "2025-01-03", ["2025-01-01..2025-01-03"], id="around"),
        pytest.param(["2025-01-03"], [], "2025-01-03", ["2025-01-01..2025-01-02"], id="no more"),
    ],
)
def test_the_spans_that_are_wanted(
    stored: list[str], absent: list[str], until: str, spans: list[str]
) -> None:
    kept = {date.fromisoformat(each): None for each in stored}
    gone = tuple(map(date.fromisoformat, absent))
    found = wanted(kept, gone, date.fromisoformat(until), ONE_DAY)
    assert [f"{first}..{last}" for first, last in found] == spans


async def test_the_whole_past_is_two_calls_and_the_days_without_rows_are_recorded(
    world: Keyed,
) -> None:
    done = await read(world)
    length = (YESTERDAY - BEGINNING).days + 1
    assert done == Backfilled(length - 2, 0, KNOWN_GAPS, 2)
    assert world.asked() == [("2025-01-01", "2026-01-01"), ("2026-01-02", "2026-07-14")]
    assert len(await world.store.days("models")) == length - 2
    assert (await world.store.progress("models")).absent == KNOWN_GAPS


async def test_again_and_after_a_restart_nothing_is_asked_for(world: Keyed) -> None:
    await read(world)
    await world.restart()
    assert await read(world) == Backfilled(0, 0, KNOWN_GAPS, 0)
    world.at(NOW + ONE_DAY)
    done = await read(world)
    assert world.asked()[2:] == [("2026-07-15", "2026-07-15")]
    assert (done.added, done.absent) == (0, KNOWN_GAPS)


async def test_what_an_answer_lacks_at_its_end_or_altogether_may_still_come(world: Keyed) -> None:
    world.server.keyed.publish({})
    assert (await read(world)).absent == ()
    late = [YESTERDAY - back * ONE_DAY for back in range(4)]
    rows = [(OLD, 900)]
    world.server.keyed.publish(every_day(BEGINNING, YESTERDAY, rows, less=late))
    assert (await read(world)).absent == ()
    world.server.keyed.publish(every_day(BEGINNING, YESTERDAY, rows))
    assert await read(world) == Backfilled(4, 0, (), 1)
    assert world.asked()[-1] == ("2026-07-11", "2026-07-14")


async def test_a_day_that_came_after_all_is_absent_no_longer(world: Keyed) -> None:
    await read(world)
    await world.store.put_days("models", [day(KNOWN_GAPS[0], {OLD: 5})])
    assert (await read(world)).absent == KNOWN_GAPS[1:]


async def test_a_backfill_that_is_interrupted_goes_on_with_the_rest(world: Keyed) -> None:
    store = world.store

    def fail_the_second(done: int, due: int) -> None:
        if (done, due) == (1, 2):
            world.server.fail_next("/rankings-daily", Fault.answer(500), times=4)

    with pytest.raises(SourceUnreachable):
        await backfill(MODELS, world.api(), store, NOW, fail_the_second)
    assert len(await store.days("models")) == 364
    assert (await store.progress("models")).absent == KNOWN_GAPS
    await world.restart()
    done = await read(world)
    assert (done.calls, done.absent) == (1, KNOWN_GAPS)
    assert world.asked()[-1] == ("2026-01-02", "2026-07-14")


async def test_a_backfill_tells_nobody_and_neither_does_the_poll_after_it(world: Keyed) -> None:
    store = world.store
    after = date(2026, 6, 1)
    channel = Subscription(7, 1, Wish(least=Severity.MINOR), after, NOW, 1)
    await store.subscribe(channel)
    await read(world)
    found = await store.milestones("models")
    assert await store.open_deliveries() == ()
    assert [one.date for one in found if one.rule == "leader"] == [date(2026, 7, 13)]
    world.server.requests.clear()
    done = await poll(MODELS, world.source(), store, KNOWN, RULES, world.at(NOW))
    assert world.asked() == [("2026-07-12", "2026-07-14")]
    assert done.milestones == done.deliveries == ()
    assert done.changes.added == done.changes.restated == ()
    assert [one.key for one in await store.milestones("models")] == [one.key for one in found]
    assert await store.open_deliveries() == ()


async def test_memory_is_what_detection_knows_from_scratch_and_milestones_stay(
    world: Keyed,
) -> None:
    store = world.store
    for back in range(20, -1, -1):
        now = world.at(NOW - back * ONE_DAY)
        await poll(MODELS, world.source(), store, KNOWN, RULES, now)
    short = await store.milestones("models")
    assert "leader" in {one.rule for one in short}
    await store.record("models", Progress((), None), (), ())
    await read(world)
    # Yesterday was read once: with a key that settles nothing.
    settled = await store.days("models", until=YESTERDAY - ONE_DAY)
    memories, _ = detect("models", settled, KNOWN, RULES)
    assert (await store.progress("models")).memories == memories
    assert memories[0].baseline == BEGINNING + 6 * ONE_DAY
    kept = {one.key: one for one in await store.milestones("models")}
    assert all(kept[one.key] == one for one in short)


async def test_a_board_of_weeks_is_read_by_its_weeks(world: Keyed) -> None:
    mondays = every_day(date(2025, 1, 6), date(2026, 7, 6), [(OLD, 9)], [date(2025, 6, 9)], 7)
    world.server.keyed.publish(mondays, **LEGAL.query)
    done = await read(world, LEGAL)
    assert done == Backfilled(78, 0, (date(2025, 6, 15),), 2)
    stored = await world.store.days(LEGAL.name)
    assert all(when.weekday() == 6 for when in stored)
    assert (min(stored), max(stored)) == (date(2025, 1, 12), date(2026, 7, 12))
    assert (await read(world, LEGAL)).calls == 0


async def test_fifty_three_weeks_are_one_call(world: Keyed) -> None:
    world.at(datetime(2026, 1, 14, tzinfo=UTC))
    mondays = every_day(date(2025, 1, 6), date(2026, 1, 12), [(OLD, 9)], step=7)
    world.server.keyed.publish(mondays, **LEGAL.query)
    done = await read(world, LEGAL)
    assert (done.added, done.calls, done.absent) == (53, 1, ())
    assert world.asked() == [("2025-01-06", "2026-01-06")]


async def test_all_boards_are_read_within_the_minute_allowance(world: Keyed) -> None:
    judged = [board for board in BOARDS.values() if board.judged]
    for board in judged:
        published = {date(2026, 6, 29) if board.weekly else YESTERDAY: [(OLD, 9)]}
        world.server.keyed.publish(published, **board.query)
        assert (await read(world, board)).added == 1
    assert len(world.server.requests) == len(world.server.keyed.asked) == 2 * len(judged)
    assert sum(world.clock.slept) == pytest.approx(60)


async def test_a_wrong_key_ends_it_and_changes_nothing(world: Keyed) -> None:
    world.key = "sk-or-v1-wrong"
    with pytest.raises(SourceError):
        await read(world)
    assert await world.store.days("models") == {}
