"""The default store: TinyDB in a few small files, for one writing process."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import structlog
from filelock import FileLock, Timeout

from bot.errors import StoreBusy, StoreError
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
from storage._files import in_thread, open_tables
from storage._history import History
from storage._journal import Journal, read_lines
from storage.protocol import Changes, Progress

T = TypeVar("T")

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


class TinyDBStore:
    """Keep everything below one folder.

    `state.json` holds what must change together: memory, milestones, subscriptions, deliveries.
    History and catalogue are files of their own, written before the state that builds on them.
    What happens to a delivery is appended to `outbox.jsonl` and joins the state at its next save.
    """

    def __init__(self, folder: Path, *, writable: bool) -> None:
        """Open the folder; a writing store makes it and locks it until `close`.

        Raises StoreBusy when another process writes there, StoreDamaged when a file cannot be
        read and has no good copy, StoreError for trouble with the disk.
        """
        self._lock = _lock(folder) if writable else None
        self._writable = writable
        self._changing = asyncio.Lock()
        try:
            self._history = History(folder / "history", writable=writable, warn=_warn)
            self._state, self._file = open_tables(
                folder / "state.json", writable=writable, warn=_warn
            )
            self._models, self._models_file = open_tables(
                folder / "catalogue.json", writable=writable, warn=_warn
            )
            self._journal = Journal(folder / "outbox.jsonl")
            self._deliveries = self._load_deliveries(folder / "outbox.jsonl")
            if writable and (folder / "outbox.jsonl").exists():
                self._save_state()
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
        if not days:
            return Changes((), ())
        async with self._changing:
            changes = self._history.changes(board, days)
            progress = self._progress(board)
            oldest = min((*changes.added, *changes.restated), default=None)
            if progress.memory and oldest and oldest <= progress.memory.through:
                self._state.put("boards", board, {"memory": None, "mark": progress.mark})
                await self._save()
            await self._history.put(board, days)
            return changes

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """See Store."""
        return self._history.versions(board, day)

    async def progress(self, board: str) -> Progress:
        """See Store."""
        return self._progress(board)

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
    ) -> None:
        """See Store."""
        if not milestones and not deliveries and progress == self._progress(board):
            return
        async with self._changing:
            memory = to_document(progress.memory) if progress.memory else None
            self._state.put("boards", board, {"memory": memory, "mark": progress.mark})
            for milestone in milestones:
                if self._state.find("milestones", milestone.key) is None:
                    self._state.put("milestones", milestone.key, to_document(milestone))
            before = dict(self._deliveries)
            self._deliveries |= {d.key: d for d in deliveries if d.key not in before}
            await self._save(before)

    async def milestones(self, board: str, since: date | None = None) -> tuple[Milestone, ...]:
        """See Store."""
        found = (m for m in self._all("milestones", Milestone) if m.board == board)
        dated = [m for m in found if since is None or m.date >= since]
        return tuple(sorted(dated, key=lambda m: (m.date, m.key)))

    async def milestones_by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store."""
        documents = (self._state.find("milestones", key) for key in keys)
        return tuple(from_document(Milestone, found) for found in documents if found)

    async def subscriptions(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """See Store."""
        found = self._all("subscriptions", Subscription)
        wanted = [s for s in found if guild_id is None or s.guild_id == guild_id]
        return tuple(sorted(wanted, key=lambda s: s.channel_id))

    async def subscribe(self, subscription: Subscription) -> bool:
        """See Store."""
        async with self._changing:
            key = str(subscription.channel_id)
            if self._state.find("subscriptions", key) is not None:
                return False
            self._state.put("subscriptions", key, to_document(subscription))
            await self._save()
            return True

    async def unsubscribe(self, channel_id: int) -> bool:
        """See Store."""
        async with self._changing:
            key = str(channel_id)
            if self._state.find("subscriptions", key) is None:
                return False
            self._state.drop("subscriptions", key)
            before = dict(self._deliveries)
            self._deliveries = {k: d for k, d in before.items() if not _owed(d, channel_id)}
            await self._save(before)
            return True

    async def open_deliveries(self) -> tuple[Delivery, ...]:
        """See Store."""
        return tuple(d for d in self._deliveries.values() if d.state in _OPEN)

    async def deliveries(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """See Store."""
        return tuple(self._deliveries[key] for key in keys if key in self._deliveries)

    async def save_delivery(self, delivery: Delivery) -> bool:
        """See Store."""
        before = self._deliveries.get(delivery.key)
        if before is None:
            return False
        # Known here before it is durable: a save in between then writes it, and never loses it.
        self._deliveries[delivery.key] = delivery
        try:
            await self._journal.append(to_document(delivery))
        except StoreError:
            self._deliveries[delivery.key] = before
            raise
        return delivery.key in self._deliveries

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """See Store."""
        documents = self._models.table("models").all()
        return tuple(from_document(CatalogueEntry, document) for document in documents)

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        async with self._changing:
            self._models.fill("models", {entry.model: to_document(entry) for entry in entries})
            await in_thread(self._models_file.save)

    async def synced_commands(self) -> str | None:
        """See Store."""
        found = self._state.find("meta", "commands")
        return str(found["fingerprint"]) if found else None

    async def put_synced_commands(self, fingerprint: str) -> None:
        """See Store."""
        async with self._changing:
            self._state.put("meta", "commands", {"fingerprint": fingerprint})
            await self._save()

    async def close(self) -> None:
        """See Store."""
        await self._journal.settle()
        self._unlock()

    def _progress(self, board: str) -> Progress:
        found = self._state.find("boards", board) or {}
        memory = found.get("memory")
        return Progress(from_document(Memory, memory) if memory else None, found.get("mark"))

    def _all(self, table: str, kind: type[T]) -> list[T]:
        return [from_document(kind, document) for document in self._state.table(table).all()]

    async def _save(self, deliveries_before: dict[str, Delivery] | None = None) -> None:
        async with self._journal.paused():
            try:
                await in_thread(self._save_state)
            except StoreError:
                if deliveries_before is not None:
                    self._deliveries = deliveries_before
                raise

    def _save_state(self) -> None:
        rows = {key: to_document(row) for key, row in self._deliveries.items()}
        self._state.fill("deliveries", rows)
        self._file.save()
        self._journal.rotate()

    def _load_deliveries(self, path: Path) -> dict[str, Delivery]:
        rows = {row.key: row for row in self._all("deliveries", Delivery)}
        # The copy before the last save knows nothing of the lines that this save put aside.
        lines = read_lines(self._journal.previous, _warn) if self._file.recovered else []
        for line in [*lines, *read_lines(path, _warn)]:
            row = from_document(Delivery, line)
            if row.key in rows or row.state not in _OPEN:
                rows[row.key] = row
        return rows

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _lock(folder: Path) -> FileLock:
    try:
        (folder / "history").mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", blocking=False)
        lock.acquire()
    except Timeout:
        raise StoreBusy(f"{folder}: another rankshift is running on this data folder") from None
    except OSError as error:
        raise StoreError(f"{folder}: cannot be used as data folder: {error}") from error
    return lock


def _owed(delivery: Delivery, channel_id: int) -> bool:
    return delivery.channel_id == channel_id and delivery.state in _OPEN


def _warn(problem: str) -> None:
    structlog.get_logger().error("data folder damaged", problem=problem)
