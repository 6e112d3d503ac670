"""A disk that takes nothing: every call says so, and nothing of it is kept, here or there."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreError
from storage.protocol import Progress
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import (
    CHANGES,
    delivery,
    entry,
    everything,
    fill,
    held,
    keys,
    sent,
)
from tests.storage.faults import Call, fail_at

FILES = {
    "record": "state.json",
    "record what makes others old": "milestones/models-2026-06.json",
    "put_days": "history/models-2026-06.json",
    "subscribe": "state.json",
    "unsubscribe": "state.json",
    "put_channel": "state.json",
    "put_channel without a digest": "state.json",
    "put_change": "state.json",
    "owe": "state.json",
    "pause": "state.json",
    "purge": "state.json",
    "purge_channel": "state.json",
    "note_absences": "state.json",
    "put_catalogue": "catalogue.json",
    "put_synced_commands": "state.json",
}
"""The file that each change is kept in."""


@pytest.fixture
async def store(tmp_path: Path) -> TinyDBStore:
    """Return a store that holds some of everything, and a line in its journal."""
    opened = TinyDBStore(tmp_path, writable=True)
    await fill(opened)
    return opened


async def _reopened(store: TinyDBStore, folder: Path) -> dict[str, object]:
    """Return what a folder holds for the one who opens it next, after a crash."""
    store._unlock()
    again = TinyDBStore(folder, writable=True)
    held = await everything(again)
    await again.close()
    return held


def _forgetful(held: dict[str, object]) -> dict[str, object]:
    """Return the same without the memories from day 1 on: they may go before a day is kept."""
    kept = held["models: progress"]
    assert isinstance(kept, Progress)
    return held | {"models: progress": replace(kept, memories=kept.memories[:1])}


@pytest.mark.parametrize("name", FILES)
async def test_a_file_that_cannot_be_written_changes_nothing(
    store: TinyDBStore, tmp_path: Path, name: str
) -> None:
    before, in_the_way = await everything(store), tmp_path / f"{FILES[name]}.new"
    in_the_way.mkdir()
    with pytest.raises(StoreError, match=r"cannot be written: .*Is a directory"):
        await CHANGES[name](store)
    expected = _forgetful(before) if name == "put_days" else before
    assert await everything(store) == expected
    in_the_way.rmdir()
    assert await _reopened(store, tmp_path) == expected


@pytest.mark.parametrize("name", FILES)
async def test_what_failed_can_be_done_once_there_is_room(
    store: TinyDBStore, tmp_path: Path, name: str
) -> None:
    in_the_way = tmp_path / f"{FILES[name]}.new"
    in_the_way.mkdir()
    with pytest.raises(StoreError):
        await CHANGES[name](store)
    in_the_way.rmdir()
    await CHANGES[name](store)
    other = TinyDBStore(tmp_path / "other", writable=True)
    await fill(other)
    await CHANGES[name](other)
    assert await everything(store) == await everything(other)
    await other.close()
    assert await _reopened(store, tmp_path) == await everything(store)


@pytest.mark.parametrize("failing", [("fsync", 1), ("replace", 1), ("replace", 2)])
@pytest.mark.parametrize("name", FILES)
async def test_a_disk_that_fails_before_the_file_is_in_place_changes_nothing(
    store: TinyDBStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    failing: tuple[Call, int],
) -> None:
    before = await everything(store)
    with monkeypatch.context() as patch:
        fail_at(patch, *failing)
        with pytest.raises(StoreError):
            await CHANGES[name](store)
    assert await everything(store) == before
    assert await _reopened(store, tmp_path) == before


@pytest.mark.parametrize("name", FILES)
async def test_a_folder_that_cannot_be_synced_keeps_a_change_whole(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync", 2)
        await CHANGES[name](store)
    other = TinyDBStore(tmp_path / "other", writable=True)
    await fill(other)
    await CHANGES[name](other)
    held = await everything(store)
    assert held == await everything(other)
    assert await _reopened(store, tmp_path) == held
    await other.close()


async def test_a_line_that_cannot_be_written_changes_nothing(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.put_synced_commands("ŝ1")
    before = await everything(store)
    (tmp_path / "outbox.jsonl").mkdir()
    with pytest.raises(StoreError, match=r"outbox\.jsonl: cannot be written"):
        await store.save_deliveries([sent("d3", 2)])
    assert await everything(store) == before
    (tmp_path / "outbox.jsonl").rmdir()
    assert await _reopened(store, tmp_path) == before


async def test_a_journal_that_cannot_be_put_aside_does_no_harm(
    store: TinyDBStore, tmp_path: Path
) -> None:
    (tmp_path / "outbox.jsonl.1").unlink(missing_ok=True)
    (tmp_path / "outbox.jsonl.1" / "in the way").mkdir(parents=True)
    with capture_logs() as logs:
        await CHANGES["record"](store)
        await store.save_deliveries([sent("d5")])
        await store.save_deliveries([replace(delivery("d2"), attempts=7)])
        await CHANGES["subscribe"](store)
        await CHANGES["unsubscribe"](store)
    assert [log["log_level"] for log in logs] == ["warning"] * 3
    held = await everything(store)
    assert keys(await store.open_deliveries()) == ["d2"]
    with capture_logs():
        assert await _reopened(store, tmp_path) == held


@pytest.mark.parametrize("failing", [("fsync", 1), ("fsync", 2), ("replace", 1), ("replace", 2)])
@pytest.mark.parametrize("name", ["resume", "gather"])
async def test_what_settles_deliveries_and_fails_anywhere_changes_nothing(
    store: TinyDBStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    failing: tuple[Call, int],
) -> None:
    before = await everything(store)
    with monkeypatch.context() as patch:
        fail_at(patch, *failing)
        with pytest.raises(StoreError):
            await CHANGES[name](store)
    assert await everything(store) == before
    assert await _reopened(store, tmp_path) == before


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


@pytest.mark.parametrize("number", range(1, 10))
async def test_a_purge_of_a_channel_that_fails_anywhere_is_completed_by_a_repeat(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    other = TinyDBStore(tmp_path / "other", writable=True)
    for each in (store, other):
        await fill(each)
        await each.save_deliveries([sent("d3", 2)])
        await each.put_synced_commands("puts it aside")
        await each.save_deliveries([replace(held("h1", 2), attempts=1)])
    await CHANGES["purge_channel"](other)
    with monkeypatch.context() as patch:
        fail_at(patch, "replace", number)
        with pytest.raises(StoreError):
            await CHANGES["purge_channel"](store)
    await CHANGES["purge_channel"](store)
    named = [path.name for path in _files(tmp_path) if b'"channel_id":2,' in path.read_bytes()]
    assert named == []
    assert await everything(store) == await everything(other)
    await other.close()
    assert await _reopened(store, tmp_path) == await everything(store)


@pytest.mark.parametrize("number", range(1, 9))
async def test_a_purge_that_fails_anywhere_is_completed_by_a_repeat(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    other = TinyDBStore(tmp_path / "other", writable=True)
    await fill(other)
    await CHANGES["purge"](other)
    with monkeypatch.context() as patch:
        fail_at(patch, "replace", number)
        with pytest.raises(StoreError):
            await CHANGES["purge"](store)
    named = [path.name for path in _files(tmp_path) if b'"guild_id":10,' in path.read_bytes()]
    assert 10 in await store.absences() or named == []
    await CHANGES["purge"](store)
    assert await everything(store) == await everything(other)
    await other.close()
    assert await _reopened(store, tmp_path) == await everything(store)


async def test_days_of_two_months_that_failed_in_part_are_completed_by_a_repeat(
    store: TinyDBStore, tmp_path: Path
) -> None:
    other = TinyDBStore(tmp_path / "other", writable=True)
    await fill(other)
    await CHANGES["put_days over two months"](other)
    in_the_way = tmp_path / "history" / "models-2026-07.json.new"
    in_the_way.mkdir()
    with pytest.raises(StoreError):
        await CHANGES["put_days over two months"](store)
    in_the_way.rmdir()
    await CHANGES["put_days over two months"](store)
    assert await everything(store) == await everything(other)
    await other.close()


async def test_a_disk_that_can_no_longer_be_read_either_changes_nothing(
    store: TinyDBStore, tmp_path: Path
) -> None:
    before = await everything(store)
    (tmp_path / "state.json").unlink()
    (tmp_path / "state.json").mkdir()
    with pytest.raises(StoreError):
        await CHANGES["subscribe"](store)
    assert await everything(store) == before


async def test_a_name_that_no_file_can_hold_changes_nothing(store: TinyDBStore) -> None:
    before = await everything(store)
    with pytest.raises(StoreError):
        await store.put_catalogue([replace(entry("a"), name="\ud800")])
    assert await everything(store) == before


async def test_deliveries_saved_together_fail_together(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await everything(store)
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync", 1)
        with pytest.raises(StoreError):
            await store.save_deliveries(
                [sent("d3", 2), replace(sent("d1"), attempts=9), sent("d2")]
            )
    assert await everything(store) == before
    assert await _reopened(store, tmp_path) == before


async def test_a_reason_that_no_file_can_hold_stops_nothing_else(
    store: TinyDBStore, tmp_path: Path
) -> None:
    with suppress(StoreError):
        await store.save_deliveries([replace(sent("d2"), reason="\ud800")])
    await store.put_synced_commands("goes on")
    assert await _reopened(store, tmp_path) == await everything(store)
