"""Who asked for milestones, and what is owed to them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model import Severity

LATE = timedelta(hours=24)
"""What waited for longer than this while its channel was paused is not posted any more."""

LATEST_EDIT = timedelta(days=30)
"""An edit waits for so long."""

MISSED = "missed: its channel was paused for too long"


@dataclass(frozen=True, slots=True)
class Manner:
    """How messages are put into a place.

    `forum`: it takes posts alone, one for each alert (forum and media channels). `publish`: an
    announcement channel whose alerts go on to the channels that follow it. `mention`: the id of
    the role that an alert mentions, never that of @everyone.
    """

    forum: bool = False
    publish: bool = False
    mention: int | None = None


class PauseReason(StrEnum):
    """Why a place cannot be posted in: no permission, it is gone, the person takes no messages."""

    FORBIDDEN = "forbidden"
    GONE = "gone"
    UNWELCOME = "unwelcome"


@dataclass(frozen=True, slots=True)
class Pause:
    """Why and since when (UTC) nothing goes to a channel; `said` is what Discord answered."""

    reason: PauseReason
    since: datetime
    said: str


DIRECT = 0
"""The server of a channel of direct messages, which has none."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that asked for a board's milestones dated after `after`, in a language.

    `least` is the least severity it gets. A channel here is whatever can be posted in: a text or
    announcement channel, a thread, a forum or media channel, a person's direct messages (then
    `guild_id` is DIRECT). `only` are the base models and the authors (as "author/") that its
    milestones must name; empty: any milestone will do.
    """

    channel_id: int
    guild_id: int
    board: str
    after: date
    created_at: datetime
    created_by: int
    language: str = "en"
    least: Severity = Severity.NOTABLE
    manner: Manner = Manner()
    paused: Pause | None = None
    only: tuple[str, ...] = ()


class Kind(StrEnum):
    """What a delivery is.

    An alert, its publishing, an edit of it, the correction that follows an edit, or a notice that
    tells a server which of its channels are paused.
    """

    ALERT = "alert"
    PUBLISH = "publish"
    EDIT = "edit"
    CORRECTION = "correction"
    NOTICE = "notice"


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
    alert that is published, edited or corrected, and `target` its message if that was known when
    this became owed; `tried_at` is when it was first tried. In a forum a message's id is also the
    id of the post that it opens.
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
    manner: Manner = Manner()
    target: int | None = None

    @property
    def silent(self) -> bool:
        """Say whether it arrives without a sound."""
        return self.kind is Kind.CORRECTION


def missed(delivery: Delivery, now: datetime) -> bool:
    """Say whether what waits for a paused channel is too old at `now` (UTC) to be posted.

    An edit has a month: what stands in a channel should be true.
    """
    late = LATEST_EDIT if delivery.kind is Kind.EDIT else LATE
    return now - delivery.created_at > late
