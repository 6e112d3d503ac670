"""A model has a round number of tokens in two windows, and neither had nor was told it before."""

import pytest

from bot.rules._marks import TRILLION as T
from bot.rules.token_mark import RULE
from tests.rules.windows import Tokens, at, run, subjects


@pytest.mark.parametrize(
    ("tokens", "mark"),
    [(T - 1, None), (T, 1), (2 * T - 1, 1), (2 * T, 2), (5 * T, 5), (10 * T, 10)],
)
def test_the_highest_mark_that_both_windows_have_is_told(tokens: int, mark: int | None) -> None:
    found = run(RULE, at((1, {"b/b": 9 * T}), (3, {"a/a": tokens, "b/b": 9 * T})))
    assert [(n, f.subject, f.facts, f.first) for n, f in found] == (
        [(2, f"a/a:{mark}T", {"model": "a/a", "mark": mark * T}, False)] if mark else []
    )


def test_of_two_windows_the_lower_one_says_which_mark() -> None:
    spells = [(1, {"a/a": 1}), (1, {"a/a": 2 * T}), (2, {"a/a": 5 * T})]
    assert subjects(RULE, at(*spells)) == [(2, "a/a:2T"), (3, "a/a:5T")]


@pytest.mark.parametrize(
    "spells",
    [
        [(3, {"a/a": 2 * T})],
        [(1, {"a/a": 2 * T}), (2, {"a/a": 1}), (2, {"a/a": T})],
        [(1, {}), (1, {"a/a": T}), (1, {}), (1, {"a/a": T})],
        [(1, {}), (1, {"a/a": T}), (1, None), (1, {"a/a": T})],
    ],
    ids=["in the baseline", "below the baseline", "not twice running", "a gap between"],
)
def test_nothing_is_told_of_what_was_there_or_is_unconfirmed(
    spells: list[tuple[int, Tokens | None]],
) -> None:
    assert subjects(RULE, at(*spells)) == []


def test_each_model_is_told_by_itself_and_once() -> None:
    spells = [(1, {"a/a": 1}), (2, {"a/a": T, "b/b": 2 * T}), (2, {}), (2, {"a/a": T, "b/b": T})]
    assert subjects(RULE, at(*spells)) == [(2, "b/b:2T"), (2, "a/a:1T")]
