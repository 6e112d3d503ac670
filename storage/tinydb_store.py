"""The default store: TinyDB in a few small files, for one writing process."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import structlog

from bot.delivery import MISSED, Delivery, DeliveryState, Pause, Subscription, missed
from bot.knowledge import CatalogueEntry
from bot.model import Day, Milestone
from bot.states import State
from storage._absences import Absences
from storage._catalogue import Catalogue
from storage._codec import from_document, to_document
from storage._deliveries import OPEN, open_together
from storage._files import KeyedTinyDB, ReplacedFile, lock_folder, whole
from storage._history import History
from storage._kept import Asked, Kept, Stated
from storage._milestones import Milestones
from storage._subscriptions import Subscriptions
from storage.protocol import Changes, Progress


class TinyDBStore:
    """Keep everything below one folder.

    `state.json` holds what must change together: memory, milestones of the last two months,
    subscriptions, open deliveries. History, older milestones, settled deliveries and catalogue are
    files of their own, written before the state that builds on them.
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
        self._changing = asyncio.Lock()
        try:
            self._history = History(folder / "history", writable=writable, warn=_warn)
            self._state, self._deliveries = open_together(folder, writable=writable, warn=_warn)
            models = ReplacedFile(folder / "catalogue.json", writable=writable, warn=_warn)
            self._catalogue = Catalogue(models, self._changing)
            self._milestones = Milestones(
                folder / "milestones", self._state, writable=writable, warn=_warn
            )
            asked = ReplacedFile(folder / "requests.json", writable=writable, warn=_warn)
            self._asked = Kept(asked, "requests", Asked(()), self._changing)
            states = ReplacedFile(folder / "states.json", writable=writable, warn=_warn)
            self._states = Kept(states, "states", Stated(()), self._changing)
            self._subscriptions = Subscriptions(self._state)
            self._absences = Absences(self._state)
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
        return await whole(self._put_days(board, days))

    async def _put_days(self, board: str, days: Sequence[Day]) -> Changes:
        async with self._changing:
            plan = self._history.plan(board, days)
            progress = await self.progress(board)
            oldest = min(plan.added | plan.restated, default=None)
            kept = tuple(m for m in progress.memories if oldest is None or m.through < oldest)
            if kept != progress.memories:
                draft = self._state.draft()
                draft.put("boards", board, to_document(replace(progress, memories=kept)))
                await self._deliveries.commit(draft)
            await self._history.keep(plan)
            return plan.changes

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """See Store."""
        return self._history.versions(board, day)

    async def progress(self, board: str) -> Progress:
        """See Store."""
        found = self._state.saved().find("boards", board)
        return from_document(Progress, found) if found else Progress((), None)

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
        revised: Sequence[Milestone] = (),
    ) -> None:
        """See Store."""
        if milestones or deliveries or revised or progress != await self.progress(board):
            await whole(self._record(board, progress, milestones, deliveries, revised))

    async def _record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
        revised: Sequence[Milestone],
    ) -> None:
        async with self._changing:
            draft = self._state.draft()
            draft.put("boards", board, to_document(progress))
            newest = progress.memories[-1].through if progress.memories else None
            await self._milestones.put(draft, milestones, revised, newest)
            await self._deliveries.commit(draft, deliveries)

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """See Store."""
        return await self._milestones.all(board, since)

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store."""
        return self._milestones.by_key(keys)

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """See Store."""
        return self._subscriptions.all(guild_id)

    async def subscribe(self, subscription: Subscription) -> bool:
        """See Store."""
        return await whole(self._put(subscription, new=True))

    async def amend(self, subscription: Subscription) -> bool:
        """See Store."""
        return await whole(self._put(subscription, new=False))

    async def _put(self, subscription: Subscription, *, new: bool) -> bool:
        async with self._changing:
            draft = self._state.draft()
            if done := self._subscriptions.put(draft, subscription, new=new):
                await self._deliveries.commit(draft)
            return done

    async def unsubscribe(self, channel_id: int) -> bool:
        """See Store."""
        return await whole(self._unsubscribe(channel_id))

    async def _unsubscribe(self, channel_id: int) -> bool:
        def unsent_dropped(row: Delivery) -> Delivery | None:
            return None if row.channel_id == channel_id and row.state in OPEN else row

        async with self._changing:
            draft = self._state.draft()
            known = self._subscriptions.drop(draft, channel_id)
            if known or self._deliveries.open(channel_id, ()):
                await self._deliveries.commit(draft, change=unsent_dropped)
            return known

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery] = ()) -> bool:
        """See Store."""
        return await whole(self._pause(channel_id, pause, notices))

    async def _pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery]) -> bool:
        async with self._changing:
            draft = self._state.draft()
            if new := self._subscriptions.put_pause(draft, channel_id, pause):
                await self._deliveries.commit(draft, notices)
            return new

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """See Store."""
        return await whole(self._resume(channel_id, now))

    async def _resume(self, channel_id: int, now: datetime) -> bool:
        def missed_dead(row: Delivery) -> Delivery:
            if row.channel_id != channel_id or row.state not in OPEN or not missed(row, now):
                return row
            return replace(row, state=DeliveryState.DEAD, reason=MISSED)

        async with self._changing:
            draft = self._state.draft()
            if paused := self._subscriptions.put_pause(draft, channel_id, None):
                await self._deliveries.commit(draft, change=missed_dead)
            return paused

    async def open_deliveries(self, channel_id: int | None = None) -> tuple[Delivery, ...]:
        """See Store."""
        return self._deliveries.open(channel_id, self._subscriptions.paused())

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
        await whole(self._tidy(now))

    async def _tidy(self, now: datetime) -> None:
        async with self._changing:
            await self._deliveries.tidy(now, self._subscriptions.paused())

    async def absences(self) -> Mapping[int, datetime]:
        """See Store."""
        return self._absences.all()

    async def put_absences(self, absences: Mapping[int, datetime]) -> None:
        """See Store."""
        await whole(self._change(lambda draft: self._absences.put(draft, absences)))

    async def guilds(self) -> frozenset[int]:
        """See Store."""
        return self._subscriptions.guilds() | await self._deliveries.guilds()

    async def purge(self, guild_id: int) -> None:
        """See Store."""
        await whole(self._purge(guild_id))

    async def _purge(self, guild_id: int) -> None:
        async with self._changing:
            draft = self._state.draft()
            for each in self._subscriptions.all(guild_id):
                self._subscriptions.drop(draft, each.channel_id)
            await self._deliveries.purge(guild_id, draft)
            self._state.drop_damaged()
            # Known as absent until nothing is left: whoever is interrupted asks for it again.
            left = {g: when for g, when in self._absences.all().items() if g != guild_id}
            draft = self._state.draft()
            self._absences.put(draft, left)
            await self._deliveries.commit(draft, alone=True)

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """See Store."""
        return self._catalogue.entries()

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        await self._catalogue.put(entries)

    async def requests(self) -> tuple[datetime, ...]:
        """See Store."""
        return self._asked.value().moments

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """See Store."""
        await self._asked.change(lambda _: Asked(tuple(sorted(moments))))

    async def states(self) -> tuple[State, ...]:
        """See Store."""
        return self._states.value().states

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """See Store."""
        await self._states.change(lambda before: before.with_those_of(board, states))

    async def synced_commands(self) -> str | None:
        """See Store."""
        found = self._state.saved().find("meta", "commands")
        return str(found["fingerprint"]) if found else None

    async def put_synced_commands(self, fingerprint: str) -> None:
        """See Store."""
        document = {"fingerprint": fingerprint}
        await whole(self._change(lambda draft: draft.put("meta", "commands", document)))

    async def _change(self, change: Callable[[KeyedTinyDB], object]) -> None:
        async with self._changing:
            draft = self._state.draft()
            change(draft)
            await self._deliveries.commit(draft)

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
