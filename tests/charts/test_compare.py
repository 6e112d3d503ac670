"""The chart of lines is looked at the way a reader would: names at their ends, gaps as gaps."""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from bot.charts._axes import LEADER
from bot.charts._files import to_png
from bot.charts.compare import MARK, draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme
from bot.model import Openness
from bot.pictures import Tick, share_ticks
from bot.pictures.compare import Lines
from tests.charts.lines import CLOSED, NAMES, OPEN, UNKNOWN, contrast, five, line, lines
from tests.charts.reading import LONG, ODD, place, texts, unreadable, width_of, words


def shares(count: int) -> Lines:
    """Return five lines of shares, of which two end in the same point."""
    made = [
        line(name, OPEN, (*range(n, n + count - 1), 40 + n // 2), "4.0 %")
        for n, name in enumerate(NAMES)
    ]
    ticks = share_ticks(100, lambda value: f"{value / 10} %")
    return lines(*made, ranks=False, ticks=ticks)


def long_worded() -> Lines:
    """Return a chart in which everything that is written is too long."""
    chart = five((OPEN,) * 5, 26, tuple(f"{n} {LONG}" for n in range(5)))
    series = tuple(replace(each, ending=LONG) for each in chart.series)
    ticks = tuple(Tick(tick.value, f"{tick.label} {LONG}") for tick in chart.ticks)
    words = dict.fromkeys(Openness, LONG)
    return replace(
        chart, series=series, ticks=ticks, words=words, title=f"{LONG} {LONG}", subtitle=LONG * 2
    )


CASES = {
    "empty": lines(),
    "nothing known": lines(line("Hy3", OPEN, (None, None), "not listed")),
    "one row": lines(line("Hy3", OPEN, (3, 1, 2), "number 2")),
    "one date": five((OPEN, CLOSED, UNKNOWN, OPEN, CLOSED), 1),
    "always first": lines(line("Hy3", OPEN, (1,) * 9, "number 1")),
    "half a year": five((OPEN, OPEN, OPEN, CLOSED, UNKNOWN), 26),
    "daily": five((CLOSED,) * 5, 90),
    "shares": shares(26),
    "no share at all": lines(line("Hy3", OPEN, (0, 0), "0 %"), ranks=False, ticks=()),
    "no ticks": lines(line("Hy3", OPEN, (1, 1), "number 1"), ticks=()),
    "close ticks": lines(
        line("Hy3", OPEN, (1, 50), "number 50"),
        ticks=tuple(Tick(n, f"{n} of all") for n in range(1, 51)),
    ),
    "odd names": five((UNKNOWN,) * 5, 26, ODD),
    "long words": long_worded(),
    "estimated": five((OPEN, OPEN, CLOSED, CLOSED, UNKNOWN), 26, estimated="These are estimates"),
    "never listed": lines(
        line("Hy3", OPEN, (2, 1), "number 1"), line("Phi", CLOSED, (None, None), "not listed")
    ),
}
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def named(figure: Figure, name: str) -> tuple[list[Line2D], Line2D]:
    """Return the strokes of a line, one for each unbroken run, and its markers."""
    *drawn, marks = (each for each in figure.axes[0].lines if each.get_gid() == name)
    return drawn[1::2], marks


def look(figure: Figure, name: str) -> tuple[object, ...]:
    """Return how the markers of a line look."""
    _, marks = named(figure, name)
    return marks.get_marker(), marks.get_fillstyle(), str(marks.get_markerfacecolor())


def bands(figure: Figure) -> list[Polygon]:
    """Return the hatched bands around lines of estimates."""
    found = [each for each in figure.axes[0].patches if isinstance(each, Polygon)]
    return [each for each in found if each.get_hatch() == ESTIMATE]


def fill(figure: Figure, name: str) -> tuple[object, bool]:
    """Return how the markers of a line are filled, and whether they are hollow."""
    _, marks = named(figure, name)
    return marks.get_fillstyle(), marks.get_markerfacecolor() == DARK.paper


@both_themes
@all_cases
def test_every_kind_of_data_gives_a_small_png_without_overlapping_labels(
    chart: Lines, theme: Theme
) -> None:
    figure = draw(chart, theme)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


@both_themes
def test_the_look_of_an_openness_is_kept_and_two_lines_of_it_are_told_apart(theme: Theme) -> None:
    figure = draw(five((OPEN, OPEN, OPEN, CLOSED, UNKNOWN), 9), theme)
    opened = [look(figure, name) for name in NAMES[:3]]
    assert {marker for marker, _, _ in opened} == {theme.looks[OPEN].marker}
    assert len(set(opened)) == 3
    assert len({look(figure, name)[0] for name in NAMES[2:]}) == 3
    strokes = {name: named(figure, name)[0][0] for name in NAMES}
    assert len({stroke.get_color() for stroke in strokes.values()}) == 5
    # matplotlib has no public getter that tells one dash pattern from another
    dashes = [str(strokes[name]._unscaled_dash_pattern) for name in NAMES]
    assert len(set(dashes[:3])) == 1
    assert len(set(dashes)) == 3


@both_themes
@pytest.mark.parametrize("kind", Openness)
def test_every_word_stands_out_from_the_page(theme: Theme, kind: Openness) -> None:
    figure = draw(five((kind,) * 5, 26, estimated="These are estimates"), theme)
    for text in texts(figure):
        assert contrast(str(text.get_color()), theme.paper) >= 4.5, text.get_text()


def test_five_lines_of_one_openness_have_five_markers_and_colours() -> None:
    for kind in Openness:
        figure = draw(five((kind,) * 5, 9), DARK)
        assert len({fill(figure, name) for name in NAMES}) == 5
        assert len({named(figure, name)[0][0].get_color() for name in NAMES}) == 5


def test_each_line_is_named_at_the_right_in_the_order_of_the_ends_with_its_ending() -> None:
    figure = draw(five((OPEN,) * 5, 26), DARK)
    places = [place(figure, name) for name in NAMES]
    assert len({x for x, _ in places}) == 1
    assert [y for _, y in places] == sorted(y for _, y in places)
    endings = [place(figure, f"number {n}") for n in range(1, 6)]
    for (x, y), (under, below) in zip(places, endings, strict=True):
        assert (under, below > y) == (x, True)


def test_ranks_have_the_best_on_top_and_shares_the_most() -> None:
    values = (1, 2, 9, 10)
    for ranks, upwards in ((True, False), (False, True)):
        chart = lines(line("Hy3", OPEN, values, ""), ranks=ranks)
        heights = list(named(draw(chart, DARK), "Hy3")[0][0].get_ydata())
        assert heights == sorted(heights, reverse=upwards)


def test_ranks_at_the_top_have_the_most_room_and_shares_are_even() -> None:
    values = (1, 2, 9, 10)
    heights = named(draw(lines(line("Hy3", OPEN, values, "")), DARK), "Hy3")[0][0].get_ydata()
    assert heights[1] - heights[0] > 2 * (heights[3] - heights[2])
    even = lines(line("Hy3", OPEN, values, ""), ranks=False)
    heights = named(draw(even, DARK), "Hy3")[0][0].get_ydata()
    assert heights[1] - heights[0] == pytest.approx(heights[3] - heights[2])


def test_a_value_lies_level_with_its_tick() -> None:
    ticks = (Tick(1, "first"), Tick(50, "fiftieth"))
    figure = draw(lines(line("Hy3", OPEN, (50, 1), ""), ticks=ticks), DARK)
    low, high = named(figure, "Hy3")[0][0].get_ydata()
    fall = place(figure, "fiftieth")[1] - place(figure, "first")[1]
    assert low - high == pytest.approx(fall)


def test_a_gap_is_drawn_as_a_gap_and_its_edges_and_single_dates_are_marked() -> None:
    ranks = (1, 1, None, None, 2, None, 1, 1, 1)
    figure = draw(lines(line("Hy3", OPEN, ranks, "number 1")), DARK)
    whole = draw(lines(line("Hy3", OPEN, (1,) * 9, "number 1")), DARK)
    strokes, marks = named(figure, "Hy3")
    days = named(whole, "Hy3")[0][0].get_xdata()
    assert [list(stroke.get_xdata()) for stroke in strokes] == [
        list(days[:2]),
        [days[4]],
        list(days[6:]),
    ]
    assert {days[0], days[1], days[4], days[6], days[8]} <= set(marks.get_xdata())


def test_a_single_date_is_drawn_as_markers_above_its_day() -> None:
    figure = draw(five((OPEN, CLOSED, UNKNOWN, OPEN, CLOSED), 1), DARK)
    x = {named(figure, name)[1].get_xdata()[0] for name in NAMES}
    assert len(x) == 1
    assert words(figure).count("4/1") == 1
    ((left, right),) = {
        tuple(line.get_xdata()) for line in figure.axes[0].lines if line.get_linewidth() == 1
    }
    assert x == {(left + right) / 2}
    assert place(figure, "4/1")[0] == pytest.approx(x.pop())


def test_a_line_that_ended_early_is_named_without_a_leader() -> None:
    def leaders(values: tuple[int | None, ...]) -> int:
        figure = draw(lines(line("Hy3", OPEN, values, "not listed")), DARK)
        return sum(line.get_linewidth() == LEADER for line in figure.axes[0].lines)

    assert leaders((1, 2, 3)) == leaders((1, 2, None)) + 1


def test_a_line_without_a_value_is_named_below_those_that_have_one() -> None:
    figure = draw(CASES["never listed"], DARK)
    assert place(figure, "Phi")[1] > place(figure, "Hy3")[1] + 100
    assert not named(figure, "Phi")[0]


def test_an_empty_chart_says_so_and_keeps_its_title_and_source() -> None:
    for case in ("empty", "nothing known"):
        said = words(draw(CASES[case], DARK))
        assert said == ["Five models", "Ranks by tokens over seven days", *said[2:]]
        assert {"No data yet", "Source: somewhere"} == set(said[2:])


def test_text_from_outside_is_drawn_literally() -> None:
    figure = draw(lines(line(ODD[2], OPEN, (1, 1), "$5 and $x^2$")), DARK)
    assert {ODD[2], "$5 and $x^2$"} <= set(words(figure))


def test_estimates_are_hatched_along_each_unbroken_run_and_said_to_be_estimates() -> None:
    values = (1, 1, None, 2, 3, None, 1)
    counted = lines(line("Hy3", OPEN, values, "number 1"))
    guessed = draw(replace(counted, estimated="These are estimates"), DARK)
    strokes, _ = named(guessed, "Hy3")
    spans = [(stroke.get_xdata()[0], stroke.get_xdata()[-1]) for stroke in strokes]
    edges = [band.get_xy()[:, 0] for band in bands(guessed)]
    assert [(edge.min(), edge.max()) for edge in edges] == [
        (left - MARK, right + MARK) for left, right in spans
    ]
    assert "These are estimates" in words(guessed)
    assert bands(draw(counted, DARK)) == []


def test_long_names_keep_the_end_that_tells_versions_apart() -> None:
    versions = tuple(f"{LONG[:48]} 4.{n}" for n in range(5))
    said = words(draw(five((OPEN,) * 5, 9, versions), DARK))
    labels = [word for word in said if "…4." in word]
    assert sorted(label[-3:] for label in labels) == [f"4.{n}" for n in range(5)]
