"""Models side by side: places now, best ranks, and the windows that a chart shows."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.comparison import Best
from bot.errors import NoStandings
from bot.model import Day
from bot.queries.almanac import Almanac, almanac
from bot.queries.comparison import comparison, past
from bot.standings import OFFICIAL, WEEKLY
from tests.made import START, day, days

ONE = timedelta(days=1)
NAMES = ("a/x", "b/y", "c/z", "d/w")
COUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 99), min_size=1)
DAYS = st.dictionaries(st.integers(0, 30), COUNTS, min_size=20, max_size=31)


def stored(found: Mapping[int, Mapping[str, int]]) -> dict[date, Day]:
    """Return days by date, ascending."""
    return {START + n * ONE: day(n, found[n]) for n in sorted(found)}


def naive(found: Mapping[int, Mapping[str, int]], end: int) -> list[str] | None:
    """Return the models of the seven days to one, the most used first; None without them all."""
    if not all(end - back in found for back in range(7)):
        return None
    sums: Counter[str] = Counter()
    for back in range(7):
        sums.update(found[end - back])
    return sorted(sums, key=lambda model: (-sums[model], model))


@given(DAYS, st.lists(st.sampled_from(NAMES), min_size=2, max_size=5), st.integers(0, 35))
def test_places_and_best_ranks_are_those_found_by_counting_again(
    found: dict[int, dict[str, int]], models: list[str], until: int
) -> None:
    orders = {end: order for end in range(until + 1) if (order := naive(found, end)) is not None}
    kept = almanac("models", stored(found), OFFICIAL)
    if not orders:
        with pytest.raises(NoStandings):
            comparison(kept, models, START + until * ONE)
        return
    answer = comparison(kept, models, START + until * ONE)
    newest = orders[max(orders)]
    assert answer.standings.date == START + max(orders) * ONE
    assert answer.since == START + min(orders) * ONE
    ranked = [model for model in newest if model in models]
    others = [model for model in dict.fromkeys(models) if model not in newest]
    assert [each.model for each in answer.models] == ranked + others
    for each in answer.models:
        assert (each.place.rank if each.place else None) == rank(newest, each.model)
        at = [(r, end) for end, order in orders.items() if (r := rank(order, each.model))]
        assert each.best == (naive_best(each.model, *min(at), orders) if at else None)


def naive_best(model: str, best: int, end: int, orders: Mapping[int, list[str]]) -> Best:
    """Return a best rank; a window between the first and the one that had it may be missing."""
    gap = any(n not in orders for n in range(min(orders), end))
    return Best(model, best, START + end * ONE, gap)


def rank(order: list[str], model: str) -> int | None:
    """Return a model's rank in an order."""
    return order.index(model) + 1 if model in order else None


def almanac_of(count: int, *gaps: int) -> Almanac:
    """Return the almanac of so many days alike, without some of them."""
    whole = days([{"a/x": 5}] * count)
    kept = {when: each for when, each in whole.items() if (when - START).days not in gaps}
    return almanac("models", kept, OFFICIAL)


def test_a_long_history_is_drawn_by_weeks_up_to_the_newest_window() -> None:
    end = START + 299 * ONE
    drawn = past(almanac_of(300), end)
    assert drawn.dates == tuple(end - timedelta(weeks=n) for n in range(26, -1, -1))
    assert [window.date for window in drawn.windows if window] == list(drawn.dates)


@pytest.mark.parametrize(("stored_days", "step"), [(55, 1), (56, 7)])
def test_less_than_eight_weeks_are_drawn_day_by_day(stored_days: int, step: int) -> None:
    drawn = past(almanac_of(stored_days), START + (stored_days - 1) * ONE)
    assert {(after - before).days for before, after in pairwise(drawn.dates)} == {step}
    assert drawn.dates[-1] == START + (stored_days - 1) * ONE
    assert drawn.dates[0] - START < timedelta(days=6 + step)


def test_a_window_that_is_not_complete_is_a_gap() -> None:
    drawn = past(almanac_of(30, 10), START + 29 * ONE)
    missing = [d for d, w in zip(drawn.dates, drawn.windows, strict=True) if w is None]
    assert missing == [START + n * ONE for n in range(10, 17)]
    assert drawn.dates[0] == START + 6 * ONE


def test_one_window_is_one_point() -> None:
    drawn = past(almanac_of(7), START + 6 * ONE)
    assert drawn.dates == (START + 6 * ONE,)


def test_whole_weeks_stay_a_week_apart_however_few_they_are() -> None:
    weeks = [day(START + timedelta(weeks=n), {"a/x": 5}) for n in (0, 1, 3)]
    kept = almanac("weekly", {each.date: each for each in weeks}, WEEKLY)
    drawn = past(kept, weeks[-1].date)
    assert drawn.dates == tuple(START + timedelta(weeks=n) for n in range(4))
    assert [window is None for window in drawn.windows] == [False, False, True, False]


def test_without_a_complete_window_it_says_what_is_missing() -> None:
    with pytest.raises(NoStandings) as refused:
        comparison(almanac_of(7, 2), ["a/x", "b/y"], date.max)
    assert refused.value.answer.missing == (START + 2 * ONE,)
    with pytest.raises(NoStandings) as refused:
        comparison(almanac_of(20), ["a/x", "b/y"], START + 3 * ONE)
    assert refused.value.answer.newest == START + 3 * ONE


def test_days_after_the_one_asked_for_are_not_looked_at() -> None:
    answer = comparison(almanac_of(20), ["a/x", "b/y"], START + 9 * ONE)
    assert answer.standings.date == START + 9 * ONE
    assert max(answer.past.dates) == START + 9 * ONE
