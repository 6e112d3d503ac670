"""What answers are read from: made once, and kept while what it rests on stays the same."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bot.boards import Board
from bot.errors import UnknownName
from bot.knowledge import CatalogueEntry
from bot.model import BOARD_MODELS
from bot.openness import Directory, Registry, author, directory
from bot.queries.almanac import Almanac, almanac
from bot.queries.names import Named, Names
from bot.standings import Counting, base_model
from storage.protocol import Store

KEPT = 4
"""Almanacs that are kept ready, about 10 MB each after two years of days."""


_ALIAS = "~"
"""What the source's names for "the latest of" begin with: they are no models."""


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
        self._names: dict[str, tuple[Directory, Almanac, Names, Names]] = {}
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

    async def models(self, board: str = BOARD_MODELS) -> Names:
        """Return the names of all models, those first that a board had last. Raises UnknownName."""
        return (await self._named(board))[0]

    async def authors(self, board: str = BOARD_MODELS) -> Names:
        """Return the names of all authors, those first whose models a board had last.

        Raises UnknownName.
        """
        return (await self._named(board))[1]

    async def _named(self, board: str) -> tuple[Names, Names]:
        known, days = await self.directory(), await self.almanac(board)
        kept = self._names.get(board)
        if kept is None or kept[0] is not known or kept[1] is not days:
            models = tuple(dict.fromkeys((*_ever_listed(days), *known.models())))
            models = tuple(model for model in models if not model.startswith(_ALIAS))
            kept = (known, days, named_models(models, known), named_authors(models))
            self._names[board] = kept
            while len(self._names) > KEPT:
                del self._names[next(iter(self._names))]
        return kept[2:]


def _ever_listed(days: Almanac) -> Iterator[str]:
    """Yield the models of the newest window by rank, then those of the days, newest first."""
    newest = days.newest(date.max)
    yield from (place.model for place in (newest.places if newest else ()))
    for day in reversed(list(days.days.values())):
        yield from (base_model(row.model) for row in day.rows)


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
