"""When a day's figures stand, with a key and without, and up to where days may be judged."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.model import Day
from bot.settling import (
    Sighting,
    oldest_compared,
    settled,
    settled_until,
    sightings_after,
    total,
)
from bot.sources.rows import parse_rows
from bot.standings import ONE_DAY
from tests.made import day

DAY = date(2026, 7, 15)
OVER = datetime(2026, 7, 16, tzinfo=UTC)
"""When DAY is over."""


def after(hours: float) -> datetime:
    """Return so many hours after DAY is over."""
    return OVER + timedelta(hours=hours)


def of(tokens: int, hours: float = 0.5, when: date = DAY) -> Day:
    """Return a day of so many tokens, read so many hours after DAY was over."""
    return day(when, {"a": tokens}, other=None, as_of=after(hours))


def seen(tokens: int, hours: float, when: date = DAY) -> Sighting:
    """Return a reading."""
    return Sighting(when, tokens, after(hours))


def weeks_before(*totals: int | None) -> dict[date, Day]:
    """Return the same weekday one, two … weeks before DAY; None is not stored."""
    stored = enumerate(totals, start=1)
    made = [of(each, when=DAY - n * timedelta(weeks=1)) for n, each in stored if each is not None]
    return {each.date: each for each in made}


def with_key(tokens: int, *sightings: Sighting, hours: float = 20) -> bool:
    """Say whether DAY is settled with a key, read for the first time half an hour after its end."""
    return settled(of(tokens), {}, sightings, after(hours), keyed=True)


def test_the_total_of_a_day_counts_other_where_it_was_published() -> None:
    assert total(day(0, {"a": 3, "b": 4}, other=5)) == 12
    assert total(day(0, {"a": 3, "b": 4}, other=None)) == 7


def test_with_a_key_one_reading_settles_nothing() -> None:
    assert not with_key(1000)
    assert not with_key(1000, seen(1000, 0.5))


@pytest.mark.parametrize(("hours", "said"), [(3.5, True), (3.49, False), (9, True)])
def test_with_a_key_two_readings_that_agree_must_be_three_hours_apart(
    hours: float, *, said: bool
) -> None:
    assert with_key(1000, seen(1000, hours)) is said


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        pytest.param(100_000, 100_099, True, id="under 0.1 % more"),
        pytest.param(100_000, 100_100, False, id="exactly 0.1 % more"),
        pytest.param(100_000, 99_901, True, id="under 0.1 % less"),
        pytest.param(100_000, 99_900, False, id="exactly 0.1 % less"),
        pytest.param(10**24, 10**24 + 10**21 - 1, True, id="where floats cannot tell: under"),
        pytest.param(10**24, 10**24 + 10**21, False, id="where floats cannot tell: exactly"),
        pytest.param(0, 0, True, id="nothing at all, twice"),
        pytest.param(0, 1, False, id="something after nothing"),
    ],
)
def test_with_a_key_readings_agree_when_they_differ_by_under_a_thousandth(
    first: int, then: int, *, said: bool
) -> None:
    now = of(then, 4)
    assert settled(now, {}, [seen(first, 1), seen(then, 4)], after(5), keyed=True) is said


def test_with_a_key_what_agreed_before_a_restatement_settles_nothing() -> None:
    sightings = [seen(1000, 0.5), seen(1000, 4), seen(1100, 5)]
    assert not settled(of(1100, 5), {}, sightings, after(5), keyed=True)
    again = [*sightings, seen(1100, 8)]
    assert settled(of(1100, 5), {}, again, after(8), keyed=True)


def test_with_a_key_readings_of_other_days_say_nothing() -> None:
    others = [seen(1000, 8, DAY - ONE_DAY), seen(1000, 9, DAY + ONE_DAY)]
    assert not with_key(1000, *others)


def test_with_a_key_the_weekday_says_nothing() -> None:
    before = weeks_before(1000, 1000, 1000, 1000)
    assert not settled(of(1000), before, [], after(5), keyed=True)
    low = [seen(1, 0.5), seen(1, 4)]
    assert settled(of(1), before, low, after(5), keyed=True)


@pytest.mark.parametrize(
    ("before", "enough"),
    [
        pytest.param((1000,), 850, id="one week"),
        pytest.param((1000, 2000), 1275, id="two weeks: half of both"),
        pytest.param((1000, 1001), 851, id="half a token more than 850.4 is enough"),
        pytest.param((9000, 1000, 3000), 2550, id="three weeks"),
        pytest.param((9000, 1, 3000, 1000), 1700, id="four weeks: the middle two"),
        pytest.param((None, None, None, 1000), 850, id="the fourth week before alone"),
        pytest.param((1000, None, 3000), 1700, id="a gap between"),
        pytest.param((1000, 1000, 1000, 1000, 1, 1, 1, 1, 1), 850, id="weeks before the fourth"),
        pytest.param((10**30, 10**30 + 20), 85 * 10**28 + 9, id="where floats cannot tell"),
    ],
)
def test_without_a_key_a_day_needs_85_per_cent_of_the_median_of_its_weekday(
    before: tuple[int | None, ...], enough: int
) -> None:
    days = weeks_before(*before)
    assert settled(of(enough), days, [], after(5), keyed=False)
    assert not settled(of(enough - 1), days, [], after(5), keyed=False)


def test_without_a_key_nothing_speaks_against_a_day_that_no_weekday_is_stored_of() -> None:
    others = {when: of(10**9, when=when) for n in range(1, 28) if (when := DAY - n * ONE_DAY)}
    for week in range(1, 5):
        others.pop(DAY - timedelta(weeks=week), None)
    assert settled(of(1), others, [], after(3), keyed=False)
    assert settled(of(1), {}, [], after(3), keyed=False)


def test_without_a_key_readings_that_agree_settle_no_low_day() -> None:
    same = [seen(100, 0.5), seen(100, 9)]
    assert not settled(of(100), weeks_before(1000), same, after(9), keyed=False)


@pytest.mark.parametrize("keyed", [True, False])
def test_a_day_is_settled_26_hours_after_its_end_whatever_it_reads(*, keyed: bool) -> None:
    low, before = of(1), weeks_before(1000)
    last = after(26) - timedelta(microseconds=1)
    assert not settled(low, before, [], last, keyed=keyed)
    assert settled(low, before, [], after(26), keyed=keyed)


def test_no_day_may_be_judged_before_three_in_the_morning() -> None:
    days = {DAY: of(1000), DAY - ONE_DAY: of(1000, when=DAY - ONE_DAY)}
    early = after(3) - timedelta(microseconds=1)
    assert settled_until(days, [], early, keyed=False) == DAY - ONE_DAY
    assert settled_until(days, [], after(3), keyed=False) == DAY


def test_what_is_stored_before_an_unsettled_day_may_be_judged() -> None:
    days = weeks_before(1000) | {DAY: of(1), DAY - 3 * ONE_DAY: of(1, when=DAY - 3 * ONE_DAY)}
    assert settled_until(days, [], after(5), keyed=False) == DAY - 3 * ONE_DAY
    assert settled_until({DAY: of(1)} | weeks_before(1000), [], after(26), keyed=False) == DAY


def test_a_day_that_is_not_stored_is_a_gap_and_holds_nothing_up() -> None:
    old = DAY - 100 * ONE_DAY
    assert settled_until({old: of(1, when=old)}, [], after(5), keyed=True) == old
    assert settled_until({old: of(1, when=old), DAY: of(1)}, [], after(5), keyed=False) == DAY


def test_what_a_day_is_compared_with_begins_four_weeks_before_it() -> None:
    early = after(3) - timedelta(microseconds=1)
    assert oldest_compared(after(3)) == DAY - timedelta(weeks=4)
    assert oldest_compared(early) == DAY - ONE_DAY - timedelta(weeks=4)


def test_where_nothing_is_stored_or_settled_nothing_may_be_judged() -> None:
    assert settled_until({}, [], after(5), keyed=False) is None
    assert settled_until({DAY: of(1)}, [], after(5), keyed=True) is None


class Counting(Mapping[date, Day]):
    """Days that count how many of them are read."""

    def __init__(self, days: Mapping[date, Day]) -> None:
        self._days = days
        self.read = 0

    def __getitem__(self, when: date) -> Day:
        found = self._days[when]
        self.read += 1
        return found

    def __iter__(self) -> Iterator[date]:
        return iter(self._days)

    def __len__(self) -> int:
        return len(self._days)

    def __contains__(self, when: object) -> bool:
        return when in self._days


@pytest.mark.parametrize("length", [40, 4000])
@pytest.mark.parametrize("tokens", [1, 1000])
def test_however_long_the_history_five_days_are_read_at_most(length: int, tokens: int) -> None:
    dates = [DAY - n * ONE_DAY for n in range(1, length)]
    days = Counting({when: of(1000, when=when) for when in dates} | {DAY: of(tokens)})
    until = settled_until(days, [], after(5), keyed=False)
    assert until == (DAY if tokens == 1000 else DAY - ONE_DAY)
    assert days.read <= 5


def test_readings_are_kept_one_a_day_and_moment_in_their_order() -> None:
    yesterday = DAY - ONE_DAY
    before = [seen(7, 0.5), seen(5, -1, yesterday)]
    fresh = [of(7, 1), of(8, 0.5), of(5, 1, yesterday)]
    assert sightings_after(before, fresh, after(1)) == (
        seen(5, -1, yesterday),
        seen(5, 1, yesterday),
        seen(8, 0.5),
        seen(7, 1),
    )


def test_readings_are_kept_until_their_day_is_26_hours_over() -> None:
    before = [seen(1, 0.5)]
    last = after(26) - timedelta(microseconds=1)
    assert sightings_after(before, [], last) == tuple(before)
    assert sightings_after(before, [], after(26)) == ()
    assert sightings_after([], [of(1, when=DAY - 9 * ONE_DAY)], after(1)) == ()


def test_with_a_key_polls_that_read_the_same_settle_a_day_after_three_hours() -> None:
    sightings: tuple[Sighting, ...] = ()
    stored = of(1000, 0.5)
    said = []
    for half_hours in range(1, 12):
        sightings = sightings_after(sightings, [of(1000, half_hours / 2)], after(half_hours / 2))
        until = settled_until({DAY: stored}, sightings, after(half_hours / 2), keyed=True)
        said.append(until == DAY)
    assert said == [False] * 6 + [True] * 5


def test_each_real_day_settles_without_a_key_as_soon_as_it_may_be_judged(real_data: Path) -> None:
    file = real_data / "rankings_daily.csv"
    text = file.read_text(encoding="utf-8")
    read = parse_rows(text, where=file.name, as_of=OVER, today=DAY + 9 * ONE_DAY)
    days = {each.date: each for each in read}
    for when in days:
        now = datetime.combine(when + ONE_DAY, time(3), UTC)
        assert settled_until(days, [], now, keyed=False) == when
