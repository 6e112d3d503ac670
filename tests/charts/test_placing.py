"""Labels are put apart: none too near another, in order, in their span, as near as can be."""

from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts._placing import apart

LEAST, TOP, BOTTOM = 46.0, 10.0, 310.0
ROOM = int((BOTTOM - TOP) // LEAST) + 1
"""How many labels the span has room for."""

heights = st.lists(st.integers(-100, 400), max_size=ROOM)


def put(wanted: Sequence[float]) -> list[float]:
    """Return where labels are put that want to be at these heights."""
    return apart(wanted, LEAST, (TOP, BOTTOM))


def distance(wanted: Sequence[float], placed: Sequence[float]) -> float:
    """Return how far labels are from where they want to be, together."""
    return sum(abs(want - got) for want, got in zip(wanted, placed, strict=True))


def nearest(wanted: Sequence[float]) -> float:
    """Return the least distance that there is, by trying every place a label may have.

    One is where some label wants to be or at an edge, or whole labels away from such a place.
    """
    steps = [n * LEAST for n in range(-len(wanted), len(wanted) + 1)]
    places = sorted({at + step for at in (*wanted, TOP, BOTTOM) for step in steps})
    places = [place for place in places if TOP <= place <= BOTTOM]
    least = dict.fromkeys(places, 0.0)
    for number, want in enumerate(sorted(wanted)):
        best, cheapest = {}, float("inf")
        above = iter(places)
        upper = next(above)
        for place in places:
            while number and upper <= place - LEAST + 1e-9:
                cheapest = min(cheapest, least.get(upper, float("inf")))
                upper = next(above)
            best[place] = abs(want - place) + (cheapest if number else 0.0)
        least = best
    return min(least.values())


@given(heights)
def test_labels_are_clear_of_each_other_and_in_the_span(wanted: list[int]) -> None:
    placed = sorted(put(wanted))
    assert len(placed) == len(wanted)
    assert all(below - above >= LEAST - 1e-6 for above, below in pairwise(placed))
    assert all(TOP - 1e-6 <= height <= BOTTOM + 1e-6 for height in placed)


@given(st.lists(st.integers(-100, 400), max_size=12))
def test_labels_keep_their_order_also_where_there_is_no_room_for_all(wanted: list[int]) -> None:
    placed = put(wanted)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    ordered = [placed[index] for index in order]
    assert all(below - above >= LEAST - 1e-6 for above, below in pairwise(ordered))
    assert all(height >= TOP - 1e-6 for height in placed)


@given(heights)
def test_labels_are_as_near_as_can_be_to_where_they_want_to_be(wanted: list[int]) -> None:
    assert distance(wanted, put(wanted)) == pytest.approx(nearest(wanted) if wanted else 0)


@given(st.lists(st.integers(0, 6), max_size=ROOM, unique=True))
def test_labels_with_room_stay_where_they_want_to_be(steps: list[int]) -> None:
    wanted = [TOP + step * LEAST for step in steps]
    assert put(wanted) == pytest.approx(wanted)


@given(st.lists(st.integers(0, 300), min_size=2, max_size=4, unique=True))
@settings(max_examples=20)
def test_it_does_not_matter_in_which_order_labels_are_asked_for(wanted: list[int]) -> None:
    told = [dict(zip(each, put(each), strict=True)) for each in permutations(wanted)]
    totals = [distance(list(each), list(each.values())) for each in told]
    assert totals == pytest.approx([totals[0]] * len(totals))


@given(st.integers(1, 12))
def test_labels_that_want_to_be_at_one_height_are_put_side_by_side(count: int) -> None:
    placed = put([150.0] * count)
    assert placed == sorted(placed)
    gaps = [below - above for above, below in pairwise(placed)]
    assert gaps == pytest.approx([LEAST] * (count - 1))


def test_where_the_span_is_too_short_labels_go_on_below_it() -> None:
    placed = apart([5.0] * 4, 10, (0, 20))
    assert placed == pytest.approx([0, 10, 20, 30])
