"""A model is among the top five or ten of two windows and was in no window before them."""

import pytest

from bot.model import Severity, Window
from bot.rules.top_entry import RULE
from tests.rules.windows import run, window


def _window(number: int, place: int | None) -> Window:
    """Return a window of sixteen models with `x/x` at a place, if any."""
    crowd = {f"c/m{n:02}": 100 - 2 * n for n in range(1, 16)}
    return window(number, crowd if place is None else crowd | {"x/x": 101 - 2 * place})


def _told(*places: int | str | None) -> list[tuple[int, str]]:
    """Return window and subject of what is told of `x/x`; "-" is an incomplete window."""
    windows = [None if isinstance(p, str) else _window(n, p) for n, p in enumerate(places)]
    assert windows[0] is not None
    told = run(RULE, windows)
    return [(n, f.subject.removeprefix("x/x:")) for n, f in told if f.facts["model"] == "x/x"]


@pytest.mark.parametrize(("place", "told"), [(1, "5"), (5, "5"), (6, "10"), (10, "10"), (11, None)])
def test_who_enters_is_told_for_the_five_or_else_for_the_ten(place: int, told: str | None) -> None:
    assert _told(None, place, place, place) == ([(2, told)] if told else [])


def test_an_entry_says_its_place_and_is_always_a_first() -> None:
    windows = [_window(0, None), _window(1, 7), _window(2, 8)]
    (found,) = [f for _, f in run(RULE, windows) if f.facts["model"] == "x/x"]
    assert (found.subject, found.severity, found.first) == ("x/x:10", Severity.MINOR, True)
    assert found.facts == {"model": "x/x", "places": 10, "rank": 8}
    (five,) = run(RULE, [_window(0, 6), _window(1, 3), _window(2, 4)])
    assert (five[1].severity, five[1].facts["rank"]) == (Severity.NOTABLE, 4)


@pytest.mark.parametrize(
    "places",
    [
        (5, 11, 5, 5),
        (10, None, 7, 7),
        (None, 5, None, 5, 5),
        (None, 5, "-", 5, 5),
        (None, "-", 5, "-", 5, 5),
        (None, 5, 11, 5),
    ],
    ids=["the baseline's five", "its ten", "there before", "before a gap", "between", "not twice"],
)
def test_who_was_there_in_any_earlier_window_is_not_told(
    places: tuple[int | str | None, ...],
) -> None:
    assert _told(*places) == []


def test_the_five_may_be_entered_after_the_ten() -> None:
    assert _told(None, 9, 9, 4, 4) == [(2, "10"), (4, "5")]
    assert _told(9, 4, 4) == [(2, "5")]


def test_by_way_of_the_ten_the_five_are_told_in_their_own_time() -> None:
    assert _told(None, 9, 4, 4) == [(2, "10"), (3, "5")]
    assert _told(None, 4, 9, 9) == [(2, "10")]


def test_a_first_window_after_a_gap_may_be_the_first_of_the_two() -> None:
    assert _told(None, "-", 5, 5) == [(3, "5")]


def test_several_may_enter_at_once() -> None:
    new = {"x/x": 900, "y/y": 800, "z/z": 99}
    crowd = {f"c/m{n:02}": 100 - 2 * n for n in range(1, 16)}
    found = run(RULE, [window(0, crowd), window(1, crowd | new), window(2, crowd | new)])
    assert sorted(f.subject for _, f in found) == ["x/x:5", "y/y:5", "z/z:5"]
