"""Settling, for whatever figures: as exact fractions have it, and as each day by itself has it."""

from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settling import (
    APART,
    LEAST,
    SURE,
    Sighting,
    oldest_compared,
    over_for,
    settled,
    settled_until,
    sightings_after,
    twice_the_median,
)
from bot.standings import ONE_DAY, newest_judged
from tests.test_settling import DAY, OVER, after, of, weeks_before

_totals = st.integers(0, 400) | st.integers(0, 10**30)
_moments = st.integers(0, 30 * 60).map(lambda minutes: after(minutes / 60))
_readings = st.builds(Sighting, st.sampled_from([DAY - ONE_DAY, DAY]), _totals, _moments)


@settings(derandomize=True, deadline=None)
@given(totals=st.lists(_totals, min_size=1, max_size=9))
def test_the_median_is_the_middle_or_half_of_the_middle_two(totals: list[int]) -> None:
    assert Fraction(twice_the_median(totals), 2) == median(Fraction(each) for each in totals)


@settings(derandomize=True, deadline=None)
@given(tokens=_totals, before=st.lists(st.none() | _totals, max_size=6), at=_moments)
def test_without_a_key_the_rule_is_that_of_exact_fractions(
    tokens: int, before: list[int | None], at: datetime
) -> None:
    known = [Fraction(each) for each in before[:4] if each is not None]
    enough = not known or tokens >= Fraction(LEAST, 100) * median(known)
    found = settled(of(tokens), weeks_before(*before), [], at, keyed=False)
    assert found is (enough or at >= OVER + SURE)


@settings(derandomize=True, deadline=None)
@given(readings=st.lists(_readings, max_size=6), at=_moments)
def test_with_a_key_the_rule_is_that_of_exact_fractions(
    readings: list[Sighting], at: datetime
) -> None:
    mine = sorted((each for each in readings if each.date == DAY), key=lambda each: each.as_of)
    stored = of(mine[-1].total, (mine[-1].as_of - OVER) / timedelta(hours=1)) if mine else of(5)
    agree = any(
        mine[-1].as_of - old.as_of >= APART
        and (
            old.total == stored.rows[0].tokens
            or abs(Fraction(stored.rows[0].tokens - old.total)) < Fraction(old.total, 1000)
        )
        for old in mine
    )
    found = settled(stored, {}, readings, at, keyed=True)
    assert found is (agree or at >= OVER + SURE)


@settings(derandomize=True, deadline=None)
@given(
    stored=st.dictionaries(st.integers(0, 40), st.integers(1, 200), max_size=40),
    readings=st.lists(_readings, max_size=4),
    at=_moments,
    keyed=st.booleans(),
)
def test_days_may_be_judged_up_to_the_first_stored_one_that_is_not_settled(
    stored: dict[int, int], readings: list[Sighting], at: datetime, *, keyed: bool
) -> None:
    days = {when: of(n, when=when) for back, n in stored.items() if (when := DAY - back * ONE_DAY)}
    expected = None
    for when in sorted(days):
        sure = settled(days[when], days, readings, at, keyed=keyed)
        if when > newest_judged(at) or not sure:
            break
        expected = when
    assert settled_until(days, readings, at, keyed=keyed) == expected
    oldest = oldest_compared(at)
    lately = {when: each for when, each in days.items() if when >= oldest}
    found = settled_until(lately, readings, at, keyed=keyed)
    assert found == (expected if expected and expected >= oldest else None)


@settings(derandomize=True, deadline=None)
@given(readings=st.lists(_readings, max_size=5), at=_moments, later=st.timedeltas(timedelta(0)))
def test_time_alone_never_unsettles_a_day(
    readings: list[Sighting], at: datetime, later: timedelta
) -> None:
    then = at + min(later, timedelta(days=9))
    for keyed in (True, False):
        if settled(of(5), weeks_before(5, 9), readings, at, keyed=keyed):
            assert settled(of(5), weeks_before(5, 9), readings, then, keyed=keyed)


@settings(derandomize=True, deadline=None)
@given(
    before=st.lists(_readings, max_size=6),
    fresh=st.lists(st.tuples(_totals, st.integers(0, 9), st.sampled_from([0, 1])), max_size=6),
    at=_moments,
)
def test_what_is_kept_of_readings_is_ascending_recent_and_the_same_when_kept_again(
    before: list[Sighting], fresh: list[tuple[int, int, int]], at: datetime
) -> None:
    days = [of(tokens, hours, DAY - back * ONE_DAY) for tokens, hours, back in fresh]
    kept = sightings_after(before, days, at)
    marks = [(each.date, each.as_of) for each in kept]
    assert marks == sorted(set(marks))
    assert all(over_for(each.date, at) < SURE for each in kept)
    assert sightings_after(kept, days, at) == kept
    given_marks = {(each.date, each.as_of) for each in (*before, *days)}
    assert set(marks) == {which for which in given_marks if over_for(which[0], at) < SURE}
