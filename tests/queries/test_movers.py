"""Who moved between two windows: by how many ranks, among which models, against which window."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.movers import Mover, Movers, Uncompared
from bot.boards import MODELS
from bot.errors import NoStandings
from bot.model import BOARD_MODELS, Day, Openness
from bot.packaged import read_boards
from bot.queries.almanac import Almanac, almanac
from bot.queries.movers import movers
from bot.standings import WEEKLY
from tests.made import START, day, days, directory, open_closed, verdict
from tests.naive import World, complete, worlds
from tests.naive.windows import ranked, tokens_by_model

ONE = timedelta(1)
LAST = START + 13 * ONE


def board(stored: Mapping[date, Day]) -> Almanac:
    """Return the almanac of the board of all models."""
    return almanac(BOARD_MODELS, stored, MODELS.counting)


def weeks(then: Mapping[str, int], now: Mapping[str, int]) -> Almanac:
    """Return a week of equal days, and the week after it."""
    return board(days([then] * 7 + [now] * 7))


def found(known: Almanac, until: date = LAST, span: int = 7) -> Movers:
    """Return what moved."""
    answer = movers(MODELS, known, open_closed(), until, span)
    assert isinstance(answer, Movers)
    return answer


def ranks(kind: tuple[Mover, ...]) -> list[tuple[str, int | None, int | None]]:
    """Return models with their ranks then and now."""
    return [
        (
            each.model,
            each.before.rank if each.before else None,
            each.after.rank if each.after else None,
        )
        for each in kind
    ]


def field(count: int, **tokens: int) -> dict[str, int]:
    """Return models m01, m02, … by rank, some with other tokens."""
    return {f"lab/m{n:02}": 1000 - n for n in range(1, count + 1)} | {
        f"lab/{name}": each for name, each in tokens.items()
    }


def test_climbers_and_fallers_are_told_with_both_places() -> None:
    answer = found(weeks({"a/x": 9, "a/y": 8, "a/z": 7}, {"a/x": 5, "a/y": 6, "a/z": 8}))
    assert ranks(answer.climbers) == [("a/z", 3, 1)]
    assert ranks(answer.fallers) == [("a/x", 1, 3)]
    assert (answer.then.date, answer.now.date) == (START + 6 * ONE, LAST)
    assert answer.arrivals == answer.departures == ()


def test_the_furthest_come_first_and_equal_climbs_by_tokens_now() -> None:
    then = {"a/p": 60, "a/q": 50, "a/r": 40, "a/s": 30, "a/t": 20, "a/u": 10}
    now = {"a/u": 60, "a/r": 50, "a/s": 40, "a/p": 30, "a/q": 20, "a/t": 10}
    answer = found(weeks(then, now))
    assert ranks(answer.climbers) == [("a/u", 6, 1), ("a/r", 3, 2), ("a/s", 4, 3)]
    assert [each.climb for each in answer.climbers] == [5, 1, 1]
    assert ranks(answer.fallers) == [("a/p", 1, 4), ("a/q", 2, 5), ("a/t", 5, 6)]


@pytest.mark.parametrize(("place", "counts"), [(30, True), (31, False)])
def test_a_move_counts_if_the_model_was_in_the_top_thirty_then_or_now(
    place: int, counts: bool
) -> None:
    name = f"m{place:02}"
    down = weeks(field(50), field(50, **{name: 1}))
    up = weeks(field(50, **{name: 1}), field(50))
    assert [each.model for each in found(down).fallers] == ([f"lab/{name}"] if counts else [])
    moved = [each.model for each in found(up).climbers if each.climb > 1]
    assert moved == ([f"lab/{name}"] if counts else [])


@pytest.mark.parametrize(("place", "told"), [(20, True), (21, False)])
def test_who_is_listed_in_one_week_alone_is_told_if_it_is_in_the_top_twenty(
    place: int, told: bool
) -> None:
    model = f"lab/m{place:02}"
    whole = field(50)
    without = {name: tokens for name, tokens in whole.items() if name != model}
    arrived, departed = found(weeks(without, whole)), found(weeks(whole, without))
    assert ranks(arrived.arrivals) == ([(model, None, place)] if told else [])
    assert ranks(departed.departures) == ([(model, place, None)] if told else [])
    assert arrived.departures == departed.arrivals == ()


def test_a_model_listed_on_one_day_of_a_week_has_not_arrived() -> None:
    stored = days([{"a/x": 9}] * 6 + [{"a/x": 9, "a/y": 1}] + [{"a/x": 9, "a/y": 8}] * 7)
    assert found(board(stored)).arrivals == ()


def test_variants_are_one_model() -> None:
    answer = found(weeks({"a/x": 9, "a/y:free": 5}, {"a/x": 9, "a/y": 3, "a/y:free": 7}))
    assert ranks(answer.climbers) == [("a/y", 2, 1)]
    assert answer.arrivals == ()


def test_nothing_moved_where_nothing_changed() -> None:
    answer = found(weeks({"a/x": 9, "a/y": 8}, {"a/x": 90, "a/y": 80}))
    assert answer.climbers == answer.fallers == answer.arrivals == answer.departures == ()


def test_names_and_openness_are_those_of_the_last_day_now() -> None:
    dated = directory({"a/y": verdict(Openness.OPEN, LAST)}, names={"a/y": "The Y"})
    known = weeks({"a/x": 9, "a/y": 8}, {"a/x": 7, "a/y": 8})
    answer = movers(MODELS, known, dated, LAST, 7)
    assert isinstance(answer, Movers)
    ((climber,), (faller,)) = (answer.climbers, answer.fallers)
    assert (climber.name, climber.openness) == ("The Y", Openness.OPEN)
    assert (faller.name, faller.openness) == ("x", Openness.UNKNOWN)


def test_a_week_that_is_not_there_so_far_back_says_when_the_first_ends() -> None:
    known = weeks({"a/x": 9}, {"a/x": 9})
    answer = movers(MODELS, known, open_closed(), LAST, 14)
    assert isinstance(answer, Uncompared)
    assert (answer.then, answer.first) == (START - ONE, START + 6 * ONE)
    assert answer.missing == tuple(START + n * ONE for n in range(-7, 0))


def test_a_week_with_a_gap_names_the_days_that_are_missing() -> None:
    stored = days([{"a/x": 9}] * 30)
    gone = [START + 16 * ONE, START + 18 * ONE]
    known = board({when: each for when, each in stored.items() if when not in gone})
    answer = movers(MODELS, known, open_closed(), START + 29 * ONE, 7)
    assert isinstance(answer, Uncompared)
    assert (answer.then, answer.missing) == (START + 22 * ONE, tuple(gone))
    assert answer.first < answer.then


def test_days_that_may_not_be_judged_yet_are_left_out() -> None:
    known = board(days([{"a/x": 9, "a/y": 8}] * 14 + [{"a/x": 1, "a/y": 80}] * 7))
    assert found(known, LAST).climbers == ()
    assert ranks(found(known, LAST + 7 * ONE).climbers) == [("a/y", 2, 1)]


@pytest.mark.parametrize("count", [0, 1, 6])
def test_without_a_complete_week_it_says_what_is_missing(count: int) -> None:
    known = board(days([{"a/x": 9}] * count))
    with pytest.raises(NoStandings) as refused:
        movers(MODELS, known, open_closed(), LAST, 7)
    answer = refused.value.answer
    assert answer.newest == (START + (count - 1) * ONE if count else None)
    assert len(answer.missing) == (7 - count if count else 0)


@pytest.mark.parametrize(("span", "back"), [(7, 1), (14, 2), (30, 4), (90, 13)])
def test_a_board_of_weeks_is_compared_with_the_nearest_number_of_weeks_before(
    span: int, back: int
) -> None:
    weekly = read_boards()["category-programming"]
    ends = [START + 7 * n * ONE for n in range(20)]
    known = almanac(weekly.name, {end: day(end, {"a/x": 1}) for end in ends}, WEEKLY)
    answer = movers(weekly, known, open_closed(), ends[-1] + 3 * ONE, span)
    assert isinstance(answer, Movers)
    assert (answer.now.date, answer.then.date) == (ends[-1], ends[-1 - back])


@given(worlds(), st.sampled_from((7, 14, 30)))
@settings(max_examples=120, deadline=None)
def test_every_move_is_the_one_that_a_naive_count_finds(world: World, span: int) -> None:
    known, until = board(world.days), max(world.days, default=START)
    ends = [end for end in sorted(world.days) if complete(world.days, end)]
    if not ends:
        return
    answer = movers(MODELS, known, world.directory, until, span)
    then = ends[-1] - span * ONE
    assert isinstance(answer, Movers) == complete(world.days, then)
    if not isinstance(answer, Movers):
        return
    old, new = (ranked(tokens_by_model(world.days, end)) for end in (then, ends[-1]))
    expected = {
        (model, old.index(model) + 1, new.index(model) + 1)
        for model in {*old, *new}
        if model in old
        and model in new
        and old.index(model) != new.index(model)
        and model in {*old[:30], *new[:30]}
    }
    assert {*ranks(answer.climbers), *ranks(answer.fallers)} == expected
    assert all(each.climb > 0 for each in answer.climbers)
    assert all(each.climb < 0 for each in answer.fallers)
    assert [each.model for each in answer.arrivals] == [m for m in new[:20] if m not in old]
    assert [each.model for each in answer.departures] == [m for m in old[:20] if m not in new]
    for kind in (answer.climbers, answer.fallers):
        assert [abs(each.climb) for each in kind] == sorted(
            (abs(each.climb) for each in kind), reverse=True
        )
