"""What was held back and is told together, read from docs/subscriptions.md as naively as can be."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.delivery import Delivery, Form, Held
from bot.model import Milestone
from bot.subscription import Channel, Digest, Subscription
from tests.naive.settings import asks, quiet, room

_QUIET = (Held.MUTE, Held.QUIET)


class Joined(NamedTuple):
    """One roundup or digest: the deliveries that it tells, their milestones, and its roles."""

    channel: int
    form: Form
    language: str
    told: frozenset[str]
    keys: frozenset[str]
    roles: tuple[int, ...]


class Still(NamedTuple):
    """What is still told of a held delivery, and whom it mentions."""

    key: str
    keys: frozenset[str]
    roles: tuple[int, ...]


def still(
    held: Sequence[Delivery], known: Mapping[str, Milestone], asking: Sequence[Subscription]
) -> set[Still]:
    """Return what is told of all that is held back, if these are the subscriptions by then."""
    found = set()
    for row in held:
        keys, roles = set(), set()
        for key, each in product(row.milestones, asking):
            there = [one for one in held if one.channel_id == row.channel_id]
            other = each.language != row.language and any(
                one.language == each.language and key in one.milestones for one in there
            )
            if each.channel_id == row.channel_id and asks(each, known[key]) and not other:
                keys.add(key)
                roles |= set(each.manner.mentions if row.held in _QUIET else ())
        found |= {Still(row.key, frozenset(keys), tuple(sorted(roles)))} if keys else set()
    return found


@cache
def moment(day: date, hour: int, timezone: str) -> datetime:
    """Return when the clocks of a zone first show an hour of a day, or have skipped it (UTC)."""
    wanted, there = datetime.combine(day, time(hour)), ZoneInfo(timezone)
    now = wanted.replace(tzinfo=UTC) - timedelta(hours=15)  # no clock is so far ahead
    while now.astimezone(there).replace(tzinfo=None) < wanted:
        now += timedelta(minutes=1)
    return now


def due(digest: Digest, now: datetime) -> datetime | None:
    """Return the newest moment of a weekly digest that has come and is not dealt with."""
    newest, day = None, digest.after.date() - timedelta(2)
    while day <= now.date() + timedelta(2):
        if day.weekday() == digest.weekday:
            at = moment(day, digest.hour, digest.timezone)
            newest = at if digest.after < at <= now else newest
        day += timedelta(1)
    return newest


def listens(channel: Channel, now: datetime) -> bool:
    """Say whether a channel is neither quiet nor paused."""
    return channel.paused is None and quiet(channel, now) is None


def joined(
    channel: Channel,
    held: Sequence[Delivery],
    week: Collection[str],
    posts: Sequence[Delivery],
    now: datetime,
) -> set[Joined]:
    """Return what a channel is told of what is held back there; `week` is what a digest shows."""
    if not listens(channel, now):
        return set()
    ours = [
        each
        for each in held
        if each.channel_id == channel.channel_id and now - each.created_at <= timedelta(35)
    ]
    digest = channel.digest
    if digest is not None and due(digest, now) is not None:
        one = _join(channel, Form.DIGEST, digest.language, ours)
        return {one._replace(keys=one.keys | frozenset(week), roles=())}
    if any(each.held in _QUIET for each in ours):
        waits = (Held.BUDGET,) if digest is not None else ()
        return _roundups(channel, [each for each in ours if each.held not in waits])
    return set() if digest is not None else _yielded(channel, ours, posts, now)


def _roundups(channel: Channel, held: Sequence[Delivery]) -> set[Joined]:
    """Return a roundup for each language in which something was held back."""
    return {
        _join(channel, Form.ROUNDUP, language, [one for one in held if one.language == language])
        for language in {each.language for each in held}
    }


def _join(channel: Channel, form: Form, language: str, held: Sequence[Delivery]) -> Joined:
    told = frozenset(each.key for each in held)
    keys = frozenset(key for each in held for key in each.milestones)
    roles = {role for each in held if each.held in _QUIET for role in each.manner.mentions}
    return Joined(channel.channel_id, form, language, told, keys, tuple(sorted(roles)))


def _yielded(
    channel: Channel, held: Sequence[Delivery], posts: Sequence[Delivery], now: datetime
) -> set[Joined]:
    free = room(channel, posts, now)
    roundups = sorted(_roundups(channel, held), key=lambda one: one.language != "en")
    return set(roundups if free is None else roundups[: max(free, 0)])
