"""What is let go of in time: servers we were removed from, channels that are gone, old rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.subscription import Channel, PauseReason
from storage.protocol import Store

GRACE = timedelta(days=7)
"""How long a server that removed us, or a channel that is gone, may come back as it was.

Counted from when we noticed.
"""


def _absent(_: int) -> bool:
    return False


async def upkeep(store: Store, now: datetime, may_be_in: Callable[[int], bool] = _absent) -> None:
    """Purge, unsubscribe and tidy what is due at `now` (UTC). Raises StoreError.

    A server that we `may_be_in` is not purged, whatever was noted of it.
    """
    log = structlog.get_logger()
    for guild in overdue(await store.absences(), now):
        if may_be_in(guild):
            continue
        await store.purge(guild)
        log.info("server purged", guild=guild)
    for channel in ended(await store.channels(), now):
        await store.unsubscribe(channel.channel_id)
        await store.put_channel(replace(channel, digest=None))
        log.info("subscriptions of a deleted channel ended", channel=channel.channel_id)
    await store.tidy(now)


def overdue(absences: Mapping[int, datetime], now: datetime) -> tuple[int, ...]:
    """Return the servers whose absence was noticed GRACE ago or longer."""
    return tuple(guild for guild, since in absences.items() if now - since >= GRACE)


def ended(channels: Sequence[Channel], now: datetime) -> tuple[Channel, ...]:
    """Return the channels that were found gone GRACE ago or longer."""
    return tuple(each for each in channels if _gone(each, now))


def _gone(channel: Channel, now: datetime) -> bool:
    paused = channel.paused
    if paused is None or paused.reason is not PauseReason.GONE:
        return False
    return now - paused.since >= GRACE
