"""A model of the top ten passes another by at least 1 % and stays ahead for two windows."""

import pytest

from bot.rules.overtake import RULE
from tests.rules.windows import Tokens, at, run, subjects

BEHIND: Tokens = {"a/a": 10_000, "b/b": 9_000}
AHEAD: Tokens = {"a/a": 10_000, "b/b": 10_100}
PASSED = "b/b>a/a"


def test_who_was_behind_and_is_a_hundredth_ahead_twice_has_passed() -> None:
    ((number, found),) = run(RULE, at((2, BEHIND), (2, AHEAD)))
    assert (number, found.subject) == (3, PASSED)
    assert (found.facts, found.first) == ({"model": "b/b", "passed": "a/a"}, False)


@pytest.mark.parametrize(("tokens", "told"), [(10_099, False), (10_100, True)])
def test_less_than_a_hundredth_is_not_clearly_ahead(tokens: int, told: bool) -> None:
    close = {"a/a": 10_000, "b/b": tokens}
    assert bool(subjects(RULE, at((2, BEHIND), (2, close)))) is told
    assert bool(subjects(RULE, at((2, BEHIND), (1, AHEAD), (1, close)))) is told
    assert bool(subjects(RULE, at((2, BEHIND), (1, close), (1, AHEAD)))) is told


@pytest.mark.parametrize(
    "spells",
    [
        [(1, BEHIND), (1, AHEAD), (1, BEHIND)],
        [(1, BEHIND), (1, None), (3, AHEAD)],
        [(1, BEHIND), (1, AHEAD), (1, None), (1, AHEAD)],
        [(5, AHEAD)],
        [(1, BEHIND), (1, {"a/a": 10_000, "b/b": 10_050}), (3, AHEAD)],
    ],
    ids=["once", "a gap before", "a gap between", "always ahead", "ahead by less the day before"],
)
def test_three_windows_running_must_say_so(spells: list[tuple[int, Tokens | None]]) -> None:
    assert subjects(RULE, at(*spells)) == []


def _among(count: int, tokens: Tokens) -> dict[str, int]:
    """Return the two with so many models before them."""
    return {f"c/{n}": 90_000 + n for n in range(count)} | dict(tokens)


@pytest.mark.parametrize(
    ("before", "told"),
    [((8, 8, 8), True), ((9, 8, 8), False), ((8, 9, 8), False), ((8, 8, 9), False)],
)
def test_both_must_be_in_the_top_ten_of_all_three_windows(
    before: tuple[int, int, int], told: bool
) -> None:
    three = zip(before, (BEHIND, AHEAD, AHEAD), strict=True)
    windows = at((1, {}), *((1, _among(count, tokens)) for count, tokens in three))
    assert (PASSED in {subject for _, subject in subjects(RULE, windows)}) is told


@pytest.mark.parametrize(("apart", "told"), [(29, False), (30, True)])
def test_two_models_are_told_once_in_thirty_days_either_way_round(apart: int, told: bool) -> None:
    spells = [(1, BEHIND), (apart, AHEAD), (2, {"a/a": 10_201, "b/b": 10_100})]
    expected = [(2, PASSED), (2 + apart, "a/a>b/b")]
    assert subjects(RULE, at(*spells)) == expected[: 1 + told]


def test_models_without_tokens_pass_nobody() -> None:
    assert subjects(RULE, at((40, {"a/a": 0, "b/b": 0}))) == []


def test_several_at_once_are_several() -> None:
    three = {"a/a": 100, "b/b": 90, "c/c": 80}
    turned = {"a/a": 100, "b/b": 110, "c/c": 120}
    told = {subject for _, subject in subjects(RULE, at((1, three), (2, turned)))}
    assert told == {"b/b>a/a", "c/c>a/a", "c/c>b/b"}
