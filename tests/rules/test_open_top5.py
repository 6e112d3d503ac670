"""Levels of open models among the first five: reached, standing, dropped, held, released."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeAlias

import pytest

from bot.model import Openness, Place, RuleMemory, Standings, Window
from bot.rules import Found
from bot.rules.open_top5 import RULE
from tests.made import AS_OF, START

_KINDS = {"o": Openness.OPEN, "c": Openness.CLOSED, "u": Openness.UNKNOWN}

Tops: TypeAlias = Sequence[str | None]
Told: TypeAlias = list[tuple[int, str, bool]]


def _window(number: int, top: str) -> Window:
    """Return a window whose places are open, closed or unknown as the letters say."""
    models = [f"lab/{letter}{rank}" for rank, letter in enumerate(top, start=1)]
    places = tuple(Place(m, r, 100 - r, None, None) for r, m in enumerate(models, start=1))
    when = START + timedelta(number)
    found = Standings("models", when, 7, places, 1000, 0, False, AS_OF)
    return Window(found, {model: _KINDS[model[4]] for model in models})


def _finds(tops: Tops) -> list[tuple[int, Found]]:
    """Return all finds with the number of the window; None is an incomplete window."""
    windows = [None if top is None else _window(n, top) for n, top in enumerate(tops)]
    assert windows[0] is not None
    memory: RuleMemory = RULE.baseline(windows[0])
    told: list[tuple[int, Found]] = []
    for number, now in enumerate(windows[1:], start=1):
        if now is not None:
            memory, found = RULE.step(memory, windows[number - 1], now)
            told += [(number, find) for find in found]
    return told


def _run(tops: Tops) -> Told:
    """Return number of the window, level and "first" of what is told."""
    return [(n, find.subject, find.first) for n, find in _finds(tops) if not find.held_by]


def _held(tops: Tops) -> list[tuple[int, str]]:
    """Return number of the window and level of what is held."""
    return [(n, find.subject) for n, find in _finds(tops) if find.held_by]


@pytest.mark.parametrize(
    ("tops", "told"),
    [
        (["ooccc", "ooocc", "ooocc"], [(2, "3", True)]),
        (["ccccc", "cocoo", "oococ"], [(2, "3", True)]),
        (["ooccc", "ooooc", "ooooc"], [(2, "4", True)]),
        (["ooccc", "ooooo", "ooooo"], [(2, "5", True)]),
        (["ooccc", "ooooo", "ooocc"], [(2, "3", True)]),
        (["ooccc", "ooocc", "ooooo", "ooooo"], [(2, "3", True), (3, "5", True)]),
        (["ooccc", "oocuc", "ooooc", "ooooo"], [(3, "4", True)]),
    ],
)
def test_the_highest_level_that_both_windows_reach_is_found(tops: Tops, told: Told) -> None:
    assert _run(tops) == told


@pytest.mark.parametrize(
    "tops",
    [
        ["ooccc", "ooocc", "ooccc", "ooocc", "ooccc"],
        ["ooccc", "ooocc", None, "ooocc", None, "ooocc"],
        ["ooccc", "oocccooo", "oocccooo"],
        ["ooccc", "oouuu", "oouuu"],
        ["oo", "oo", "oo"],
        ["", "", ""],
    ],
    ids=["never twice running", "gaps between", "below the five", "unknown", "too few", "none"],
)
def test_nothing_is_found_before_two_consecutive_windows_reach_a_level(tops: Tops) -> None:
    assert _run(tops) == []


@pytest.mark.parametrize(
    "tops",
    [
        ["ooocc", "ooocc", "ooocc"],
        ["ooooo", "ooooo", "ooooo"],
        ["ooooo", "ooocc", "ooocc", "ooocc"],
        ["ooocc", "ooccc", "ooocc", "ooocc"],
    ],
)
def test_what_stands_at_the_baseline_is_not_found(tops: Tops) -> None:
    assert _run(tops) == []


def test_unknown_models_do_not_make_a_level_stand_at_the_baseline() -> None:
    assert _run(["oouuu", "ooouu", "ooouu", "oooou", "oooou"]) == [(2, "3", False), (4, "4", False)]


@pytest.mark.parametrize(
    ("dip", "again"),
    [
        (["ooccc"], []),
        (["ooccc", "ooocc"], []),
        (["ooccc", None, "ooccc"], []),
        (["ooucc", "ooucc"], []),
        (["ooccc", "ooucc"], []),
        (["ouccc", "ouccc"], ["3"]),
        (["ooccc", "ooccc"], ["3"]),
    ],
)
def test_a_level_stands_until_two_windows_running_could_not_hold_it(
    dip: Tops, again: list[str]
) -> None:
    told = _run(["ccccc", "ooocc", "ooocc", *dip, "ooocc", "ooocc"])
    assert [level for _, level, _ in told] == ["3", *again]


def test_reaching_a_level_makes_the_lower_ones_stand() -> None:
    assert _run(["ccccc", "ooooc", "ooooc", "ooocc", "ooocc"]) == [(2, "4", True)]


def test_dropping_a_level_leaves_the_lower_ones_standing() -> None:
    tops = ["ccccc", "ooooo", "ooooo", "ooocc", "ooocc", "ooooo", "ooooo"]
    assert _run(tops) == [(2, "5", True), (6, "5", False)]


def test_levels_stand_over_a_gap() -> None:
    assert _run(["ccccc", "ooocc", "ooocc", None, None, "ooocc", "ooocc"]) == [(2, "3", True)]


@pytest.mark.parametrize(
    ("past", "first"),
    [
        (["ooucc"], False),
        (["ccccc", "ooucc", "ccccc"], False),
        (["ccccc", "ooocc", "ccccc"], False),
        (["ooccc", "uuccc"], True),
        (["ccccc", None, "uuucc", None, "ccccc"], False),
    ],
)
def test_a_first_is_one_that_no_window_before_could_have_had(past: Tops, first: bool) -> None:
    told = _run([*past, "ooocc", "ooocc"])
    assert told == [(len(past) + 1, "3", first)]


def test_facts_are_the_level_its_beginning_and_the_open_models_by_rank() -> None:
    memory = RULE.baseline(_window(0, "ccccc"))
    _, (found,) = RULE.step(memory, _window(1, "ooooc"), _window(2, "coocoo"))
    assert found.facts == {
        "level": 3,
        "began": "2026-06-02",
        "open": ["lab/o2", "lab/o3", "lab/o5"],
    }


@pytest.mark.parametrize(
    ("tops", "held"),
    [
        (["ooccc", "ooucc", "ooucc"], [(2, "3")]),
        (["ooccc", "ooucc", "ooccc", "ooucc"], []),
        (["ooccc", "oouuu", "oouuu"], [(2, "5")]),
        (["ooccc", "oouuu", "oouuc"], [(2, "4")]),
        (["ooucc", "ooucc", "ooucc"], [(1, "3")]),
        (["ooucc", None, "ooucc"], []),
        (["ooccc", "oouoo", "oouoo"], [(2, "5")]),
        (["ooccc", "ooocc", "ooocc"], []),
    ],
)
def test_a_level_that_only_unknown_models_bring_is_held_once(
    tops: Tops, held: list[tuple[int, str]]
) -> None:
    assert _held(tops) == held


@pytest.mark.parametrize(
    ("meanwhile", "again"),
    [(["ooucc", "ooccc", "ooucc"], False), (["ooccc"], False), (["ooccc", "ooccc"], True)],
)
def test_a_held_level_is_listed_again_only_after_it_became_impossible(
    meanwhile: Tops, again: bool
) -> None:
    held = _held(["ooccc", "ooucc", "ooucc", *meanwhile, "ooucc", "ooucc"])
    assert [level for _, level in held] == ["3"] * (1 + again)


def test_a_held_level_is_told_once_it_is_true_without_unknown_models() -> None:
    tops = ["ooccc", "ooucc", "ooucc", "ooocc", "ooocc", "ooucc", "ooucc"]
    assert _held(tops) == [(2, "3")]
    assert _run(tops) == [(4, "3", False)]


def test_a_level_may_be_told_and_a_higher_one_held_in_the_same_pair() -> None:
    tops = ["ooccc", "ooouc", "ooouc"]
    assert (_run(tops), _held(tops)) == ([(2, "3", True)], [(2, "4")])


def test_a_held_level_names_the_unknown_models_of_both_windows() -> None:
    memory = RULE.baseline(_window(0, "ccccc"))
    _, (found,) = RULE.step(memory, _window(1, "oucocu"), _window(2, "uooccu"))
    assert (found.subject, found.held_by) == ("3", ("lab/u1", "lab/u2"))
