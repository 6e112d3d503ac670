"""Quiet hours and weekly digests by local clocks, also on the days on which these are changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import Held
from bot.hours import due, following, quiet, within, zone
from bot.subscription import Channel, Digest, QuietHours

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
KATHMANDU, APIA, ST_JOHNS = "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"
TROLL, CAIRO = "Antarctica/Troll", "Africa/Cairo"
YEARS = [
    *[(name, 2026) for name in (BERLIN, NEW_YORK, LORD_HOWE, KATHMANDU, TROLL, CAIRO)],
    (APIA, 2011),  # there was no 30 December
    (ST_JOHNS, 2010),  # the clocks went back a minute after midnight, to the day before
]
by_year = pytest.mark.parametrize(("name", "year"), YEARS)

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def digest(name: str, weekday: int, hour: int, after: datetime = LONG_AGO) -> Digest:
    """Return a digest at a weekday and hour of a zone."""
    return Digest(weekday, hour, name, ("models",), "en", after)


def local(name: str, now: datetime) -> datetime:
    """Return what the clocks show, without their zone."""
    return now.astimezone(ZoneInfo(name)).replace(tzinfo=None)


def minutes(since: datetime, until: datetime, step: timedelta = MINUTE) -> Iterator[datetime]:
    """Yield moments of virtual time."""
    while since < until:
        yield since
        since += step


@cache
def changed(name: str, year: int) -> tuple[datetime, ...]:
    """Return when the clocks were changed in a year, to a quarter of an hour."""
    quarter = timedelta(minutes=15)
    moments = minutes(utc(year, 1, 1), utc(year + 1, 1, 1), quarter)
    return tuple(
        then
        for now, then in pairwise(moments)
        if local(name, then) - local(name, now) != then - now
    )


@cache
def walked(name: str, year: int) -> tuple[tuple[datetime, datetime], ...]:
    """Return a year's moments with the clocks at each: quarters, around changes every 30 s."""
    found, now, half = [], utc(year, 1, 1), timedelta(seconds=30)
    near = [(each - timedelta(hours=3), each + timedelta(hours=3)) for each in changed(name, year)]
    while now < utc(year + 1, 1, 1) + 2 * WEEK:
        found.append((now, local(name, now)))
        now += half if any(first < now < last for first, last in near) else 30 * half
    return tuple(found)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def first_shown(
    moments: Iterator[tuple[datetime, datetime]], weekday: int, hour: int
) -> list[tuple[date, datetime]]:
    """Return each local week's Monday, and when its clocks first showed the hour or a later one."""
    found: dict[date, datetime] = {}
    for now, shown in moments:
        monday = shown.date() - timedelta(days=shown.weekday())
        wanted = datetime.combine(monday + timedelta(days=weekday), time(hour))
        if shown >= wanted and monday not in found:
            found[monday] = now
    return sorted(found.items())


# ---- digests


@by_year
@pytest.mark.parametrize(("weekday", "hour"), [(MONDAY, 0), (FRIDAY, 9), (SUNDAY, 0), (SUNDAY, 2)])
def test_a_year_of_ticks_brings_one_digest_a_local_week_at_its_hour(
    name: str, year: int, weekday: int, hour: int
) -> None:
    moments = walked(name, year)
    kept, sent = digest(name, weekday, hour, moments[0][0]), []
    naive = [when for _, when in first_shown(iter(moments), weekday, hour)]
    for now, _ in moments:
        if (moment := due(kept, now)) is not None:
            sent.append((now, moment))
            kept = digest(name, weekday, hour, after=moment)
    expected = [when for when in naive if when > moments[0][0]]
    assert sent == [(when, when) for when in expected]
    weeks = [local(name, now).date().isocalendar()[:2] for now, _ in sent]
    assert len(weeks) == len(set(weeks)) >= 52


@by_year
def test_every_weekday_and_hour_of_a_year_is_due_when_the_clocks_first_show_it(
    name: str, year: int
) -> None:
    for weekday in range(7):
        for hour in (*range(4), 9, 23):
            asked = digest(name, weekday, hour)
            naive = [when for _, when in first_shown(iter(walked(name, year)), weekday, hour)][1:]
            for before, when in pairwise(naive):
                just_before = when - timedelta(seconds=1)
                assert due(asked, when) == when
                assert due(asked, just_before) == before
                assert following(asked, just_before) == when
                assert following(asked, before) == when


@given(
    name=st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    day=st.dates(date(1995, 1, 1), date(2035, 12, 31)),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
)
def test_in_any_zone_and_week_the_naive_reading_of_the_clocks_is_due(
    name: str, day: date, weekday: int, hour: int
) -> None:
    start = datetime.combine(day, time(), UTC)
    moments = list(minutes(start, start + timedelta(days=15), timedelta(minutes=5)))
    shown = ((now, local(name, now)) for now in moments)
    # The weeks that the walk begins and ends in are seen in part alone.
    naive = [when for _, when in first_shown(shown, weekday, hour)][1:]
    asked = digest(name, weekday, hour)
    assert [due(asked, when) for when in naive] == naive
    assert [following(asked, when - MINUTE) for when in naive] == naive


