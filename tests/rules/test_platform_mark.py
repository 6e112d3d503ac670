"""All tokens together, `other` included, are at least a round number in two windows."""

import pytest

from bot.rules._marks import TRILLION as T
from bot.rules.platform_mark import RULE
from tests.rules.windows import run, window


def _told(*totals: int | None) -> list[tuple[int, str, bool]]:
    """Return what is told of windows with such totals, nearly all of it by unlisted models."""
    windows = [None if t is None else window(n, {"a/a": 1}, t - 1) for n, t in enumerate(totals)]
    return [(n, f.subject, f.first) for n, f in run(RULE, windows)]


@pytest.mark.parametrize(
    ("total", "mark"),
    [
        (9 * T, None),
        (10 * T - 1, None),
        (10 * T, "10T"),
        (20 * T - 1, "10T"),
        (20 * T, "20T"),
        (50 * T, "50T"),
        (100 * T, "100T"),
        (5 * 10**27, "5000000000000000T"),
    ],
)
def test_the_highest_mark_of_both_windows_is_told_from_ten_trillion_on(
    total: int, mark: str | None
) -> None:
    assert _told(5 * T, total, total) == ([(2, mark, True)] if mark else [])


def test_the_facts_are_the_mark() -> None:
    windows = [window(n, {"a/a": t}) for n, t in enumerate((T, 20 * T, 20 * T))]
    assert [f.facts for _, f in run(RULE, windows)] == [{"mark": 20 * T}]


@pytest.mark.parametrize(
    "totals",
    [
        (20 * T, 20 * T, 20 * T),
        (20 * T, 10 * T, 10 * T),
        (T, 10 * T, T, 10 * T, T),
        (T, 10 * T, None, 10 * T),
    ],
    ids=["the baseline's", "below the baseline's", "not twice running", "a gap between"],
)
def test_nothing_is_told_of_what_is_past_or_unconfirmed(totals: tuple[int | None, ...]) -> None:
    assert _told(*totals) == []


def test_a_told_mark_and_the_lower_ones_are_past() -> None:
    assert _told(T, 50 * T, 50 * T, T, 20 * T, 20 * T, 50 * T, 50 * T) == [(2, "50T", True)]


def test_a_first_is_one_that_no_earlier_window_had() -> None:
    assert _told(T, 20 * T, T, 20 * T, 20 * T) == [(4, "20T", False)]
    assert _told(T, 10 * T, T, 20 * T, 20 * T) == [(4, "20T", True)]
    assert _told(T, 20 * T, 10 * T, 20 * T, 20 * T) == [(2, "10T", True), (4, "20T", False)]
