"""The chart of authors is looked at the way a reader would: bands, labels, looks and gaps."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from bot.charts._files import to_png
from bot.charts.authors import HEIGHT, draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme, blend
from bot.model import Openness
from bot.pictures import Tick
from bot.pictures.authors import Band, Stack
from bot.text.say import english
from tests.charts.cases.authors import cases
from tests.charts.reading import LONG, ODD, place, texts, unreadable, width_of, words

OPEN, CLOSED, UNKNOWN = Openness
FIRST = date(2026, 6, 1)
WHOLE = tuple(Tick(100 * n, f"{n} %") for n in (0, 25, 50, 75, 100))
OTHERS = (Band("deepseek", (200, 300), "30.0 %"), Band("xiaomi", (200, 100), "10.0 %"))
LEFT = (
    Band("other authors", (150, 150), "15.0 %", rest=True),
    Band("unlisted models", (250, 250), "25.0 %", rest=True),
)
ALL = (Band("tencent", (200, 200), "20.0 %"), *OTHERS, *LEFT)
ONE = (
    Band("tencent", (100, 150), "15.0 %", OPEN),
    Band("tencent", (100, 50), "5.0 %", CLOSED),
    *OTHERS,
    *LEFT,
)


def stack(bands: tuple[Band, ...], **changes: object) -> Stack:
    """Return a chart of bands over days that follow each other."""
    count = len(bands[0].tokens) if bands else 0
    dates = tuple(FIRST + timedelta(n) for n in range(count))
    columns = list(zip(*(band.tokens for band in bands), strict=True))
    chart = Stack(
        title="tencent has 20.0 % of all tokens",
        subtitle="Shares of all tokens over seven days, by author",
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        bands=bands,
        totals=tuple(None if None in each else sum(each) for each in columns),  # type: ignore[arg-type]
        ticks=WHOLE,
        words={OPEN: "open", CLOSED: "closed", UNKNOWN: "unknown"},
        ending="20.0 %",
        empty="No data yet",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def over(*bands: tuple[int | None, ...]) -> Stack:
    """Return a chart of as many authors, the first of whom it is about."""
    first, *others = bands
    named = [Band(f"author-{n}", tokens, "9 %") for n, tokens in enumerate(others)]
    return stack((Band("tencent", first, "20.0 %", OPEN), *named))


CASES = cases(english()) | {
    "all": stack(ALL),
    "one": stack(ONE),
    "all of it": stack((Band("tencent", (9, 9), "100 %", OPEN),)),
    "only unlisted": stack((Band("unlisted models", (9, 9), "100 %", rest=True),)),
    "nothing": over((None, None), (None, None)),
    "zeros": over((0, 0), (0, 0)),
    "thin": over((1, 1), (10**12, 10**12), (1, 1), (2, 1)),
    "crowded below": over(*[(1, 1)] * 7, (10**6, 10**6)),
    "crowded above": over((10**6, 10**6), *[(1, 1)] * 7),
    "newest unknown": over((5, 6, None), (5, 6, None)),
    "odd words": stack(
        tuple(Band(word, (9, 9), word, openness=None) for word in ODD),
        title=ODD[2],
        words=dict.fromkeys(Openness, ODD[3]),
    ),
    "odd author": stack(
        (Band(ODD[0], (9, 9), ODD[3], OPEN), Band(ODD[1], (9, 9), ODD[3])),
        words=dict.fromkeys(Openness, LONG),
        ending=LONG,
        ticks=(Tick(0, LONG), Tick(10_000, LONG)),
    ),
}
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def bands(figure: Figure, name: str) -> list[Polygon]:
    """Return the shapes of a band, from left to right and from below."""
    return [patch for patch in figure.axes[0].patches if patch.get_gid() == name]


def box(shape: Polygon) -> tuple[float, float, float, float]:
    """Return how far a shape reaches: left, right, top, bottom."""
    x, y = np.array(shape.get_xy()).T
    return float(x.min()), float(x.max()), float(y.min()), float(y.max())


def thickness(shape: Polygon, side: int) -> float:
    """Return how high a band is at its left end (0) or at its right one (1)."""
    points = np.array(shape.get_xy())
    heights = points[points[:, 0] == (points[:, 0].min(), points[:, 0].max())[side]][:, 1]
    return float(heights.max() - heights.min())


@both_themes
@all_cases
def test_every_kind_of_data_gives_a_small_png_without_overlapping_labels(
    chart: Stack, theme: Theme
) -> None:
    figure = draw(chart, theme)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


TOKENS = st.integers(0, 10**15)
COLUMNS = st.lists(st.one_of(st.none(), st.tuples(*[TOKENS] * 8)), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(COLUMNS, st.integers(0, 3), st.sampled_from([100, 2000, 10_000]), st.sampled_from(["", "e"]))
def test_no_figures_make_it_fail_or_labels_overlap(
    columns: list[tuple[int, ...] | None], kinds: int, most: int, estimated: str
) -> None:
    made = tuple(
        Band(
            LONG if n < kinds else f"{ODD[n % 5]} {n}",
            tuple(column and column[n] for column in columns),
            "12.3 %",
            tuple(Openness)[n] if n < kinds else None,
            rest=n > 5,
        )
        for n in range(8)
    )
    ticks = (Tick(0, "0 %"), Tick(most, f"{most // 100} %"))
    assert unreadable(draw(stack(made, ticks=ticks, estimated=estimated), DARK)) == []


def test_bands_stand_on_each_other_from_zero_and_fill_the_picture_together() -> None:
    figure = draw(stack(ALL), DARK)
    shapes = [bands(figure, band.name)[0] for band in ALL]
    assert [thickness(shape, 0) for shape in shapes] == pytest.approx(
        [HEIGHT * part for part in (0.2, 0.2, 0.2, 0.15, 0.25)]
    )
    assert [thickness(shape, 1) for shape in shapes] == pytest.approx(
        [HEIGHT * part for part in (0.2, 0.3, 0.1, 0.15, 0.25)]
    )
    assert box(shapes[0])[3] - box(shapes[-1])[2] == pytest.approx(HEIGHT)
    assert box(shapes[0])[3] == pytest.approx(place(figure, "0 %")[1], abs=8)


def test_a_picture_of_a_part_begins_at_zero_and_cuts_off_what_is_higher() -> None:
    ticks = (Tick(0, "0 %"), Tick(4000, "40 %"))
    figure = draw(stack(ONE, ticks=ticks), DARK)
    opened, closed = bands(figure, "tencent")
    assert thickness(opened, 1) == pytest.approx(HEIGHT * 0.15 / 0.4)
    assert thickness(closed, 1) == pytest.approx(HEIGHT * 0.05 / 0.4)
    assert box(bands(figure, "deepseek")[0])[2] == pytest.approx(box(opened)[3] - HEIGHT)
    said = words(figure)
    assert "deepseek" in said
    assert not {"xiaomi", "other authors", "unlisted models"} & set(said)


@both_themes
def test_the_author_it_is_about_has_the_looks_of_its_models_and_all_others_are_grey(
    theme: Theme,
) -> None:
    figure = draw(stack(ONE), theme)
    for shape, kind in zip(bands(figure, "tencent"), (OPEN, CLOSED), strict=True):
        look = theme.looks[kind]
        assert to_hex(shape.get_edgecolor()) == look.colour.lower()
        assert (shape.get_hatch() or "") == look.hatch
    greys = [to_hex(bands(figure, b.name)[0].get_facecolor()) for b in (*OTHERS, *LEFT)]
    assert all(one != other for one, other in pairwise(greys))
    steps = [blend(theme.back, theme.paper, n / 100) for n in range(40, 90)]
    assert set(greys) <= set(steps)


@both_themes
def test_authors_of_whom_none_stands_out_differ_from_their_neighbours_and_from_every_look(
    theme: Theme,
) -> None:
    six = tuple(Band(f"author-{n}", (9, 9), "9 %") for n in range(6))
    figure = draw(stack(six), theme)
    shapes = [bands(figure, band.name)[0] for band in six]
    colours = [to_hex(shape.get_facecolor()) for shape in shapes]
    hatches = [shape.get_hatch() for shape in shapes]
    assert len(set(colours)) == 6
    assert not set(colours) & {look.colour.lower() for look in theme.looks.values()}
    assert all(one != other for one, other in pairwise(hatches))


def test_labels_stand_beside_their_bands_in_their_order_with_the_newest_shares() -> None:
    figure = draw(stack(ALL), DARK)
    heights = [place(figure, band.name)[1] for band in ALL]
    assert heights == sorted(heights, reverse=True)
    for band in ALL:
        assert place(figure, band.name)[0] > box(bands(figure, band.name)[0])[1]
        assert place(figure, band.ending)[1] == place(figure, band.name)[1]
    _, _, top, bottom = box(bands(figure, "deepseek")[0])
    assert top < place(figure, "deepseek")[1] < bottom
    thin = draw(over(*[(1, 1)] * 4, (10**6, 10**6)), DARK)
    heights = [place(thin, name)[1] for name in ("tencent", "author-0", "author-1", "author-3")]
    assert heights == sorted(heights, reverse=True)


def test_the_share_of_the_author_is_said_strong_above_those_of_its_kinds() -> None:
    figure = draw(stack(ONE), DARK)
    strong = [text for text in texts(figure) if text.get_text() in {"tencent", "20.0 %"}]
    assert {text.get_color() for text in strong} == {DARK.ink}
    assert all("Black" in str(text.get_fontproperties().get_file()) for text in strong)
    names = ("deepseek", "tencent", "closed", "open")
    heights = [place(figure, name)[1] for name in names]
    assert heights == sorted(heights)
    assert place(figure, "5.0 %")[1] == place(figure, "closed")[1]
    quiet = {t.get_color() for t in texts(figure) if t.get_text() in {b.name for b in OTHERS}}
    assert quiet == {DARK.quiet}


def test_of_models_that_are_all_alike_the_share_is_said_once() -> None:
    alike = (Band("tencent", (200, 200), "20.0 %", OPEN), *OTHERS, *LEFT)
    said = words(draw(stack(alike), DARK))
    assert said.count("20.0 %") == 1
    assert {"tencent", "open"} <= set(said)


def test_an_author_that_is_gone_is_still_named_and_what_is_no_more_is_not_beside_it() -> None:
    gone = (Band("tencent", (9, 0), "not listed", OPEN), Band("zen", (9, 9), "100 %"))
    said = words(draw(stack((*gone, Band("yi", (9, 0), "none")), ending="not listed"), DARK))
    assert {"tencent", "not listed", "zen"} <= set(said)
    assert not {"open", "yi", "none"} & set(said)


def test_a_gap_is_drawn_as_a_gap_and_a_single_date_as_a_bar() -> None:
    whole = box(bands(draw(over((5,) * 7, (5,) * 7), DARK), "tencent")[0])
    tokens = (5, 5, None, None, 6, None, 7)
    figure = draw(over(tokens, tokens), DARK)
    step = (whole[1] - whole[0]) / 6
    for name in ("tencent", "author-0"):
        spans = [box(shape)[:2] for shape in bands(figure, name)]
        reached = [(left - whole[0], right - whole[0]) for left, right in spans]
        assert len(reached) == 3
        assert reached[0] == pytest.approx((0, step))
        for (left, right), day in zip(reached[1:], (4, 6), strict=True):
            assert (left + right) / 2 == pytest.approx(day * step)
            assert 2 < right - left < step / 2


@pytest.mark.parametrize("chart", [ALL, ONE], ids=["all", "one"])
def test_estimates_are_hatched_and_say_so(chart: tuple[Band, ...]) -> None:
    figure = draw(stack(chart, estimated="Estimates"), DARK)
    shapes = [shape for band in chart for shape in bands(figure, band.name)]
    assert all(ESTIMATE in (shape.get_hatch() or "") for shape in shapes)
    assert "Estimates" in words(figure)
    counted = draw(stack(chart), DARK)
    shapes = [shape for band in chart for shape in bands(counted, band.name)]
    assert not any(ESTIMATE in (shape.get_hatch() or "") for shape in shapes)


def test_an_empty_chart_says_so_and_keeps_its_title_and_source() -> None:
    for case in (stack(()), CASES["nothing"], CASES["zeros"]):
        said = words(draw(case, DARK))
        assert {"No data yet", "Source: somewhere", "tencent has 20.0 % of all tokens"} <= set(said)
        assert "tencent" not in said


def test_names_from_outside_are_drawn_literally() -> None:
    assert "$x^2$" in words(draw(stack((Band("$x^2$", (9, 9), "100 %"),)), DARK))


def test_bands_are_the_totals_together_on_every_date() -> None:
    with pytest.raises(ValueError, match="for each date"):
        stack(ALL, days=("a",))
    with pytest.raises(ValueError, match="for each date"):
        replace(stack(ALL), bands=(*ALL, Band("zen", (1,), "")))
    for totals in ((1000, 999), (1000, None)):
        with pytest.raises(ValueError, match="together"):
            stack(ALL, totals=totals)


def test_the_table_has_the_exact_tokens_of_each_band_on_each_date() -> None:
    table = stack(ONE).table()
    assert table.columns == ("date", "author", "openness", "tokens", "all_tokens")
    assert table.rows[1:3] == (
        (FIRST + timedelta(1), "tencent", "open", 150, 1000),
        (FIRST, "tencent", "closed", 100, 1000),
    )
    assert len(table.rows) == 2 * len(ONE)
