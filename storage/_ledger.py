"""When the source's keyed endpoints were asked: a file of its own, for it changes often."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage._codec import from_document, to_document
from storage._files import ReplacedFile, whole


@dataclass(frozen=True, slots=True)
class Asked:
    moments: tuple[datetime, ...]


class Ledger:
    """Keep moments in a file, written anew each time."""

    def __init__(self, file: ReplacedFile, changing: asyncio.Lock) -> None:
        """Take the file, and the lock that whoever changes the data folder holds.

        Raises StoreDamaged when the file holds something else.
        """
        self._file = file
        self._changing = changing
        self.moments()

    def moments(self) -> tuple[datetime, ...]:
        """Return the moments kept, oldest first."""
        found = self._file.saved().find("requests", "kept")
        return from_document(Asked, found).moments if found else ()

    async def put(self, moments: Sequence[datetime]) -> None:
        """Keep these in place of those before. Raises StoreError; those are kept then."""
        await whole(self._put(tuple(sorted(moments))))

    async def _put(self, moments: tuple[datetime, ...]) -> None:
        async with self._changing:
            draft = self._file.draft()
            draft.put("requests", "kept", to_document(Asked(moments)))
            await asyncio.to_thread(self._file.save, draft)
