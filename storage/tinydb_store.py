"""The default store: TinyDB in a few small files, for one writing process."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import structlog

from bot.errors import StoreError
from bot.model import (
    CatalogueEntry,
    Day,
    Delivery,
    DeliveryState,
    Memory,
    Milestone,
    Subscription,
)
from storage._codec import from_document, to_document
from storage._files import KeyedTinyDB, ReplacedFile, lock_folder, whole
from storage._history import History
from storage._journal import Journal, read_lines
from storage.protocol import Changes, Progress

T = TypeVar("T")
Deliveries = dict[str, Delivery]

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


class TinyDBStore:
    """Keep everything below one folder.

    `state.json` holds what must change together: memory, milestones, subscriptions, deliveries.
    History and catalogue are files of their own, written before the state that builds on them.
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
            self._models = ReplacedFile(folder / "catalogue.json", writable=writable, warn=_warn)
            self._journal = Journal(folder / "outbox.jsonl")
            self._deliveries = self._load_deliveries(folder / "outbox.jsonl")
            if writable:
                self._take_in(folder / "outbox.jsonl")
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
            if progress.memory and oldest and oldest <= progress.memory.through:
                draft = self._state.draft()
                draft.put("boards", board, {"memory": None, "mark": progress.mark})
                await self._save(draft)
            await self._history.keep(plan)
            return plan.changes

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """See Store."""
        return self._history.versions(board, day)

    async def progress(self, board: str) -> Progress:
        """See Store."""
        found = self._state.saved().find("boards", board) or {}
        memory = found.get("memory")
        return Progress(from_document(Memory, memory) if memory else None, found.get("mark"))

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
    ) -> None:
        """See Store."""
        if milestones or deliveries or progress != await self.progress(board):
            await whole(self._record(board, progress, milestones, deliveries))

    async def _record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
    ) -> None:
        async with self._changing:
            draft = self._state.draft()
            memory = to_document(progress.memory) if progress.memory else None
            draft.put("boards", board, {"memory": memory, "mark": progress.mark})
            for milestone in milestones:
                if draft.find("milestones", milestone.key) is None:
                    draft.put("milestones", milestone.key, to_document(milestone))
            await self._save(draft, new={delivery.key: delivery for delivery in deliveries})

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """See Store."""
        found = (m for m in _all(self._state, "milestones", Milestone) if m.board == board)
        dated = [m for m in found if since is None or m.date >= since]
        return tuple(sorted(dated, key=lambda m: (m.date, m.key)))

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store."""
        saved = self._state.saved()
        documents = (saved.find("milestones", key) for key in keys)
        return tuple(from_document(Milestone, found) for found in documents if found)

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """See Store."""
        found = _all(self._state, "subscriptions", Subscription)
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
        return tuple(d for d in self._deliveries.values() if d.state in _OPEN)

    async def deliveries(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """See Store."""
        return tuple(self._deliveries[key] for key in keys if key in self._deliveries)

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
        found = _all(self._models, "models", CatalogueEntry)
        return tuple(sorted(found, key=lambda entry: entry.model))

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        await whole(self._put_catalogue(entries))

    async def _put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        async with self._changing:
            draft = self._models.draft()
            draft.fill("models", {entry.model: to_document(entry) for entry in entries})
            await asyncio.to_thread(self._models.save, draft)

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
                if not _owed(row, dropped)
            }
            await asyncio.to_thread(self._save_state, draft, rows)
            # Meanwhile rows may have been claimed or settled here: those are newer than `rows`.
            for key in [key for key, row in self._deliveries.items() if _owed(row, dropped)]:
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

    def _load_deliveries(self, path: Path) -> Deliveries:
        rows = {row.key: row for row in _all(self._state, "deliveries", Delivery)}
        # The copy before the last save knows nothing of the lines that this save put aside.
        lines = read_lines(self._journal.previous, _warn) if self._state.recovered else []
        for line in [*lines, *read_lines(path, _warn)]:
            row = from_document(Delivery, line)
            # A claim of an unknown row is of one that was dropped, or that is to be made anew.
            if row.key in rows or row.state not in _OPEN:
                rows[row.key] = row
        return rows

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


def _all(file: ReplacedFile, table: str, kind: type[T]) -> list[T]:
    return [from_document(kind, document) for document in file.saved().table(table).all()]


def _owed(delivery: Delivery, channel_id: int | None) -> bool:
    return delivery.channel_id == channel_id and delivery.state in _OPEN


def _warn(problem: str) -> None:
    structlog.get_logger().error("data folder damaged", problem=problem)
