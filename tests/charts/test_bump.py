"""The bump chart is looked at the way a reader would: what is written, and where."""

from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.charts._files import to_png
from bot.charts.bump import ROW, draw
from bot.charts.theme import DARK, Theme
from bot.model import Openness
from bot.pictures.bump import Bump, Line
from tests.charts.ranks import (
    LONG,
    NAMES,
    all_cases,
    both_themes,
    bump,
    history,
    named,
    position,
    positions,
)
from tests.charts.reading import ODD, texts, unreadable, words


@both_themes
@all_cases
def test_every_kind_of_data_gives_a_small_png_at_twice_the_density(
    chart: Bump, theme: Theme
) -> None:
    png = to_png(draw(chart, theme))
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        assert image.width == 1600
        assert 600 <= image.height <= 1300
        paper = image.convert("RGB").getpixel((3, 3))
    assert len(png) < 150_000
    assert paper == pytest.approx(ImageColor.getrgb(theme.paper), abs=2)


@both_themes
@all_cases
def test_no_text_overlaps_another_or_leaves_the_figure(chart: Bump, theme: Theme) -> None:
    figure = draw(chart, theme)
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    assert len(boxes) >= 3
    page = figure.bbox.padded(-10)
    assert not [text for text, box in boxes if not page.contains(box.x0, box.y0)]
    assert not [text for text, box in boxes if not page.contains(box.x1, box.y1)]
    assert not [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.overlaps(two)]


@pytest.mark.parametrize("end", [0, -1])
def test_each_rank_is_named_once_at_either_end_beside_its_number(end: int) -> None:
    chart = history(48)
    figure = draw(chart, DARK)
    top = {line.ranks[end]: line.name for line in chart.lines if line.ranks[end] <= 10}
    assert len(top) == 10
    places = [positions(figure, top[rank])[end] for rank in range(1, 11)]
    assert [y for _, y in places] == sorted(y for _, y in places)
    assert len({x for x, _ in places}) == 1
    assert all(words(figure).count(str(rank)) == 2 for rank in top)


@both_themes
def test_a_name_at_the_left_end_is_quiet_and_that_at_the_right_end_is_not(theme: Theme) -> None:
    figure = draw(bump((Line("Hy3", Openness.OPEN, (2, 2)),), 2), theme)
    left, right = sorted(
        (text for text in texts(figure) if text.get_text() == "Hy3"),
        key=lambda text: text.get_position()[0],
    )
    assert (left.get_color(), right.get_color()) == (theme.quiet, theme.ink)
    assert left.get_fontsize() < right.get_fontsize()


def test_a_line_that_has_left_is_named_at_the_left_end_alone_and_one_that_came_at_the_right() -> (
    None
):
    lines = (Line("Hy3", Openness.OPEN, (11, 1)), Line("Phi", Openness.CLOSED, (1, 11)))
    figure = draw(bump(lines, 2), DARK)
    assert position(figure, "Phi")[0] < 400 < position(figure, "Hy3")[0]


@pytest.mark.parametrize("end", [0, -1])
def test_long_names_that_differ_at_their_ends_stay_apart_at_either_end(end: int) -> None:
    names = [f"{LONG} {version}" for version in ("4.6", "4.7", "Mini", "Large")]
    lines = [Line(name, Openness.OPEN, (n, n)) for n, name in enumerate(names, 1)]
    written = texts(draw(bump(tuple(lines), 2), DARK))
    places = sorted(text.get_position()[0] for text in written if "Extremely" in text.get_text())
    said = [text.get_text() for text in written if text.get_position()[0] == places[end]]
    names_said = {word for word in said if "Extremely" in word}
    assert {word[-3:] for word in names_said} == {name[-3:] for name in names}
    assert len(places) == 2 * len(names)


def test_a_line_never_in_the_picture_is_neither_drawn_nor_in_the_legend() -> None:
    lines = (Line("Hy3", Openness.OPEN, (1, 1)), Line("Phi", Openness.CLOSED, (11, None)))
    figure = draw(bump(lines, 2), DARK)
    assert "Open weights" in words(figure)
    assert not {"Phi", "Closed weights", "Not known"} & set(words(figure))
    assert {line.get_gid() for line in figure.axes[0].lines} & {"Hy3", "Phi"} == {"Hy3"}


