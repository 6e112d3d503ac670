"""What /why is answered with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.delivery import Delivery
from bot.model import Milestone
from bot.subscription import Change, Channel, Subscription


class Check(StrEnum):
    """What stands between a milestone and a channel, in the order in which it is looked at."""

    KNOWN = "known"
    HEARD = "heard"
    STANDS = "stands"
    BOARD = "board"
    SEVERITY = "severity"
    RULE = "rule"
    NAMES = "names"
    AFTER = "after"
    IN_TIME = "in-time"
    RUNNING = "running"
    MUTE = "mute"
    QUIET = "quiet"
    BUDGET = "budget"
    GATHERED = "gathered"
    OPEN = "open"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Step:
    """A check, and whether it was passed; None: it was not come to, or is not over."""

    check: Check
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether a subscription, as it is now, asks for the milestone."""

    subscription: Subscription
    steps: tuple[Step, ...]

    @property
    def wanted(self) -> bool:
        """Say whether it does."""
        return all(step.passed for step in self.steps)


@dataclass(frozen=True, slots=True)
class Way:
    """What is recorded of an alert, and the message that tells it, None while there is none.

    That is the alert itself, or the roundup or digest into which it was gathered.
    """

    alert: Delivery
    message: Delivery | None
    steps: tuple[Step, ...]


class Outcome(StrEnum):
    """What became of a milestone in a channel.

    Recorded: posted; on its way; waiting for a paused channel; held back; given up. Or nothing is
    recorded: it may not be told; nobody subscribed; no subscription asks for it; or one does now.
    """

    POSTED = "posted"
    COMING = "coming"
    PAUSED = "paused"
    HELD = "held"
    GIVEN_UP = "given-up"
    UNTOLD = "untold"
    NOBODY = "nobody"
    UNASKED = "unasked"
    UNRECORDED = "unrecorded"


class Wait(StrEnum):
    """What stands between what is held back and its telling.

    The clock alone; room in the budget, and the clock; nothing ends it before it is too old; or
    no subscription asks for it any more.
    """

    CLOCK = "clock"
    ROOM = "room"
    TOO_LONG = "too-long"
    UNASKED = "unasked"


class Forgotten(StrEnum):
    """What is not recorded any more of so long ago: nothing, what was not posted, or all."""

    NOTHING = "nothing"
    UNPOSTED = "unposted"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a milestone was or was not posted in a channel, at `now` (UTC).

    `found` is when it was found, as far as that is known. `channel` has the settings of now, None
    without any. `asked` begins with what comes nearest to asking for it, `ways` with what decides
    the outcome; `changed` are the changes of settings since it was found, newest first. If it is
    held back and nothing else keeps it, `waits` says for what, and `opens` is the first moment at
    which it may come. `summed`: the next weekly digest names it, whoever asks for alerts.
    """

    milestone: Milestone
    found: datetime
    channel: Channel | None
    itself: tuple[Step, ...]
    asked: tuple[Asked, ...]
    ways: tuple[Way, ...]
    changed: tuple[Change, ...]
    outcome: Outcome
    opens: datetime | None
    waits: Wait | None
    summed: bool
    forgotten: Forgotten
    now: datetime
