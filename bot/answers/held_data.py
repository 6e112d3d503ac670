"""What is held on a person or a server."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.delivery import Delivery
from bot.subscription import Change, Channel, Subscription


class About(StrEnum):
    """On whom or what something is held."""

    ME = "me"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class HeldData:
    """All that is held on a person or a server, by id.

    `channels`, `subscriptions` and `deliveries` (oldest first, done with or not) are those of the
    server or, as a person's watches, of the person's direct messages; `changes` those of the
    server, or that the person made in any. `named` are the subscriptions of servers that the person
    set up. `absent_since` (UTC) is when it was noticed that the server had removed us.
    """

    about: About
    whose: int
    channels: tuple[Channel, ...]
    subscriptions: tuple[Subscription, ...]
    deliveries: tuple[Delivery, ...]
    changes: tuple[Change, ...]
    named: tuple[Subscription, ...] = ()
    absent_since: datetime | None = None

    @property
    def empty(self) -> bool:
        """Say whether that is nothing."""
        parts = (self.channels, self.subscriptions, self.deliveries, self.changes, self.named)
        return not any(parts) and self.absent_since is None