@pytest.mark.parametrize(
    ("name", "weekday", "hour", "comes"),
    [
        # 2 o'clock was skipped: at 3
        (BERLIN, SUNDAY, 2, utc(2026, 3, 29, 1)),
        (NEW_YORK, SUNDAY, 2, utc(2026, 3, 8, 7)),
        # at half past 2
        (LORD_HOWE, SUNDAY, 2, utc(2026, 10, 3, 15, 30)),
        # 1 and 2 o'clock were skipped: at 3, whichever of them was wanted
        (TROLL, SUNDAY, 1, utc(2026, 3, 29, 1)),
        (TROLL, SUNDAY, 2, utc(2026, 3, 29, 1)),
        # midnight was skipped: at 1
        (CAIRO, FRIDAY, 0, utc(2026, 4, 23, 22)),
        # 2 o'clock came twice: the first time
        (BERLIN, SUNDAY, 2, utc(2026, 10, 25, 0)),
        (NEW_YORK, SUNDAY, 1, utc(2026, 11, 1, 5)),
        # half past 1 came twice, and 2 o'clock once
        (LORD_HOWE, SUNDAY, 1, utc(2026, 4, 4, 14)),
        (LORD_HOWE, SUNDAY, 2, utc(2026, 4, 4, 15, 30)),
        # a Friday was skipped: as Saturday began
        (APIA, FRIDAY, 9, utc(2011, 12, 30, 10)),
        (APIA, 5, 9, utc(2011, 12, 30, 19)),
        # Sunday began twice: the first time
        (ST_JOHNS, SUNDAY, 0, utc(2010, 11, 7, 2, 30)),
        # a quarter to, the whole year round
        (KATHMANDU, MONDAY, 9, utc(2026, 6, 1, 3, 15)),
    ],
)
def test_days_on_which_the_clocks_are_changed(
    name: str, weekday: int, hour: int, comes: datetime
) -> None:
    asked = digest(name, weekday, hour)
    assert due(asked, comes) == comes
    assert due(asked, comes - MINUTE) != comes
    assert following(asked, comes - timedelta(days=1)) == comes
    assert due(asked, comes + 2 * MINUTE) == comes
    assert following(asked, comes + 2 * MINUTE) > comes + timedelta(days=6)


def test_a_digest_is_due_until_it_is_dealt_with_and_of_several_missed_only_the_newest() -> None:
    monday = utc(2026, 6, 8, 7)
    asked = digest(BERLIN, MONDAY, 9, after=monday - 3 * WEEK)
    assert due(asked, monday + timedelta(days=2)) == monday
    assert due(digest(BERLIN, MONDAY, 9, after=monday), monday + timedelta(days=2)) is None


def test_a_digest_that_was_asked_for_after_its_hour_comes_next_week() -> None:
    monday = utc(2026, 6, 8, 7)
    asked = digest(BERLIN, MONDAY, 9, after=monday + MINUTE)
    assert due(asked, monday + MINUTE) is None
    assert following(asked, asked.after) == monday + WEEK
    assert due(asked, monday + WEEK) == monday + WEEK


# ---- quiet hours


@by_year
def test_quiet_hours_are_those_that_the_clocks_show(name: str, year: int) -> None:
    spans = [(22, 7), (2, 3), (1, 2), (3, 2), (0, 23), (23, 0), (0, 1), (9, 17)]
    shown = {span: _between(*span) for span in spans}
    for now, there in walked(name, year):
        for start, end in spans:
            assert within(QuietHours(start, end, name), now) == (there.hour in shown[start, end])


def _between(start: int, end: int) -> set[int]:
    """Count the hours on a dial from one to before another."""
    found = set()
    while start != end:
        found.add(start)
        start = (start + 1) % 24
    return found


@given(
    name=st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    now=st.datetimes(datetime(1970, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    start=st.integers(0, 23),
    end=st.integers(0, 23),
)
def test_at_any_moment_of_any_zone_it_is_quiet_if_the_clock_shows_a_quiet_hour(
    name: str, now: datetime, start: int, end: int
) -> None:
    assert within(QuietHours(start, end, name), now) == (
        local(name, now).hour in _between(start, end)
    )


def test_hours_past_midnight_begin_in_the_evening_and_end_in_the_morning() -> None:
    night = QuietHours(22, 7, "Europe/Istanbul")
    evening = utc(2026, 6, 8, 19)
    assert not within(night, evening - MINUTE)
    assert within(night, evening)
    assert within(night, evening + timedelta(hours=9) - MINUTE)
    assert not within(night, evening + timedelta(hours=9))


def test_an_hour_that_is_skipped_is_not_quiet_and_one_that_comes_twice_is_quiet_twice() -> None:
    two = QuietHours(2, 3, BERLIN)
    march, october = utc(2026, 3, 29), utc(2026, 10, 25)
    assert not any(within(two, now) for now in minutes(march, march + timedelta(hours=12)))
    assert (
        sum(within(two, now) for now in minutes(october - timedelta(hours=2), october + WEEK / 14))
        == 120
    )


def test_a_mute_ends_at_its_moment_and_comes_before_quiet_hours() -> None:
    until = utc(2026, 6, 8, 12)
    night = QuietHours(22, 7, BERLIN)
    channel = Channel(1, 2, muted_until=until, quiet=night)
    assert quiet(channel, utc(2026, 6, 7, 23)) is Held.MUTE
    assert quiet(channel, until - timedelta(seconds=1)) is Held.MUTE
    assert quiet(channel, until) is None
    assert quiet(channel, utc(2026, 6, 8, 23)) is Held.QUIET
    assert quiet(Channel(1, 2), until) is None


def test_a_zone_that_is_known_no_more_is_read_as_utc() -> None:
    assert zone("Europe/Atlantis") is UTC
    assert zone("") is UTC
    assert within(QuietHours(9, 10, "../nowhere"), utc(2026, 6, 8, 9, 30))


def test_a_clock_that_was_a_year_ahead_once_silences_no_digest() -> None:
    now = datetime(2026, 6, 8, 9, 30, tzinfo=UTC)
    digest = Digest(0, 9, "UTC", ("models",), "en", now + timedelta(days=365))
    assert due(digest, now) == datetime(2026, 6, 8, 9, tzinfo=UTC)
    soon = replace(digest, after=now + timedelta(days=6))
    assert due(soon, now) is None
