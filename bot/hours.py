"""When messages may arrive, by the clocks of a channel's time zone (pure)."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.delivery import Held
from bot.subscription import Channel, Digest, QuietHours

_WEEK = timedelta(days=7)
_QUARTER = 15
"""Minutes; the clocks of all time zones differ from UTC by whole quarters of an hour."""


def quiet(channel: Channel, now: datetime) -> Held | None:
    """Return why a channel wants nothing at `now` (UTC), None if it takes messages."""
    if channel.muted_until is not None and now < channel.muted_until:
        return Held.MUTE
    if channel.quiet is not None and within(channel.quiet, now):
        return Held.QUIET
    return None


def within(hours: QuietHours, now: datetime) -> bool:
    """Say whether `now` (UTC) is in quiet hours."""
    hour = now.astimezone(zone(hours.timezone)).hour
    if hours.start <= hours.end:
        return hours.start <= hour < hours.end
    return hour >= hours.start or hour < hours.end


def listens_from(channel: Channel, moment: datetime) -> datetime:
    """Return the first moment (UTC) from `moment` on at which a channel is not quiet."""
    while (why := quiet(channel, moment)) is not None:
        if why is Held.MUTE and channel.muted_until is not None:
            moment = channel.muted_until
        else:
            past = timedelta(
                minutes=moment.minute % _QUARTER,
                seconds=moment.second,
                microseconds=moment.microsecond,
            )
            moment += timedelta(minutes=_QUARTER) - past
    return moment


def digest_from(channel: Channel, now: datetime) -> datetime | None:
    """Return from when (UTC) on a channel gets its next digest, if nothing changes.

    `now` itself where one is due. None without a digest, or while nothing can be posted there.
    """
    if channel.digest is None or channel.paused is not None:
        return None
    waits = due(channel.digest, now) is not None
    return listens_from(channel, now if waits else following(channel.digest, now))


def due(digest: Digest, now: datetime) -> datetime | None:
    """Return the moment (UTC) of the newest digest that is due at `now`, None if none is."""
    day = _newest_day(digest, now)
    moments = (_moment(digest, each) for each in (day + _WEEK, day, day - _WEEK))
    newest = next(moment for moment in moments if moment <= now)
    # A clock that was ahead once would silence a digest until then.
    return newest if newest > digest.after or digest.after > now + _WEEK else None


def following(digest: Digest, now: datetime) -> datetime:
    """Return the moment (UTC) of the next digest after `now`."""
    day = _newest_day(digest, now)
    moments = (_moment(digest, each) for each in (day, day + _WEEK, day + 2 * _WEEK))
    return next(moment for moment in moments if moment > now)


def _newest_day(digest: Digest, now: datetime) -> date:
    """Return the last of its weekdays by the calendar there.

    Where the clocks go back over midnight, its hour a week later may have been already.
    """
    today = now.astimezone(zone(digest.timezone)).date()
    return today - timedelta(days=(today.weekday() - digest.weekday) % _WEEK.days)


def _moment(digest: Digest, day: date) -> datetime:
    """Return when its hour is on a local day: of a repeated one the first, of a skipped the end."""
    there = zone(digest.timezone)
    local = datetime.combine(day, time(digest.hour), there)
    moment, other = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if moment <= other:
        return moment
    # No clock shows that hour: `other` is before they are put forward, `moment` after.
    seconds = range(int((moment - other).total_seconds()))
    wanted = local.replace(tzinfo=None)

    def shown(second: int) -> datetime:
        return (other + timedelta(seconds=second)).astimezone(there).replace(tzinfo=None)

    return other + timedelta(seconds=bisect_left(seconds, wanted, key=shown))


def zone(name: str) -> tzinfo:
    """Return a time zone; UTC for one that is known no more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
