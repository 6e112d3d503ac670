"""What answers are read from: as the store has it, and made anew only when that changed."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import UnknownName
from bot.model import BOARD_MODELS, Memory
from bot.openness import Registry
from bot.packaged import read_boards
from bot.queries.reference import KEPT, Reference
from storage.protocol import Progress
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import entry
from tests.made import START, day, days

REGISTRY = Registry("test", {}, {}, {"a/one": "Model One"})
STORED = days([{"a/one": 9, "meta-llama/two": 5 + n} for n in range(15)])


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return a store with fifteen days."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_days(BOARD_MODELS, tuple(STORED.values()))
    yield opened
    await opened.close()


def reference(store: TinyDBStore) -> Reference:
    """Return one over a store."""
    return Reference(store, REGISTRY, read_boards())


async def test_the_almanac_has_what_is_stored_and_is_the_same_until_that_changes(
    store: TinyDBStore,
) -> None:
    shelf = reference(store)
    first = await shelf.almanac()
    assert dict(first.days) == STORED
    assert len(first.windows) == 9
    assert await shelf.almanac() is first
    await store.put_days(BOARD_MODELS, [day(15, {"a/one": 1})])
    second = await shelf.almanac()
    assert max(second.windows) == START + timedelta(days=15)
    assert second.windows[START + timedelta(days=9)] is first.windows[START + timedelta(days=9)]


async def test_only_some_boards_are_kept_ready(store: TinyDBStore) -> None:
    shelf, boards = reference(store), list(read_boards())[1 : KEPT + 1]
    first = await shelf.almanac()
    for board in boards[:-1]:
        await shelf.almanac(board)
    assert await shelf.almanac() is first  # asked for again, and so not the oldest
    await shelf.almanac(boards[-1])
    assert await shelf.almanac() is first
    for board in boards:
        await shelf.almanac(board)
    assert await shelf.almanac() is not first


@pytest.mark.parametrize("board", ["nonsense", "apps", ""])
async def test_a_board_whose_days_are_not_kept_is_unknown(store: TinyDBStore, board: str) -> None:
    with pytest.raises(UnknownName) as refused:
        await reference(store).almanac(board)
    assert (refused.value.kind, refused.value.typed) == ("board", board)


async def test_the_directory_is_made_again_when_the_catalogue_changed(store: TinyDBStore) -> None:
    shelf = reference(store)
    first = await shelf.directory()
    assert await shelf.directory() is first
    assert first.name("a/one") == "Model One"
    await store.put_catalogue([entry("c/three")])
    assert "c/three" in (await shelf.directory()).models()


async def test_names_come_with_the_most_used_first_and_follow_what_is_known(
    store: TinyDBStore,
) -> None:
    shelf = reference(store)
    assert [one.what for one in (await shelf.models()).all] == ["meta-llama/two", "a/one"]
    assert [one.what for one in (await shelf.authors()).all] == ["meta", "a"]
    assert (await shelf.authors()).meant("meta-llama").what == "meta"
    assert await shelf.models() is await shelf.models()
    await store.put_catalogue([entry("c/three")])
    assert (await shelf.models()).meant("c/three").what == "c/three"


async def test_boards_are_offered_once_they_were_polled(store: TinyDBStore) -> None:
    shelf = reference(store)
    assert [board.name for board in await shelf.boards()] == [BOARD_MODELS]
    memory = Memory(date(2026, 6, 1), date(2026, 6, 2), (), {})
    await store.record("category-legal", Progress((memory,), None), (), ())
    assert [board.name for board in await shelf.boards()] == [BOARD_MODELS, "category-legal"]
