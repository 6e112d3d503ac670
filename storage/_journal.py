"""An append-only log of lines, made durable in batches."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.errors import StoreError
from storage._files import sync_folder
from storage._lines import append_lines, line_of

_BATCH = 100


class Journal:
    """Append lines; writers that come at the same time share one fsync."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made by the first line."""
        self.path = path
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    @property
    def previous(self) -> Path:
        """Return where the lines before the last `rotate` are."""
        return self.path.with_name(f"{self.path.name}.1")

    async def append(self, bodies: Iterable[bytes]) -> None:
        """Add lines, all or none, and return when they are durable. Raises StoreError."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((b"".join(map(line_of, bodies)), done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await done

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        if self._flushing is not None:
            await self._flushing

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Write nothing meanwhile; lines that come wait."""
        async with self._writing:
            yield

    def rotate(self) -> None:
        """Put the lines so far aside as `previous`, in place of those there. Raises StoreError."""
        try:
            if self.path.exists():
                self.path.replace(self.previous)
                sync_folder(self.path.parent)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be put aside: {error}") from error

    def forget(self) -> None:
        """Remove all lines, also those put aside. Raises StoreError."""
        try:
            self.path.unlink(missing_ok=True)
            self.previous.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be removed: {error}") from error

    async def _flush(self) -> None:
        while self._waiting:
            async with self._writing:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                problem = None
                try:
                    lines = b"".join(lines for lines, _ in batch)
                    await asyncio.to_thread(append_lines, self.path, lines)
                except StoreError as error:
                    problem = error
                _finish(batch, problem)


def _finish(batch: list[tuple[bytes, asyncio.Future[None]]], problem: StoreError | None) -> None:
    for _, done in batch:
        if done.cancelled():
            continue
        if problem is None:
            done.set_result(None)
        else:
            done.set_exception(problem)
