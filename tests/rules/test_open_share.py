"""The open share: marks reached and re-armed, the fall below half, and what is held."""

from collections.abc import Sequence

import pytest

from bot.model import Severity, Window
from bot.rules.open_share import RULE
from tests.rules.windows import run, window


def _window(number: int, lower: int, upper: int | None = None) -> Window:
    """Return a window with such bounds, in tenths of a per cent; half of all is unlisted."""
    upper = lower if upper is None else upper
    counts = {"o/a": lower, "u/b": upper - lower, "c/c": 1000 - upper}
    return window(number, {model: n for model, n in counts.items() if n}, other=1000)


def _run(*bounds: int | tuple[int, int] | None) -> list[tuple[int, str, bool]]:
    """Return number of the window, subject (`.held` behind it for a held one) and "first"."""
    windows = [
        None if b is None else _window(n, *(b if isinstance(b, tuple) else (b,)))
        for n, b in enumerate(bounds)
    ]
    found = run(RULE, windows)
    return [(n, f.subject + ".held" * bool(f.held_by), f.first) for n, f in found]


def _subjects(*bounds: int | tuple[int, int] | None) -> list[tuple[int, str]]:
    return [(number, subject) for number, subject, _ in _run(*bounds)]


MARKS = ("50", "60", "70", "75", "80", "90")


@pytest.mark.parametrize(
    ("share", "marks"),
    [(499, 0), (500, 1), (599, 1), (600, 2), (700, 3), (749, 3), (750, 4), (800, 5), (899, 5),
     (900, 6), (1000, 6)],
)  # fmt: skip
def test_each_mark_that_both_windows_reach_is_told(share: int, marks: int) -> None:
    assert _run(400, share, share) == [(2, mark, True) for mark in MARKS[:marks]]


def test_half_is_a_headline_and_all_else_notable() -> None:
    found = run(RULE, [_window(n, s) for n, s in enumerate((400, 500, 500, 600, 600))])
    assert [(f.subject, f.severity) for _, f in found] == [
        ("50", Severity.HEADLINE),
        ("60", Severity.NOTABLE),
    ]


def test_the_facts_are_the_mark_the_way_and_the_tokens_of_the_second_window() -> None:
    ((_, found),) = run(RULE, [_window(0, 100), _window(1, 510), _window(2, 520, 560)])
    assert found.facts == {
        "mark": 50,
        "direction": "up",
        "open_tokens": 520,
        "unknown_tokens": 40,
        "counted_tokens": 1000,
    }


@pytest.mark.parametrize(
    "shares",
    [(500, 500, 500), (400, 500, 499, 500, 499), (400, 500, None, 500), (700, 600, 600)],
    ids=["had by the baseline", "never twice running", "a gap between", "below the baseline's"],
)
def test_nothing_is_told_of_what_is_past_or_unconfirmed(shares: Sequence[int | None]) -> None:
    assert _subjects(*shares) == []


@pytest.mark.parametrize(
    ("dip", "again"),
    [
        ([581, 581], False),
        ([580, 581], False),
        ([580, 580], True),
        ([580, 590, 580], False),
        ([(500, 581), 580], False),
        ([580, None, 580], False),
    ],
)
def test_a_mark_is_rearmed_when_two_windows_are_surely_two_points_below(
    dip: Sequence[int | tuple[int, int] | None], again: bool
) -> None:
    told = _subjects(500, 600, 600, *dip, 600, 600)
    assert [s for _, s in told if not s.endswith(".held")] == ["60"] * (1 + again)


def test_a_fall_is_told_once_for_each_time_that_half_was_reached() -> None:
    told = _subjects(500, 499, 499, 400, 400, 500, 500, 499, 499)
    assert told == [(2, "50-down"), (6, "50"), (8, "50-down")]
    assert _subjects(490, 499, 499) == []
    assert _subjects(500, 499, 500, 499) == []


def test_a_first_is_one_that_no_earlier_window_could_have_had() -> None:
    assert _run((400, 500), 400, 500, 500)[-1] == (3, "50", False)
    assert _run((400, 499), 400, 500, 500)[-1] == (3, "50", True)


def test_a_mark_that_unknown_models_bring_is_held_once_and_then_told() -> None:
    assert _run(400, (400, 700), (400, 700), (450, 700), (500, 690), 500, 500) == [
        (2, "50.held", True),
        (2, "60.held", True),
        (2, "70.held", True),
        (5, "50", False),
    ]


def test_a_held_mark_stays_held_until_neither_window_could_have_it() -> None:
    once, twice = [(2, "50.held")], [(2, "50.held"), (6, "50.held")]
    doubtful = (400, 500)
    assert _subjects(400, doubtful, doubtful, 400, doubtful, doubtful, doubtful) == once
    assert _subjects(400, doubtful, doubtful, 400, 400, doubtful, doubtful) == twice


def test_a_fall_that_is_not_sure_is_held() -> None:
    assert _subjects(500, (499, 500), (499, 500), 500, (400, 500)) == [(2, "50-down.held")]
    told = _subjects(500, (400, 500), (400, 500), 499, 499, 499)
    assert told == [(2, "50-down.held"), (4, "50-down")]


def test_a_held_mark_names_the_fewest_unknown_models_that_bring_it() -> None:
    counts = {"o/a": 40, "u/a": 6, "u/b": 5, "u/c": 4, "c/c": 45}
    ((_, found),) = run(RULE, [window(n, counts) for n in (0, 1)])
    assert (found.subject, found.held_by) == ("50", ("u/a", "u/b"))


def test_it_names_those_of_the_window_before_where_the_second_needs_none() -> None:
    windows = [_window(0, 100), window(1, {"o/a": 40, "u/x": 60}), _window(2, 550)]
    told = [f for _, f in run(RULE, windows) if f.subject == "50"]
    assert [f.held_by for f in told] == [("u/x",)]


def test_a_window_without_tokens_is_neither_above_nor_below() -> None:
    empty = window(1, {"o/a": 0}, other=9)
    assert run(RULE, [_window(0, 500), empty, window(2, {})]) == []
