"""Who asked for milestones, and what is owed to them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model import Severity


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that asked for a board's milestones dated after `after`, in a language.

    `least` is the least severity it gets.
    """

    channel_id: int
    guild_id: int
    board: str
    after: date
    created_at: datetime
    created_by: int
    language: str = "en"
    least: Severity = Severity.NOTABLE


class Kind(StrEnum):
    """What a delivery is: an alert, an edit of one, or the correction that follows an edit."""

    ALERT = "alert"
    EDIT = "edit"
    CORRECTION = "correction"


class DeliveryState(StrEnum):
    """Where a delivery stands: waiting, claimed by a sender, done, or given up."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one channel: the milestones of one board and day.

    `nonce` is at most 25 characters and follows from `key`; `retry_at` is None or the moment
    before which it is not tried; `reason` says why it is dead or waits. `about` is the key of the
    alert that an edit changes or a correction speaks of; `tried_at` is when it was first tried.
    """

    key: str
    channel_id: int
    guild_id: int
    milestones: tuple[str, ...]
    nonce: str
    created_at: datetime
    language: str = "en"
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    retry_at: datetime | None = None
    message_id: int | None = None
    reason: str | None = None
    kind: Kind = Kind.ALERT
    about: str | None = None
    tried_at: datetime | None = None
