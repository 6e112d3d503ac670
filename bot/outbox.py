"""Claim, render, send, settle: what is owed goes out, in order, and once."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from aiolimiter import AsyncLimiter

from bot.delivery import Delivery, DeliveryState, Kind
from bot.errors import HistoryHidden, NothingToSay, SendLater, SendRefused, StoreError, TokenRefused
from bot.message import Outgoing
from storage.protocol import Store

SENDS_PER_SECOND = 45
"""Below Discord's 50 requests a second, to leave room for what else the bot sends."""

NONCES_KEPT = timedelta(minutes=2)
"""For so long Discord surely returns the first message for a repeated nonce: "a few minutes"."""

GIVE_UP = timedelta(days=1)
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)
_IDLE = timedelta(minutes=1)
_LONGEST_REASON = 500
_MOST_BUGS = 3
"""Attempts that may end in an error nobody foresaw: all within seconds, while the nonce holds."""


class Compose(Protocol):
    """Make what a delivery says and shows."""

    async def __call__(self, delivery: Delivery, /) -> Outgoing:
        """Raises StoreError, and NothingToSay where its milestones are gone."""


class Messenger(Protocol):
    """Post and edit messages."""

    async def send(self, channel_id: int, outgoing: Outgoing, nonce: str, /) -> int:
        """Post and return the message's id.

        A repeat with the same nonce within minutes makes no second message. Raises SendLater,
        SendRefused, TokenRefused.
        """

    async def edit(self, channel_id: int, message_id: int, outgoing: Outgoing, /) -> None:
        """Put this in place of what a message says. Raises as `send` does."""

    async def find(self, channel_id: int, key: str, since: datetime, /) -> int | None:
        """Return the id of our message sent after `since` that bears a key, None without one.

        Raises HistoryHidden where the channel's messages may not be read, and as `send` does.
        """


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 2 s, doubling, at most 10 minutes."""
    doublings = min(attempts - 1, 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


class Outbox:
    """Send what the store holds as owed: one sender a channel, all of them paced together."""

    def __init__(
        self, store: Store, compose: Compose, messenger: Messenger, clock: Callable[[], datetime]
    ) -> None:
        """Take the store to serve and the edges to act through."""
        self._store = store
        self._compose = compose
        self._messenger = messenger
        self._clock = clock
        # One every 1/45 s rather than 45 in a burst: two bursts may share one of Discord's seconds.
        self._pacer = AsyncLimiter(1, 1 / SENDS_PER_SECOND)
        self._awake = asyncio.Event()
        self._stopping = False
        self._senders: dict[int, asyncio.Task[None]] = {}
        self._refused: TokenRefused | None = None
        self._log = structlog.get_logger()

    def wake(self) -> None:
        """Look for new deliveries now."""
        self._awake.set()

    async def run(self) -> None:
        """Serve until `stop`. Raises TokenRefused when Discord no longer takes our token."""
        while not self._stopping:
            self._awake.clear()
            pause = await self._start_senders()
            try:
                await asyncio.wait_for(self._awake.wait(), pause.total_seconds())
            except TimeoutError:
                continue
        if self._refused is not None:
            raise self._refused

    async def stop(self, patience: timedelta = timedelta(seconds=6)) -> None:
        """Start nothing new and let the sends under way settle for so long."""
        self._stopping = True
        self._awake.set()
        if self._senders:
            await asyncio.wait(self._senders.values(), timeout=patience.total_seconds())
        for sender in self._senders.values():
            sender.cancel()

    async def drain(self) -> None:
        """Send what is due now and return when it is settled."""
        await self._start_senders()
        while self._senders:
            await asyncio.wait(self._senders.values())

    async def _start_senders(self) -> timedelta:
        now, pause = self._clock(), _IDLE
        for channel_id, head in _heads(await self._store.open_deliveries()).items():
            if channel_id in self._senders:
                continue
            if head.retry_at is not None and head.retry_at > now:
                pause = min(pause, head.retry_at - now)
                continue
            sender = asyncio.create_task(self._serve(channel_id))
            self._senders[channel_id] = sender
            sender.add_done_callback(partial(self._served, channel_id))
        return pause

    def _served(self, channel_id: int, sender: asyncio.Task[None]) -> None:
        del self._senders[channel_id]
        if sender.cancelled():
            return
        if (problem := sender.exception()) is not None:
            # It starts again with the next look round, not at once: the trouble may stay a while.
            self._log.error("sender failed", channel=channel_id, exc_info=problem)
            return
        self._awake.set()

    async def _serve(self, channel_id: int) -> None:
        while not self._stopping:
            head = _heads(await self._store.open_deliveries()).get(channel_id)
            if head is None or (head.retry_at is not None and head.retry_at > self._clock()):
                return
            await self._deliver(head)

    async def _deliver(self, delivery: Delivery) -> None:
        claimed = replace(
            delivery,
            state=DeliveryState.SENDING,
            attempts=delivery.attempts + 1,
            retry_at=None,
            tried_at=delivery.tried_at or self._clock(),
        )
        if await self._store.save_delivery(claimed):
            await self._settle(await self._outcome(claimed))

    async def _settle(self, delivery: Delivery) -> None:
        # What happened is known: a store in trouble must not lead to sending it again.
        for attempt in itertools.count(1):
            try:
                await self._store.save_delivery(delivery)
            except StoreError as error:
                if attempt == 1:
                    self._log.error("outcome not stored yet", key=delivery.key, problem=str(error))
                await asyncio.sleep(back_off(attempt).total_seconds())
            else:
                return

    async def _outcome(self, delivery: Delivery) -> Delivery:
        try:
            return await self._attempt(delivery)
        except Exception as error:  # noqa: BLE001 — ours: logged whole, tried twice more
            # Without an end it would be posted again and again, past Discord's memory of nonces.
            self._log.error("sender failed", channel=delivery.channel_id, exc_info=error)
            if delivery.attempts >= _MOST_BUGS:
                return self._dead(delivery, f"{type(error).__name__}: {_words(error)}")
            return self._later(delivery, f"{type(error).__name__}: {_words(error)}")

    async def _attempt(self, delivery: Delivery) -> Delivery:
        try:
            outgoing = await self._compose(delivery)
            message_id = await self._out(delivery, outgoing)
        except (SendRefused, NothingToSay) as error:
            return self._dead(delivery, _words(error))
        except TokenRefused as error:
            self._refused, self._stopping = error, True
            return replace(delivery, state=DeliveryState.PENDING, reason=_words(error))
        except (SendLater, StoreError) as error:
            if self._clock() - delivery.created_at > GIVE_UP:
                return self._dead(delivery, f"given up after a day: {_words(error)}")
            return self._later(delivery, _words(error))
        self._log.info(f"{delivery.kind} sent", channel=delivery.channel_id, message=message_id)
        return replace(delivery, state=DeliveryState.SENT, message_id=message_id, reason=None)

    async def _out(self, delivery: Delivery, outgoing: Outgoing) -> int:
        posted = await self._posted(delivery.about) if delivery.about is not None else None
        if delivery.kind is Kind.EDIT and posted is not None:
            async with self._pacer:
                await self._messenger.edit(delivery.channel_id, posted, outgoing)
            return posted
        if (there := await self._there_already(delivery, outgoing)) is not None:
            return there
        async with self._pacer:
            return await self._messenger.send(delivery.channel_id, outgoing, delivery.nonce)

    async def _there_already(self, delivery: Delivery, outgoing: Outgoing) -> int | None:
        """Return the message that an earlier try made after all, once no nonce tells."""
        tried, key = delivery.tried_at, outgoing.message.key
        if tried is None or key is None or self._clock() - tried <= NONCES_KEPT:
            return None
        try:
            async with self._pacer:
                return await self._messenger.find(delivery.channel_id, key, tried)
        except HistoryHidden as error:
            self._log.warning(
                "a repeat may be the second of its kind",
                channel=delivery.channel_id,
                problem=str(error),
            )
            return None

    async def _posted(self, alert_key: str) -> int:
        """Return the message that an alert became."""
        found = await self._store.deliveries([alert_key])
        if not found or found[0].state is DeliveryState.DEAD:
            raise NothingToSay("the alert that this is about never went out")
        if found[0].message_id is None:
            raise SendLater("the alert that this is about is still on its way")
        return found[0].message_id

    def _later(self, delivery: Delivery, reason: str) -> Delivery:
        if delivery.attempts == 1:
            self._log.warning(
                f"{delivery.kind} not sent yet", channel=delivery.channel_id, problem=reason
            )
        retry_at = self._clock() + back_off(delivery.attempts)
        return replace(delivery, state=DeliveryState.PENDING, retry_at=retry_at, reason=reason)

    def _dead(self, delivery: Delivery, reason: str) -> Delivery:
        self._log.error(f"{delivery.kind} given up", channel=delivery.channel_id, problem=reason)
        return replace(delivery, state=DeliveryState.DEAD, reason=reason)


def _words(error: Exception) -> str:
    # What Discord answered may hold anything, and without end.
    return str(error)[:_LONGEST_REASON].encode(errors="backslashreplace").decode()


def _heads(deliveries: tuple[Delivery, ...]) -> dict[int, Delivery]:
    heads: dict[int, Delivery] = {}
    for delivery in deliveries:
        heads.setdefault(delivery.channel_id, delivery)
    return heads
