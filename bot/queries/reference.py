"""What answers are read from: made once, and kept while what it rests on stays the same."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from bot.boards import Board
from bot.errors import UnknownName
from bot.knowledge import CatalogueEntry
from bot.model import BOARD_MODELS, Standings
from bot.openness import Directory, Registry, author, directory
from bot.queries.almanac import Almanac, almanac
from bot.queries.names import Named, Names
from bot.standings import Counting
from storage.protocol import Store

KEPT = 4
"""Almanacs that are kept ready, about 10 MB each after two years of days."""


class Reference:
    """Hand out the directory, the names and each board's almanac. Its methods raise StoreError."""

    def __init__(self, store: Store, registry: Registry, boards: Mapping[str, Board]) -> None:
        """Take the store, and what comes with the package."""
        self._store = store
        self._registry = registry
        self._boards = {name: board for name, board in boards.items() if board.judged}
        self._polled = {BOARD_MODELS}
        self._catalogue: tuple[CatalogueEntry, ...] | None = None
        self._directory = directory(registry, ())
        self._almanacs: dict[tuple[str, Counting], Almanac] = {}
        self._names: tuple[object, Names, Names] | None = None
        self._making = asyncio.Lock()

    def board(self, name: str) -> Board:
        """Return a board whose days are kept. Raises UnknownName."""
        if name not in self._boards:
            raise UnknownName("board", name)
        return self._boards[name]

    async def boards(self) -> tuple[Board, ...]:
        """Return the boards that have been polled, in the order people are shown them."""
        for name in self._boards.keys() - self._polled:
            if (await self._store.progress(name)).memories:
                self._polled.add(name)
        return tuple(board for name, board in self._boards.items() if name in self._polled)

    async def directory(self) -> Directory:
        """Return what is known of models besides their figures."""
        catalogue = await self._store.catalogue()
        if catalogue is not self._catalogue:
            self._catalogue = catalogue
            self._directory = directory(self._registry, catalogue)
        return self._directory

    async def almanac(self, board: str = BOARD_MODELS, counting: Counting | None = None) -> Almanac:
        """Return a board's almanac, counted as its own windows are if not said otherwise.

        Raises UnknownName.
        """
        counting, days = counting or self.board(board).counting, await self._store.days(board)
        which = (board, counting)
        async with self._making:
            kept = self._almanacs.pop(which, None)
            if kept is None or kept.days != days:
                # A thread: two years of days take a quarter of a second, by months a second.
                kept = await asyncio.to_thread(almanac, board, days, counting, kept)
            self._almanacs[which] = kept
            while len(self._almanacs) > KEPT:
                del self._almanacs[next(iter(self._almanacs))]
        return kept

    async def models(self) -> Names:
        """Return the names of all models, the most used first."""
        return (await self._named())[0]

    async def authors(self) -> Names:
        """Return the names of all authors, those first whose models are used most."""
        return (await self._named())[1]

    async def _named(self) -> tuple[Names, Names]:
        known, days = await self.directory(), await self.almanac()
        ranked = days.newest(date.max)
        rests_on = (known, ranked)
        if self._names is None or self._names[0] != rests_on:
            used = (place.model for window in _newest_first(days) for place in window.places)
            models = tuple(dict.fromkeys((*used, *known.models())))
            self._names = (rests_on, named_models(models, known), named_authors(models))
        return self._names[1:]


def _newest_first(days: Almanac) -> Iterable[Standings]:
    return reversed(list(days.windows.values()))


def named_models(models: Iterable[str], known: Directory) -> Names:
    """Return the names of models, in their order."""
    named = (Named(m, known.name(m), (f"{author(m)} {known.name(m)}",)) for m in models)
    return Names("model", tuple(named))


def named_authors(models: Iterable[str]) -> Names:
    """Return the names of their authors, in the order in which they come."""
    makers: dict[str, dict[str, None]] = defaultdict(dict)
    for model in models:
        makers[author(model)][model.split("/", 1)[0]] = None
    return Names("author", tuple(Named(each, each, tuple(also)) for each, also in makers.items()))
