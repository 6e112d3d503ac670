"""What is let go of in time: servers we were removed from, channels that are gone, old rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.delivery import PauseReason, Subscription
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
    for channel in ended(await store.subscriptions(), now):
        await store.unsubscribe(channel)
        log.info("subscription of a deleted channel ended", channel=channel)
    await store.tidy(now)


def overdue(absences: Mapping[int, datetime], now: datetime) -> tuple[int, ...]:
    """Return the servers whose absence was noticed GRACE ago or longer."""
    return tuple(guild for guild, since in absences.items() if now - since >= GRACE)


def ended(subscriptions: Sequence[Subscription], now: datetime) -> tuple[int, ...]:
    """Return the channels that were found gone GRACE ago or longer."""
    return tuple(each.channel_id for each in subscriptions if _gone(each, now))


def _gone(subscription: Subscription, now: datetime) -> bool:
    paused = subscription.paused
    if paused is None or paused.reason is not PauseReason.GONE:
        return False
    return now - paused.since >= GRACE
