"""The rows to be taken away: which windows or days, of which models, and at most 366 days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.exported import Asked, Chart, DayRow, Exported, WindowRow
from bot.boards import MODELS
from bot.errors import DaysRefused, NoStandings
from bot.model import BOARD_MODELS, Openness
from bot.openness import Directory
from bot.packaged import read_boards
from bot.queries.almanac import Almanac, almanac
from bot.queries.exported import MOST_DAYS, check_days, exported
from bot.standings import WEEKLY
from tests.made import AS_OF, START, day, days, directory, open_closed, verdict
from tests.naive import World, complete, worlds
from tests.naive.windows import ranked, tokens_by_model

ONE = timedelta(1)
COUNTS = {"open/x": 9, "closed/y": 8, "open/x:free": 2}
DAILY = Chart.DAYS


def board(count: int, *gone: int) -> Almanac:
    """Return so many equal days, without some."""
    stored = days([COUNTS] * count)
    left = {when: each for n, (when, each) in enumerate(stored.items()) if n not in gone}
    return almanac(BOARD_MODELS, left, MODELS.counting)


def taken(known: Almanac, asked: Asked, judged: int, what: Directory | None = None) -> Exported:
    """Return the rows, the newest day that may be judged being so many days after START."""
    return exported(MODELS, known, what or open_closed(), asked, START + judged * ONE)


def dates(found: Exported) -> list[date]:
    """Return the dates of the rows."""
    return sorted({row.date for row in found.rows})


def test_without_days_the_windows_of_thirteen_weeks_are_a_week_apart() -> None:
    found = taken(board(200), Asked(), 199)
    last = START + 199 * ONE
    assert dates(found) == [last - 7 * n * ONE for n in reversed(range(14))]
    assert (found.since, found.until, found.dates) == (dates(found)[0], last, 14)
    assert not found.more


def test_every_window_is_given_while_there_are_fewer_than_four_weeks() -> None:
    assert dates(taken(board(27), Asked(), 26)) == [START + n * ONE for n in range(6, 27)]
    assert len(dates(taken(board(28), Asked(), 27))) == 4


def test_a_row_of_a_window_has_all_that_is_known_of_the_place() -> None:
    known = directory({"open/x": verdict(Openness.OPEN, START + 7 * ONE)}, names={"open/x": "X"})
    found = taken(board(8), Asked(), 7, known)
    first, _, later, _ = found.rows
    assert first == WindowRow(
        START + 6 * ONE, 1, "open/x", "X", Openness.UNKNOWN, 77, 7 * (9 + 8 + 2 + 100)
    )
    assert isinstance(later, WindowRow)
    assert later.openness is Openness.OPEN
    assert found.as_of == AS_OF


def test_rows_of_days_are_as_published_with_the_others_last() -> None:
    found = taken(board(1), Asked(DAILY), 0)
    assert found.rows == (
        DayRow(START, 1, "open/x", 9),
        DayRow(START, 2, "closed/y", 8),
        DayRow(START, 3, "open/x:free", 2),
        DayRow(START, None, "other", 100),
    )


def test_others_that_were_not_published_have_no_row() -> None:
    known = almanac(BOARD_MODELS, {START: day(0, {"a/x": 1}, other=None)}, MODELS.counting)
    assert taken(known, Asked(DAILY), 0).rows == (DayRow(START, 1, "a/x", 1),)


def test_the_rows_of_one_model_are_those_of_all_its_variants() -> None:
    windows = taken(board(7), Asked(model="open/x"), 6)
    assert [row.model for row in windows.rows] == ["open/x"]
    published = taken(board(1), Asked(DAILY, "open/x"), 0)
    assert [row.model for row in published.rows] == ["open/x", "open/x:free"]


def test_a_model_that_was_never_ranked_has_no_rows() -> None:
    found = taken(board(7), Asked(model="a/z"), 6)
    assert (found.rows, found.dates) == ((), 1)


def test_with_a_first_day_every_window_is_given() -> None:
    asked = Asked(since=START + 50 * ONE, until=START + 70 * ONE)
    found = taken(board(200), asked, 199)
    assert dates(found) == [START + n * ONE for n in range(50, 71)]
    assert (found.since, found.until) == (asked.since, asked.until)


def test_with_a_last_day_alone_thirteen_weeks_end_there() -> None:
    found = taken(board(200), Asked(until=START + 150 * ONE), 199)
    assert (dates(found)[0], dates(found)[-1]) == (START + 59 * ONE, START + 150 * ONE)
    found = taken(board(200), Asked(DAILY, until=START + 150 * ONE), 199)
    assert dates(found) == [START + n * ONE for n in range(59, 151)]


def test_a_first_day_alone_gives_a_year_from_it_and_says_that_there_is_more() -> None:
    found = taken(board(500), Asked(DAILY, since=START + 10 * ONE), 499)
    assert (len(dates(found)), found.until) == (MOST_DAYS, START + 375 * ONE)
    assert found.more
    assert not taken(board(376), Asked(DAILY, since=START + 10 * ONE), 375).more


def test_what_is_left_out_because_nobody_asked_for_it_is_not_more() -> None:
    assert not taken(board(60), Asked(DAILY, until=START + 30 * ONE), 59).more
    asked = Asked(DAILY, since=START, until=START + 30 * ONE)
    assert not taken(board(60), asked, 59).more


@pytest.mark.parametrize("chart", Chart)
def test_days_that_may_not_be_judged_yet_are_left_out(chart: Chart) -> None:
    asked = Asked(chart, since=START, until=START + 59 * ONE)
    found = taken(board(60), asked, 40)
    assert (dates(found)[-1], found.until, found.newest) == (START + 40 * ONE,) * 3


@pytest.mark.parametrize("chart", Chart)
@pytest.mark.parametrize(
    "asked",
    [
        (date.min, None),
        (None, date.min),
        (date.max, None),
        (None, date.max),
        (date.min, date.min),
        (date.max, date.max),
    ],
)
def test_any_day_can_be_asked_for(chart: Chart, asked: tuple[date | None, date | None]) -> None:
    found = taken(board(30), Asked(chart, None, *asked), 29)
    assert bool(found.rows) == (asked == (None, date.max))
    assert found.newest == START + 29 * ONE
    assert found.first == (START if chart is DAILY else START + 6 * ONE)


@pytest.mark.parametrize(("apart", "fine"), [(-1, False), (0, True), (365, True), (366, False)])
def test_at_most_a_leap_year_is_given_and_never_backwards(apart: int, fine: bool) -> None:
    until = START + apart * ONE
    if fine:
        check_days(START, until)
        return
    with pytest.raises(DaysRefused) as refused:
        taken(board(10), Asked(since=START, until=until), 9)
    assert (refused.value.since, refused.value.until, refused.value.most) == (START, until, 366)


@pytest.mark.parametrize(
    ("chart", "count"), [(Chart.RANKINGS, 0), (Chart.RANKINGS, 6), (Chart.DAYS, 0)]
)
def test_without_figures_it_says_what_is_missing(chart: Chart, count: int) -> None:
    with pytest.raises(NoStandings) as refused:
        taken(board(count), Asked(chart), 20)
    assert refused.value.answer.newest == (START + (count - 1) * ONE if count else None)


def test_a_board_of_weeks_gives_its_weeks() -> None:
    weekly = read_boards()["category-programming"]
    ends = [START + 7 * n * ONE for n in range(30)]
    known = almanac(weekly.name, {end: day(end, COUNTS) for end in ends}, WEEKLY)
    for chart in Chart:
        found = exported(weekly, known, open_closed(), Asked(chart), ends[-1])
        assert dates(found) == ends[-14:]


@given(worlds(), st.integers(-3, 50), st.integers(0, 50))
@settings(max_examples=80, deadline=None)
def test_rows_are_what_a_naive_count_finds(world: World, since: int, span: int) -> None:
    known = almanac(BOARD_MODELS, world.days, MODELS.counting)
    first, last = START + since * ONE, START + (since + span) * ONE
    ends = [end for end in sorted(world.days) if complete(world.days, end)]
    if not ends:
        return
    judged = max(world.days)
    windows = exported(
        MODELS, known, world.directory, Asked(Chart.RANKINGS, None, first, last), judged
    )
    expected = [
        (end, rank, model, tokens_by_model(world.days, end)[model])
        for end in ends
        if first <= end <= last
        for rank, model in enumerate(ranked(tokens_by_model(world.days, end)), start=1)
    ]
    assert [(row.date, row.rank, row.model, row.tokens) for row in windows.rows] == expected
    published = exported(MODELS, known, world.directory, Asked(DAILY, None, first, last), judged)
    listed = [row for row in published.rows if row.rank is not None]
    assert [(row.date, row.model, row.tokens) for row in listed] == [
        (when, row.model, row.tokens)
        for when in sorted(world.days)
        if first <= when <= last
        for row in world.days[when].rows
    ]
