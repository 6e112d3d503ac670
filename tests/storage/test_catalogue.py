"""The catalogue on the disk: decoded once, and what an earlier version kept still loads."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.sources.catalogue import parse_catalogue
from storage._catalogue import Catalogue
from storage._codec import from_document, from_line, to_document, to_line
from storage._files import KeyedTinyDB, ReplacedFile
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import entry
from tests.made import START

EXACT = st.decimals(allow_nan=False, allow_infinity=False)


async def test_the_same_entries_are_handed_out_until_others_are_put(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_catalogue([entry("b"), entry("a")])
    first = await store.catalogue()
    assert await store.catalogue() is first
    await store.put_catalogue([entry("b"), replace(entry("a"), context=None)])
    second = await store.catalogue()
    assert second == (replace(entry("a"), context=None), entry("b"))
    assert first == (entry("a"), entry("b"))
    assert await store.catalogue() is second
    await store.close()


async def test_an_empty_catalogue_is_empty_again_and_again(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    assert [await store.catalogue() for _ in range(2)] == [(), ()]
    await store.put_catalogue([entry("a")])
    assert await store.catalogue() == (entry("a"),)
    await store.put_catalogue([])
    assert await store.catalogue() == ()
    await store.close()


async def test_entries_that_could_not_be_kept_are_not_handed_out(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_catalogue([entry("a")])
    before = await store.catalogue()
    with pytest.raises(StoreError):
        await store.put_catalogue([replace(entry("a"), name="\ud800")])
    assert await store.catalogue() is before
    await store.close()


async def test_entries_read_beside_the_writer_are_those_put(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_catalogue([entry("a")])
    reader = TinyDBStore(tmp_path, writable=False)
    assert await reader.catalogue() == await store.catalogue() == (entry("a"),)
    await store.close()


class Overtaken(ReplacedFile):
    """A file that is saved anew right after somebody has begun to read it."""

    def saved(self) -> KeyedTinyDB:
        found, draft = super().saved(), self.draft()
        draft.fill("models", {"b": to_document(entry("b"))})
        self.save(draft)
        return found


def test_a_save_while_entries_are_read_is_seen_next_time(tmp_path: Path) -> None:
    file = Overtaken(tmp_path / "catalogue.json", writable=True, warn=pytest.fail)
    catalogue = Catalogue(file, asyncio.Lock())
    assert catalogue.entries() == ()
    assert catalogue.entries() == (entry("b"),)


def test_an_entry_kept_before_there_were_details_loads() -> None:
    document = to_document(entry("a"))
    for name in ("context", "price", "scores"):
        del document[name]
    assert from_document(CatalogueEntry, document) == replace(
        entry("a"), context=None, price=None, scores=()
    )


@given(EXACT, EXACT, st.none() | st.integers(1))
@settings(deadline=None)
def test_any_price_and_score_come_back_as_they_were(
    one: Decimal, other: Decimal, rank: int | None
) -> None:
    score = Score(Rater.DESIGN_ARENA, "svg", other, rank)
    kept = CatalogueEntry("a", "A", START, None, None, price=Price(one, other), scores=(score,))
    for found in (
        from_document(CatalogueEntry, to_document(kept)),
        from_line(CatalogueEntry, to_line(kept)),
    ):
        assert found == kept
        assert found.price is not None
        assert [str(found.price.prompt), str(found.price.completion)] == [str(one), str(other)]


async def test_the_real_catalogue_comes_back_from_the_disk(tmp_path: Path, real_data: Path) -> None:
    entries = parse_catalogue((real_data / "catalog.json").read_bytes(), "catalog.json")
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_catalogue(entries)
    await store.close()
    assert await TinyDBStore(tmp_path, writable=False).catalogue() == entries
