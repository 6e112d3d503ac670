"""What is owed to those who asked for milestones."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.subscription import Manner

LATE = timedelta(hours=24)
"""What waited for longer than this while its channel was paused is not posted any more."""

LATEST_EDIT = timedelta(days=30)
"""An edit waits for so long."""

MISSED = "missed: its channel was paused for too long"

LONGEST_HELD = timedelta(days=35)
"""What is held back for longer is not told any more."""

TOO_OLD = "held back for too long"

UNASKED = "nobody here asks for it any more"


class Kind(StrEnum):
    """What a delivery is.

    An alert (whatever its form), its publishing, an edit of it, the correction that follows an
    edit, a notice that tells a server which of its channels are paused, or a test that somebody
    asked for.
    """

    ALERT = "alert"
    PUBLISH = "publish"
    EDIT = "edit"
    CORRECTION = "correction"
    NOTICE = "notice"
    TEST = "test"


class Form(StrEnum):
    """How milestones are told: as an alert, together after a quiet time, in a weekly digest."""

    ALERT = "alert"
    ROUNDUP = "roundup"
    DIGEST = "digest"


class Held(StrEnum):
    """Why an alert waits to be told with others: muted, quiet hours, the channel's budget."""

    MUTE = "mute"
    QUIET = "quiet"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a weekly digest sums up: boards, and the week that ends on `until`."""

    boards: tuple[str, ...]
    until: date


class DeliveryState(StrEnum):
    """Where a delivery stands: waiting, claimed by a sender, done, or given up.

    Or held back, to be told with others; and then gathered into that message.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    HELD = "held"
    GATHERED = "gathered"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one channel: as an alert, the milestones of one board and day.

    `nonce` is at most 25 characters and follows from `key`; `retry_at` is None or the moment
    before which it is not tried; `reason` says why it is dead or waits. `about` is the key of the
    alert that is published, edited or corrected, and `target` its message if that was known when
    this became owed; `tried_at` is when it was first tried, `sent_at` when it was sent. In a forum
    a message's id is also the id of the post that it opens.

    `held` says why it was held back, if it was; of what is gathered `about` is the key of the
    message that tells it. `summary` is what a digest sums up.
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
    form: Form = Form.ALERT
    held: Held | None = None
    summary: Summary | None = None
    sent_at: datetime | None = None

    @property
    def silent(self) -> bool:
        """Say whether it arrives without a sound."""
        return self.kind is Kind.CORRECTION


@dataclass(frozen=True, slots=True)
class Gathering:
    """A roundup or digest that becomes owed, and the keys of the held alerts that it tells.

    `beside` becomes owed with it: its publishing, where its channel publishes.
    """

    delivery: Delivery
    held: tuple[str, ...]
    beside: tuple[Delivery, ...] = ()


def missed(delivery: Delivery, now: datetime) -> bool:
    """Say whether what waits for a paused channel is too old at `now` (UTC) to be posted.

    An edit has a month: what stands in a channel should be true. What tells of a longer time, a
    roundup or a digest, has as long as what is held back.
    """
    late = LATE if delivery.form is Form.ALERT else LONGEST_HELD
    late = LATEST_EDIT if delivery.kind is Kind.EDIT else late
    return now - delivery.created_at > late
