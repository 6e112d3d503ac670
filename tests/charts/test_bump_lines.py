"""The lines of the bump chart: their ways, gaps, looks and textures."""

from dataclasses import replace
from datetime import timedelta
from math import isnan

import numpy as np
import pytest
from matplotlib.colors import to_hex

from bot.charts._files import to_png
from bot.charts.bump import ROW, draw
from bot.charts.theme import DARK, Theme
from bot.model import Openness
from bot.pictures.bump import Line
from tests.charts.colours import contrast
from tests.charts.ranks import (
    FIRST,
    NAMES,
    bands,
    both_themes,
    bump,
    history,
    named,
)
from tests.charts.reading import texts, words


@both_themes
def test_open_closed_and_unknown_differ_by_colour_marker_and_dashes(theme: Theme) -> None:
    kinds = [Line(kind.value, kind, (rank, rank)) for rank, kind in enumerate(Openness, 1)]
    figure = draw(bump(tuple(kinds), 2), theme)
    pairs = [named(figure, kind.value) for kind in Openness]
    assert len({stroke.get_color() for stroke, _ in pairs}) == 3
    assert len({marks.get_marker() for _, marks in pairs}) == 3
    assert all(len(marks.get_xydata()) for _, marks in pairs)
    # matplotlib has no public getter that tells one dash pattern from another
    assert len({str(stroke._unscaled_dash_pattern) for stroke, _ in pairs}) == 3


def test_a_rank_beyond_the_depth_is_cut_off_at_the_lower_edge() -> None:
    figure = draw(bump((Line("Hy3", Openness.OPEN, (10, 11, 40, 10)),), 4), DARK)
    stroke, _ = named(figure, "Hy3")
    clip = stroke.get_clip_box()
    assert clip is not None
    heights = figure.axes[0].transData.transform(stroke.get_xydata())[:, 1]
    assert heights.min() < clip.y0 < heights.max()


def test_a_gap_is_drawn_as_a_gap_and_its_edges_are_marked() -> None:
    whole = draw(bump((Line("Hy3", Openness.OPEN, (1,) * 9),), 9), DARK)
    broken = draw(bump((Line("Hy3", Openness.OPEN, (1, 1, 1, None, None, 1, 1, 1, 1)),), 9), DARK)
    assert not any(isnan(x) for x in named(whole, "Hy3")[0].get_xdata())
    stroke, marks = named(broken, "Hy3")
    _, whole_marks = named(whole, "Hy3")
    days = whole_marks.get_xdata()
    assert not [x for x in stroke.get_xdata() if days[2] < x < days[5]]
    assert any(isnan(x) for x in stroke.get_xdata())
    assert {days[2], days[5]} <= set(marks.get_xdata())


def test_where_a_line_begins_and_a_day_between_gaps_are_marked_in_a_long_history() -> None:
    ranks = tuple(None if day in (39, 41) else 1 for day in range(61))
    _, marks = named(draw(bump((Line("Hy3", Openness.OPEN, ranks),), 61), DARK), "Hy3")
    x = np.array(marks.get_xdata())
    days = (x - x[0]) / (x[2] - x[0])
    assert list(days * 40) == pytest.approx([0, 38, 40, 42])


def test_a_rank_held_for_a_single_day_is_reached_on_that_day() -> None:
    ranks = (5,) * 40 + (2,) + (5,) * 40
    figure = draw(bump((Line("Hy3", Openness.OPEN, ranks),), 81), DARK)
    points = named(figure, "Hy3")[0].get_xydata()
    peak = points[points[:, 1].argmin()]
    assert peak[0] == pytest.approx((points[0][0] + points[-2][0]) / 2)
    assert points[0][1] - peak[1] == pytest.approx(3 * ROW)


