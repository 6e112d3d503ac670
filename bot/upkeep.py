"""What is let go of in time: servers we were removed from, channels that are gone, old rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.delivery import PauseReason, Subscription
from storage.protocol import Store

GRACE = timedelta(days=7)
"""How long a server that removed us, or a channel that is gone, may come back as it was."""


async def upkeep(store: Store, now: datetime) -> None:
    """Purge, unsubscribe and tidy what is due at `now` (UTC). Raises StoreError."""
    log = structlog.get_logger()
    for guild in overdue(await store.absences(), now):
        await store.purge(guild)
        log.info("server purged", guild=guild)
    for channel in ended(await store.subscriptions(), now):
        await store.unsubscribe(channel)
        log.info("subscription of a deleted channel ended", channel=channel)
    await store.tidy(now)


def overdue(absences: Mapping[int, datetime], now: datetime) -> tuple[int, ...]:
    """Return the servers that we have not been in for GRACE or longer."""
    return tuple(guild for guild, since in absences.items() if now - since >= GRACE)


def ended(subscriptions: Sequence[Subscription], now: datetime) -> tuple[int, ...]:
    """Return the channels that have been gone for GRACE or longer."""
    return tuple(each.channel_id for each in subscriptions if _gone(each, now))


def _gone(subscription: Subscription, now: datetime) -> bool:
    paused = subscription.paused
    if paused is None or paused.reason is not PauseReason.GONE:
        return False
    return now - paused.since >= GRACE
