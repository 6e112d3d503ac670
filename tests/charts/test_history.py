"""The history of a model is looked at the way a reader would: two panels, gaps, milestones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Polygon

from bot.charts._files import to_png, to_svg
from bot.charts.history import MOST, draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, Theme
from bot.model import Openness
from bot.packaged import read_languages
from bot.pictures import Tick, rank_ticks
from bot.pictures.history import History
from bot.text.rounds import token_ticks
from bot.text.say import english
from tests.charts.cases.history import cases
from tests.charts.reading import LONG, ODD, place, texts, unreadable, width_of, words

SAY = english()
FIRST = date(2026, 1, 4)
CASES = {
    f"{name}, {code}": each
    for code, say in read_languages().items()
    for name, each in cases(say).items()
}


def history(ranks: tuple[int | None, ...], **changes: object) -> History:
    """Return a history with a day for each rank, and tokens that fall with it."""
    dates = tuple(FIRST + timedelta(n) for n in range(len(ranks)))
    tokens = tuple(None if rank is None else 60 * 10**9 // rank for rank in ranks)
    chart = History(
        title="Hy3 leads",
        subtitle="Rank and tokens",
        empty="No data yet",
        citation="Source: somewhere",
        name="Hy3",
        openness=Openness.OPEN,
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        ranks=ranks,
        tokens=tokens,
        rank_ticks=rank_ticks(max(filter(None, ranks), default=1)),
        token_ticks=token_ticks(max(filter(None, tokens), default=0), SAY),
        rank_label="Rank",
        tokens_label="Tokens",
        ending="number one",
        amount="60 billion",
        events=(),
        words=dict(zip(Openness, ("open", "closed", "unknown"), strict=True)),
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


ODD_WORDS = history(
    (3, 1, None, 2),
    title=f"{LONG} {LONG}",
    subtitle=LONG * 2,
    rank_label=LONG,
    tokens_label=LONG,
    ending=LONG,
    amount=LONG,
    words=dict.fromkeys(Openness, LONG),
    events=tuple(Tick(n % 4, word) for n, word in enumerate(ODD)),
)
ALL: Mapping[str, History] = {
    **CASES,
    "one date": history((1,)),
    "two dates": history((1, 50)),
    "nothing used": history((7, 7), tokens=(0, 0), token_ticks=()),
    "no ticks": history((7, 9), rank_ticks=(), token_ticks=()),
    "odd words": ODD_WORDS,
    "deepest last": history((1, 400)),
    "gone": history((1, 2, None), ending="not listed", amount=""),
}
all_cases = pytest.mark.parametrize("chart", ALL.values(), ids=ALL.keys())
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def lines(figure: Figure, gid: str) -> list[Line2D]:
    """Return the lines of a kind."""
    return [line for line in figure.axes[0].lines if line.get_gid() == gid]


def bars(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Return the edges of each bar: left, right, top, foot."""
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    shapes = [path for patch in found for path in patch.get_path().to_polygons()]
    return [
        (shape[:, 0].min(), shape[:, 0].max(), shape[:, 1].min(), shape[:, 1].max())
        for shape in shapes
    ]


def poles(figure: Figure) -> list[float]:
    """Return how far right the lines of milestones stand, in the order they were drawn in."""
    return [line.get_xdata()[0] for line in lines(figure, "event") if len(line.get_xdata()) == 2]


@all_cases
@both_themes
def test_every_word_is_readable(chart: History, theme: Theme) -> None:
    assert unreadable(draw(chart, theme)) == []


@all_cases
def test_a_picture_is_small(chart: History) -> None:
    png = to_png(draw(chart, DARK))
    assert width_of(png) == 1600
    assert len(png) < 150_000


def test_it_is_the_same_each_time() -> None:
    one, other = (to_svg(draw(CASES["full, en"], DARK)) for _ in range(2))
    assert one == other


def test_the_best_rank_is_on_top_and_ranks_at_the_top_have_the_most_room() -> None:
    (stroke,) = lines(draw(history((1, 2, 9, 10)), DARK), "ranks")
    first, second, ninth, tenth = dict.fromkeys(stroke.get_ydata())
    assert first < second < ninth < tenth
    assert second - first > 2 * (tenth - ninth)


def test_a_rank_lies_level_with_its_tick_and_its_words() -> None:
    figure = draw(history((10, 5)), DARK)
    (stroke,) = lines(figure, "ranks")
    low, high = stroke.get_ydata()[0], stroke.get_ydata()[-1]
    assert place(figure, "10")[1] - place(figure, "5")[1] == pytest.approx(low - high)
    assert place(figure, "number one")[1] == pytest.approx(high, abs=8)