@pytest.mark.parametrize(("said", "most"), [("{}/5", 5), ("the {}th of all those days", 2)])
def test_the_first_and_the_last_day_are_written_and_few_between(said: str, most: int) -> None:
    days = tuple(said.format(day) for day in range(90))
    written = [word for word in words(draw(history(90, days=days), DARK)) if word in days]
    assert len(written) == most
    assert (written[0], written[-1]) == (days[0], days[-1])


@pytest.mark.parametrize("highlight", [frozenset(), frozenset({"Phi"})])
def test_a_line_that_came_and_went_is_named_above_its_best_rank(highlight: frozenset[str]) -> None:
    lines = (
        Line("Hy3", Openness.OPEN, (1,) * 9),
        Line("Phi", Openness.CLOSED, (None, None, 12, 5, 3, 7, 11, None, None)),
    )
    figure = draw(bump(lines, 9, highlight=highlight), DARK)
    points = named(figure, "Phi")[0].get_xydata()
    best = points[np.nanargmin(points[:, 1])]
    x, y = position(figure, "Phi")
    assert x == pytest.approx(best[0])
    assert best[1] - ROW < y < best[1]


def test_lines_that_came_and_went_together_are_named_where_there_is_room_or_not_at_all() -> None:
    ranks = (None, 4, 5, None)
    twins = tuple(Line(f"{name} {LONG}", Openness.OPEN, ranks) for name in ("One", "Two", "Three"))
    figure = draw(bump((Line("Hy3", Openness.OPEN, (1,) * 4), *twins), 4), DARK)
    assert unreadable(figure) == []
    assert len([word for word in words(figure) if word.startswith(("One", "Two", "Thr"))]) == 2


@st.composite
def odd_charts(choose: st.DrawFn) -> Bump:
    """Return charts of any names, on which no rank is held twice at a date."""
    names = choose(st.lists(st.sampled_from((*ODD, *NAMES)), min_size=1, max_size=16, unique=True))
    rank = st.none() | st.integers(1, 30)
    column = st.lists(rank, min_size=len(names), max_size=len(names)).map(_once)
    columns = choose(st.lists(column, min_size=1, max_size=20))
    kinds = st.sampled_from(Openness)
    lines = [
        Line(name, choose(kinds), tuple(column[n] for column in columns))
        for n, name in enumerate(names)
    ]
    highlight = choose(st.frozensets(st.sampled_from(names), max_size=2))
    estimated = choose(st.sampled_from(("", "Estimates")))
    return bump(tuple(lines), len(columns), highlight=highlight, estimated=estimated)


def _once(column: list[int | None]) -> list[int | None]:
    return [None if rank in column[:n] else rank for n, rank in enumerate(column)]


@settings(max_examples=30, deadline=None)
@given(odd_charts())
def test_any_ranks_are_drawn_and_every_text_can_be_read(chart: Bump) -> None:
    assert unreadable(draw(chart, DARK)) == []


def test_text_from_outside_is_drawn_literally() -> None:
    name = r"$\frac{$ a$_2$"
    figure = draw(bump((Line(name, Openness.OPEN, (1, 1)),), 2, title="$5 and $x^2$"), DARK)
    assert {name, "$5 and $x^2$"} <= set(words(figure))
    assert not any(text.get_parse_math() for text in texts(figure))
    to_png(figure)


def test_an_empty_chart_says_so_and_keeps_its_title_and_source() -> None:
    said = words(draw(bump((), 0), DARK))
    assert {"No data yet", "Source: somewhere"} <= set(said)
    assert "Open models hold the first seven places" in said
    assert "Open weights" not in said


def test_a_single_day_is_a_list_with_room_for_whole_names() -> None:
    name = "A name that would not fit beside a line, but does in a list"
    figure = draw(bump((Line(name, Openness.OPEN, (1,)),), 1), DARK)
    assert name in words(figure)
    assert words(figure).count(name) == 1
    assert words(figure).count("1") == 1
    assert not [line for line in figure.axes[0].lines if line.get_gid() == name]


def test_ranks_and_days_must_be_as_many_as_dates() -> None:
    with pytest.raises(ValueError, match="for each date"):
        bump((Line("Hy3", Openness.OPEN, (1, 2)),), 3)
    with pytest.raises(ValueError, match="for each date"):
        bump((), 3, days=("a", "b"))
