"""Standings: whole windows, merged variants, exact sums, and changes against a week before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Place, Standings
from bot.standings import Counting, all_standings, base_model, newest_judged, standings, unmerged
from tests import naive
from tests.made import AS_OF, START, day, days

WEEK_END = START + timedelta(6)


def _ranks(found: Standings | None) -> list[tuple[str, int, int]]:
    assert found is not None
    return [(place.model, place.rank, place.tokens) for place in found.places]


@pytest.mark.parametrize(
    ("published", "base"),
    [
        ("tencent/hy3", "tencent/hy3"),
        ("tencent/hy3:free", "tencent/hy3"),
        ("a/b:thinking:free", "a/b"),
        ("~a/b-latest", "~a/b-latest"),
    ],
)
def test_variants_are_their_base_model(published: str, base: str) -> None:
    assert base_model(published) == base


@pytest.mark.parametrize(
    ("now", "judged"),
    [
        (datetime(2026, 6, 10, 2, 59, 59, 999_999, tzinfo=UTC), "2026-06-08"),
        (datetime(2026, 6, 10, 3, tzinfo=UTC), "2026-06-09"),
        (datetime(2026, 6, 10, 23, 59, tzinfo=UTC), "2026-06-09"),
        (datetime(2026, 6, 11, 0, 0, tzinfo=UTC), "2026-06-09"),
        (datetime(2026, 1, 1, 3, tzinfo=UTC), "2025-12-31"),
    ],
)
def test_a_day_is_judged_from_three_hours_after_its_end(now: datetime, judged: str) -> None:
    assert str(newest_judged(now)) == judged


def test_a_window_sums_the_days_on_which_a_model_is_listed() -> None:
    week = days([{"a/a": 10, "b/b": 1}, {"b/b": 5}, {"a/a": 3}, {}, {}, {"b/b": 4}, {"c/c": 11}])
    assert _ranks(standings("models", week, WEEK_END)) == [
        ("a/a", 1, 13),
        ("c/c", 2, 11),
        ("b/b", 3, 10),
    ]


def test_variants_are_merged_before_models_are_ranked() -> None:
    week = days([{"a/a": 4, "b/b": 3, "b/b:free": 2}] * 7)
    assert _ranks(standings("models", week, WEEK_END)) == [("b/b", 1, 35), ("a/a", 2, 28)]


def test_equal_sums_are_ordered_by_name_whatever_their_days() -> None:
    week = days([{"z/z": 7, "a/a": 2}, {"m/m": 7}, {"a/a": 5}] + [{}] * 4)
    assert _ranks(standings("models", week, WEEK_END)) == [
        ("a/a", 1, 7),
        ("m/m", 2, 7),
        ("z/z", 3, 7),
    ]


def test_counts_beyond_the_reach_of_floats_and_machine_words_stay_exact() -> None:
    week = days([{"b/b": 2**80 + 1, "a/a": 2**80}] * 7)
    assert _ranks(standings("models", week, WEEK_END)) == [
        ("b/b", 1, 7 * 2**80 + 7),
        ("a/a", 2, 7 * 2**80),
    ]


def test_other_counts_in_the_total_and_never_in_the_ranks() -> None:
    week = {d.date: d for d in [day(n, {"a/a": 1}, other=100) for n in range(7)]}
    week[START] = day(0, {"a/a": 1}, other=None)
    found = standings("models", week, WEEK_END)
    assert found is not None
    assert (found.total, found.days_without_other) == (7 + 600, 1)
    assert [place.model for place in found.places] == ["a/a"]


def test_an_other_of_zero_is_not_a_missing_one() -> None:
    found = standings(
        "models", {d.date: d for d in [day(n, {"a/a": 1}, 0) for n in range(7)]}, WEEK_END
    )
    assert found is not None
    assert found.days_without_other == 0


@pytest.mark.parametrize("missing", range(7))
def test_a_window_that_lacks_a_whole_day_is_not_given(missing: int) -> None:
    week = days([{"a/a": 1}] * 7)
    del week[START + timedelta(missing)]
    assert standings("models", week, WEEK_END) is None


def test_days_around_a_window_do_not_count() -> None:
    around = days([{"a/a": 1000}] + [{"a/a": 1}] * 7 + [{"a/a": 1000}])
    assert _ranks(standings("models", around, START + timedelta(7))) == [("a/a", 1, 7)]


def test_places_are_told_with_rank_and_tokens_of_seven_days_before() -> None:
    fortnight = days([{"a/a": 2, "b/b": 1}] * 7 + [{"b/b": 9, "c/c": 8}] * 7)
    found = standings("models", fortnight, START + timedelta(13))
    assert found is not None
    assert found.compared
    assert found.places == (Place("b/b", 1, 63, 2, 7), Place("c/c", 2, 56, None, None))


def test_nothing_is_compared_with_a_week_that_lacks_a_day() -> None:
    thirteen = days([{"a/a": 2}] * 14)
    del thirteen[START]
    found = standings("models", thirteen, START + timedelta(13))
    assert found is not None
    assert not found.compared
    assert found.places == (Place("a/a", 1, 14, None, None),)


def test_a_complete_week_without_models_is_compared_with_all_the_same() -> None:
    found = standings("models", days([{}] * 7 + [{"a/a": 2}] * 7), START + timedelta(13))
    assert found is not None
    assert found.compared
    assert found.places == (Place("a/a", 1, 14, None, None),)


def test_figures_are_as_of_the_newest_reading_in_the_window() -> None:
    late = AS_OF + timedelta(days=3)
    week = days([{"a/a": 1}] * 7) | {START: day(0, {"a/a": 1}, as_of=late)}
    found = standings("models", week, WEEK_END)
    assert found is not None
    assert found.as_of == late


def test_a_model_may_hide_up_to_the_lowest_listed_count_of_each_day_it_is_not_listed_on() -> None:
    week = days(
        [{"a/a": 90, "b/b": 7}, {"a/a": 90, "c/c": 5}, {"a/a": 90}, {}]
        + [{"a/a": 90, "b/b:free": 3}] * 3
    )
    found = standings("models", week, WEEK_END)
    assert found is not None
    assert {place.model: place.hidden for place in found.places} == {
        "a/a": 0,
        "b/b": 5 + 90,
        "c/c": 7 + 90 + 3 * 3,
    }
    assert found.hidden == 7 + 5 + 90 + 3 * 3


def test_a_model_listed_under_one_variant_hides_nothing_that_day() -> None:
    found = standings("models", days([{"a/a:free": 9, "a/a": 4, "b/b": 2}] * 7), WEEK_END)
    assert found is not None
    assert [place.hidden for place in found.places] == [0, 0]


def test_variants_may_be_ranked_by_themselves() -> None:
    week = days([{"a/a": 4, "b/b": 3, "b/b:free": 2}] * 14)
    found = standings("models", week, START + timedelta(13), Counting(model=unmerged))
    assert _ranks(found) == [("a/a", 1, 28), ("b/b", 2, 21), ("b/b:free", 3, 14)]


def test_a_single_day_may_be_ranked_and_is_compared_with_the_one_a_week_before() -> None:
    fortnight = days([{"a/a": 2, "b/b": 1}] * 6 + [{"b/b": 9}] + [{"a/a": 1}] * 6 + [{"b/b": 3}])
    del fortnight[START]
    found = standings("models", fortnight, START + timedelta(13), Counting(window=1))
    assert found is not None
    assert (found.days, found.total, found.compared) == (1, 103, True)
    assert found.places == (Place("b/b", 1, 3, 1, 9),)


def test_every_complete_window_is_given_oldest_first() -> None:
    gap = days([{"a/a": 1}] * 20)
    del gap[START + timedelta(8)]
    backwards = dict(reversed(gap.items()))
    ends = [(found.date - START).days for found in all_standings("models", backwards)]
    assert ends == [6, 7, 15, 16, 17, 18, 19]


def test_windows_are_given_strictly_after_the_asked_day() -> None:
    found = all_standings("models", days([{"a/a": 1}] * 9), START + timedelta(6))
    assert [(each.date - START).days for each in found] == [7, 8]


@given(naive.worlds(), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_standings_are_the_naive_ones(world: naive.World, end: int) -> None:
    asked = START + timedelta(end)
    assert standings("models", world.days, asked) == naive.standings("models", world.days, asked)


@given(naive.worlds())
@settings(max_examples=100, deadline=None)
def test_ranks_count_from_one_and_places_with_other_make_the_total(world: naive.World) -> None:
    for found in all_standings("models", world.days):
        assert [place.rank for place in found.places] == list(range(1, len(found.places) + 1))
        others = sum(world.days[found.date - timedelta(n)].other or 0 for n in range(7))
        assert sum(place.tokens for place in found.places) + others == found.total
