"""Milestones and subscriptions become deliveries with stable keys (pure)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.model import Delivery, Milestone, Subscription

LATEST = timedelta(days=7)
"""How long after its date a milestone is still sent."""

_SEVERITIES = ("headline", "notable", "minor")


def route(
    milestones: Iterable[Milestone], subscriptions: Sequence[Subscription], now: datetime
) -> tuple[Delivery, ...]:
    """Return what is owed to whom: one delivery a channel, board and day, oldest day first.

    A subscription gets the milestones of its board dated after its `after` and at most seven days
    before `now` (UTC). Within a delivery the weightiest milestone leads.
    """
    groups = groupby(sorted(milestones, key=_order), key=lambda m: (m.date, m.board))
    return tuple(
        _delivery([m.key for m in group], subscription, now)
        for (day, board), grouped in groups
        for group in [list(grouped)]
        for subscription in subscriptions
        if board == subscription.board and _wanted(day, subscription, now)
    )


def _order(milestone: Milestone) -> tuple[date, str, int, str]:
    return (
        milestone.date,
        milestone.board,
        _SEVERITIES.index(milestone.severity),
        milestone.key,
    )


def _wanted(day: date, subscription: Subscription, now: datetime) -> bool:
    return subscription.after < day and now.date() - day <= LATEST


def _delivery(keys: list[str], subscription: Subscription, now: datetime) -> Delivery:
    key = f"{subscription.channel_id}:{'+'.join(keys)}"
    return Delivery(
        key=key,
        channel_id=subscription.channel_id,
        guild_id=subscription.guild_id,
        milestones=tuple(keys),
        nonce=nonce(key),
        created_at=now,
        language=subscription.language,
    )


def nonce(key: str) -> str:
    """Return the nonce that follows from a delivery's key: 24 characters, of Discord's 25."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
