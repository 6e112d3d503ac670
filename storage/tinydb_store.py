"""The default store: TinyDB in a few small files, for one writing process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import structlog

from bot.delivery import Delivery, Gathering
from bot.knowledge import CatalogueEntry
from bot.model import Day, Milestone
from bot.states import State
from bot.subscription import Change, Channel, Pause, Subscription
from storage._besides import Besides
from storage._boards import Boards
from storage._channels import Channels
from storage._deliveries import open_together
from storage._files import KeyedTinyDB, lock_folder, whole
from storage._history import History
from storage._milestones import Milestones
from storage._rows import Place
from storage.protocol import NO_DIGESTS, Changes, Claimed, Progress


class TinyDBStore:
    """Keep everything below one folder.

    `state.json` holds what must change together: memory, milestones of the last two months,
    what people set, unsettled deliveries. History, older milestones, settled deliveries and
    catalogue are files of their own, written before the state that builds on them.
    What happens to a delivery is appended to `outbox.jsonl` and joins the state at its next save.
    Changes are made in drafts and take their place once they are on the disk; a caller that is
    cancelled meanwhile waits for that.
    """

    def __init__(self, folder: Path, *, writable: bool) -> None:
        """Open the folder; a writing store makes it and locks it until `close`.

        Raises StoreBusy when another process writes there, StoreDamaged when a file cannot be
        read and has no good copy, StoreError for trouble with the disk.
        """
        self._lock = lock_folder(folder) if writable else None
        self._changing, self._deciding = asyncio.Lock(), asyncio.Lock()
        try:
            self._history = History(folder / "history", writable=writable, warn=_warn)
            self._state, self._deliveries = open_together(folder, writable=writable, warn=_warn)
            self._besides = Besides(folder, self._changing, writable=writable, warn=_warn)
            self._milestones = Milestones(
                folder / "milestones", self._state, writable=writable, warn=_warn
            )
            self._boards = Boards(
                self._state, self._history, self._milestones, self._deliveries, self._changing
            )
            self._channels = Channels(self._state, self._deliveries, self._changing)
            self._subscriptions = self._channels.subscriptions
        except BaseException:
            self._unlock()
            raise

    async def days(
        self, board: str, since: date | None = None, until: date | None = None
    ) -> Mapping[date, Day]:
        """See Store."""
        return self._history.days(board, since, until)

    async def put_days(self, board: str, days: Sequence[Day]) -> Changes:
        """See Store."""
        return await whole(self._boards.put_days(board, days))

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """See Store."""
        return self._history.versions(board, day)

    async def progress(self, board: str) -> Progress:
        """See Store."""
        return self._boards.progress(board)

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
        revised: Sequence[Milestone] = (),
    ) -> None:
        """See Store."""
        if milestones or deliveries or revised or progress != self._boards.progress(board):
            await whole(self._boards.record(board, progress, milestones, deliveries, revised))

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """See Store."""
        return await self._milestones.all(board, since)

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store."""
        return self._milestones.by_key(keys)

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """See Store."""
        return self._subscriptions.all(guild_id)

    async def channels(self, guild_id: int | None = None) -> tuple[Channel, ...]:
        """See Store."""
        return self._subscriptions.channels(guild_id)

    async def subscribe(self, subscription: Subscription, change: Change | None = None) -> bool:
        """See Store."""
        return await whole(self._channels.subscribe(subscription, change, new=True))

    async def amend(self, subscription: Subscription, change: Change | None = None) -> bool:
        """See Store."""
        return await whole(self._channels.subscribe(subscription, change, new=False))

    async def unsubscribe(
        self, channel_id: int, number: int | None = None, change: Change | None = None
    ) -> bool:
        """See Store."""
        return await whole(self._channels.unsubscribe(channel_id, number, change))

    async def put_channel(self, channel: Channel, change: Change | None = None) -> None:
        """See Store."""
        await whole(self._channels.put(channel, change))

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery] = ()) -> bool:
        """See Store."""
        return await whole(self._channels.pause(channel_id, pause, notices))

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """See Store."""
        return await whole(self._channels.resume(channel_id, now))

    async def changes(self, guild_id: int) -> tuple[Change, ...]:
        """See Store."""
        return self._channels.trail.all(guild_id)

    async def changes_by(self, person: int) -> tuple[Change, ...]:
        """See Store."""
        return self._channels.trail.of(person)

    async def put_change(self, change: Change) -> None:
        """See Store."""
        await whole(self._channels.put_change(change))

    @asynccontextmanager
    async def deciding(self) -> AsyncIterator[None]:
        """See Store."""
        async with self._deciding:
            yield

    async def owe(self, deliveries: Sequence[Delivery]) -> None:
        """See Store."""
        if deliveries:
            await whole(self._change(lambda _: None, deliveries))

    async def held(self) -> tuple[Delivery, ...]:
        """See Store."""
        return self._deliveries.held(self._subscriptions.paused())

    async def gather(
        self, gatherings: Sequence[Gathering], digests: Mapping[int, datetime] = NO_DIGESTS
    ) -> None:
        """See Store."""
        await whole(self._channels.gather(gatherings, digests))

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
        return self._deliveries.open(channel_id, self._subscriptions.paused())

    async def waiting(self) -> tuple[int, ...]:
        """See Store."""
        return self._deliveries.waiting(self._subscriptions.paused())

    async def claim(
        self, channels: Collection[int], now: datetime, outcomes: Sequence[Delivery] = ()
    ) -> Claimed:
        """See Store."""
        return await whole(self._channels.claim(channels, now, outcomes))

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
        return await whole(self._deliveries.save(deliveries))

    async def tidy(self, now: datetime) -> None:
        """See Store."""
        await whole(self._channels.tidy(now))

    async def absences(self) -> Mapping[int, datetime]:
        """See Store."""
        return self._channels.absences.all()

    async def note_absences(self, absent: Mapping[int, datetime], back: Collection[int]) -> None:
        """See Store."""
        await whole(self._change(lambda draft: self._channels.absences.note(draft, absent, back)))

    async def guilds(self) -> frozenset[int]:
        """See Store."""
        settings = self._subscriptions.guilds() | self._channels.trail.guilds()
        return settings | await self._deliveries.guilds()

    async def purge(self, guild_id: int) -> None:
        """See Store."""
        await whole(self._channels.purge(guild_id))

    async def kept(self, guild_id: int, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._deliveries.kept(Place(guild_id, channel_id))

    async def purge_channel(self, channel_id: int) -> None:
        """See Store."""
        await whole(self._channels.purge_channel(channel_id))

    async def forget(self, person: int) -> None:
        """See Store."""
        await whole(self._channels.forget(person))

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """See Store."""
        return self._besides.catalogue.entries()

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        await self._besides.catalogue.put(entries)

    async def requests(self) -> tuple[datetime, ...]:
        """See Store."""
        return self._besides.requests()

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """See Store."""
        await self._besides.put_requests(moments)

    async def states(self) -> tuple[State, ...]:
        """See Store."""
        return self._besides.states()

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """See Store."""
        await self._besides.put_states(board, states)

    async def boards(self) -> frozenset[str]:
        """Return the boards that anything is kept of."""
        return self._history.boards() | self._milestones.boards() | self._boards.names()

    def unsettled(self) -> tuple[Delivery, ...]:
        """Return what is open or held back, paused or not, in the order it was recorded."""
        return self._deliveries.unsettled()

    async def synced_commands(self) -> str | None:
        """See Store."""
        found = self._state.saved().find("meta", "commands")
        return str(found["fingerprint"]) if found else None

    async def put_synced_commands(self, fingerprint: str) -> None:
        """See Store."""
        document = {"fingerprint": fingerprint}
        await whole(self._change(lambda draft: draft.put("meta", "commands", document)))

    async def _change(
        self, change: Callable[[KeyedTinyDB], object], owed: Sequence[Delivery] = ()
    ) -> None:
        async with self._changing:
            draft = self._state.draft()
            change(draft)
            await self._deliveries.commit(draft, owed)

    async def close(self) -> None:
        """See Store."""
        async with self._changing:
            await self._deliveries.settle()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _warn(problem: str) -> None:
    structlog.get_logger().error("data folder damaged", problem=problem)
