"""The bump chart is looked at the way a reader would: what is written, drawn and left out."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import combinations
from math import isnan, sin

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image, ImageColor

from bot.charts._files import to_png
from bot.charts.bump import ROW, draw
from bot.charts.theme import DARK, LIGHT, Theme
from bot.model import Openness
from bot.pictures.bump import Bump, Line

NAMES = (
    "Hy3", "MiMo-V2.5", "DeepSeek V4 Flash", "MiniMax M3", "GLM 5.2", "Claude Opus 4.8",
    "Step 3.7 Flash", "Gemini 3 Flash Preview", "owl-alpha", "Grok 5", "GPT-5.6 Luna Pro", "Phi",
    "Llama 5", "Qwen 3.5 Coder", "Jamba", "Kimi K3",
)  # fmt: skip
FIRST = date(2026, 5, 29)
LONG = "Extremely Long-Winded Preview Experimental Thinking Model 2026-07-15 Extended"


def bump(lines: tuple[Line, ...], count: int, **changes: object) -> Bump:
    """Return a chart of lines over consecutive days."""
    dates = tuple(FIRST + timedelta(day) for day in range(count))
    chart = Bump(
        title="Open models hold the first seven places",
        subtitle="The ten most-used models, by tokens over seven days",
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        lines=lines,
        highlight=frozenset(),
        depth=10,
        words=dict(zip(Openness, ("Open weights", "Closed weights", "Not known"), strict=True)),
        empty="No data yet",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def history(count: int, **changes: object) -> Bump:
    """Return sixteen models that trade places, so that some are always out of the picture."""
    orders = [
        sorted(range(len(NAMES)), key=lambda n: sin(2.3 * n + day / 17 * (1 + n % 5)))
        for day in range(count)
    ]
    kinds = tuple(Openness)
    lines = tuple(
        Line(name, kinds[n % 3], tuple(order.index(n) + 1 for order in orders))
        for n, name in enumerate(NAMES)
    )
    return bump(lines, count, **changes)


def gappy(count: int) -> Bump:
    """Return a history with days nobody has, days some lack, and single days between gaps."""
    chart = history(count)

    def cut(line: Line, n: int) -> Line:
        lacks = [day in (4, 5) or (day + n) % 4 == 0 for day in range(count)]
        ranks = zip(line.ranks, lacks, strict=True)
        return replace(line, ranks=tuple(None if lack else rank for rank, lack in ranks))

    return replace(chart, lines=tuple(cut(line, n) for n, line in enumerate(chart.lines)))


def long_named() -> Bump:
    """Return a chart in which everything that is written is too long."""
    chart = history(14, title=f"{LONG} {LONG} {LONG}", subtitle=f"{LONG} {LONG}", citation=LONG * 2)
    words = dict.fromkeys(Openness, LONG)
    lines = tuple(replace(line, name=f"{line.name} {LONG}") for line in chart.lines)
    return replace(chart, lines=lines, words=words, empty=LONG)


CASES = {
    "empty": bump((), 0),
    "one row": bump((Line("Hy3", Openness.OPEN, (2, 1, 1)),), 3),
    "one day": history(1),
    "two days": history(2),
    "gaps": gappy(14),
    "long names": long_named(),
    "long and highlighted": replace(long_named(), highlight=frozenset({f"Hy3 {LONG}"})),
    "seven weeks": history(48),
    "a quarter": history(90),
    "top five": history(48, depth=5),
    "highlighted": history(48, highlight=frozenset({"Hy3", "Phi"})),
}
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())


def texts(figure: Figure) -> list[Text]:
    """Return what is written on the figure, blank lines aside."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def words(figure: Figure) -> list[str]:
    """Return what is written on the figure, as strings."""
    return [text.get_text() for text in texts(figure)]


def named(figure: Figure, name: str) -> tuple[Line2D, Line2D]:
    """Return the stroke and the markers of a line."""
    _, stroke, marks = (line for line in figure.axes[0].lines if line.get_gid() == name)
    return stroke, marks


def position(figure: Figure, word: str) -> tuple[float, float]:
    """Return where a text is anchored, in CSS pixels."""
    (text,) = (text for text in texts(figure) if text.get_text() == word)
    return text.get_position()


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


def test_each_rank_is_named_once_at_the_right_end_beside_its_number() -> None:
    chart = history(48)
    figure = draw(chart, DARK)
    top = {line.ranks[-1]: line.name for line in chart.lines if line.ranks[-1] <= 10}
    assert len(top) == 10
    heights = [position(figure, top[rank])[1] for rank in range(1, 11)]
    assert heights == sorted(heights)
    assert len({position(figure, name)[0] for name in top.values()}) == 1
    assert all(words(figure).count(str(rank)) == 2 for rank in top)


def test_a_line_that_has_left_is_named_at_the_left_end() -> None:
    lines = (Line("Hy3", Openness.OPEN, (2, 1)), Line("Phi", Openness.CLOSED, (1, 11)))
    figure = draw(bump(lines, 2), DARK)
    assert position(figure, "Phi")[0] < 400 < position(figure, "Hy3")[0]


def test_a_line_never_in_the_picture_is_neither_drawn_nor_in_the_legend() -> None:
    lines = (Line("Hy3", Openness.OPEN, (1, 1)), Line("Phi", Openness.CLOSED, (11, None)))
    figure = draw(bump(lines, 2), DARK)
    assert "Open weights" in words(figure)
    assert not {"Phi", "Closed weights", "Not known"} & set(words(figure))
    assert {line.get_gid() for line in figure.axes[0].lines} & {"Hy3", "Phi"} == {"Hy3"}


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


@pytest.mark.parametrize(("said", "most"), [("{}/5", 5), ("the {}th of all those days", 2)])
def test_the_first_and_the_last_day_are_written_and_few_between(said: str, most: int) -> None:
    days = tuple(said.format(day) for day in range(90))
    written = [word for word in words(draw(history(90, days=days), DARK)) if word in days]
    assert len(written) == most
    assert (written[0], written[-1]) == (days[0], days[-1])


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


def test_a_highlighted_line_that_came_and_went_is_still_named() -> None:
    lines = (
        Line("Hy3", Openness.OPEN, (1,) * 9),
        Line("Phi", Openness.CLOSED, (None, None, 12, 5, 3, 7, 11, None, None)),
    )
    assert "Phi" not in words(draw(bump(lines, 9), DARK))
    assert "Phi" in words(draw(bump(lines, 9, highlight=frozenset({"Phi"})), DARK))


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
    assert words(figure).count("1") == 1
    assert not [line for line in figure.axes[0].lines if line.get_gid() == name]


def test_ranks_and_days_must_be_as_many_as_dates() -> None:
    with pytest.raises(ValueError, match="for each date"):
        bump((Line("Hy3", Openness.OPEN, (1, 2)),), 3)
    with pytest.raises(ValueError, match="for each date"):
        bump((), 3, days=("a", "b"))
