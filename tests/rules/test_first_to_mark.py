"""A model is the first of all to have a round number of tokens in a window."""

import pytest

from bot.rules._marks import TRILLION as T
from bot.rules.first_to_mark import RULE
from tests.rules.windows import Tokens, at, run, subjects


def test_the_first_model_to_reach_a_mark_is_told_when_two_windows_have_it() -> None:
    ((number, found),) = run(RULE, at((1, {"a/a": T - 1}), (2, {"a/a": T, "b/b": 5})))
    assert (number, found.subject, found.first) == (2, "1T", True)
    assert found.facts == {"model": "a/a", "mark": T}


@pytest.mark.parametrize(
    ("tokens", "mark"),
    [
        (T - 1, None),
        (T, "1T"),
        (2 * T - 1, "1T"),
        (2 * T, "2T"),
        (5 * T, "5T"),
        (10 * T - 1, "5T"),
        (10 * T, "10T"),
        (20 * T, "20T"),
        (50 * T, "50T"),
        (100 * T, "100T"),
        (2 * 10**27, "2000000000000000T"),
    ],
)
def test_of_the_marks_1_2_5_without_end_the_highest_is_told(tokens: int, mark: str | None) -> None:
    told = subjects(RULE, at((1, {"a/a": 5}), (3, {"a/a": tokens})))
    assert told == ([(2, mark)] if mark else [])


@pytest.mark.parametrize(
    "spells",
    [
        [(3, {"a/a": 2 * T})],
        [(1, {"a/a": 2 * T}), (2, {"b/b": 2 * T})],
        [(1, {"a/a": 2 * T}), (2, {"b/b": T})],
        [(1, {"a/a": 1}), (1, {"a/a": T}), (1, {"a/a": 1}), (1, {"a/a": T})],
        [(1, {"a/a": 1}), (1, {"a/a": T}), (1, None), (1, {"a/a": T})],
        [(1, {"a/a": 1}), (1, {"a/a": T}), (5, {"b/b": T})],
    ],
    ids=["the past", "another's past", "below it", "not twice running", "a gap", "not the holder"],
)
def test_nothing_is_told_of_what_is_past_or_unconfirmed(
    spells: list[tuple[int, Tokens | None]],
) -> None:
    assert subjects(RULE, at(*spells)) == []


def test_the_holder_is_told_later_though_another_was_confirmed_before() -> None:
    spells = [(1, {"a/a": 1}), (1, {"a/a": T}), (2, {"b/b": T}), (2, {"a/a": T})]
    ((number, found),) = run(RULE, at(*spells))
    assert (number, found.facts["model"], found.first) == (5, "a/a", False)


def test_of_several_in_one_window_the_better_placed_holds_the_mark() -> None:
    both = {"a/a": T, "b/b": T}
    ((_, found),) = run(RULE, at((1, {"a/a": 1}), (2, both)))
    assert found.facts["model"] == "a/a"


def test_a_told_mark_makes_the_lower_ones_past() -> None:
    spells = [(1, {"a/a": 1}), (1, {"b/b": T}), (2, {"a/a": 5 * T}), (3, {"b/b": 2 * T})]
    assert subjects(RULE, at(*spells)) == [(3, "5T")]
    assert subjects(RULE, at((1, {"a/a": 1}), (2, {"a/a": T}), (2, {"a/a": 3 * T}))) == [
        (2, "1T"),
        (4, "2T"),
    ]
