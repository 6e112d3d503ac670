"""What becomes of a channel's settings, with what is said of it (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.hours import following, quiet, zone
from bot.subscription import Channel, Deed, Digest, QuietHours
from bot.text import timing as text
from bot.text.say import Say


@dataclass(frozen=True, slots=True)
class Altered:
    """Settings that take the place of those before, by which deed, and what the person is told.

    `values` are those of its Change. Where nothing alters there are words alone.
    """

    settings: Channel
    deed: Deed
    told: str
    values: Mapping[str, str] = field(default_factory=dict)


def muted(before: Channel, until: datetime, say: Say) -> Altered:
    """Mute a channel until a moment (UTC)."""
    settings = replace(before, muted_until=until)
    values = {"until": until.isoformat()}
    return Altered(settings, Deed.MUTED, text.muted(settings, until, say), values)


def unmuted(before: Channel, now: datetime, say: Say) -> Altered | str:
    """End a channel's mute."""
    if before.muted_until is None or before.muted_until <= now:
        return text.not_muted(before, say)
    settings = replace(before, muted_until=None)
    return Altered(settings, Deed.UNMUTED, text.unmuted(settings, quiet(settings, now), say))


def quieted(before: Channel, hours: QuietHours, now: datetime, say: Say) -> Altered:
    """Give a channel quiet hours."""
    settings = replace(before, quiet=hours)
    told = text.quieted(settings, hours, now.astimezone(zone(hours.timezone)), say)
    values = {"start": str(hours.start), "end": str(hours.end), "timezone": hours.timezone}
    return Altered(settings, Deed.QUIET, told, values)


def unquieted(before: Channel, now: datetime, say: Say) -> Altered | str:
    """End a channel's quiet hours."""
    if before.quiet is None:
        return text.never_quiet(before, say)
    settings = replace(before, quiet=None)
    told = text.no_longer_quiet(settings, quiet(settings, now), say)
    return Altered(settings, Deed.NO_QUIET, told)


def limited(before: Channel, messages: int, say: Say) -> Altered:
    """Give a channel a budget of messages."""
    settings = replace(before, budget=messages)
    told = text.limited(settings, messages, say)
    return Altered(settings, Deed.BUDGET, told, {"messages": str(messages)})


def unlimited(before: Channel, now: datetime, say: Say) -> Altered | str:
    """End a channel's budget."""
    if before.budget is None:
        return text.never_limited(before, say)
    settings = replace(before, budget=None)
    return Altered(settings, Deed.NO_BUDGET, text.unlimited(settings, quiet(settings, now), say))


def digested(before: Channel, digest: Digest, say: Say) -> Altered:
    """Give a channel a weekly digest, in place of one that it has.

    One that comes at the same time keeps what is due: it may be due this very minute.
    """
    if before.digest is not None and _rhythm(before.digest) == _rhythm(digest):
        digest = replace(digest, after=before.digest.after)
    settings = replace(before, digest=digest)
    first = following(digest, digest.after)
    local = first.astimezone(zone(digest.timezone))
    told = text.summed_up(settings, digest, local, quiet(settings, first), say)
    values = {
        "weekday": str(digest.weekday),
        "hour": str(digest.hour),
        "timezone": digest.timezone,
        "boards": ",".join(digest.boards),
        "language": digest.language,
    }
    return Altered(settings, Deed.DIGEST, told, values)


def _rhythm(digest: Digest) -> tuple[int, int, str]:
    return digest.weekday, digest.hour, digest.timezone
