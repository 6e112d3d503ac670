"""An append-only log of JSON lines, each behind its checksum, made durable in batches."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.errors import StoreError
from storage._files import sync_folder

_BATCH = 100


class Journal:
    """Append lines; writers that come at the same time share one fsync."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made by the first line."""
        self._path = path
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._torn = False

    @property
    def previous(self) -> Path:
        """Return where the lines before the last `rotate` are."""
        return self._path.with_name(f"{self._path.name}.1")

    async def append(self, line: dict[str, Any]) -> None:
        """Add a line and return when it is durable. Raises StoreError."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((_encode(line), done))
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
            if self._path.exists():
                self._path.replace(self.previous)
                sync_folder(self._path.parent)
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be put aside: {error}") from error

    async def _flush(self) -> None:
        while self._waiting:
            async with self._writing:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                problem = None
                try:
                    await asyncio.to_thread(self._write, b"".join(line for line, _ in batch))
                except OSError as error:
                    problem = StoreError(f"{self._path}: cannot be written: {error}")
                _finish(batch, problem)

    def _write(self, lines: bytes) -> None:
        new = not self._path.exists()
        # Unbuffered: what a failed write left in a buffer would be written when the file closes.
        with self._path.open("ab", buffering=0) as file:
            end = file.tell()
            try:
                # What a failed write may have left behind must not run into the next line.
                left = memoryview(b"\n" + lines if self._torn else lines)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except OSError:
                self._torn = True
                os.truncate(self._path, end)
                raise
        self._torn = False
        if new:
            sync_folder(self._path.parent)


def _finish(batch: list[tuple[bytes, asyncio.Future[None]]], problem: StoreError | None) -> None:
    for _, done in batch:
        if done.cancelled():
            continue
        if problem is None:
            done.set_result(None)
        else:
            done.set_exception(problem)


def read_lines(path: Path, warn: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return the lines of a journal; none if there is no file.

    A last line that a crash cut short is left out; any other line whose checksum does not fit is
    told to `warn` and left out. Raises StoreError when the disk cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines[:-1], start=1):
        if not line:
            continue
        entry = _decode(line)
        if entry is None:
            warn(f"{path}, line {number}: is damaged and left out")
        else:
            found.append(entry)
    return found


def _encode(line: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(line, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise StoreError(f"cannot be written: {error}") from error
    return b"%08x %s\n" % (crc32(text), text)


def _decode(line: bytes) -> dict[str, Any] | None:
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % crc32(text):
        return None
    found: dict[str, Any] = json.loads(text)
    return found
