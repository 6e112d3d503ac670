"""The chart of shares is looked at the way a reader would: textures, figures, marks and gaps."""

from dataclasses import replace
from datetime import date, timedelta
from math import sin

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon

from bot.charts._files import to_png
from bot.charts.open_share import HEIGHT, draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme
from bot.model import Openness
from bot.pictures import Tick, share_ticks
from bot.pictures.open_share import UPWARDS, Areas
from tests.charts.reading import LONG, ODD, place, texts, unreadable, width_of, words

OPEN, CLOSED, UNKNOWN = Openness
FIRST = date(2025, 7, 20)
ENDINGS = {OPEN: "75.5 %", UNKNOWN: "4.5 %", CLOSED: "20.0 %"}


def areas(*shares: tuple[int, int] | None, **changes: object) -> Areas:
    """Return a chart of 1,000 tokens a week, of open, unknown and (the rest) closed models."""
    dates = tuple(FIRST + timedelta(7 * n) for n in range(len(shares)))
    chart = Areas(
        title="Open models hold three quarters",
        subtitle="Shares of the listed models’ tokens",
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        tokens={
            OPEN: tuple(each and each[0] for each in shares),
            UNKNOWN: tuple(each and each[1] for each in shares),
            CLOSED: tuple(each and 1000 - sum(each) for each in shares),
        },
        ticks=share_ticks(1000, lambda value: f"{value // 10} %"),
        marks=(),
        words={OPEN: "open", CLOSED: "closed", UNKNOWN: "unknown"},
        empty="No data yet",
        citation="Source: somewhere",
        endings=ENDINGS,
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def year(**changes: object) -> Areas:
    """Return a year of shares in which the open ones grow."""
    shares = [(400 + 7 * n, round(60 + 40 * sin(n / 7))) for n in range(52)]
    return areas(*shares, (755, 45), **changes)


MARKS = (Tick(0, "a year before: 40.0 % open"), Tick(26, "six months before: 58.2 % open"))
CASES = {
    "empty": areas(),
    "nothing known": areas(None, None),
    "one row": areas((755, 45)),
    "two dates": areas((700, 0), (755, 45)),
    "a year": year(marks=MARKS),
    "estimated": year(marks=MARKS, estimated="Estimates"),
    "thin areas": areas((10, 980), (1, 998)),
    "nothing unknown": areas((600, 0), (755, 0)),
    "nothing unknown any more": areas(*[(600, 100)] * 9, (755, 0)),
    "hardly anything unknown any more": areas(*[(600, 1)] * 9, (755, 0)),
    "open alone": areas((1000, 0), (1000, 0)),
    "gaps": areas((500, 100), None, (510, 90), None, (600, 50), (610, 50), None),
    "marks side by side": year(marks=tuple(Tick(n, f"{n}: {LONG[:40]}") for n in (30, 31, 52))),
    "many marks": year(marks=tuple(Tick(n, f"day {n}: 5 of top 5 open") for n in range(52))),
    "long words": year(
        marks=tuple(Tick(n, LONG * 2) for n in (0, 26)),
        words=dict.fromkeys(Openness, LONG),
        endings=dict.fromkeys(Openness, LONG),
        title=LONG * 3,
    ),
    "odd words": year(
        words=dict(zip(Openness, ODD, strict=False)), marks=(Tick(9, ODD[0]), Tick(9, ODD[1]))
    ),
    "no figures": year(endings={}),
}
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def patches(figure: Figure, kind: Openness) -> list[Patch]:
    """Return the areas of an openness, its swatch in the legend first."""
    return [patch for patch in figure.axes[0].patches if patch.get_gid() == kind]


def spans(figure: Figure, kind: Openness) -> list[tuple[float, float, float, float]]:
    """Return how far each area reaches: left, right, top, bottom."""
    shapes = [patch.get_xy() for patch in patches(figure, kind) if isinstance(patch, Polygon)]
    return [(*_ends(shape[:, 0]), *_ends(shape[:, 1])) for shape in shapes]


def _ends(values: np.ndarray) -> tuple[float, float]:
    return float(values.min()), float(values.max())


@all_cases
def test_every_kind_of_data_gives_a_small_png_without_overlapping_labels(chart: Areas) -> None:
    figure = draw(chart, DARK)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


@both_themes
def test_areas_differ_by_colour_texture_and_the_shape_beside_them(theme: Theme) -> None:
    figure = draw(year(), theme)
    kinds = [area for kind in UPWARDS for area in patches(figure, kind)]
    assert len(kinds) == 3
    assert [area.get_hatch() or "" for area in kinds] == [theme.looks[k].hatch for k in UPWARDS]
    assert len({area.get_hatch() for area in kinds}) == 3
    assert len({area.get_facecolor() for area in kinds}) == 3
    shapes = {line.get_marker() for line in figure.axes[0].lines if line.get_marker() != "None"}
    assert shapes == {theme.looks[kind].marker for kind in Openness}


@both_themes
def test_estimates_are_hatched_and_say_so(theme: Theme) -> None:
    figure = draw(CASES["estimated"], theme)
    kinds = [patches(figure, kind)[0].get_hatch() for kind in UPWARDS]
    assert kinds == [theme.looks[kind].hatch + ESTIMATE for kind in UPWARDS]
    assert "Estimates" in words(figure)
    assert not any(
        ESTIMATE in (patch.get_hatch() or "") for patch in draw(year(), theme).axes[0].patches
    )


def test_open_is_below_unknown_between_and_closed_on_top_up_to_the_whole() -> None:
    figure = draw(areas((600, 100), (600, 100)), DARK)
    (opened,), (unknown,), (closed,) = (spans(figure, kind) for kind in UPWARDS)
    heights = [bottom - top for *_, top, bottom in (opened, unknown, closed)]
    assert heights == pytest.approx([HEIGHT * part for part in (0.6, 0.1, 0.3)])
    assert opened[2] == pytest.approx(unknown[3])
    assert unknown[2] == pytest.approx(closed[3])


def test_areas_are_of_exact_figures_however_large() -> None:
    huge = {OPEN: (10**30, 3), UNKNOWN: (0, 0), CLOSED: (10**30, 1)}
    figure = draw(areas((0, 0), (0, 0), tokens=huge), DARK)
    (shape,) = (patch.get_xy() for patch in patches(figure, OPEN) if isinstance(patch, Polygon))
    bottom = shape[:, 1].max()
    assert sorted({round(bottom - y) for y in shape[:, 1]}) == [
        0,
        round(HEIGHT / 2),
        round(HEIGHT * 3 / 4),
    ]


def test_a_gap_is_drawn_as_a_gap_and_a_single_date_as_a_bar() -> None:
    whole = spans(draw(areas(*[(500, 100)] * 7), DARK), OPEN)[0]
    figure = draw(areas((500, 100), (500, 100), None, None, (510, 90), None, (600, 50)), DARK)
    step = (whole[1] - whole[0]) / 6
    reached = [(left - whole[0], right - whole[0]) for left, right, *_ in spans(figure, OPEN)]
    assert len(reached) == 3
    assert reached[0] == pytest.approx((0, step))
    for (left, right), day in zip(reached[1:], (4, 6), strict=True):
        assert (left + right) / 2 == pytest.approx(day * step)
        assert 2 < right - left < step / 2


def test_the_newest_figures_stand_beside_their_areas_from_top_to_bottom() -> None:
    figure = draw(year(), DARK)
    heights = [place(figure, ENDINGS[kind])[1] for kind in reversed(UPWARDS)]
    assert heights == sorted(heights)
    ((_, right, top, bottom),) = spans(figure, OPEN)
    x, y = place(figure, ENDINGS[OPEN])
    assert x > right
    assert top < y < bottom


def test_what_is_never_seen_is_not_said() -> None:
    said = words(draw(CASES["nothing unknown"], DARK))
    assert not {"unknown", "4.5 %"} & set(said)
    assert said.count("open") == said.count("closed") == 1


def test_what_there_is_no_more_of_is_named_within_its_area() -> None:
    figure = draw(CASES["nothing unknown any more"], DARK)
    said = words(figure)
    assert said.count("unknown") == 1
    assert "4.5 %" not in said
    ((left, right, top, bottom),) = spans(figure, UNKNOWN)
    (word,) = (text for text in texts(figure) if text.get_text() == "unknown")
    box = word.get_window_extent().transformed(figure.axes[0].transData.inverted())
    assert left < box.x0 < box.x1 < right
    assert top < min(box.y0, box.y1) < max(box.y0, box.y1) < bottom


def test_what_is_too_thin_for_its_name_is_in_a_legend() -> None:
    figure = draw(CASES["hardly anything unknown any more"], DARK)
    swatch, area = patches(figure, UNKNOWN)
    assert swatch.get_hatch() == area.get_hatch()
    assert swatch.get_facecolor() == area.get_facecolor()
    ((_, _, top, _),) = spans(figure, UNKNOWN)
    assert place(figure, "unknown")[1] < top


def test_the_table_has_the_tokens_of_each_date() -> None:
    table = areas((600, 100), None).table()
    assert table.columns == ("date", "open_tokens", "unknown_tokens", "closed_tokens")
    assert table.rows == (
        (FIRST, 600, 100, 300),
        (FIRST + timedelta(7), None, None, None),
    )


def test_an_empty_chart_says_so_and_keeps_its_title_and_source() -> None:
    for case in ("empty", "nothing known"):
        said = words(draw(CASES[case], DARK))
        assert {"No data yet", "Source: somewhere", "Open models hold three quarters"} < set(said)
        assert "open" not in said


def test_text_from_outside_is_drawn_literally() -> None:
    figure = draw(year(marks=(Tick(3, ODD[2]),)), DARK)
    assert ODD[2] in words(figure)
