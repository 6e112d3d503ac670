"""A model leads, or open models hold four of the top five, for 30, 60, 90, 180 or 365 days."""

from collections.abc import Mapping

import pytest

from bot.rules.streak import RULE
from tests.rules.windows import at, run, subjects, window

A, B = {"x/a": 9, "x/b": 8}, {"x/a": 8, "x/b": 9}
OPEN = "open_top5:4"


def _top(kinds: str) -> Mapping[str, int]:
    """Return the tokens of five models, open, closed or unknown; the first one leads by turns."""
    return {f"{kind}/{n}": 9 - n for n, kind in enumerate(kinds)}


def _levels(*spells: tuple[int, str | None]) -> list[tuple[int, str]]:
    """Return window and length of what is told of open models; `.held` behind a held one."""
    windows = at(*((length, None if top is None else _top(top)) for length, top in spells))
    told = subjects(RULE, windows)
    return [(n, s.removeprefix(f"{OPEN}:")) for n, s in told if s.startswith(OPEN)]


def test_a_leader_of_thirty_windows_is_told_when_the_next_one_has_it_too() -> None:
    ((number, found),) = run(RULE, at((1, B), (31, A)))
    assert (number, found.subject, found.first) == (31, "x/a:30", False)
    assert found.facts == {"subject": "x/a", "windows": 30}
    assert run(RULE, at((1, B), (30, A))) == []


def test_the_baseline_is_the_first_window_of_its_leader() -> None:
    assert subjects(RULE, at((31, A))) == [(30, "x/a:30")]


def test_every_length_is_told() -> None:
    told = subjects(RULE, at((400, A)))
    assert told == [(n, f"x/a:{n}") for n in (30, 60, 90, 180, 365)]


@pytest.mark.parametrize("break_", [B, None], ids=["another leads", "a gap"])
def test_a_length_begins_anew_after_a_break(break_: Mapping[str, int] | None) -> None:
    assert subjects(RULE, at((20, A), (1, break_), (30, A))) == []
    assert subjects(RULE, at((20, A), (1, break_), (31, A))) == [(51, "x/a:30")]


def test_windows_without_models_make_no_streak() -> None:
    assert subjects(RULE, at((99, {}))) == []


def test_open_models_begin_with_the_second_window_that_has_four() -> None:
    assert _levels((1, "ooocc"), (31, "ooooc")) == []
    assert _levels((1, "ooocc"), (32, "ooooc")) == [(32, "30")]
    assert _levels((31, "ooooc")) == [(30, "30")]
    assert _levels((31, "ooooo")) == [(30, "30")]


def test_a_single_window_of_fewer_does_not_end_it_and_two_do() -> None:
    assert _levels((10, "ooooc"), (1, "ooocc"), (20, "ooooc")) == [(30, "30")]
    assert _levels((30, "ooooc"), (1, "ooocc")) == [(30, "30")]
    assert _levels((10, "ooooc"), (2, "ooocc"), (31, "ooooc")) == []
    assert _levels((10, "ooooc"), (2, "ooocc"), (32, "ooooc")) == [(43, "30")]


def test_after_a_gap_it_begins_at_one_where_it_stands_and_at_none_where_not() -> None:
    assert _levels((9, "ooooc"), (1, None), (31, "ooooc")) == [(40, "30")]
    assert _levels((9, "ooooc"), (1, None), (30, "ooooc")) == []
    assert _levels((9, "ooocc"), (1, None), (32, "ooooc")) == [(41, "30")]


def test_it_is_held_while_unknown_models_are_needed_for_it_to_stand() -> None:
    assert _levels((9, "ooooc"), (22, "ooouc")) == [(30, "30.held")]
    assert _levels((9, "ooooc"), (52, "ooouc")) == [(30, "30.held"), (60, "60.held")]


def test_a_held_length_is_told_when_it_is_surely_reached() -> None:
    told = _levels((9, "ooooc"), (2, "ooouc"), (40, "ooooc"))
    assert told == [(30, "30.held"), (42, "30")]


def test_a_held_length_names_the_models_that_were_lacking() -> None:
    top = {"o/0": 9, "o/1": 8, "o/2": 7, "c/4": 5}
    four, doubt, other = top | {"o/3": 6}, top | {"u/x": 6}, top | {"u/y": 6}
    windows = [window(n, four) for n in range(9)]
    windows += [window(n, doubt if n < 15 else other) for n in range(9, 31)]
    (found,) = [f for _, f in run(RULE, windows) if f.subject == f"{OPEN}:30"]
    assert found.held_by == ("u/x", "u/y")


def test_models_that_were_lacking_in_an_earlier_streak_are_not_named() -> None:
    top = {"o/0": 9, "o/1": 8, "o/2": 7, "c/4": 5}
    four, doubt, other = top | {"o/3": 6}, top | {"u/x": 6}, top | {"u/y": 6}
    spells = [(9, four), (5, doubt), (3, top), (9, four), (25, other)]
    held = [f for _, f in run(RULE, at(*spells)) if f.held_by]
    assert [f.held_by for f in held] == [("u/y",)]
