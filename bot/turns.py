"""Whose turn it is in a channel, and what becomes of a delivery that was tried (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.delivery import Delivery, DeliveryState, Kind

GIVE_UP = timedelta(days=1)
"""For so long after its first try a delivery is tried again."""

LONGEST_WAIT = timedelta(hours=1)
"""What waits for longer does so because a clock was set back, or an answer was absurd."""

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_BACK_OFF = timedelta(minutes=10)
_BESIDE = (Kind.PUBLISH, Kind.EDIT)
_LONGEST_REASON = 500
_EVER = datetime.min.replace(tzinfo=UTC)


def back_off(attempts: int, chance: float = 1.0) -> timedelta:
    """Return how long to wait after so many failed attempts: 2 s, doubling, at most 10 minutes.

    `chance`, from 0 to 1, takes up to half of it away, so that not all come back together.
    """
    doublings = min(attempts - 1, 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_BACK_OFF) * (0.5 + 0.5 * chance)


def next_turn(rows: Sequence[Delivery]) -> Delivery | None:
    """Return what is next of a channel's open deliveries, which come in their order.

    Messages keep their order. What publishes or edits an alert, or goes into its post, waits for
    that alert alone and holds up nothing: Discord may make it wait for an hour.
    """
    open_keys = {row.key for row in rows}
    first = next((row for row in rows if not _beside(row)), None)
    heads = [row for row in rows if row is first or (_beside(row) and row.about not in open_keys)]
    return min(heads, key=lambda row: row.retry_at or _EVER, default=None)


def _beside(delivery: Delivery) -> bool:
    # What is about an alert in a forum goes into its post, where no other alert is.
    return delivery.kind in _BESIDE or (delivery.manner.forum and delivery.about is not None)


def due_at(delivery: Delivery, now: datetime) -> datetime | None:
    """Return when a delivery is due, None if it is at `now`."""
    at = delivery.retry_at
    return at if at is not None and now < at <= now + LONGEST_WAIT else None


def next_claims(
    rows: Mapping[int, Sequence[Delivery]], now: datetime
) -> tuple[list[Delivery], dict[int, datetime]]:
    """Return what is claimed at `now` of channels' open deliveries, at most one of each.

    And when the next one of a channel is due, where that is later.
    """
    claims, later = list[Delivery](), dict[int, datetime]()
    for channel, waiting_there in rows.items():
        row = next_turn(waiting_there)
        if row is not None and (at := due_at(row, now)) is not None:
            later[channel] = at
        elif row is not None:
            claims.append(claimed(row, now))
    return claims, later


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """Return a delivery that is about to be tried."""
    return replace(
        delivery,
        state=DeliveryState.SENDING,
        attempts=delivery.attempts + 1,
        retry_at=None,
        tried_at=delivery.tried_at or now,
    )


def sent(delivery: Delivery, message_id: int, now: datetime) -> Delivery:
    """Return a delivery that arrived at `now` as this message."""
    state = DeliveryState.SENT
    return replace(delivery, state=state, message_id=message_id, reason=None, sent_at=now)


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

    `after` is how long to wait at least, if Discord said so; more than an hour is not believed.
    """
    if now - (delivery.tried_at or now) > GIVE_UP:
        return dead(delivery, f"given up after a day: {reason}")
    wait = max(back_off(delivery.attempts, chance), min(after or timedelta(0), LONGEST_WAIT))
    return waiting(delivery, reason, now + wait)


def short(reason: str) -> str:
    """Return a reason that can be stored: what Discord answered may hold anything, without end."""
    return reason[:_LONGEST_REASON].encode(errors="backslashreplace").decode()
