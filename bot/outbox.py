"""Claim, compose, send, settle: what is owed goes out, in order, and once."""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.delivery import Delivery
from bot.errors import StoreError, TokenRefused
from bot.pace import Pace
from bot.sender import Compose, Messenger, Sender
from bot.turns import back_off, waiting
from storage.protocol import Store

AHEAD = 32
"""Claimed deliveries that wait for their turn at most: what a crash leaves unclear stays small."""

_IDLE = timedelta(minutes=1)


class Outbox:
    """Send what the store holds as owed: one delivery a channel at a time, channels side by side.

    Claims and outcomes are stored together, a batch at a time. A channel's next delivery is claimed
    once the outcome of the one before is stored.
    """

    def __init__(
        self,
        store: Store,
        compose: Compose,
        messenger: Messenger,
        clock: Callable[[], datetime],
        pace: Pace | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take the store to serve and the edges to act through; `chance` is between 0 and 1.

        Who sets `tried` is told what each try made of a delivery.
        """
        self._store = store
        self._clock = clock
        self._pace = pace or Pace()
        self._sender = Sender(store, compose, messenger, self._pace, clock, chance)
        self._stepping = asyncio.Lock()
        self._look = True
        self._stopping = False
        self._refused = False
        self._troubles = 0
        self._moved = asyncio.Event()
        self._due: dict[int, None] = {}  # channels, in the order in which they get a turn
        self._later: dict[int, datetime] = {}
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._ahead: set[str] = set()
        self._done: list[Delivery] = []
        self._log = structlog.get_logger()
        self.tried: Callable[[Delivery], None] | None = None

    @property
    def blocked(self) -> bool:
        """Say whether the store could not be used at the last step; then nothing is claimed."""
        return self._troubles > 0

    @property
    def refused(self) -> bool:
        """Say whether Discord does not take our token any more; then nothing is sent."""
        return self._refused

    def wake(self) -> None:
        """Look for new deliveries now."""
        self._look = True
        self._moved.set()

    async def run(self) -> None:
        """Serve until `stop`."""
        looked = self._clock()
        while not self._stopping:
            self._moved.clear()
            self._look = self._look or self._clock() - looked >= _IDLE
            looked = self._clock() if self._look else looked
            await self._step()
            await self._wait()

    async def stop(self, patience: timedelta = timedelta(seconds=6)) -> None:
        """Start nothing new and let the sends under way settle for so long."""
        self._stopping = True
        self._moved.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience.total_seconds()):
                await self._until_settled()
        for turn in self._busy.values():
            turn.cancel()

    async def drain(self) -> None:
        """Send what is due now and return when it is settled."""
        self._look = True
        await self._until_settled()

    async def _until_settled(self) -> None:
        while True:
            self._moved.clear()
            await self._step()
            if not self._busy and (not self._due or self._held(self._clock())):
                return
            await self._wait()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pause().total_seconds()):
                await self._moved.wait()

    async def _step(self) -> None:
        """Store what was done with the next claims, and let the claimed go out."""
        try:
            async with self._stepping:
                await self._look_round()
                channels = self._next_channels()
                if channels or (self._done and not self._claims_soon()):
                    await self._claim(channels)
        except StoreError as error:
            self._look = True
            self._troubles += 1
            if self._troubles == 1:
                self._log.error("outbox cannot use its store", problem=str(error))
        else:
            if self._troubles:
                self._log.warning("outbox can use its store again")
            self._troubles = 0
            if self._room():
                self._moved.set()

    async def _look_round(self) -> None:
        if self._look:
            for channel in await self._store.waiting():
                self._queue(channel)
            self._look = False
        now = self._clock()
        for channel in [channel for channel, due in self._later.items() if due <= now]:
            self._queue(channel)

    def _queue(self, channel: int) -> None:
        self._later.pop(channel, None)
        if channel not in self._busy:
            self._due[channel] = None

    def _held(self, now: datetime) -> bool:
        return self._stopping or self._refused or self._pace.resumes_at(now) is not None

    def _room(self) -> bool:
        return bool(self._due) and len(self._ahead) <= AHEAD // 2 and not self._held(self._clock())

    def _claims_soon(self) -> bool:
        return len(self._ahead) > AHEAD // 2 and bool(self._due) and not self._held(self._clock())

    def _next_channels(self) -> list[int]:
        """Return whose turn it is: as many as may wait for it, half of them at once."""
        return list(self._due)[: AHEAD - len(self._ahead)] if self._room() else []

    async def _claim(self, channels: Sequence[int]) -> None:
        # What happened is known: a store in trouble must not lead to sending it again.
        done = tuple(self._done)
        found = await self._store.claim(channels, self._clock(), done)
        del self._done[: len(done)]
        for channel in channels:
            del self._due[channel]
        self._later |= found.later
        for row in done:
            del self._busy[row.channel_id]
        for channel in [*(row.channel_id for row in done), *found.again]:
            self._queue(channel)
        for row in found.deliveries:
            self._ahead.add(row.key)
            self._busy[row.channel_id] = asyncio.create_task(self._turn(row))

    async def _turn(self, row: Delivery) -> None:
        try:
            self._end(await self._sender.outcome(row, lambda: self._passed(row.key)))
        except TokenRefused as error:
            self._end(waiting(row, str(error)))
            if not self._refused:
                self._log.critical("sending stopped: Discord refused the token", problem=str(error))
            self._refused = True
        finally:
            self._passed(row.key)
            if not self._claims_soon():  # else what was done is stored with the next claims
                self._moved.set()

    def _end(self, row: Delivery) -> None:
        self._done.append(row)
        if self.tried is not None:
            self.tried(row)

    def _passed(self, key: str) -> None:
        self._ahead.discard(key)
        if self._room():
            self._moved.set()

    def _pause(self) -> timedelta:
        """Return how long nothing happens by itself."""
        now, pauses = self._clock(), [_IDLE]
        if self._troubles:
            pauses.append(back_off(self._troubles))
        if self._later:
            pauses.append(min(self._later.values()) - now)
        if (resumes := self._pace.resumes_at(now)) is not None:
            pauses.append(resumes - now)
        return max(min(pauses), timedelta(0))
