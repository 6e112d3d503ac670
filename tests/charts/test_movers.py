"""The slope chart is looked at the way a reader would: who rose, who fell, who was not listed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from bot.charts._files import to_png
from bot.charts._type import DENSITY, LABEL, STRONG, font
from bot.charts.movers import ARROW, LINES, ROW, draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme
from bot.model import Openness
from bot.packaged import read_languages
from bot.pictures import Table
from bot.pictures.movers import Move, Slope
from bot.text.say import Say
from tests.charts.cases.movers import cases
from tests.charts.reading import LONG, ODD, texts, unreadable, width_of, words
from tests.charts.slopes import CLOSED, OPEN, UNKNOWN, full, move, slope

CASES = {
    "empty": slope(),
    "one row": slope(move("GLM 5", OPEN, 43, 25, "up 18")),
    "arrivals alone": slope(*(move(f"New {n}", OPEN, None, n, "arrived") for n in range(1, 6))),
    "departures alone": slope(*(move(f"Old {n}", OPEN, n, None, "left") for n in range(1, 6))),
    "neighbours": slope(
        *(move(f"M{n}", CLOSED, n, 11 - n, f"▲ up {n}") for n in range(1, 11)), depth=10
    ),
    "far below the depth": slope(
        *(move(f"M{n}", OPEN, 90 * n, n, f"up {89 * n}") for n in range(1, 6)), depth=10
    ),
    "full": full(),
    "estimated": replace(full(), estimated="These are estimates"),
    "odd names": slope(*(move(name, UNKNOWN, n, 6 - n, ODD[1]) for n, name in enumerate(ODD, 1))),
    "long words": replace(
        full(f" {LONG}", LONG), words=dict.fromkeys(Openness, LONG), columns=(LONG, LONG),
        unlisted=f"{LONG}!",
    ),
}  # fmt: skip
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def stroke(figure: Figure, name: str) -> Line2D:
    """Return the line of a model."""
    _, line = (line for line in figure.axes[0].lines if line.get_gid() == name)
    return line


def ends(figure: Figure, name: str) -> tuple[float, float]:
    """Return how far down a line begins and ends."""
    heights = stroke(figure, name).get_ydata()
    return float(heights[0]), float(heights[-1])


def bands(figure: Figure) -> list[Polygon]:
    """Return the hatched bands around lines of estimates."""
    found = [each for each in figure.axes[0].patches if isinstance(each, Polygon)]
    return [each for each in found if each.get_hatch() == ESTIMATE]


def badges(figure: Figure) -> list[tuple[float, float]]:
    """Return where the ends of the lines are marked."""
    lines = (line for line in figure.axes[0].lines if line.get_marker() in "osD")
    return [tuple(line.get_xydata()[0]) for line in lines if line.get_zorder() == 2.5]


def arrows(figure: Figure) -> list[str]:
    """Return the arrows from top to bottom, as up and down."""
    found = [line for line in figure.axes[0].lines if line.get_marker() in "^v"]
    found.sort(key=lambda line: line.get_ydata()[0])
    return ["up" if line.get_marker() == "^" else "down" for line in found]


@both_themes
@all_cases
def test_every_kind_of_data_gives_a_small_png_without_overlapping_labels(
    chart: Slope, theme: Theme
) -> None:
    figure = draw(chart, theme)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


@both_themes
def test_open_closed_and_unknown_differ_by_colour_badge_and_dashes(theme: Theme) -> None:
    chart = slope(*(move(kind.value * 2, kind, n, n + 1, "down 1") for n, kind in enumerate(
        Openness, 1)))  # fmt: skip
    figure = draw(chart, theme)
    strokes = [stroke(figure, kind.value * 2) for kind in Openness]
    assert len({line.get_color() for line in strokes}) == 3
    # matplotlib has no public getter that tells one dash pattern from another
    assert len({str(line._unscaled_dash_pattern) for line in strokes}) == 3
    shapes = {line.get_marker() for line in figure.axes[0].lines} - {"None", "^", "v"}
    assert shapes == {theme.looks[kind].marker for kind in Openness}


def test_a_model_is_named_with_its_rank_on_both_sides_and_its_move_on_the_right() -> None:
    figure = draw(slope(move("GLM 5", OPEN, 43, 25, "▲ up 18")), DARK)
    assert words(figure).count("GLM 5") == 2
    row = {text.get_text(): text.get_position() for text in texts(figure)}
    assert row["43"][0] < row["25"][0] < row["up 18"][0]
    before, after = (row[f"week to 15 {month} 2026"][0] for month in ("June", "July"))
    assert before < row["43"][0] < row["25"][0] < after


def test_the_sign_of_a_move_is_drawn_as_an_arrow_and_a_still_model_has_none() -> None:
    up, down = move("a", OPEN, 9, 2, "▲ up 7"), move("b", OPEN, 3, 8, "▼ down 5")
    came, left = move("c", OPEN, None, 7, "new"), move("d", OPEN, 6, None, "gone")
    still = move("e", OPEN, 5, 5, "= same")
    figure = draw(slope(up, down, came, left, still), DARK)
    assert arrows(figure) == ["up", "up", "down", "down"]
    assert {"up 7", "down 5", "same"} <= set(words(figure))


def test_a_rank_is_level_on_both_sides_so_that_a_line_rises_with_its_model() -> None:
    figure = draw(full(), DARK)
    heights: dict[int, set[float]] = {}
    for each in full().moves:
        for rank, height in zip((each.before, each.after), ends(figure, each.name), strict=True):
            heights.setdefault(rank or 99, set()).add(height)
    ranks = sorted(set(heights) - {99})
    assert all(len(heights[rank]) == 1 for rank in ranks)
    ordered = [heights[rank].pop() for rank in ranks]
    assert ordered == sorted(set(ordered))
    assert min(heights[99]) > ordered[-1]


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=8).filter(
        lambda pairs: all(len(set(side)) == len(pairs) for side in zip(*pairs, strict=True))
    )
)
def test_badges_never_overlap_whatever_the_ranks(pairs: list[tuple[int, int]]) -> None:
    moves = [move(f"M{n}", OPEN, *pair, "") for n, pair in enumerate(pairs)]
    figure = draw(slope(*moves, depth=30), DARK)
    at = badges(figure)
    for one in at:
        near = [other for other in at if one != other and one[0] == other[0]]
        assert all(abs(one[1] - other[1]) >= ROW for other in near)


def test_who_has_no_rank_stands_below_all_under_the_word_for_it_on_a_faint_line() -> None:
    came, moved = move("Hy3", OPEN, None, 1, "not listed"), move("GLM 5", OPEN, 43, 25, "up 18")
    figure = draw(slope(came, moved), DARK)
    (said,) = (text for text in texts(figure) if text.get_text() == "not listed")
    assert ends(figure, "GLM 5")[0] < said.get_position()[1] < ends(figure, "Hy3")[0]
    assert said.get_position()[0] < 400
    faint, strong = stroke(figure, "Hy3"), stroke(figure, "GLM 5")
    assert faint.get_linewidth() < strong.get_linewidth()
    assert to_hex(faint.get_color()) == DARK.muted(strong.get_color())


def test_the_word_for_no_rank_stands_on_the_sides_that_need_it_and_else_nowhere() -> None:
    for case, sides in (
        ("one row", 0),
        ("arrivals alone", 1),
        ("departures alone", 1),
        ("full", 2),
    ):
        assert words(draw(CASES[case], DARK)).count("not listed") == sides


def test_ranks_below_the_depth_follow_each_other_closely() -> None:
    moves = (move("a", OPEN, 20, 21, ""), move("b", OPEN, 200, 300, ""))
    deep, shallow = (draw(slope(*moves, depth=depth), DARK) for depth in (300, 10))
    falls = [ends(figure, "a")[1] - ends(figure, "a")[0] for figure in (deep, shallow)]
    assert falls[0] == falls[1]
    gaps = [ends(figure, "b")[1] - ends(figure, "b")[0] for figure in (deep, shallow)]
    assert gaps[0] > gaps[1] > 0


def test_an_empty_chart_says_so_and_keeps_its_title_and_source() -> None:
    said = words(draw(slope(), DARK))
    assert {
        "No model of the top 30 changed its rank",
        "Source: somewhere",
        "Of the top 30, GLM 5 climbed furthest",
    } < set(said)
    assert "week to 15 June 2026" not in said


def test_names_on_the_left_have_the_room_that_the_others_leave() -> None:
    names = ["NVIDIA Nemotron 3 Ultra", "DeepSeek V4 Flash"]
    figure = draw(
        slope(*(move(name, OPEN, 9, n, "▲ up 8") for n, name in enumerate(names, 1))), DARK
    )
    assert [words(figure).count(name) for name in names] == [2, 2]


@all_cases
def test_the_columns_stay_apart_so_that_lines_are_seen(chart: Slope) -> None:
    figure = draw(chart, DARK)
    for each in chart.moves:
        across = stroke(figure, each.name).get_xdata()
        assert across[-1] - across[0] >= LINES


def test_text_from_outside_is_drawn_literally() -> None:
    said = words(draw(slope(move(ODD[2], OPEN, 1, 2, "$5 and $x^2$")), DARK))
    assert {ODD[2], "$5 and $x^2$"} <= set(said)


def test_those_the_title_is_about_are_drawn_and_written_more_strongly_on_both_sides() -> None:
    first, second = move("Hy3", OPEN, 8, 1, "▲ up 7", strong=True), move("GLM", OPEN, 2, 3, "down")
    figure = draw(slope(first, second), DARK)
    assert stroke(figure, "Hy3").get_linewidth() > stroke(figure, "GLM").get_linewidth()
    fonts = {text.get_text(): text.get_fontproperties().get_file() for text in texts(figure)}
    sides = [text for text in texts(figure) if text.get_text() == "Hy3"]
    assert [text.get_color() for text in sides] == [DARK.ink, DARK.ink]
    assert fonts["Hy3"] == fonts["up 7"] == font(STRONG).get_file()
    assert fonts["GLM"] == fonts["down"] == font(LABEL).get_file()


def test_estimates_are_hatched_along_each_line_and_said_to_be_estimates() -> None:
    moves = (move("Hy3", OPEN, 8, 1, "▲ up 7"), move("GLM", CLOSED, None, 3, "now listed"))
    counted = slope(*moves)
    guessed = draw(replace(counted, estimated="These are estimates"), DARK)
    assert bands(draw(counted, DARK)) == []
    for band, each in zip(bands(guessed), moves, strict=True):
        across = stroke(guessed, each.name).get_xdata()
        edge = band.get_xy()[:, 0]
        assert (edge.min(), edge.max()) == (across[0], across[-1])
    assert "These are estimates" in words(guessed)


def test_names_cut_for_their_column_stay_clear_of_arrows() -> None:
    names = [f"Extraordinarily Long Named Model 4.{n} Thinking" for n in range(4)]
    figure = draw(
        slope(*(move(name, OPEN, 9, n, "▲ up 8") for n, name in enumerate(names, 1))), DARK
    )
    arrow = min(line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == "^")
    labels = [text for text in texts(figure) if text.get_text().endswith("Thinking")]
    assert len({text.get_text() for text in labels}) >= 4
    edges = [text.get_window_extent().x1 / DENSITY for text in labels]
    assert max(edges) <= arrow - ARROW / 2


def test_the_table_has_ranks_and_tokens_then_and_now() -> None:
    chart = slope(move("Hy3", OPEN, 8, 1, ""), move("GLM", CLOSED, None, 3, ""))
    assert chart.table() == Table(
        (
            *("model", "openness", "rank_before", "rank"),
            *("tokens_before", "tokens", "all_tokens_before", "all_tokens"),
        ),
        (
            ("Hy3", "open", 8, 1, 8000, 1000, 100_000, 200_000),
            ("GLM", "closed", None, 3, None, 3000, 100_000, 200_000),
        ),
    )


ranks = st.none() | st.integers(1, 500)
any_move = st.builds(
    move,
    st.text(max_size=60),
    st.sampled_from(Openness),
    ranks,
    ranks,
    st.text(max_size=30),
    st.booleans(),
)
once = (lambda each: each.before or id(each), lambda each: each.after or id(each))
"""A rank is one model's; any number have none."""


@given(
    st.lists(any_move, max_size=20, unique_by=once),
    st.integers(1, 60),
    st.sampled_from(["", "These are estimates"]),
)
@settings(deadline=None, max_examples=30)
def test_no_moves_hinder_a_readable_chart(moves: list[Move], depth: int, estimated: str) -> None:
    figure = draw(slope(*moves, depth=depth, estimated=estimated), DARK)
    assert unreadable(figure) == []


@both_themes
@pytest.mark.parametrize("say", read_languages().values(), ids=read_languages())
def test_every_case_that_is_photographed_is_readable(theme: Theme, say: Say) -> None:
    for name, case in cases(say).items():
        assert unreadable(draw(case, theme)) == [], name