def test_bars_stand_on_zero_and_are_as_high_as_their_tokens() -> None:
    figure = draw(history((1, 2, 3, 6)), DARK)
    foot = {bar[3] for bar in bars(figure)}
    heights = [bar[3] - bar[2] for bar in bars(figure)]
    assert len(foot) == 1
    assert [heights[0] / height for height in heights] == pytest.approx([1, 2, 3, 6])
    ticks = place(figure, "0")[1] - place(figure, "60 B")[1]
    assert heights[0] == pytest.approx(ticks)


@pytest.mark.parametrize("count", [1, 2, 9, 180])
def test_each_bar_stands_under_its_rank_and_beside_the_next(count: int) -> None:
    figure = draw(history((1,) * count), DARK)
    edges = bars(figure)
    assert len(edges) == count
    (marks,) = lines(figure, "marks")
    left, right, *_ = edges[-1]
    assert marks.get_xdata()[-1] == pytest.approx((left + right) / 2)
    assert all(one[1] <= other[0] + 1e-6 for one, other in pairwise(edges))


@pytest.mark.parametrize("count", [1, 2, 9, 180])
def test_bars_fill_what_the_lines_of_their_ticks_span(count: int) -> None:
    figure = draw(history((1,) * count), DARK)
    grid = [line.get_xdata() for line in figure.axes[0].lines if line.get_linewidth() == 1]
    left, right = min(x[0] for x in grid), max(x[1] for x in grid)
    edges = bars(figure)
    assert left <= edges[0][0] + 1e-6
    assert edges[-1][1] <= right + 1e-6
    assert edges[0][0] - left == pytest.approx(right - edges[-1][1])


def test_a_gap_is_drawn_as_a_gap_in_both_panels_and_a_date_alone_is_marked() -> None:
    ranks = (1, 1, None, None, 2, None, *[3] * 60)
    figure, whole = draw(history(ranks), DARK), draw(history((1,) * 66), DARK)
    days = [(left + right) / 2 for left, right, *_ in bars(whole)]
    strokes = [(line.get_xdata()[0], line.get_xdata()[-1]) for line in lines(figure, "ranks")]
    ends = [(days[0], days[1]), (days[4], days[4]), (days[6], days[65])]
    assert strokes == [pytest.approx(pair) for pair in ends]
    (marks,) = lines(figure, "marks")
    assert list(marks.get_xdata()) == pytest.approx([days[4], days[65]])
    found = [(left + right) / 2 for left, right, *_ in bars(figure)]
    assert found == pytest.approx([at for at, rank in zip(days, ranks, strict=True) if rank])


def test_each_openness_has_its_colour_marker_dashes_and_texture() -> None:
    seen = []
    for kind in Openness:
        figure, look = draw(history((1, 2), openness=kind), DARK), DARK.looks[kind]
        (stroke,), (marks,) = lines(figure, "ranks"), lines(figure, "marks")
        (patch,) = (each for each in figure.axes[0].patches if each.get_gid() == "tokens")
        assert (stroke.get_color(), marks.get_marker()) == (look.colour, look.marker)
        assert (patch.get_hatch() or "") == look.hatch
        assert {"open", "closed", "unknown"} & set(words(figure)) == {kind.value}
        # matplotlib has no public getter that tells one dash pattern from another
        seen.append((stroke.get_color(), str(stroke._unscaled_dash_pattern), look.hatch))
    assert all(len(set(each)) == 3 for each in zip(*seen, strict=True))


@pytest.mark.parametrize("kind", Openness)
def test_estimates_are_hatched_in_both_panels_and_counted_figures_are_not(kind: Openness) -> None:
    def hatches(chart: History) -> tuple[set[str], int]:
        patches = draw(chart, DARK).axes[0].patches
        filled = {each.get_hatch() or "" for each in patches if each.get_gid() == "tokens"}
        return filled, sum(isinstance(p, Polygon) and p.get_hatch() == ESTIMATE for p in patches)

    counted = history((1, 2, None, 3), openness=kind)
    texture = DARK.looks[kind].hatch
    assert hatches(replace(counted, estimated="Estimates")) == ({texture + ESTIMATE}, 2)
    assert hatches(counted) == ({texture}, 0)


def test_a_milestone_is_a_line_at_its_date_with_its_words_and_a_mark_on_the_rank() -> None:
    chart = history((3,) * 30, events=(Tick(10, "First place"),))
    figure = draw(chart, DARK)
    left, right, *_ = bars(figure)[10]
    assert poles(figure) == pytest.approx([(left + right) / 2])
    pole, mark = lines(figure, "event")
    assert (mark.get_xdata()[0], mark.get_marker()) == (pole.get_xdata()[0], "o")
    assert mark.get_ydata()[0] == lines(figure, "ranks")[0].get_ydata()[0]
    assert place(figure, "First place")[0] == pytest.approx(pole.get_xdata()[0], abs=8)
    assert pole.get_ydata()[1] == pytest.approx(bars(figure)[0][3])


