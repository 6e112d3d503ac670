"""The calendar of a rule is looked at the way a reader would: marks, counts, months and gaps."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bot.charts._files import to_png
from bot.charts.calendar import draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme
from bot.pictures.calendar import Calendar, Cell, Mark
from tests.charts.reading import LONG, ODD, place, texts, unreadable, width_of, words

MONDAY = date(2026, 6, 1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORDS = {
    Mark.HIT: "told something",
    Mark.REVERSED: "no longer so",
    Mark.QUIET: "told nothing",
    Mark.MISSING: "no complete week",
}


def calendar(cells: Iterable[Cell], **changes: object) -> Calendar:
    """Return a calendar of these days."""
    chart = Calendar(
        title="A new number one: 5 milestones",
        subtitle="Each mark is the week that ends on that day",
        cells=tuple(cells),
        weekly=False,
        months=MONTHS,
        weekdays=WEEKDAYS,
        words=WORDS,
        empty="No data yet",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def quiet(count: int, start: date = MONDAY, step: int = 1) -> list[Cell]:
    """Return days on which nothing was told."""
    return [Cell(start + timedelta(n * step), 0, 0) for n in range(count)]


def busy(count: int, start: date = MONDAY, step: int = 1) -> list[Cell]:
    """Return days of every kind, some of them missing."""
    kinds = [(0, 0), (1, 0), (0, 0), (1, 1), (2, 1), (0, 0), (12, 12), (0, 0)]
    days = [start + timedelta(n * step) for n in range(count) if n % 11 != 9]
    return [Cell(day, *kinds[n % len(kinds)]) for n, day in enumerate(days)]


CASES = {
    "empty": calendar([]),
    "one day": calendar([Cell(MONDAY, 1, 1)]),
    "one week": calendar(busy(7)),
    "eight weeks": calendar(busy(54)),
    "half a year": calendar(busy(186)),
    "over the turn of a year": calendar(busy(150, date(2025, 10, 3))),
    "two years": calendar(busy(600, date(2024, 11, 24))),
    "four years": calendar(busy(1500, date(2022, 6, 1))),
    "weeks": calendar(busy(5, date(2026, 6, 7), 7), weekly=True),
    "sixty weeks": calendar(busy(60, date(2025, 5, 4), 7), weekly=True),
    "long words": calendar(
        busy(54), title=LONG * 3, words=dict.fromkeys(Mark, LONG), weekdays=(LONG,) * 7
    ),
    "long months": calendar(busy(400), months=(LONG[:20],) * 12),
    "estimated": calendar(busy(54), estimated="Estimates from a sample of requests"),
    "odd words": calendar(busy(20), title=ODD[0], words=dict(zip(Mark, ODD, strict=False))),
}
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def marks(figure: Figure, mark: Mark) -> list[Patch]:
    """Return what is drawn for a mark, that of the legend first."""
    return [patch for patch in figure.axes[0].patches if patch.get_gid() == mark]


def centre(patch: Patch) -> tuple[float, float]:
    """Return the middle of what is drawn, in CSS pixels."""
    box = patch.get_path().get_extents(patch.get_patch_transform())
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


@all_cases
def test_every_kind_of_history_gives_a_small_png_without_overlapping_labels(
    chart: Calendar,
) -> None:
    figure = draw(chart, DARK)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


@settings(max_examples=25, deadline=None)
@given(
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=80),
    st.integers(1, 12),
)
def test_any_days_are_drawn_each_once_and_on_the_page(
    start: date, counts: list[tuple[int, int]], step: int
) -> None:
    cells = [
        Cell(start + timedelta(n * step), hits, min(hits, undone))
        for n, (hits, undone) in enumerate(counts)
    ]
    figure = draw(calendar(cells), DARK)
    assert unreadable(figure) == []
    days = (cells[-1].day - cells[0].day).days + 1
    legend = [word for word in words(figure) if word in WORDS.values()]
    below = [m for mark in (Mark.HIT, Mark.QUIET, Mark.MISSING) for m in marks(figure, mark)]
    assert len(below) == days + len(legend)
    assert len({centre(patch) for patch in below}) == len(below)
    numbers = Counter(word for word in words(figure) if word.isdigit() and len(word) < 3)
    counted = Counter(str(cell.hits) for cell in cells if cell.hits > 1)
    assert numbers in (counted, Counter())  # none where days are too small for any


@both_themes
def test_what_was_undone_differs_by_shape_from_what_was_told(theme: Theme) -> None:
    figure = draw(calendar(busy(12)), theme)
    (told, *_), (undone, *_) = marks(figure, Mark.HIT), marks(figure, Mark.REVERSED)
    assert len(told.get_path().vertices) == len(undone.get_path().vertices)
    corners = {tuple(corner) for corner in undone.get_path().vertices}
    x, y = centre(undone)
    assert {x, y} <= {value for corner in corners for value in corner}  # it stands on its tip
    assert told.get_facecolor() != undone.get_facecolor()


def test_a_day_of_which_some_was_undone_shows_both() -> None:
    figure = draw(calendar([*quiet(2), Cell(MONDAY + timedelta(2), 3, 1)]), DARK)
    (_, told), (_, undone) = marks(figure, Mark.HIT), marks(figure, Mark.REVERSED)
    assert centre(told) == pytest.approx(centre(undone))
    assert place(figure, "3")[0] == pytest.approx(centre(told)[0])


def test_counts_that_could_not_be_read_are_left_out() -> None:
    many = [Cell(day.day, 4, 0) for day in quiet(400)]
    assert words(draw(calendar(many), DARK)).count("4") == 400
    assert "4" not in words(draw(calendar([*many, Cell(date(2029, 1, 1), 4, 0)]), DARK))


def test_days_without_a_complete_week_are_outlined_and_told_apart_from_quiet_ones() -> None:
    cells = quiet(14)
    figure = draw(calendar([*cells[:3], *cells[5:]]), DARK)
    missing = marks(figure, Mark.MISSING)
    assert len(missing) == 2 + 1
    assert all(patch.get_linewidth() for patch in missing)
    assert not any(patch.get_linewidth() for patch in marks(figure, Mark.QUIET))


@both_themes
def test_what_was_told_of_estimates_is_hatched_and_nothing_else_ever_is(theme: Theme) -> None:
    counted = draw(calendar(busy(54)), theme)
    assert not any(patch.get_hatch() for mark in Mark for patch in marks(counted, mark))
    figure = draw(calendar(busy(54), estimated="Estimates"), theme)
    assert "Estimates" in words(figure)
    told = marks(figure, Mark.HIT) + marks(figure, Mark.REVERSED)
    assert {patch.get_hatch() for patch in told} == {ESTIMATE}
    rest = marks(figure, Mark.QUIET) + marks(figure, Mark.MISSING)
    assert {patch.get_hatch() for patch in rest} == {None}


def test_weekdays_stand_below_each_other_and_weeks_side_by_side() -> None:
    figure = draw(calendar(quiet(21)), DARK)
    _, *days = [centre(patch) for patch in marks(figure, Mark.QUIET)]
    assert [round(x) for x, _ in days] == [round(days[n // 7 * 7][0]) for n in range(21)]
    assert days[0][1] == pytest.approx(days[7][1]) == pytest.approx(days[14][1])
    assert days[0][1] < days[1][1] < days[6][1]
    assert days[0][0] < days[7][0] < days[14][0]
    assert [word for word in words(figure) if word in WEEKDAYS] == ["Mon", "Wed", "Fri", "Sun"]


def test_whole_weeks_have_one_mark_each_and_no_weekdays() -> None:
    figure = draw(calendar(quiet(9, date(2026, 6, 7), 7), weekly=True), DARK)
    _, *weeks = [centre(patch) for patch in marks(figure, Mark.QUIET)]
    assert len(weeks) == 9
    assert len({round(y) for _, y in weeks}) == 1
    assert not set(words(figure)) & set(WEEKDAYS)
    assert not marks(figure, Mark.MISSING)


def test_a_missing_week_is_outlined_once() -> None:
    cells = quiet(9, date(2026, 6, 7), 7)
    figure = draw(calendar([*cells[:4], *cells[5:]], weekly=True), DARK)
    assert len(marks(figure, Mark.MISSING)) == 1 + 1


def test_months_stand_where_they_begin_and_the_new_year_is_named() -> None:
    figure = draw(calendar(quiet(100, date(2025, 11, 10))), DARK)
    said = [word for word in words(figure) if word.split(" ")[0] in MONTHS]
    assert said == ["Nov", "Dec", "Jan 2026", "Feb"]
    assert "2025" in words(figure)


def test_months_before_and_after_the_history_are_not_named() -> None:
    figure = draw(calendar(quiet(240, date(2025, 11, 24))), DARK)
    said = [word for word in words(figure) if word in MONTHS]
    assert said == ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"]


@pytest.mark.parametrize(
    ("count", "years"),
    [
        (180, ["2025"]),
        (365, ["2025", "2025"]),
        (730, ["2025", "2025", "2026", "2026"]),
        (1500, ["2025", "2026", "2027", "2028", "2029"]),
    ],
)
def test_a_long_history_is_drawn_in_rows_of_half_years_and_a_very_long_one_of_years(
    count: int, years: list[str]
) -> None:
    figure = draw(calendar(quiet(count, date(2025, 1, 1))), DARK)
    left = [text for text in texts(figure) if text.get_text().isdigit()]
    assert [text.get_text() for text in left] == years
    assert len({text.get_position()[1] for text in left}) == len(years)
    assert len(marks(figure, Mark.QUIET)) == count + 1


def test_the_legend_names_what_is_drawn_alone() -> None:
    assert not set(WORDS.values()) - {"told nothing"} & set(words(draw(calendar(quiet(9)), DARK)))
    figure = draw(calendar([*quiet(9), Cell(MONDAY + timedelta(10), 1, 1)]), DARK)
    said = set(words(figure)) & set(WORDS.values())
    assert said == {"no longer so", "told nothing", "no complete week"}


def test_without_days_the_page_says_so() -> None:
    assert "No data yet" in words(draw(calendar([]), DARK))


def test_a_calendar_needs_twelve_months_and_seven_weekdays() -> None:
    for changes in ({"months": MONTHS[:11]}, {"weekdays": WEEKDAYS[:6]}):
        with pytest.raises(ValueError, match="twelve months"):
            calendar([], **changes)
