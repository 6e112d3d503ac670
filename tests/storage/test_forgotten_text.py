"""The text of old months is let go of, and read again by whoever changes or asks for it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS
from storage.tinydb_store import TinyDBStore
from tests.made import AS_OF, START, day
from tests.storage.faults import stalled

DAYS = tuple(day(number * 31, {"a": number + 1}) for number in range(6))
OLD, NEWEST = DAYS[0], DAYS[-1]
LATER = AS_OF + timedelta(hours=1)
CHANGED = replace(day(0, {"a": 99}), as_of=LATER)


@pytest.fixture
async def store(tmp_path: Path) -> TinyDBStore:
    """Return a store with six months of a day each, all of which were read."""
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_days(BOARD_MODELS, DAYS)
    assert list((await store.days(BOARD_MODELS)).values()) == list(DAYS)
    return store


async def test_the_text_of_the_newest_months_alone_is_kept(store: TinyDBStore) -> None:
    assert sorted(store._history._months) == [f"models-{d.date:%Y-%m}" for d in DAYS[-3:]]
    assert list((await store.days(BOARD_MODELS)).values()) == list(DAYS)
    await store.close()


async def test_an_old_month_is_changed_as_any_other(store: TinyDBStore, tmp_path: Path) -> None:
    for writing in (store, TinyDBStore(tmp_path, writable=False)):
        if writing is store:
            assert (await store.put_days(BOARD_MODELS, [CHANGED])).restated == (START,)
            assert (await store.put_days(BOARD_MODELS, [CHANGED])).restated == ()
        assert (await writing.days(BOARD_MODELS))[START] == CHANGED
        assert await writing.versions(BOARD_MODELS, START) == (OLD,)
        assert (await writing.days(BOARD_MODELS))[START] == CHANGED
    await store.close()


async def test_who_reads_while_an_old_month_is_written_reads_it_anew_afterwards(
    store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as disk:
        writing = asyncio.create_task(store.put_days(BOARD_MODELS, [CHANGED]))
        await disk.reached()
        assert (await store.days(BOARD_MODELS))[START] == OLD
        disk.end()
        await writing
    assert (await store.days(BOARD_MODELS))[START] == CHANGED
    await store.close()
