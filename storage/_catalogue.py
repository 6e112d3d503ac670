"""The catalogue: a file of its own, replaced whole once a day."""

import asyncio
from collections.abc import Sequence

from bot.knowledge import CatalogueEntry
from storage._codec import from_document, to_document
from storage._files import ReplacedFile, Tables, whole


class Catalogue:
    """Keep the catalogue's entries in a file."""

    def __init__(self, file: ReplacedFile, changing: asyncio.Lock) -> None:
        """Take the file, and the lock that whoever changes the data folder holds."""
        self._file = file
        self._changing = changing
        self._decoded: tuple[Tables | None, tuple[CatalogueEntry, ...]] = (None, ())

    def entries(self) -> tuple[CatalogueEntry, ...]:
        """Return the entries, by model; the same object until others are put.

        Raises StoreDamaged when one is something else.
        """
        tables, entries = self._decoded
        if tables is not self._file.tables:
            # Asked for before what is read: a save that ends in between is then seen next time.
            tables = self._file.tables
            documents = self._file.saved().table("models").all()
            found = [from_document(CatalogueEntry, document) for document in documents]
            entries = tuple(sorted(found, key=lambda entry: entry.model))
            self._decoded = (tables, entries)
        return entries

    async def put(self, entries: Sequence[CatalogueEntry]) -> None:
        """Keep these in place of those before. Raises StoreError; those are kept then."""
        await whole(self._put(entries))

    async def _put(self, entries: Sequence[CatalogueEntry]) -> None:
        async with self._changing:
            draft = self._file.draft()
            draft.fill("models", {entry.model: to_document(entry) for entry in entries})
            await asyncio.to_thread(self._file.save, draft)
