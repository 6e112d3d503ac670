"""The backends that the contract is held against, each by the place its data lives in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

import pytest

from storage.postgres_store import PostgresStore
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.postgres import database, emptied, server

__all__ = ["database", "server"]


class Place(Protocol):
    """Somewhere that a store's data lives, to be opened again and again."""

    async def open(self) -> Store:
        """Open the one writing store of this place."""

    async def abandon(self, store: Store) -> None:
        """Let go of a store without closing it, as the system does for a killed process."""


class TinyDBPlace:
    """A folder."""

    def __init__(self, below: Path) -> None:
        self._folder = Path(mkdtemp(dir=below))

    async def open(self) -> Store:
        return TinyDBStore(self._folder, writable=True)

    async def abandon(self, store: Store) -> None:
        assert isinstance(store, TinyDBStore)
        store._unlock()


class PostgresPlace:
    """A database, empty at first."""

    def __init__(self, url: str) -> None:
        emptied(url)
        self._url = url

    async def open(self) -> Store:
        return await PostgresStore.open(self._url, writable=True)

    async def abandon(self, store: Store) -> None:
        assert isinstance(store, PostgresStore)
        for connection in store.connections._pool.lent_from._pool:
            connection.pgconn.finish()
        assert store._seat is not None
        assert store._seat._keeping is not None
        store._seat._keeping.cancel()
        await asyncio.wait([store._seat._keeping])
        assert store._seat._connection is not None
        store._seat._connection.pgconn.finish()
        await store.close()


BACKENDS = ("tinydb", "postgresql")


class StoreOpener:
    """Open a place's store; the one opened before is closed first, or killed."""

    def __init__(self, make_place: Callable[[], Place]) -> None:
        self._make_place = make_place
        self._place = make_place()
        self._store: Store | None = None

    async def __call__(self, *, killed: bool = False) -> Store:
        await self.let_go(killed=killed)
        self._store = await self._place.open()
        return self._store

    async def let_go(self, *, killed: bool = False) -> None:
        """Close the store opened last, if any, or abandon it."""
        store, self._store = self._store, None
        if store is not None:
            await (self._place.abandon(store) if killed else store.close())

    async def elsewhere(self) -> "StoreOpener":
        """Go on in a new, empty place."""
        await self.let_go()
        return StoreOpener(self._make_place)

    async def then(self, store: Store, *, killed: bool = False) -> AsyncIterator[Store]:
        """Yield a store, and then the one that is opened after it."""
        yield store
        yield await self(killed=killed)


@pytest.fixture(params=BACKENDS)
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StoreOpener]:
    """Return what opens this test's store, however often it asks."""

    def place() -> Place:
        if request.param == "tinydb":
            return TinyDBPlace(tmp_path)
        return PostgresPlace(request.getfixturevalue("database"))

    opener = StoreOpener(place)
    yield opener
    await opener.let_go()
