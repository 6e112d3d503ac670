"""Whose turn it is in a channel, and what becomes of a delivery that was tried (pure)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.delivery import Delivery, DeliveryState, Kind

GIVE_UP = timedelta(days=1)
"""For so long after it became owed a delivery is tried again."""

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)
_LONGEST_REASON = 500
_EVER = datetime.min.replace(tzinfo=UTC)


def back_off(attempts: int, chance: float = 1.0) -> timedelta:
    """Return how long to wait after so many failed attempts: 2 s, doubling, at most 10 minutes.

    `chance`, from 0 to 1, takes up to half of it away, so that not all come back together.
    """
    doublings = min(attempts - 1, 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT) * (0.5 + 0.5 * chance)


def next_turn(rows: Sequence[Delivery]) -> Delivery | None:
    """Return what is next of a channel's open deliveries, which come in their order.

    Messages keep their order. What publishes an alert waits for that alert alone, and holds up
    nothing: Discord may make it wait for an hour.
    """
    open_keys = {row.key for row in rows}
    messages = [row for row in rows if row.kind is not Kind.PUBLISH][:1]
    publishes = [row for row in rows if row.kind is Kind.PUBLISH and row.about not in open_keys]
    return min([*messages, *publishes], key=lambda row: row.retry_at or _EVER, default=None)


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """Return a delivery that is about to be tried."""
    return replace(
        delivery,
        state=DeliveryState.SENDING,
        attempts=delivery.attempts + 1,
        retry_at=None,
        tried_at=delivery.tried_at or now,
    )


def sent(delivery: Delivery, message_id: int) -> Delivery:
    """Return a delivery that arrived as this message."""
    return replace(delivery, state=DeliveryState.SENT, message_id=message_id, reason=None)


def waiting(delivery: Delivery, reason: str, retry_at: datetime | None = None) -> Delivery:
    """Return a delivery that is tried again, from `retry_at` on."""
    return replace(delivery, state=DeliveryState.PENDING, retry_at=retry_at, reason=short(reason))


def dead(delivery: Delivery, reason: str) -> Delivery:
    """Return a delivery that is given up."""
    return replace(delivery, state=DeliveryState.DEAD, reason=short(reason))


def after_fault(
    delivery: Delivery, reason: str, now: datetime, chance: float, after: timedelta | None
) -> Delivery:
    """Return what a passing fault at `now` makes of a delivery: waiting, or dead after a day.

    `after` is how long to wait at least, if Discord said so.
    """
    if now - delivery.created_at > GIVE_UP:
        return dead(delivery, f"given up after a day: {reason}")
    wait = max(back_off(delivery.attempts, chance), after or timedelta(0))
    return waiting(delivery, reason, now + wait)


def short(reason: str) -> str:
    """Return a reason that can be stored: what Discord answered may hold anything, without end."""
    return reason[:_LONGEST_REASON].encode(errors="backslashreplace").decode()
