"""The default store: TinyDB in a few small files, for one writing process."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import structlog

from bot.delivery import Delivery, DeliveryState, Kind, Subscription
from bot.errors import StoreError
from bot.knowledge import CatalogueEntry
from bot.model import Day, Milestone
from bot.states import State
from storage._catalogue import Catalogue
from storage._codec import from_document, to_document
from storage._deliveries import OPEN, owed, read_deliveries
from storage._files import KeyedTinyDB, ReplacedFile, lock_folder, whole
from storage._history import History
from storage._journal import Journal
from storage._ledger import Ledger
from storage._milestones import Milestones
from storage._states import States
from storage.protocol import Changes, Progress

Deliveries = dict[str, Delivery]

_WENT = (DeliveryState.SENDING, DeliveryState.SENT)


class TinyDBStore:
    """Keep everything below one folder.

    `state.json` holds what must change together: memory, milestones of the last two months,
    subscriptions, deliveries. History, older milestones and catalogue are files of their own,
    written before the state that builds on them.
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
            self._state = ReplacedFile(folder / "state.json", writable=writable, warn=_warn)
            models = ReplacedFile(folder / "catalogue.json", writable=writable, warn=_warn)
            self._catalogue = Catalogue(models, self._changing)
            self._milestones = Milestones(
                folder / "milestones", self._state, writable=writable, warn=_warn
            )
            asked = ReplacedFile(folder / "requests.json", writable=writable, warn=_warn)
            self._ledger = Ledger(asked, self._changing)
            states = ReplacedFile(folder / "states.json", writable=writable, warn=_warn)
            self._states = States(states, self._changing)
            self._journal = Journal(folder / "outbox.jsonl")
            journal, previous = folder / "outbox.jsonl", self._journal.previous
            self._deliveries = read_deliveries(self._state, journal, previous, _warn)
            if writable:
                self._take_in(journal)
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
                await self._save(draft)
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
            await self._save(draft, new={delivery.key: delivery for delivery in deliveries})

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """See Store."""
        return self._milestones.all(board, since)

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store."""
        return self._milestones.by_key(keys)

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """See Store."""
        documents = self._state.saved().table("subscriptions").all()
        found = (from_document(Subscription, document) for document in documents)
        wanted = [s for s in found if guild_id is None or s.guild_id == guild_id]
        return tuple(sorted(wanted, key=lambda s: s.channel_id))

    async def subscribe(self, subscription: Subscription) -> bool:
        """See Store."""
        return await whole(self._subscribe(subscription))

    async def _subscribe(self, subscription: Subscription) -> bool:
        async with self._changing:
            draft, key = self._state.draft(), str(subscription.channel_id)
            if draft.find("subscriptions", key) is not None:
                return False
            draft.put("subscriptions", key, to_document(subscription))
            await self._save(draft)
            return True

    async def unsubscribe(self, channel_id: int) -> bool:
        """See Store."""
        return await whole(self._unsubscribe(channel_id))

    async def _unsubscribe(self, channel_id: int) -> bool:
        async with self._changing:
            draft, key = self._state.draft(), str(channel_id)
            if draft.find("subscriptions", key) is None:
                return False
            draft.drop("subscriptions", key)
            await self._save(draft, dropped=channel_id)
            return True

    async def open_deliveries(self) -> tuple[Delivery, ...]:
        """See Store."""
        return tuple(d for d in self._deliveries.values() if d.state in OPEN)

    async def deliveries(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """See Store."""
        return tuple(self._deliveries[key] for key in keys if key in self._deliveries)

    async def alerts_with(self, milestones: Sequence[str]) -> tuple[Delivery, ...]:
        """See Store."""
        wanted = set(milestones)
        return tuple(
            row
            for row in self._deliveries.values()
            if row.kind is Kind.ALERT and row.state in _WENT and wanted & set(row.milestones)
        )

    async def save_delivery(self, delivery: Delivery) -> bool:
        """See Store."""
        return await whole(self._save_delivery(delivery))

    async def _save_delivery(self, delivery: Delivery) -> bool:
        before = self._deliveries.get(delivery.key)
        if before is None:
            return False
        # Known here before it is durable: a save in between then writes it, and never loses it.
        self._deliveries[delivery.key] = delivery
        try:
            await self._journal.append(to_document(delivery))
        except StoreError:
            if self._deliveries.get(delivery.key) is delivery:
                self._deliveries[delivery.key] = before
            raise
        return delivery.key in self._deliveries

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """See Store."""
        return self._catalogue.entries()

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        await self._catalogue.put(entries)

    async def requests(self) -> tuple[datetime, ...]:
        """See Store."""
        return self._ledger.moments()

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """See Store."""
        await self._ledger.put(moments)

    async def states(self) -> tuple[State, ...]:
        """See Store."""
        return self._states.all()

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """See Store."""
        await self._states.put(board, states)

    async def synced_commands(self) -> str | None:
        """See Store."""
        found = self._state.saved().find("meta", "commands")
        return str(found["fingerprint"]) if found else None

    async def put_synced_commands(self, fingerprint: str) -> None:
        """See Store."""
        await whole(self._put_synced_commands(fingerprint))

    async def _put_synced_commands(self, fingerprint: str) -> None:
        async with self._changing:
            draft = self._state.draft()
            draft.put("meta", "commands", {"fingerprint": fingerprint})
            await self._save(draft)

    async def close(self) -> None:
        """See Store."""
        async with self._changing:
            await self._journal.settle()
        self._unlock()

    async def _save(
        self, draft: KeyedTinyDB, new: Deliveries | None = None, dropped: int | None = None
    ) -> None:
        """Save the state: a draft, with the deliveries there are and will be."""
        async with self._journal.paused():
            fresh = {k: row for k, row in (new or {}).items() if k not in self._deliveries}
            rows = {
                key: row
                for key, row in (self._deliveries | fresh).items()
                if not owed(row, dropped)
            }
            await asyncio.to_thread(self._save_state, draft, rows)
            # Meanwhile rows may have been claimed or settled here: those are newer than `rows`.
            for key in [key for key, row in self._deliveries.items() if owed(row, dropped)]:
                del self._deliveries[key]
            self._deliveries = rows | self._deliveries

    def _save_state(self, draft: KeyedTinyDB, rows: Deliveries) -> None:
        draft.fill("deliveries", {key: to_document(row) for key, row in rows.items()})
        self._state.save(draft)
        try:
            self._journal.rotate()
        except StoreError as error:
            # Its lines stand in the state now: read again they say nothing new.
            structlog.get_logger().warning("outbox log not put aside", problem=str(error))

    def _take_in(self, path: Path) -> None:
        """Let the lines of the journal join the state."""
        if path.exists() or self._state.recovered:
            self._save_state(self._state.draft(), self._deliveries)
        if self._state.recovered:
            # Once more, so that the copy beside is as good as the file.
            self._save_state(self._state.draft(), self._deliveries)

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _warn(problem: str) -> None:
    structlog.get_logger().error("data folder damaged", problem=problem)
