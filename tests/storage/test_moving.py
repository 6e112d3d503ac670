"""A data folder moves into a database whole, once, and is compared row by row."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot.delivery import DeliveryState
from bot.errors import StoreError
from storage import backup, moving
from storage.moving import move
from storage.postgres import taking
from storage.postgres_store import PostgresStore
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import delivery, everything, fill
from tests.postgres import emptied
from tests.storage import released

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def url(database: str) -> str:
    emptied(database)
    return database


@pytest.fixture
async def folder(tmp_path: Path) -> TinyDBStore:
    store = TinyDBStore(tmp_path / "data", writable=True)
    await fill(store)
    return store


async def _in_database(url: str) -> dict[str, object]:
    store = await PostgresStore.open(url, writable=False)
    try:
        return await everything(store)
    finally:
        await store.close()


@pytest.mark.parametrize("name", released.names())
async def test_the_folders_of_released_versions_move(url: str, tmp_path: Path, name: str) -> None:
    backup.restore(released.FOLDER / f"{name}.zip", tmp_path / "data")
    source = TinyDBStore(tmp_path / "data", writable=True)
    shown: list[tuple[int, int]] = []
    done = await move(source, url, NOW, lambda *each: shown.append(each))
    assert done.before is None
    assert done.rows["deliveries"] > 100
    assert [number for number, _ in shown] == list(range(1, shown[-1][1] + 1))
    target = await PostgresStore.open(url, writable=False)
    assert await released.described(target) == await released.described(source)
    assert await everything(target) == await everything(source)
    for each in (source, target):
        await each.close()


async def test_what_is_moved_again_is_compared_and_not_written(
    url: str, folder: TinyDBStore
) -> None:
    first = await move(folder, url, NOW)
    again = await move(folder, url, NOW.replace(hour=9))
    assert (first.before, again.before) == (None, NOW)
    assert first.rows == again.rows
    assert await _in_database(url) == await everything(folder)


async def test_what_was_dropped_from_the_database_since_does_not_come_back(
    url: str, folder: TinyDBStore
) -> None:
    await move(folder, url, NOW)
    target = await PostgresStore.open(url, writable=True)
    for guild in await target.guilds():
        await target.purge(guild)
    await target.close()
    with pytest.raises(StoreError, match="is not the same in the database"):
        await move(folder, url, NOW)
    target = await PostgresStore.open(url, writable=False)
    assert await target.guilds() == frozenset()
    await target.close()


async def test_a_database_that_holds_something_else_is_left_alone(
    url: str, folder: TinyDBStore
) -> None:
    target = await PostgresStore.open(url, writable=True)
    await target.owe([delivery("other")])
    await target.close()
    before = await _in_database(url)
    with pytest.raises(StoreError, match="holds deliveries already"):
        await move(folder, url, NOW)
    assert await _in_database(url) == before


async def test_a_move_that_fails_half_way_leaves_the_database_empty(
    url: str, folder: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = await _in_database(url)

    async def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(taking, "take_others", fail)
        with pytest.raises(StoreError, match="the disk is full"):
            await move(folder, url, NOW)
    assert await _in_database(url) == empty
    assert (await move(folder, url, NOW)).before is None
    assert await _in_database(url) == await everything(folder)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE readings SET tokens[1] = tokens[1] + 1 WHERE current",
        "UPDATE readings SET origin = 'x' WHERE NOT current",
        "DELETE FROM milestones WHERE key = (SELECT min(key) FROM milestones)",
        "DELETE FROM changes",
        "UPDATE subscriptions SET document = replace(document::text, '2026', '2025')::json",
        "DELETE FROM deliveries WHERE state = 'sent'",
        "DELETE FROM catalogue",
        "UPDATE absences SET since = now()",
    ],
)
async def test_a_row_that_differs_is_found(url: str, folder: TinyDBStore, spoil: str) -> None:
    await move(folder, url, NOW)
    with psycopg.connect(url) as connection:
        assert connection.execute(spoil.encode()).rowcount > 0
    with pytest.raises(StoreError, match="database"):
        await move(folder, url, NOW)


async def test_what_waits_keeps_its_order(url: str, tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path / "data", writable=True)
    rows = [delivery(key, 1) for key in ("z", "a", "m")]
    await store.owe(rows)
    await store.owe([delivery("h2", 1, DeliveryState.HELD), delivery("h1", 1, DeliveryState.HELD)])
    await moving.move(store, url, NOW)
    target = await PostgresStore.open(url, writable=False)
    assert [row.key for row in await target.open_deliveries()] == ["z", "a", "m"]
    assert [row.key for row in await target.held()] == ["h2", "h1"]
    for each in (store, target):
        await each.close()
