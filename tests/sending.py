"""A Discord as a value for tests of the outbox: what it was sent, and what it answers next."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.delivery import Delivery, Kind
from bot.errors import SendFailed, TokenRefused
from bot.message import Message, Outgoing
from bot.outbox import Outbox
from bot.routing import nonce
from bot.subscription import Manner, Subscription, Wish
from storage.protocol import Progress, Store

BOARD = "models"
GUILD = 1


@dataclass
class Channels:
    """All channels of a server: message ids count from 1; channel 99 is the system channel."""

    sent: list[tuple[int, str, str]] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    answers: list[SendFailed | TokenRefused | None] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    unseen: list[SendFailed] = field(default_factory=list)
    gates: dict[int, asyncio.Event] = field(default_factory=dict)
    at_once: dict[int, int] = field(default_factory=dict)
    most_at_once: dict[int, int] = field(default_factory=dict)

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        self.at_once[where] = self.at_once.get(where, 0) + 1
        self.most_at_once[where] = max(self.most_at_once.get(where, 0), self.at_once[where])
        try:
            if where in self.gates:
                await self.gates[where].wait()
            self._answer()
            self.sent.append((where, outgoing.message.title, delivery.nonce))
            self.plain += [outgoing.message.title] if outgoing.plain else []
            return len(self.sent)
        finally:
            self.at_once[where] -= 1

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:
        self._answer()
        stands, _, nonce = self.sent[message_id - 1]
        assert stands == where
        self.sent[message_id - 1] = (where, outgoing.message.title, nonce)

    async def publish(self, where: int, message_id: int) -> None:
        self._answer()
        assert self.sent[message_id - 1][0] == where
        self.published.append(message_id)

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:
        self.looked.append(delivery.key)
        if self.unseen:
            raise self.unseen.pop(0)
        sent = enumerate(((there, title) for there, title, _ in self.sent), start=1)
        return tuple(n for n, (there, title) in sent if there == where and title in keys)

    async def system_channel(self, guild_id: int) -> int | None:
        return 99 if guild_id == GUILD else None

    def _answer(self) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def title_only(delivery: Delivery) -> Outgoing:
    """Say the delivery's first milestone, or its key, and nothing else; that is its key too."""
    said = (delivery.milestones or (delivery.key,))[0]
    return Outgoing(Message(said, (), "", (), (), "", said), None)


def full_wait() -> float:
    """Return the chance that takes nothing off a back-off."""
    return 1.0


def outbox(store: Store, channels: Channels, clock: Clock) -> Outbox:
    """Return an outbox whose waits are as long as they can be."""
    return Outbox(store, title_only, channels, clock, chance=full_wait)


def owed(channel_id: int, milestone: str, now: datetime, manner: Manner | None = None) -> Delivery:
    """Return an alert."""
    key = f"{channel_id}:{milestone}"
    made = Delivery(key, channel_id, GUILD, (milestone,), nonce(key), now)
    return replace(made, manner=manner or Manner())


async def record(store: Store, *deliveries: Delivery) -> None:
    """Make deliveries owed."""
    await store.record(BOARD, Progress((), None), (), deliveries)


async def subscribe(store: Store, channel_id: int, now: datetime, guild: int = GUILD) -> None:
    """Subscribe a channel."""
    await store.subscribe(Subscription(channel_id, guild, Wish(), date(2026, 6, 1), now, 5))


async def row(store: Store, key: str) -> Delivery:
    """Return a delivery."""
    (found,) = await store.deliveries([key])
    return found


def about(alert: Delivery, kind: Kind, **more: object) -> Delivery:
    """Return what is owed besides an alert."""
    key = f"{alert.key}!{kind}"
    return replace(alert, key=key, kind=kind, about=alert.key, milestones=(str(kind),), **more)
