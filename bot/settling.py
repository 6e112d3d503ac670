"""When a day's figures have settled, so that they can be judged (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.model import Day
from bot.standings import ONE_DAY, newest_judged

SURE = timedelta(hours=26)
"""How long after its end a day is settled whatever it reads: none was restated later than that."""

APART = timedelta(hours=3)
"""How far apart two readings must be for their agreement to say something."""

LEAST = 85
"""Per cent of the median of the same weekday that a day must have, without a key."""

_WEEKS = 4
"""How many of the same weekday a day is compared with at most."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One reading of a day: its total, `other` included, as the source gave it at `as_of` (UTC)."""

    date: date
    total: int
    as_of: datetime


def total(day: Day) -> int:
    """Return all tokens of a day, `other` included where it was published."""
    return sum(row.tokens for row in day.rows) + (day.other or 0)


def over_for(day: date, now: datetime) -> timedelta:
    """Return how long a day is over at `now` (UTC); negative while it is not."""
    return now - datetime.combine(day + ONE_DAY, time(), UTC)


def oldest_compared(now: datetime) -> date:
    """Return the oldest day that `settled_until` looks at to compare the newest one with it."""
    return newest_judged(now) - timedelta(weeks=_WEEKS)


def settled(
    day: Day,
    days: Mapping[date, Day],
    sightings: Sequence[Sighting],
    now: datetime,
    *,
    keyed: bool,
) -> bool:
    """Say whether the figures of a day stand, as far as can be told at `now` (UTC).

    With a key: when its newest reading and one at least three hours older differ by under 0.1 % of
    the older. Without: when its total is at least 85 % of the median of `same_weekday`, or nothing
    is stored to compare it with. 26 hours after its end: always.
    """
    if over_for(day.date, now) >= SURE:
        return True
    if keyed:
        return any(_agree(old.total, total(day)) for old in older_readings(day, sightings))
    before = same_weekday(day.date, days)
    # Twice the median, so that it is a whole number.
    return not before or 2 * 100 * total(day) >= LEAST * twice_the_median(before)


def settled_until(
    days: Mapping[date, Day], sightings: Sequence[Sighting], now: datetime, *, keyed: bool
) -> date | None:
    """Return the newest stored day up to which every stored one may be judged at `now` (UTC).

    `days` hold at least those stored from `oldest_compared` on. Days that are not stored are gaps,
    not unsettled. None when nothing is left.
    """
    newest = newest_judged(now)
    day = days.get(newest)
    if day is not None and settled(day, days, sightings, now, keyed=keyed):
        return newest
    # Every day before it is over for 27 hours at least, and so surely settled.
    return max((when for when in days if when < newest), default=None)


def older_readings(day: Day, sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Return the readings of a day at least three hours older than its newest, oldest first."""
    seen = [each for each in sightings if each.date == day.date]
    newest = max([day.as_of, *(each.as_of for each in seen)])
    readings = sorted([*seen, _sighting(day)], key=_moment)
    return tuple(each for each in readings if newest - each.as_of >= APART)


def same_weekday(when: date, days: Mapping[date, Day]) -> tuple[int, ...]:
    """Return the totals of the stored ones of the same weekday in the four weeks before a day."""
    weeks = (when - timedelta(weeks=back) for back in range(1, _WEEKS + 1))
    return tuple(total(days[each]) for each in weeks if each in days)


def twice_the_median(totals: Sequence[int]) -> int:
    """Return twice the median of at least one total: the middle two of an even number, added."""
    ascending, middle = sorted(totals), len(totals) // 2
    return ascending[middle] + ascending[~middle]


def sightings_after(
    before: Sequence[Sighting], fresh: Sequence[Day], now: datetime
) -> tuple[Sighting, ...]:
    """Return the readings to remember, with those that have just come, by day, then moment.

    One a day and moment, the one that came last; of days that are less than 26 hours over at
    `now`. A reading that says nothing new is kept too: two that agree settle a day.
    """
    seen = {(each.date, each.as_of): each for each in (*before, *map(_sighting, fresh))}
    return tuple(seen[which] for which in sorted(seen) if over_for(which[0], now) < SURE)


def _sighting(day: Day) -> Sighting:
    return Sighting(day.date, total(day), day.as_of)


def _moment(reading: Sighting) -> datetime:
    return reading.as_of


def _agree(old: int, new: int) -> bool:
    return old == new or abs(new - old) * 1000 < old
