"""The leader's share of all tokens is above every share that any model had before."""

from collections.abc import Sequence

import pytest

from bot.rules.share_record import RULE
from tests.rules.windows import run, window

A, B = "a/a", "b/b"


def _told(*shares: tuple[str, int] | None) -> list[tuple[int, str]]:
    """Return window and leader of what is told; a window is its leader and its share in 1000."""
    windows = [
        None if share is None else window(n, {share[0]: share[1]}, 1000 - share[1])
        for n, share in enumerate(shares)
    ]
    return [(n, found.subject) for n, found in run(RULE, windows)]


def test_a_share_that_grows_above_all_earlier_ones_in_two_windows_is_told() -> None:
    windows = [window(n, {A: 300 + n}, 700 - n) for n in range(3)]
    ((number, found),) = run(RULE, windows)
    assert (number, found.subject, found.first) == (2, A, False)
    assert found.facts == {
        "model": A,
        "tokens": 302,
        "total": 1000,
        "record_tokens": 300,
        "record_total": 1000,
    }


@pytest.mark.parametrize(
    "shares",
    [
        [(A, 300), (A, 301)],
        [(A, 300), (A, 301), (A, 301)],
        [(A, 300), (A, 300), (A, 301)],
        [(A, 300), (A, 302), (A, 301)],
        [(A, 300), (A, 301), (B, 302)],
        [(A, 300), (A, 301), None, (A, 302)],
        [(B, 400), (A, 301), (A, 302)],
        [(A, 300), (B, 400), (A, 301), (A, 302)],
        [(A, 300), None, (B, 400), None, (A, 301), (A, 302)],
    ],
    ids=[
        *("no earlier window", "it does not grow", "equal at first", "it falls", "two leaders"),
        *("a gap", "the baseline had more", "another had more", "more between gaps"),
    ],
)
def test_nothing_is_told_that_is_not_strictly_above_in_both(
    shares: Sequence[tuple[str, int] | None],
) -> None:
    assert _told(*shares) == []


def test_a_record_may_be_of_another_model_than_the_one_before() -> None:
    assert _told((B, 300), (A, 301), (A, 302)) == [(2, A)]


def test_a_window_before_a_gap_counts_as_earlier() -> None:
    assert _told((A, 300), None, (A, 301), (A, 302)) == [(3, A)]
    assert _told((A, 300), (A, 310), None, (A, 305), (A, 308)) == []


@pytest.mark.parametrize(("apart", "again"), [(29, False), (30, True)])
def test_a_record_of_the_board_is_told_once_in_thirty_days(apart: int, again: bool) -> None:
    rise = [(A, 300), (A, 301), (A, 302), *[(A, 302)] * (apart - 2), (B, 303), (B, 304)]
    assert _told(*rise) == [(2, A), (2 + apart, B)][: 1 + again]


def test_a_record_in_the_month_of_rest_is_the_one_to_beat_after_it() -> None:
    rise = [(A, 300), (A, 301), (A, 302), (A, 900), *[(A, 302)] * 40, (A, 500), (A, 600)]
    assert _told(*rise) == [(2, A)]


def test_shares_are_compared_exactly_whatever_their_size() -> None:
    big = 10**25
    windows = [window(n, {A: big + n}, 2 * big) for n in range(3)]
    assert [n for n, _ in run(RULE, windows)] == [2]


def test_a_window_without_any_tokens_has_no_shares() -> None:
    empty = window(1, {A: 0}, 0)
    assert run(RULE, [window(0, {A: 0}), empty, window(2, {A: 1}, 2), window(3, {A: 2}, 2)]) == []
    started = [window(0, {}), window(1, {A: 1}, 3), window(2, {A: 1}, 2), window(3, {A: 2}, 2)]
    assert [n for n, _ in run(RULE, started)] == [3]
