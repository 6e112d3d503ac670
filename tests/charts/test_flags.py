"""Flags above the shares: what they stand on, who gives way, and that all can be read."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from bot.charts._flags import MOST, ROWS
from bot.charts.open_share import HEIGHT, draw
from bot.charts.theme import DARK
from bot.model import Openness
from bot.pictures import Tick
from bot.pictures.open_share import UPWARDS, Areas
from tests.charts.reading import LONG, ODD, place, texts, unreadable, words
from tests.charts.test_open_share import CASES, FIRST, MARKS, OPEN, areas, spans, year


def upright(figure: Figure, colour: str) -> list[Line2D]:
    """Return the lines of a colour that stand upright."""
    lines = (line for line in figure.axes[0].lines if line.get_color() == colour)
    return [line for line in lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) > 1]


def feet(figure: Figure) -> list[tuple[float, float]]:
    """Return where the flags' poles end, from left to right."""
    lines = upright(figure, DARK.ink)
    return sorted((line.get_xdata()[0], max(line.get_ydata())) for line in lines)


def test_a_mark_is_a_pole_on_the_open_share_of_its_date_beside_its_words() -> None:
    figure = draw(year(marks=MARKS), DARK)
    ((left, right, _, bottom),) = spans(figure, OPEN)
    heights = [HEIGHT * 0.4, HEIGHT * 0.582]
    assert [x for x, _ in feet(figure)] == pytest.approx([left, left + (right - left) * 26 / 52])
    assert [bottom - y for _, y in feet(figure)] == pytest.approx(heights)
    for mark, (x, _) in zip(MARKS, feet(figure), strict=True):
        text_x, text_y = place(figure, mark.label)
        assert 0 < text_x - x < 10
        assert text_y < bottom - HEIGHT


def test_the_last_date_is_told_on_the_left_where_the_right_has_no_room() -> None:
    figure = draw(year(marks=(Tick(52, LONG[:40]),)), DARK)
    (word,) = (text for text in texts(figure) if text.get_text() == LONG[:40])
    box = word.get_window_extent().transformed(figure.axes[0].transData.inverted())
    assert 0 < feet(figure)[0][0] - box.x1 < 10


def test_marks_that_would_meet_stand_in_rows_and_make_the_picture_higher() -> None:
    calm, busy = draw(year(marks=MARKS), DARK), draw(CASES["marks side by side"], DARK)
    assert busy.get_figheight() > calm.get_figheight() > draw(year(), DARK).get_figheight()
    heights = [place(busy, mark.label)[1] for mark in CASES["marks side by side"].marks]
    assert len(set(heights)) > 1


def test_of_many_marks_the_first_ones_with_room_are_told_and_at_most_six() -> None:
    data = CASES["many marks"]
    figure = draw(data, DARK)
    told = [mark.label for mark in data.marks if mark.label in words(figure)]
    assert told[0] == data.marks[0].label
    assert 3 <= len(told) <= MOST
    assert len({place(figure, label)[1] for label in told}) <= ROWS
    spread = year(marks=tuple(Tick(n, f"{n}") for n in range(0, 50, 5)))
    assert [w for w in words(draw(spread, DARK)) if w.isdecimal()] == [
        "0",
        "5",
        "10",
        "15",
        "20",
        "25",
    ]


def test_a_mark_in_a_gap_has_nothing_to_stand_on_and_is_left_out() -> None:
    data = areas((500, 0), None, (510, 0), marks=(Tick(1, "nothing"), Tick(2, "something")))
    said = words(draw(data, DARK))
    assert "something" in said
    assert "nothing" not in said


@st.composite
def histories(draw_: st.DrawFn) -> Areas:
    """Return any history: gaps, nothing at all, one kind, huge figures, odd marks and words."""
    counts = st.one_of(st.integers(0, 9), st.integers(0, 10**30))
    rows = st.none() | st.tuples(counts, counts, counts)
    found = draw_(st.lists(rows, min_size=1, max_size=60))
    steps = draw_(st.lists(st.integers(1, 400), min_size=len(found), max_size=len(found)))
    dates = tuple(FIRST + timedelta(sum(steps[:n])) for n in range(len(found)))
    labels = st.sampled_from([*ODD, "3 Jul: 5 of top 5 open", ""])
    at = st.integers(0, len(found) - 1)
    return areas(
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        tokens={kind: tuple(r and r[n] for r in found) for n, kind in enumerate(UPWARDS)},
        marks=tuple(Tick(draw_(at), draw_(labels)) for _ in range(draw_(st.integers(0, 9)))),
        estimated=draw_(st.sampled_from(["", "Estimates"])),
        words=dict.fromkeys(Openness, draw_(st.sampled_from(["open", *ODD]))),
    )


@settings(max_examples=60, deadline=None)
@given(histories())
def test_any_history_is_drawn_without_overlapping_labels(data: Areas) -> None:
    assert unreadable(draw(data, DARK)) == []


@settings(max_examples=60, deadline=None)
@given(
    marks=st.lists(st.tuples(st.integers(0, 52), st.integers(1, 60)), max_size=9),
)
def test_no_pole_runs_through_words(marks: list[tuple[int, int]]) -> None:
    told = tuple(Tick(at, LONG[:length]) for at, length in marks)
    figure = draw(areas(*[(400, 300)] * 52, (700, 0), marks=told), DARK)
    assert "unknown" in words(figure)
    back = figure.axes[0].transData.inverted()
    boxes = [text.get_window_extent().transformed(back) for text in texts(figure)]
    poles = [Bbox(list(line.get_xydata())) for line in upright(figure, DARK.ink)]
    assert not [1 for pole in poles for box in boxes if pole.overlaps(box)]