def test_a_rank_held_for_long_is_drawn_level_but_for_the_bend() -> None:
    figure = draw(bump((Line("Hy3", Openness.OPEN, (1,) * 30 + (2,) * 31),), 61), DARK)
    points = named(figure, "Hy3")[0].get_xydata()
    bent = points[(points[:, 1] > points[0][1]) & (points[:, 1] < points[-1][1])]
    assert bent[-1][0] - bent[0][0] < (points[-2][0] - points[0][0]) / 10


def test_days_lie_as_far_apart_as_they_were() -> None:
    dates = (FIRST, FIRST + timedelta(1), FIRST + timedelta(10))
    chart = bump((Line("Hy3", Openness.OPEN, (1, 2, 1)),), 3, dates=dates, days=("a", "b", "c"))
    points = named(draw(chart, DARK), "Hy3")[0].get_xydata()
    start, end = points[0][0], points[-2][0]
    lowest = points[points[:, 1].argmax()][0]
    assert (lowest - start) / (end - start) == pytest.approx(0.1)


@both_themes
def test_a_highlighted_line_is_strong_and_all_others_step_back(theme: Theme) -> None:
    figure = draw(history(48, highlight=frozenset({"Hy3"})), theme)
    calm = draw(history(48), theme)
    strong, faint = named(figure, "Hy3")[0], named(figure, "Phi")[0]
    usual = named(calm, "Phi")[0]
    assert strong.get_linewidth() > usual.get_linewidth() > faint.get_linewidth()
    assert strong.get_color() == theme.looks[Openness.OPEN].colour
    assert to_hex(faint.get_color()) != to_hex(usual.get_color())
    assert strong.get_zorder() > faint.get_zorder()


def test_highlighting_what_is_not_in_the_picture_changes_not_a_byte() -> None:
    nobody = history(9, highlight=frozenset({"Nobody"}))
    assert to_png(draw(nobody, DARK)) == to_png(draw(history(9), DARK))


@both_themes
def test_estimates_are_hatched_along_the_lines_and_the_page_says_so(theme: Theme) -> None:
    assert not bands(draw(history(9), theme))
    chart = history(9, estimated="Estimates from a sample")
    figure = draw(chart, theme)
    assert "Estimates from a sample" in words(figure)
    drawn = {line.get_gid() for line in figure.axes[0].lines} & set(NAMES)
    assert len(bands(figure)) == len(drawn)
    strong = draw(replace(chart, highlight=frozenset({"Hy3"})), theme)
    assert len(bands(strong)) == 1


def test_the_hatching_of_estimates_bridges_no_gap() -> None:
    lines = (Line("Hy3", Openness.OPEN, (1, 1, 1, None, 1, 1)),)
    figure = draw(bump(lines, 6, estimated="Estimates"), DARK)
    ends = sorted((band.get_xy()[:, 0].min(), band.get_xy()[:, 0].max()) for band in bands(figure))
    days = sorted(set(named(figure, "Hy3")[1].get_xdata()))
    assert len(ends) == 2
    assert ends[0][1] == pytest.approx(days[2])
    assert ends[1][0] == pytest.approx(days[3])


@both_themes
@pytest.mark.parametrize("highlight", [frozenset(), frozenset({"Hy3"})])
def test_the_ranks_on_badges_can_be_read(theme: Theme, highlight: frozenset[str]) -> None:
    kinds = [Line(kind.value, kind, (rank, rank)) for rank, kind in enumerate(Openness, 2)]
    lines = (Line("Hy3", Openness.OPEN, (1, 1)), *kinds)
    figure = draw(bump(lines, 2, highlight=highlight), theme)
    size = max(line.get_markersize() for line in figure.axes[0].lines)
    badges = [line for line in figure.axes[0].lines if line.get_markersize() > size * 0.7]
    shown = {line.get_xydata()[0][1]: line.get_color() for line in badges}
    written = {
        min(shown, key=lambda y: abs(y - text.get_position()[1])): text.get_color()
        for text in texts(figure)
        if text.get_text() in "1234" and text.get_position()[0] > 400
    }
    assert len(written) == 4
    assert all(contrast(written[y], shown[y]) >= 4.5 for y in shown)
