"""What was held back becomes roundups, and digests that are due become owed (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.delivery import Delivery, Form, Gathering, Held, Summary
from bot.hours import due, quiet
from bot.routing import joined, nonce, published
from bot.subscription import Channel, Manner

_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that is due: its channel, the moment (UTC) it is of, what it sums up.

    `milestones` are the keys of those of its week, oldest first.
    """

    channel: Channel
    moment: datetime
    summary: Summary
    milestones: tuple[str, ...]


def digests_due(channels: Iterable[Channel], now: datetime) -> tuple[Channel, ...]:
    """Return the channels, neither quiet nor paused, whose weekly digest is due at `now` (UTC)."""
    return tuple(
        each
        for each in channels
        if each.digest is not None and due(each.digest, now) is not None and _listens(each, now)
    )


def gather(
    channels: Sequence[Channel],
    held: Iterable[Delivery],
    digests: Iterable[DueDigest],
    lately: Mapping[int, int],
    now: datetime,
) -> tuple[Gathering, ...]:
    """Return what tells of what was held back, as far as it is time at `now` (UTC), and digests.

    `lately` has how many messages that count each channel got in the seven days before.
    """
    rows: dict[int, list[Delivery]] = defaultdict(list)
    for row in held:
        rows[row.channel_id].append(row)
    summed = {each.channel.channel_id: each for each in digests}
    found: list[Gathering] = []
    for channel in channels:
        at = channel.channel_id
        if at in summed:
            found.append(_digest(summed[at], rows.get(at, ()), now))
        elif at in rows and _listens(channel, now):
            found += _roundups(channel, rows[at], lately.get(at, 0), now)
    return tuple(replace(one, beside=published(one.delivery, now)[1:]) for one in found)


def _listens(channel: Channel, now: datetime) -> bool:
    return channel.paused is None and quiet(channel, now) is None


def _roundups(
    channel: Channel, rows: Sequence[Delivery], used: int, now: datetime
) -> list[Gathering]:
    """Return a channel's roundups, one for each language of what may be told now."""
    slept = [row for row in rows if row.held is not Held.BUDGET]
    room = None if channel.budget is None else channel.budget - used
    if slept:
        now_told, room = (rows if channel.digest is None else slept), None
    else:
        now_told = rows if channel.digest is None else []
    by_language: dict[str, list[Delivery]] = defaultdict(list)
    for row in now_told:
        by_language[row.language].append(row)
    languages = sorted(by_language, key=lambda code: (code != _ENGLISH, code))
    return [
        _gathering(channel, by_language[language], language, now)
        for language in (languages if room is None else languages[: max(room, 0)])
    ]


def _gathering(
    channel: Channel, rows: Sequence[Delivery], language: str, now: datetime
) -> Gathering:
    key = f"{channel.channel_id}:{language}:roundup.{now:%Y-%m-%d.%H%M%S}"
    roundup = Delivery(
        key=key,
        channel_id=channel.channel_id,
        guild_id=channel.guild_id,
        milestones=_keys(rows),
        nonce=nonce(key),
        created_at=now,
        language=language,
        manner=joined(row.manner for row in rows),
        form=Form.ROUNDUP,
    )
    return Gathering(roundup, tuple(row.key for row in rows))


def _digest(one: DueDigest, rows: Sequence[Delivery], now: datetime) -> Gathering:
    channel, digest = one.channel, one.channel.digest
    manner, language = (digest.manner, digest.language) if digest else (Manner(), _ENGLISH)
    key = f"{channel.channel_id}:{language}:digest.{one.moment.astimezone(UTC):%Y-%m-%d.%H%M}"
    delivery = Delivery(
        key=key,
        channel_id=channel.channel_id,
        guild_id=channel.guild_id,
        milestones=tuple(dict.fromkeys([*_keys(rows), *one.milestones])),
        nonce=nonce(key),
        created_at=now,
        language=language,
        manner=manner,
        form=Form.DIGEST,
        summary=one.summary,
    )
    return Gathering(delivery, tuple(row.key for row in rows))


def _keys(rows: Iterable[Delivery]) -> tuple[str, ...]:
    """Return the milestones of these, each once, in the order in which they were found."""
    return tuple(dict.fromkeys(key for row in rows for key in row.milestones))
