"""The store for several processes: a PostgreSQL database, version 14 or later."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime

from bot.delivery import Delivery, Gathering
from bot.errors import StoreBusy
from bot.knowledge import CatalogueEntry
from bot.model import Day, Milestone
from bot.states import State
from bot.subscription import Change, Channel, Pause, Subscription
from storage._rows import Place
from storage.offices import Office
from storage.postgres.besides import Besides
from storage.postgres.channels import Channels
from storage.postgres.connections import Connections, Fence
from storage.postgres.days import Days, keep_progress, lock_board
from storage.postgres.deliveries import Deliveries, owe
from storage.postgres.milestones import Milestones, put_milestones
from storage.postgres.schema import check_schema
from storage.postgres.seat import Seat
from storage.protocol import NO_DIGESTS, Changes, Claimed, Progress

_DECIDING = "(7268, 1)"


class PostgresStore:
    """Keep everything in a database: each method is one transaction, or one look at it."""

    def __init__(
        self,
        connections: Connections,
        seat: Seat | None = None,
        days: Days | None = None,
        deciding: asyncio.Lock | None = None,
    ) -> None:
        """Take connections to tables of our version, and an office to give back at the end."""
        self._seat = seat
        self.connections = connections
        self._days = days or Days(connections)
        self._milestones = Milestones(connections)
        self._channels = Channels(connections)
        self._deliveries = Deliveries(connections)
        self._besides = Besides(connections)
        self._deciding = deciding or asyncio.Lock()

    @classmethod
    async def open(cls, url: str, *, writable: bool) -> "PostgresStore":
        """Connect to the database of a `postgresql://` URL; `writable`: as its poller.

        One process at a time is that; what people set can be changed by all. Raises StoreError
        where the server cannot be reached, SchemaMismatch where its tables are not ours, StoreBusy
        where another process is the poller.
        """
        seat = Seat(url, Office.POLLER) if writable else None
        connections = Connections(url)
        try:
            await connections.open()
            await check_schema(connections)
            if seat is not None and not await seat.take():
                raise StoreBusy("another rankshift writes to this database")
        except BaseException:
            await connections.close()
            if seat is not None:
                await seat.resign()
            raise
        return cls(connections if seat is None else connections.within(seat.fence), seat)

    def within(self, fence: Fence) -> "PostgresStore":
        """Return the same store, whose writes count within a term alone; not to be closed."""
        connections = self.connections.within(fence)
        days = self._days.over(connections)
        return PostgresStore(connections, days=days, deciding=self._deciding)

    async def days(
        self, board: str, since: date | None = None, until: date | None = None
    ) -> Mapping[date, Day]:
        """See Store."""
        return await self._days.between(board, since, until)

    async def put_days(self, board: str, days: Sequence[Day]) -> Changes:
        """See Store."""
        return await self._days.put(board, days)

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """See Store."""
        return await self._days.versions(board, day)

    async def progress(self, board: str) -> Progress:
        """See Store."""
        return await self._days.progress(board)

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
        revised: Sequence[Milestone] = (),
    ) -> None:
        """See Store."""
        async with self.connections.writing() as connection:
            await lock_board(connection, board)
            await keep_progress(connection, board, progress)
            await put_milestones(connection, milestones, revised)
            await owe(connection, deliveries)

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """See Store."""
        return await self._milestones.since(board, since)

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store."""
        return await self._milestones.by_key(keys)

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """See Store."""
        return await self._channels.subscriptions(guild_id)

    async def channels(self, guild_id: int | None = None) -> tuple[Channel, ...]:
        """See Store."""
        return await self._channels.channels(guild_id)

    async def subscribe(self, subscription: Subscription, change: Change | None = None) -> bool:
        """See Store."""
        return await self._channels.subscribe(subscription, change, new=True)

    async def amend(self, subscription: Subscription, change: Change | None = None) -> bool:
        """See Store."""
        return await self._channels.subscribe(subscription, change, new=False)

    async def unsubscribe(
        self, channel_id: int, number: int | None = None, change: Change | None = None
    ) -> bool:
        """See Store."""
        return await self._channels.unsubscribe(channel_id, number, change)

    async def put_channel(self, channel: Channel, change: Change | None = None) -> None:
        """See Store."""
        await self._channels.put(channel, change)

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery] = ()) -> bool:
        """See Store."""
        return await self._channels.pause(channel_id, pause, notices)

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """See Store."""
        return await self._channels.resume(channel_id, now)

    async def changes(self, guild_id: int) -> tuple[Change, ...]:
        """See Store."""
        return await self._channels.changes(guild_id)

    async def changes_by(self, person: int) -> tuple[Change, ...]:
        """See Store."""
        return await self._channels.changes_by(person)

    async def put_change(self, change: Change) -> None:
        """See Store."""
        await self._channels.put_change(change)

    @asynccontextmanager
    async def deciding(self) -> AsyncIterator[None]:
        """See Store; over all processes."""
        # Here first: else those who wait would hold every connection, and nobody could go on.
        async with self._deciding, self.connections.reading() as connection:
            try:
                await connection.execute(f"SELECT pg_advisory_lock{_DECIDING}")
                yield
                await connection.execute(f"SELECT pg_advisory_unlock{_DECIDING}")
            except BaseException:
                await connection.close()  # whoever was interrupted may have the lock, or not
                raise

    async def owe(self, deliveries: Sequence[Delivery]) -> None:
        """See Store."""
        if deliveries:
            async with self.connections.writing() as connection:
                await owe(connection, deliveries)

    async def held(self) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.held()

    async def gather(
        self, gatherings: Sequence[Gathering], digests: Mapping[int, datetime] = NO_DIGESTS
    ) -> None:
        """See Store."""
        await self._channels.gather(gatherings, digests)

    async def posts(
        self, since: datetime | None = None, guild_id: int | None = None
    ) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.posts(since, guild_id)

    async def about(self, milestone: str, channel_id: int) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.about(milestone, channel_id)

    async def open_deliveries(self, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.open(channel_id)

    async def waiting(self) -> tuple[int, ...]:
        """See Store."""
        return await self._deliveries.waiting()

    async def claim(
        self, channels: Collection[int], now: datetime, outcomes: Sequence[Delivery] = ()
    ) -> Claimed:
        """See Store."""
        return await self._deliveries.claim(channels, now, outcomes)

    async def deliveries(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.find(keys)

    async def alerts_with(
        self, milestones: Sequence[str], guild_id: int | None = None
    ) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.alerts_with(milestones, guild_id)

    async def save_deliveries(self, deliveries: Sequence[Delivery]) -> frozenset[str]:
        """See Store."""
        return await self._deliveries.save(deliveries)

    async def tidy(self, now: datetime) -> None:
        """See Store."""
        await self._deliveries.tidy(now)

    async def guilds(self) -> frozenset[int]:
        """See Store."""
        return await self._channels.guilds()

    async def absences(self) -> Mapping[int, datetime]:
        """See Store."""
        return await self._channels.absences()

    async def note_absences(self, absent: Mapping[int, datetime], back: Collection[int]) -> None:
        """See Store."""
        await self._channels.note_absences(absent, back)

    async def purge(self, guild_id: int) -> None:
        """See Store."""
        await self._channels.purge(guild_id)

    async def kept(self, guild_id: int, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.kept(Place(guild_id, channel_id))

    async def purge_channel(self, channel_id: int) -> None:
        """See Store."""
        await self._channels.purge_channel(channel_id)

    async def forget(self, person: int) -> None:
        """See Store."""
        await self._channels.forget(person)

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """See Store."""
        return await self._besides.catalogue()

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        await self._besides.put_catalogue(entries)

    async def synced_commands(self) -> str | None:
        """See Store."""
        return await self._besides.synced_commands()

    async def put_synced_commands(self, fingerprint: str) -> None:
        """See Store."""
        await self._besides.put_synced_commands(fingerprint)

    async def requests(self) -> tuple[datetime, ...]:
        """See Store."""
        return await self._besides.requests()

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """See Store."""
        await self._besides.put_requests(moments)

    async def states(self) -> tuple[State, ...]:
        """See Store."""
        return await self._besides.states()

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """See Store."""
        await self._besides.put_states(board, states)

    async def close(self) -> None:
        """See Store."""
        await self.connections.close()
        if self._seat is not None:
            await self._seat.resign()
