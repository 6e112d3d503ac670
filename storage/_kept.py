"""One value in a file of its own, for what changes by itself and often."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.states import State
from storage._codec import from_document, to_document
from storage._files import ReplacedFile, whole

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """When the source's keyed endpoints were asked, oldest first."""

    moments: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What is out of the ordinary."""

    states: tuple[State, ...]

    def with_those_of(self, board: str, states: Sequence[State]) -> "Stated":
        """Return these in place of a board's ones before, behind those of others."""
        return Stated((*(each for each in self.states if each.board != board), *states))


class Kept(Generic[T]):
    """Keep a value in a file, written anew each time."""

    def __init__(self, file: ReplacedFile, table: str, empty: T, changing: asyncio.Lock) -> None:
        """Take the file, the value before there is any, and the lock of whoever changes anything.

        Raises StoreDamaged when the file holds something else.
        """
        self._file = file
        self._table = table
        self._empty = empty
        self._changing = changing
        self.value()

    def value(self) -> T:
        """Return what is kept."""
        found = self._file.saved().find(self._table, "kept")
        return from_document(type(self._empty), found) if found else self._empty

    async def change(self, change: Callable[[T], T]) -> None:
        """Keep what a change makes of the value. Raises StoreError; it is as before then."""
        await whole(self._change(change))

    async def _change(self, change: Callable[[T], T]) -> None:
        async with self._changing:
            draft = self._file.draft()
            draft.put(self._table, "kept", to_document(change(self.value())))
            await asyncio.to_thread(self._file.save, draft)
