"""A model of the top five falls out of the top twenty within thirty days, surely."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.model import Window
from bot.rules.dropout import RULE
from tests.rules.windows import run, standings, subjects, window

CROWD = {f"c/m{n:02}": 1000 - n for n in range(25)}


def _fallen(
    number: int, tokens: int | None, hidden: int = 0, unlisted: int = 0, twentieth: int = 500
) -> Window:
    """Return a window in which `x/x` has so many, or is not listed, behind twenty others."""
    crowd = {f"c/m{n:02}": twentieth + 20 - n for n in range(1, 21)}
    counts = crowd if tokens is None else crowd | {"x/x": tokens}
    found = window(number, counts)
    return replace(found, standings=standings(number, counts, 0, {"x/x": hidden}, unlisted))


def _up(number: int, place: int = 5) -> Window:
    crowd = [1000 - n for n in range(24)]
    counts = {f"c/m{n:02}": tokens for n, tokens in enumerate(crowd)} | {"x/x": 1000 - place + 2}
    found = window(number, counts)
    assert [p.rank for p in found.standings.places if p.model == "x/x"] == [place]
    return found


def _told(windows: Mapping[int, Window]) -> list[tuple[int, str]]:
    numbered = [windows.get(n) for n in range(max(windows) + 1)]
    return [(n, s) for n, s in subjects(RULE, numbered) if s == "x/x"]


def test_a_fall_is_found_when_two_windows_have_it() -> None:
    windows = [_up(0), _fallen(1, 400), _fallen(2, 300)]
    (_, found), *_ = [(n, f) for n, f in run(RULE, windows) if f.subject == "x/x"]
    assert found.facts == {"model": "x/x", "rank": 21, "last": "2026-06-01"}
    assert _told(dict(enumerate(windows))) == [(2, "x/x")]
    assert _told({0: _up(0), 1: _fallen(1, 400), 2: _up(2, 20), 3: _fallen(3, 400)}) == []


def test_a_model_that_is_not_listed_has_no_rank() -> None:
    (found,) = [
        f for _, f in run(RULE, [_up(0), _fallen(1, None), _fallen(2, None)]) if f.subject == "x/x"
    ]
    assert found.facts["rank"] is None


@pytest.mark.parametrize(("place", "told"), [(5, True), (6, False)])
def test_it_must_have_been_in_the_top_five(place: int, told: bool) -> None:
    assert bool(_told({0: _up(0, place), 1: _fallen(1, 9), 2: _fallen(2, 9)})) is told


@pytest.mark.parametrize(("days", "told"), [(29, True), (30, True), (31, False)])
def test_it_must_have_been_there_at_most_thirty_days_before(days: int, told: bool) -> None:
    windows = {0: _up(0), days - 1: _fallen(days - 1, 9), days: _fallen(days, 9)}
    assert bool(_told(windows)) is told


@pytest.mark.parametrize(
    ("tokens", "hidden", "unlisted", "told"),
    [
        (500, 0, 0, False),
        (499, 0, 0, True),
        (400, 99, 0, True),
        (400, 100, 0, False),
        (None, 0, 499, True),
        (None, 0, 500, False),
    ],
)
def test_twenty_models_must_have_more_than_the_most_it_may_have_had(
    tokens: int | None, hidden: int, unlisted: int, told: bool
) -> None:
    after = [_fallen(n, tokens, hidden, unlisted) for n in (1, 2)]
    assert after[0].standings.places[19].tokens == 500
    assert bool(_told({0: _up(0), 1: after[0], 2: after[1]})) is told


@pytest.mark.parametrize(("apart", "again"), [(29, False), (30, True)])
def test_a_dropout_is_told_once_in_thirty_days(apart: int, again: bool) -> None:
    windows = {0: _up(0), 1: _fallen(1, 9), 2: _fallen(2, 9), 20: _up(20)}
    last = 2 + apart
    told = _told(windows | {last - 1: _fallen(last - 1, 9), last: _fallen(last, 9)})
    assert told == [(2, "x/x"), (last, "x/x")][: 1 + again]
