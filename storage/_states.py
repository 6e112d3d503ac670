"""What is out of the ordinary: a file of its own, for it begins and ends with any poll."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.states import State
from storage._codec import from_document, to_document
from storage._files import ReplacedFile, whole


@dataclass(frozen=True, slots=True)
class Kept:
    states: tuple[State, ...]


class States:
    """Keep states in a file, written anew each time."""

    def __init__(self, file: ReplacedFile, changing: asyncio.Lock) -> None:
        """Take the file, and the lock that whoever changes the data folder holds.

        Raises StoreDamaged when the file holds something else.
        """
        self._file = file
        self._changing = changing
        self.all()

    def all(self) -> tuple[State, ...]:
        """Return the states kept, in their order."""
        found = self._file.saved().find("states", "kept")
        return from_document(Kept, found).states if found else ()

    async def put(self, board: str, states: Sequence[State]) -> None:
        """Keep these of a board in place of its ones before, behind those of others.

        Raises StoreError; those are kept then.
        """
        await whole(self._put(board, tuple(states)))

    async def _put(self, board: str, own: tuple[State, ...]) -> None:
        async with self._changing:
            states = (*(each for each in self.all() if each.board != board), *own)
            draft = self._file.draft()
            draft.put("states", "kept", to_document(Kept(states)))
            await asyncio.to_thread(self._file.save, draft)
