"""A model climbs ten places or more within a week, whatever hidden counts may be."""

from dataclasses import replace

import pytest

from bot.model import Standings, Window
from bot.rules.surge import RULE
from tests.rules.windows import run, standings, window

COUNT = 40


def _ranking(number: int, place: int | None, hidden: dict[str, int] | None = None,
             unlisted: int = 0) -> Standings:  # fmt: skip
    """Return forty models, 1000 tokens apart, with `x/x` at a place among them, if any."""
    others = iter(f"c/m{n:02}" for n in range(COUNT))
    counts = {
        "x/x" if rank == place else next(others): (COUNT + 1 - rank) * 1000
        for rank in range(1, COUNT + 1)
    }
    return standings(number, counts, 0, hidden, unlisted)


def _window(number: int, now: Standings, then: Standings | None) -> Window:
    found = window(number, {place.model: place.tokens for place in now.places})
    dates = replace(now, date=found.date)
    places = tuple(
        replace(p, rank_before=_rank(then, p.model)) for p in dates.places
    )  # fmt: skip
    return replace(found, standings=replace(dates, places=places), week_before=then)


def _rank(then: Standings | None, model: str) -> int | None:
    return next((p.rank for p in then.places if p.model == model), None) if then else None


def _told(now: Standings, then: Standings | None, *, second: Standings | None = None) -> bool:
    """Say whether `x/x` is found on a pair like this, a quiet baseline before it."""
    windows = [_window(0, _ranking(0, 30), None)]
    windows += [_window(1, now, then), _window(2, second or now, then)]
    return "x/x" in {found.subject for _, found in run(RULE, windows)}


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [(30, 20, True), (29, 20, False), (31, 21, False), (11, 1, True), (10, 1, False),
     (22, 12, True), (21, 12, False), (None, 20, True), (None, 21, False), (20, 10, True)],
)  # fmt: skip
def test_ten_places_and_the_twentieth_are_the_bounds(then: int, now: int, told: bool) -> None:
    assert _told(_ranking(1, now), _ranking(0, then)) is told


def test_both_windows_must_have_it_and_their_weeks_before_be_complete() -> None:
    up, then = _ranking(1, 10), _ranking(0, 30)
    assert _told(up, then)
    assert not _told(up, then, second=_ranking(2, 21))
    assert not _told(up, None)


def test_the_facts_are_the_places_as_listed() -> None:
    for then, rank_before in ((30, 30), (None, None)):
        pair = [_window(n, _ranking(n, 15), _ranking(n, then)) for n in (1, 2)]
        told = [f for _, f in run(RULE, [_window(0, _ranking(0, 30), None), *pair])]
        (found,) = [f for f in told if f.subject == "x/x"]
        assert found.facts == {"model": "x/x", "rank": 15, "rank_before": rank_before}
        assert not found.first


def test_not_listed_counts_as_one_below_the_last() -> None:
    few = standings(0, {f"c/m{n:02}": 100 - n for n in range(29)})
    assert _told(_ranking(1, 20), few)
    assert not _told(_ranking(1, 20), replace(few, places=few.places[:28]))


@pytest.mark.parametrize(
    ("now", "hidden", "told"),
    [
        (20, {"c/m19": 999}, True),  # the one below could not have had as many
        (20, {"c/m19": 1000}, False),  # it could: the twentieth place is not sure
        (19, {"c/m19": 2000}, True),  # 20 at worst, and 30 before
        (19, {"c/m19": 2000, "c/m30": 99_000}, False),  # 21 at worst
        (10, {f"c/m{n:02}": 99_000 for n in range(COUNT)}, True),  # ten or better is as listed
        (20, {"c/m01": 99_000}, True),  # who is above anyway is counted once
    ],
)
def test_its_place_now_is_the_worst_it_could_be(
    now: int, hidden: dict[str, int], told: bool
) -> None:
    assert _told(_ranking(1, now, hidden), _ranking(0, 30)) is told


@pytest.mark.parametrize(("now", "unlisted", "told"), [
    (20, 20_999, True), (20, 21_000, False), (10, 99_000, True)])  # fmt: skip
def test_nothing_is_claimed_while_an_unlisted_model_may_have_as_many(
    now: int, unlisted: int, told: bool
) -> None:
    assert _told(_ranking(1, now, unlisted=unlisted), _ranking(0, 30)) is told


@pytest.mark.parametrize(
    ("then", "hidden", "unlisted", "told"),
    [
        (31, 0, 0, True),
        (31, 1999, 0, True),  # thirtieth at best
        (31, 2000, 0, False),  # as many as the twenty-ninth, which it then is at best
        (None, 0, 11_999, True),  # thirtieth at best
        (None, 0, 12_000, False),
    ],
)
def test_its_place_then_is_the_best_it_could_be(
    then: int | None, hidden: int, unlisted: int, told: bool
) -> None:
    before = _ranking(0, then, {"x/x": hidden}, unlisted)
    assert _told(_ranking(1, 20), before) is told


@pytest.mark.parametrize(("apart", "again"), [(29, False), (30, True)])
def test_a_surge_of_a_model_is_told_once_in_thirty_days(apart: int, again: bool) -> None:
    up, then, low = _ranking(0, 15), _ranking(0, 30), _ranking(0, 30)
    loud = {1, 2, 1 + apart, 2 + apart}
    windows = [_window(n, up if n in loud else low, then) for n in range(3 + apart)]
    told = [n for n, found in run(RULE, windows) if found.subject == "x/x"]
    assert told == [2, 2 + apart][: 1 + again]
