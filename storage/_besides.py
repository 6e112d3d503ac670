"""What changes by itself, each in a file of its own: catalogue, requests, states."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.states import State
from storage._catalogue import Catalogue
from storage._files import ReplacedFile
from storage._kept import Asked, Kept, Stated


class Besides:
    """Keep the catalogue, when the source was asked, and what is out of the ordinary."""

    def __init__(
        self, folder: Path, changing: asyncio.Lock, *, writable: bool, warn: Callable[[str], None]
    ) -> None:
        """Open the files; `changing` is held by whoever changes the data folder.

        Raises StoreDamaged, StoreError.
        """

        def opened(name: str) -> ReplacedFile:
            return ReplacedFile(folder / name, writable=writable, warn=warn)

        self.catalogue = Catalogue(opened("catalogue.json"), changing)
        self._asked = Kept(opened("requests.json"), "requests", Asked(()), changing)
        self._states = Kept(opened("states.json"), "states", Stated(()), changing)

    def requests(self) -> tuple[datetime, ...]:
        """See Store."""
        return self._asked.value().moments

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """See Store."""
        await self._asked.change(lambda _: Asked(tuple(sorted(moments))))

    def states(self) -> tuple[State, ...]:
        """See Store."""
        return self._states.value().states

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """See Store."""
        await self._states.change(lambda before: before.with_those_of(board, states))
