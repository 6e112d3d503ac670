"""A standing level of open models among the first five ends, or might have."""

from collections.abc import Sequence

import pytest

from bot.model import Window
from bot.rules.open_top5_lost import RULE
from tests.rules.windows import run, subjects, window


def _window(number: int, top: str) -> Window:
    """Return a window whose places are open, closed or unknown as the letters say."""
    return window(number, {f"{kind}/{n}": 9 - n for n, kind in enumerate(top)})


def _told(tops: Sequence[str | None]) -> list[tuple[int, str]]:
    return subjects(RULE, [None if t is None else _window(n, t) for n, t in enumerate(tops)])


@pytest.mark.parametrize(
    ("tops", "told"),
    [
        (["ooocc", "ooccc", "ooccc"], [(2, "3")]),
        (["ooooo", "ooooc", "ooooc"], [(2, "5")]),
        (["ooooo", "ooocc", "ooocc"], [(2, "4")]),
        (["ooooo", "ooccc", "ooccc"], [(2, "3")]),
        (["ooooo", "ooocc", "ooooc"], [(2, "5")]),
        (["ooccc", "ooocc", "ooocc", "ooccc", "ooccc"], [(4, "3")]),
        (["ooocc", "ooccc", "ooccc", "ooccc"], [(2, "3")]),
        (["ooocc", None, "ooccc", "ooccc"], [(3, "3")]),
    ],
)
def test_the_lowest_level_that_ends_is_told(
    tops: Sequence[str | None], told: list[tuple[int, str]]
) -> None:
    assert _told(tops) == told


@pytest.mark.parametrize(
    "tops",
    [
        ["ooocc", "ooocc", "ooocc"],
        ["ooccc", "occcc", "occcc"],
        ["ooocc", "ooccc", "ooocc", "ooccc", "ooocc"],
        ["ooocc", "ooccc", None, "ooccc"],
        ["oouuu", "occcc", "occcc"],
        ["ooocc", "ccooo", "ccooo"],
    ],
    ids=["stands", "never stood", "not twice running", "gap", "unknown in the baseline", "order"],
)
def test_nothing_is_told_of_what_did_not_stand_or_did_not_surely_end(
    tops: Sequence[str | None],
) -> None:
    assert _told(tops) == []


def test_an_end_that_hangs_on_unknown_models_is_held_then_told() -> None:
    assert _told(["ooocc", "ooucc", "ooucc", "ooucc", "ooccc", "ooccc"]) == [
        (2, "3.held"),
        (5, "3"),
    ]


def test_of_several_held_at_once_the_lowest_is_listed() -> None:
    assert _told(["ooooo", "oouuu", "oouuu"]) == [(2, "3.held")]
    assert _told(["ooooo", "oouuc", "oouuc"]) == [(2, "5"), (2, "3.held")]


@pytest.mark.parametrize(
    ("meanwhile", "again"), [(["ooocc"], False), (["ooocc", "ooocc"], True), ([None], False)]
)
def test_it_stays_held_while_one_window_of_the_pair_has_fewer(
    meanwhile: Sequence[str | None], again: bool
) -> None:
    told = _told(["ooocc", "ooucc", "ooucc", *meanwhile, "ooucc", "ooucc"])
    assert [subject for _, subject in told] == ["3.held"] * (1 + again)


def test_facts_and_names_are_those_of_the_level() -> None:
    told, held = (
        f for _, f in run(RULE, [_window(n, t) for n, t in enumerate(["ooooo", "oouuc", "ouuoc"])])
    )
    assert told.facts == {"level": 5, "began": "2026-06-02", "open": ["o/0", "o/3"]}
    assert held.held_by == ("u/1", "u/2", "u/3")
    assert not told.first
    assert not held.first
