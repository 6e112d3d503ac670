"""What arrives in the channels of a server and how things stand there, as values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.delivery import Delivery
from bot.subscription import Channel, Subscription

T = TypeVar("T")

LATELY = timedelta(days=30)
"""How far back the last alert of a channel is looked for."""

DIGEST = 0
"""The number of a channel's weekly digest, where subscriptions have theirs from 1."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which subscription or digest of a server is meant.

    `made` (in Unix seconds) tells a subscription from a later one of the same number.
    """

    channel_id: int
    number: int
    made: int

    @property
    def text(self) -> str:
        """Return it as an id holds it: at most 40 characters."""
        return f"{self.channel_id}|{self.number}|{self.made}"


def which_of(one: Subscription) -> Which:
    """Return what tells a subscription from the others of its server."""
    return Which(one.channel_id, one.number, int(one.created_at.timestamp()))


@dataclass(frozen=True, slots=True)
class Entry:
    """A subscription, or without one the weekly digest of its channel.

    `several`: the channel has more than one subscription. `last` is the newest alert that went out
    there lately, `used` how many messages count against its budget, `stopped_by` who stopped the
    subscription if that is known, `coming` when (UTC) the next digest comes, None if none will.
    """

    channel: Channel
    subscription: Subscription | None
    several: bool = False
    last: Delivery | None = None
    used: int = 0
    stopped_by: int | None = None
    coming: datetime | None = None

    @property
    def which(self) -> Which:
        """Return what tells it from the others of its server."""
        if self.subscription is None:
            return Which(self.channel.channel_id, DIGEST, 0)
        return which_of(self.subscription)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One of `pages` pages, counted from 0, of `total` things."""

    shown: tuple[T, ...]
    page: int
    pages: int
    total: int
