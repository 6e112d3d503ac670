"""What people set for channels, with what is owed to these: each change one save of the state."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.delivery import Delivery, DeliveryState, Gathering
from bot.subscription import Change, Channel, Pause, Subscription
from storage._absences import Absences
from storage._deliveries import Deliveries
from storage._files import KeyedTinyDB, ReplacedFile
from storage._gathered import gathered
from storage._rows import UNSETTLED, Place, ended_if_missed
from storage._subscriptions import Subscriptions
from storage._trail import Trail
from storage.protocol import Claimed


class Channels:
    """Change subscriptions, channels, the trail of changes, and deliveries together.

    Every method raises StoreError, and nothing is kept then. None may be cancelled.
    """

    def __init__(self, state: ReplacedFile, deliveries: Deliveries, changing: asyncio.Lock) -> None:
        """Take the state, the deliveries, and the lock of whoever changes anything."""
        self._state = state
        self._deliveries = deliveries
        self._changing = changing
        self.subscriptions = Subscriptions(state)
        self.trail = Trail(state)
        self.absences = Absences(state)

    async def subscribe(
        self, subscription: Subscription, change: Change | None, *, new: bool
    ) -> bool:
        """See Store; not `new`: amend."""
        async with self._changing:
            draft = self._state.draft()
            if done := self.subscriptions.put(draft, subscription, new=new):
                self.trail.add(draft, change)
                await self._deliveries.commit(draft)
            return done

    async def unsubscribe(self, channel_id: int, number: int | None, change: Change | None) -> bool:
        """See Store."""
        async with self._changing:
            draft = self._state.draft()
            done = self.subscriptions.drop(draft, channel_id, number)
            await self._end(draft, channel_id, change, done=done)
            return done

    async def put(self, channel: Channel, change: Change | None) -> None:
        """See Store's put_channel."""
        async with self._changing:
            draft = self._state.draft()
            done = self.subscriptions.put_channel(draft, channel)
            await self._end(draft, channel.channel_id, change, done=done)

    async def _end(
        self, draft: KeyedTinyDB, channel_id: int, change: Change | None, *, done: bool
    ) -> None:
        """Save a draft if anything was done; what is unsent goes with a channel that is gone."""
        gone = not self.subscriptions.known(draft, channel_id)
        if done:
            self.trail.add(draft, change)
        if done or (gone and self._deliveries.unsent(channel_id)):
            ended = frozenset({channel_id} if gone else ())
            await self._deliveries.commit(draft, change=lambda row: _left(row, ended))

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery]) -> bool:
        """See Store."""
        async with self._changing:
            draft = self._state.draft()
            if new := self.subscriptions.put_pause(draft, channel_id, pause):
                await self._deliveries.commit(draft, notices)
            return new

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """See Store."""
        async with self._changing:
            draft = self._state.draft()
            if paused := self.subscriptions.put_pause(draft, channel_id, None):
                await self._deliveries.commit(
                    draft,
                    change=lambda row: (
                        ended_if_missed(row, now) if row.channel_id == channel_id else row
                    ),
                )
            return paused

    async def put_change(self, change: Change) -> None:
        """See Store."""
        async with self._changing:
            draft = self._state.draft()
            self.trail.add(draft, change)
            await self._deliveries.commit(draft)

    async def gather(
        self, gatherings: Sequence[Gathering], digests: Mapping[int, datetime]
    ) -> None:
        """See Store."""
        async with self._changing:
            draft = self._state.draft()
            dealt = self.subscriptions.put_dealt_with(draft, digests)
            owed, told = await self._gathered(gatherings, draft)
            if dealt or owed:
                await self._deliveries.commit(draft, owed, lambda row: _told(row, told))

    async def _gathered(
        self, gatherings: Sequence[Gathering], draft: KeyedTinyDB
    ) -> tuple[tuple[Delivery, ...], dict[str, str]]:
        """Return what these make owed, and which of it tells each of what is held."""
        known = await self._deliveries.known([each.delivery.key for each in gatherings])
        held = {row.key for row in self._deliveries.held()}
        there = {
            each.channel_id: each
            for each in self.subscriptions.channels()
            if self.subscriptions.known(draft, each.channel_id)
        }
        return gathered(gatherings, known, held, there)

    async def claim(
        self, channels: Collection[int], now: datetime, outcomes: Sequence[Delivery]
    ) -> Claimed:
        """See Store."""
        return await self._deliveries.claim(channels, self.subscriptions.paused(), now, outcomes)

    async def tidy(self, now: datetime) -> None:
        """See Store."""
        async with self._changing:
            await self._deliveries.tidy(now, self.subscriptions.paused())

    async def purge(self, guild_id: int) -> None:
        """See Store."""
        async with self._changing:
            draft, place = self._state.draft(), Place(guild_id)
            self.subscriptions.purge(draft, guild_id)
            self.trail.purge(draft, guild_id)
            await self._deliveries.purge(place, draft)
            self._state.drop_damaged()
            # Known as absent until nothing is left: whoever is interrupted asks for it again.
            draft = self._state.draft()
            self.absences.note(draft, {}, [guild_id])
            await self._deliveries.commit(draft, change=place.without, alone=True)

    async def purge_channel(self, channel_id: int) -> None:
        """See Store."""
        async with self._changing:
            draft, place = self._state.draft(), Place(channel_id=channel_id)
            self.subscriptions.purge_channel(draft, channel_id)
            await self._deliveries.purge(place, draft)
            self._state.drop_damaged()
            await self._deliveries.commit(self._state.draft(), change=place.without, alone=True)

    async def forget(self, person: int) -> None:
        """See Store; in the copies too."""
        async with self._changing:
            draft = self._state.draft()
            self.subscriptions.forget(draft, person)
            self.trail.forget(draft, person)
            await self._deliveries.commit(draft, alone=True)
            self._state.drop_damaged()


def _left(row: Delivery, ended: frozenset[int]) -> Delivery | None:
    return None if row.channel_id in ended and row.state in UNSETTLED else row


def _told(row: Delivery, told: dict[str, str]) -> Delivery:
    if row.key not in told or row.state is not DeliveryState.HELD:
        return row
    return replace(row, state=DeliveryState.GATHERED, about=told[row.key])
