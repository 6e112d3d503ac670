"""The chart of standings is looked at the way a reader would: who stands where, with how much."""

from dataclasses import replace
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.charts._files import to_png
from bot.charts._page import MARGIN, WIDTH
from bot.charts.standings import draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme
from bot.model import Openness
from bot.pictures.standings import Bar, Bars
from tests.charts.reading import LONG, ODD, place, texts, unreadable, width_of, words

OPEN, CLOSED, UNKNOWN = Openness
COLUMNS = ("share of all tokens", "change in rank over a week")


def bars(*rows: Bar, **changes: object) -> Bars:
    """Return a chart of places."""
    chart = Bars(
        title="GLM 5 leads with 10.4 % of all tokens",
        subtitle="Most-used models on OpenRouter by tokens, 9 June 2026 to 15 June 2026",
        bars=rows,
        total=1000,
        columns=COLUMNS,
        words={OPEN: "open", CLOSED: "closed", UNKNOWN: "unknown"},
        empty="No model is listed",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def row(rank: int, tokens: int, kind: Openness = OPEN, name: str = "", change: str = "") -> Bar:
    """Return a place of a model that was on the same rank a week before."""
    return Bar(rank, name or f"Model {rank}", kind, tokens, f"{tokens / 10} %", rank, change)


def many(count: int, suffix: str = "", change: str = "= same") -> Bars:
    """Return so many places of all three kinds, each a little shorter than the one before."""
    kinds = cycle(Openness)
    rows = (
        row(n, 500 - 20 * n, next(kinds), f"Model {n}{suffix}", change) for n in range(1, count + 1)
    )
    return bars(*rows)


CASES = {
    "empty": bars(),
    "one": bars(row(1, 104)),
    "ten": many(10),
    "twenty-five": many(25),
    "without changes": many(10, change=""),
    "equal": bars(row(1, 50), row(2, 50, CLOSED), row(3, 50)),
    "nothing used": bars(row(1, 0), row(2, 0), total=0),
    "odd names": bars(*(row(n, 90 - n, UNKNOWN, name, ODD[1]) for n, name in enumerate(ODD, 1))),
    "estimated": replace(many(10), estimated="Estimates from a sample of requests"),
    "long words": replace(
        many(25, f" {LONG}", LONG),
        words=dict.fromkeys(Openness, LONG),
        columns=(LONG, f"{LONG}!"),
        estimated=f"{LONG}?",
    ),
}
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def bar_of(figure: Figure, name: str) -> Rectangle:
    """Return the bar of a model."""
    (found,) = (each for each in figure.findobj(Rectangle) if each.get_gid() == name)
    return found


def arrows(figure: Figure) -> list[str]:
    """Return the arrows from top to bottom, as up and down."""
    found = [line for line in figure.axes[0].lines if line.get_marker() in {"^", "v"}]
    found.sort(key=lambda line: line.get_ydata()[0])
    return ["up" if line.get_marker() == "^" else "down" for line in found]


@all_cases
def test_every_kind_of_data_gives_a_small_png_without_overlapping_labels(chart: Bars) -> None:
    figure = draw(chart, DARK)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


def test_bars_begin_at_zero_and_are_as_long_as_their_tokens() -> None:
    figure = draw(bars(row(1, 400), row(2, 100), row(3, 1)), DARK)
    longest, second, third = (bar_of(figure, f"Model {rank}") for rank in (1, 2, 3))
    assert longest.get_x() == second.get_x() == third.get_x()
    assert second.get_width() == pytest.approx(longest.get_width() / 4)
    assert third.get_width() == pytest.approx(longest.get_width() / 400)


def test_where_nothing_was_used_no_bar_has_a_length() -> None:
    figure = draw(CASES["nothing used"], DARK)
    assert bar_of(figure, "Model 1").get_width() == 0
    assert words(figure).count("0.0 %") == 2


def test_a_place_reads_from_its_rank_over_name_and_share_to_its_change() -> None:
    figure = draw(bars(replace(row(1, 104), before=4, change="▲ up 3")), DARK)
    across = [place(figure, word) for word in ("1", "Model 1", "10.4 %", "up 3")]
    assert across == sorted(across)
    assert {COLUMNS[0], COLUMNS[1]} < set(words(figure))


@both_themes
def test_open_closed_and_unknown_differ_by_colour_badge_and_texture(theme: Theme) -> None:
    figure = draw(bars(*(row(n, 9, kind) for n, kind in enumerate(Openness, 1))), theme)
    drawn = [bar_of(figure, f"Model {n}") for n in (1, 2, 3)]
    assert len({bar.get_facecolor() for bar in drawn}) == 3
    assert [bar.get_hatch() or "" for bar in drawn] == [theme.looks[k].hatch for k in Openness]
    shapes = {line.get_marker() for line in figure.axes[0].lines} - {"None", "^", "v"}
    assert shapes == {theme.looks[kind].marker for kind in Openness}
    assert {"open", "closed", "unknown"} < set(words(figure))


def test_the_legend_has_only_what_is_there() -> None:
    said = words(draw(bars(row(1, 9), row(2, 8, UNKNOWN)), DARK))
    assert {"open", "unknown"} < set(said)
    assert "closed" not in said


def test_bars_of_estimates_are_hatched_as_such_and_others_never() -> None:
    for chart, hatched in ((CASES["estimated"], True), (CASES["ten"], False)):
        figure = draw(chart, DARK)
        found = [bar_of(figure, bar.name).get_hatch() or "" for bar in chart.bars]
        assert {ESTIMATE in hatch for hatch in found} == {hatched}


def test_an_arrow_says_who_rose_and_who_fell_and_others_have_none() -> None:
    figure = draw(
        bars(
            replace(row(1, 9), before=3, change="▲ up 2"),
            replace(row(2, 8), before=None, change="unlisted then"),
            row(3, 7, change="= same"),
            replace(row(4, 6), before=1, change="▼ down 3"),
        ),
        DARK,
    )
    assert arrows(figure) == ["up", "down"]
    assert {"up 2", "unlisted then", "same", "down 3"} < set(words(figure))


def test_without_a_week_before_there_is_no_column_of_changes_and_bars_are_longer() -> None:
    compared, alone = (draw(CASES[case], DARK) for case in ("ten", "without changes"))
    assert COLUMNS[1] not in words(alone)
    assert bar_of(alone, "Model 1").get_width() > bar_of(compared, "Model 1").get_width()
    (share,) = (text for text in texts(alone) if text.get_text() == "48.0 %")
    assert share.get_window_extent().x1 == pytest.approx(2 * (WIDTH - MARGIN), abs=4)


def test_an_empty_chart_says_so_and_keeps_its_title_and_source() -> None:
    said = words(draw(bars(), DARK))
    assert {"No model is listed", "Source: somewhere"} < set(said)
    assert "share of all tokens" not in said


def test_names_with_equal_beginnings_can_be_told_apart() -> None:
    names = [f"Claude Opus Very Long Extended Preview 4.{n} Thinking" for n in (5, 6)]
    figure = draw(bars(*(row(n, 9, name=name) for n, name in enumerate(names, 1))), DARK)
    assert len({word for word in words(figure) if word.startswith("Claude")}) == 2


def test_text_from_outside_is_drawn_literally() -> None:
    said = words(draw(bars(row(1, 9, name=ODD[2])), DARK))
    assert ODD[2] in said


ROWS = st.tuples(
    st.text(max_size=60),
    st.sampled_from(Openness),
    st.integers(0, 10**16),
    st.one_of(st.none(), st.integers(1, 400)),
    st.sampled_from(["", "▲ up 3", "▼ down 12", "= same", "o zaman listede yoktu"]),
)


@given(st.lists(ROWS, max_size=25), st.sampled_from([DARK, LIGHT]), st.booleans())
@settings(deadline=None, max_examples=25)
def test_any_places_can_be_drawn_without_overlapping_labels(
    rows: list[tuple[str, Openness, int, int | None, str]], theme: Theme, estimated: bool
) -> None:
    made = (
        Bar(rank, name, kind, tokens, "<0.1 %", before, change)
        for rank, (name, kind, tokens, before, change) in enumerate(rows, 1)
    )
    chart = bars(*made, estimated="Estimates" if estimated else "")
    figure = draw(chart, theme)
    assert unreadable(figure) == []
    assert len(texts(figure)) >= len(rows)
