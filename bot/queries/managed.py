"""What arrives in the channels of a server, and how things stand there (pure)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.answers.managed import Entry, Part, Which
from bot.delivery import Delivery, DeliveryState
from bot.hours import digest_from
from bot.hush import counted
from bot.subscription import Change, Channel, Deed, Subscription

T = TypeVar("T")

TESTED_EVERY = timedelta(minutes=1)
"""A channel gets no more tests than one in this time."""


def entries(
    channels: Sequence[Channel],
    subscriptions: Iterable[Subscription],
    posts: Sequence[Delivery],
    changes: Sequence[Change],
    now: datetime,
) -> tuple[Entry, ...]:
    """Return a server's subscriptions by channel and number, each channel's digest after them.

    Channels that are paused come first, then those of which a subscription is stopped. `posts` are
    the server's alerts of at least `hush.LOOKED_BACK`, `changes` those of its settings, newest
    first.
    """
    held: dict[int, list[Subscription]] = {each.channel_id: [] for each in channels}
    for one in subscriptions:
        held.setdefault(one.channel_id, []).append(one)
    last, used = _last(posts), counted(posts, now)

    def first(channel: Channel) -> tuple[bool, bool, int]:
        stopped = any(one.stopped for one in held[channel.channel_id])
        return channel.paused is None, not stopped, channel.channel_id

    return tuple(
        Entry(
            channel=channel,
            subscription=one,
            several=len(held[channel.channel_id]) > 1,
            last=last.get(channel.channel_id),
            used=used.get(channel.channel_id, 0),
            stopped_by=_stopped_by(one, changes),
            coming=digest_from(channel, now),
        )
        for channel in sorted(channels, key=first)
        for one in _things(channel, held[channel.channel_id])
    )


def _things(channel: Channel, held: Iterable[Subscription]) -> Iterator[Subscription | None]:
    yield from sorted(held, key=lambda one: one.number)
    if channel.digest is not None:
        yield None


def _last(posts: Iterable[Delivery]) -> Mapping[int, Delivery]:
    sent = [each for each in posts if each.state is DeliveryState.SENT and each.message_id]
    return {each.channel_id: each for each in sorted(sent, key=sent_at)}


def sent_at(post: Delivery) -> datetime:
    """Return when something that was sent went out, as far as that is kept."""
    return post.sent_at or post.created_at


def _stopped_by(one: Subscription | None, changes: Iterable[Change]) -> int | None:
    if one is None or one.stopped is None:
        return None
    which = (one.channel_id, one.number, Deed.STOPPED)
    found = (c for c in changes if (c.channel_id, c.number, c.deed) == which)
    return next((each.who for each in found), None)


def meant(found: Iterable[Entry], which: Which) -> Entry | None:
    """Return the entry that is meant, None if it is gone."""
    return next((each for each in found if each.which == which), None)


def part(items: Sequence[T], page: int, size: int) -> Part[T]:
    """Return a page, counted from 0; the last one where there are fewer."""
    pages = max(-(-len(items) // size), 1)
    page = min(max(page, 0), pages - 1)
    return Part(tuple(items[page * size : (page + 1) * size]), page, pages, len(items))


def lately_tested(changes: Iterable[Change], channel_id: int, now: datetime) -> bool:
    """Say whether a channel got a test within the last minute."""
    return any(
        each.deed is Deed.TESTED and each.channel_id == channel_id
        for each in changes
        if now - each.when < TESTED_EVERY
    )
