"""Another model becomes the most used, confirmed by the window of the next day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeAlias

import pytest

from bot.model import Openness, Place, RuleMemory, Standings, Window
from bot.rules.leader import RULE
from tests.made import AS_OF, START

Leaders: TypeAlias = Sequence[str | None]
Told: TypeAlias = list[tuple[int, str, str | None, bool]]


def _window(number: int, leader: str) -> Window:
    """Return a window that `leader` leads; an empty name for one without any models."""
    models = [leader, "lab/second"] if leader else []
    places = tuple(Place(m, r, 100 - r, None, None) for r, m in enumerate(models, start=1))
    when = START + timedelta(number)
    found = Standings("models", when, 7, places, 1000, 0, False, AS_OF)
    return Window(found, dict.fromkeys(models, Openness.UNKNOWN))


def _run(leaders: Leaders) -> Told:
    """Return window, model, previous and "first" of all finds; None is an incomplete window."""
    windows = [None if name is None else _window(n, name) for n, name in enumerate(leaders)]
    assert windows[0] is not None
    memory: RuleMemory = RULE.baseline(windows[0])
    told: Told = []
    for number, now in enumerate(windows[1:], start=1):
        if now is not None:
            memory, found = RULE.step(memory, windows[number - 1], now)
            told += [
                (number, f.subject, f.facts["previous"], f.first)
                for f in found
                if f.facts["model"] == f.subject
            ]
    return told


@pytest.mark.parametrize(
    ("leaders", "told"),
    [
        ("abb", [(2, "b", "a", True)]),
        ("abbb", [(2, "b", "a", True)]),
        ("abbaa", [(2, "b", "a", True), (4, "a", "b", False)]),
        ("abbcc", [(2, "b", "a", True), (4, "c", "b", True)]),
        ("abbaabb", [(2, "b", "a", True), (4, "a", "b", False), (6, "b", "a", False)]),
    ],
)
def test_a_model_that_leads_two_windows_running_is_found_once(leaders: str, told: Told) -> None:
    assert _run(leaders) == told


@pytest.mark.parametrize(
    "leaders",
    ["aaaa", "abab", "abcd", ["a", "b", None, "b", None, "b"], ["a", None, None, "b"]],
)
def test_nothing_is_found_before_two_consecutive_windows_agree(leaders: Leaders) -> None:
    assert _run(leaders) == []


def test_a_leader_back_before_another_was_confirmed_is_no_news() -> None:
    assert _run("abaaabcaa") == []


def test_the_previous_one_is_the_last_announced_leader_not_yesterdays() -> None:
    assert _run("abcdd") == [(4, "d", "a", True)]


@pytest.mark.parametrize(
    ("leaders", "first"),
    [
        ("abb", True),
        ("abacbb", False),
        (["a", "b", None, "b", "b"], False),
        (["a", None, "b", None, "c", "b", "b"], False),
    ],
)
def test_a_first_is_one_that_led_no_window_before(leaders: Leaders, first: bool) -> None:
    assert [find[3] for find in _run(leaders)] == [first]


@pytest.mark.parametrize(
    ("leaders", "told"),
    [
        (["", "", ""], []),
        (["", "a", "a"], [(2, "a", None, True)]),
        (["a", "", "", "a", "a"], []),
        (["a", "", "b", "", "b", "b"], [(5, "b", "a", False)]),
    ],
)
def test_a_window_without_models_has_no_leader(leaders: Leaders, told: Told) -> None:
    assert _run(leaders) == told