def test_a_milestone_of_a_date_without_a_rank_has_no_mark() -> None:
    events = (Tick(1, "Out of the top twenty"),)
    assert len(lines(draw(history((3, None, 4), events=events), DARK), "event")) == 1
    assert len(lines(draw(history((3, 20, 4), events=events), DARK), "event")) == 2


def test_of_milestones_that_meet_the_first_is_shown_and_of_a_date_one_alone() -> None:
    crowd = tuple(Tick(n, f"Ahead of model {n}") for n in (90, 91, 92, 90))
    said = words(draw(history((3,) * 180, events=crowd), DARK))
    assert "Ahead of model 90" in said
    assert "Ahead of model 91" not in said
    assert said.count("Ahead of model 90") == 1


def test_no_more_milestones_are_shown_than_can_be_taken_in() -> None:
    many = tuple(Tick(15 * n, f"{n}") for n in range(12))
    figure = draw(history((3,) * 180, events=many), DARK)
    assert len(poles(figure)) == MOST


def test_no_words_of_a_milestone_lie_on_the_line_of_another() -> None:
    for chart in CASES.values():
        figure = draw(chart, DARK)
        labels = {event.label for event in chart.events}
        boxes = [text.get_window_extent() for text in texts(figure) if text.get_text() in labels]
        for line in lines(figure, "event"):
            box = line.get_window_extent()
            assert not any(box.overlaps(each) for each in boxes if len(line.get_xdata()) == 2)


def test_a_model_that_is_gone_is_said_to_be_below_all_in_quiet_words() -> None:
    figure = draw(history((1, 2, None), ending="not listed", amount=""), DARK)
    (said,) = (text for text in texts(figure) if text.get_text() == "not listed")
    assert said.get_color() == DARK.quiet
    assert said.get_position()[1] > max(lines(figure, "ranks")[0].get_ydata())


@pytest.mark.parametrize("ranks", [(), (None, None)])
def test_without_a_rank_the_page_says_so_and_keeps_its_title_and_source(
    ranks: tuple[None, ...],
) -> None:
    said = words(draw(history(ranks), DARK))
    assert said == ["Hy3 leads", "Rank and tokens", "Source: somewhere", "No data yet"]


def test_text_from_outside_is_drawn_literally() -> None:
    said = words(draw(history((1, 2), ending="$5", events=(Tick(0, "$x^2$"),)), DARK))
    assert {"$5", "$x^2$"} <= set(said)


def test_the_table_has_exact_figures_and_what_happened() -> None:
    chart = history((2, None), events=(Tick(0, "Top ten"), Tick(0, "1 T")))
    table = chart.table()
    assert table.columns == ("date", "model", "openness", "rank", "tokens", "milestones")
    assert table.rows == (
        (FIRST, "Hy3", "open", 2, 30 * 10**9, "Top ten; 1 T"),
        (FIRST + timedelta(1), "Hy3", "open", None, None, None),
    )


def test_a_history_of_other_lengths_or_with_events_elsewhere_is_none() -> None:
    with pytest.raises(ValueError, match="a day, a rank and tokens"):
        history((1, 2), days=("1",))
    with pytest.raises(ValueError, match="stands at one of its dates"):
        history((1, 2), events=(Tick(2, "late"),))


RANKS = st.lists(st.none() | st.integers(1, 400), min_size=1, max_size=60)


@settings(deadline=None, max_examples=40)
@given(RANKS, st.data())
def test_any_history_is_drawn_readably(ranks: list[int | None], data: st.DataObject) -> None:
    tokens = tuple(None if rank is None else data.draw(st.integers(0, 10**17)) for rank in ranks)
    labels = st.sampled_from([*ODD, "First place", "5 T in a week", "Passed by Hy3"])
    spots = st.integers(0, len(ranks) - 1)
    chart = history(
        tuple(ranks),
        tokens=tokens,
        token_ticks=token_ticks(max(filter(None, tokens), default=0), SAY),
        events=tuple(data.draw(st.lists(st.builds(Tick, spots, labels), max_size=12))),
        openness=data.draw(st.sampled_from(Openness)),
        estimated=data.draw(st.sampled_from(["", "Estimates"])),
        ending=data.draw(st.sampled_from([*ODD, "number 1"])),
    )
    assert unreadable(draw(chart, LIGHT)) == []
