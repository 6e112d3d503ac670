"""Files of the site, kept for a while: the next who asks waits for no store and no picture."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import PagesBusy
from bot.web.site import File

FRESH = 60.0
"""Seconds for which a file is handed out as it was made."""

MOST_BYTES = 32 * 1024 * 1024
"""Of all files together that are kept."""

MOST_MADE = 16
"""Files that are made or waited for at once; who comes then is asked to come again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, the ETag that tells its content from any other, and until when it is fresh."""

    file: File
    etag: str
    until: float


class Keeper:
    """Make files by their paths, each once for all who ask meanwhile."""

    def __init__(
        self, make: Callable[[str], Awaitable[File | None]], clock: Callable[[], float]
    ) -> None:
        """Take what makes files, None where there is none, and a clock that counts seconds."""
        self._make = make
        self._clock = clock
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._made: dict[str, asyncio.Task[File | None]] = {}

    async def get(self, path: str) -> Kept | None:
        """Return the file of a path, None where there is none.

        Raises PagesBusy when too many are being made, and what making raises.
        """
        kept = self._kept.get(path)
        if kept is not None and self._clock() < kept.until:
            return kept
        file = await asyncio.shield(self._made.get(path) or self._begun(path))
        return self._keep(path, file) if file is not None else None

    def _begun(self, path: str) -> asyncio.Task[File | None]:
        if len(self._made) >= MOST_MADE:
            raise PagesBusy(f"{MOST_MADE} pages are being made")
        task = asyncio.ensure_future(self._make(path))
        self._made[path] = task
        task.add_done_callback(lambda done: self._ended(path, done))
        return task

    def _ended(self, path: str, done: asyncio.Future[File | None]) -> None:
        del self._made[path]
        if not done.cancelled():
            done.exception()  # whoever asked may have left: then nobody else looks at it

    def _keep(self, path: str, file: File) -> Kept:
        etag = f'"{hashlib.sha256(file.content).hexdigest()[:32]}"'
        kept = Kept(file, etag, self._clock() + FRESH)
        before = self._kept.pop(path, None)
        self._bytes += len(file.content) - (len(before.file.content) if before else 0)
        self._kept[path] = kept
        while self._bytes > MOST_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone.file.content)
        return kept
