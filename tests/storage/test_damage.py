"""A damaged data folder: nothing is believed that was not written, and nothing else is lost."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import DeliveryState
from bot.errors import StoreDamaged, StoreError
from bot.model import BOARD_MODELS
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import (
    NOTHING,
    delivery,
    entry,
    everything,
    fill,
    keys,
    milestone,
    progress,
    sent,
    subscription,
)
from tests.made import START, day
from tests.storage.faults import in_format

STATE, MONTH, CATALOGUE = "state.json", "history/models-2026-06.json", "catalogue.json"
FILES = (STATE, MONTH, CATALOGUE)

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "a flipped bit": lambda content: content[:150] + bytes([content[150] ^ 4]) + content[151:],
    "garbage": lambda _: b"\xff\0garbage\n",
}


def _open(folder: Path, *, writable: bool = True) -> TinyDBStore:
    return TinyDBStore(folder, writable=writable)


async def _read(folder: Path) -> None:
    """Open a folder, read its days, and close it again."""
    store = _open(folder)
    try:
        await store.days(BOARD_MODELS)
    finally:
        await store.close()


async def _make(folder: Path) -> None:
    store = _open(folder)
    await fill(store)
    await store.put_catalogue([entry("b"), entry("c")])
    await store.put_days(BOARD_MODELS, [day(2, {"a": 3})])
    await store.put_synced_commands("last")
    await store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed data folder in which every file has a copy one save older."""
    folder = tmp_path_factory.mktemp("made")
    asyncio.run(_make(folder))
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    return Path(shutil.copytree(made, tmp_path / "data"))


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def _older(folder: Path, name: str) -> dict[str, object]:
    """Return what a folder holds whose file is as it was one save earlier."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    shutil.copy(copy / f"{name}.bak", copy / name)
    store = _open(copy)
    held = await everything(store)
    await store.close()
    return held


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", FILES)
async def test_a_damaged_file_is_set_aside_and_its_copy_used(
    folder: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    expected = await _older(folder, name)
    damaged = damage((folder / name).read_bytes())
    (folder / name).write_bytes(damaged)
    with capture_logs() as logs:
        store = _open(folder)
        assert await everything(store) == expected
    await store.close()
    assert [(log["event"], log["log_level"]) for log in logs] == [("data folder damaged", "error")]
    assert f"{folder / name}: is damaged" in logs[0]["problem"]
    assert (folder / f"{name}.damaged-1").read_bytes() == damaged


@pytest.mark.parametrize("name", FILES)
async def test_after_a_recovery_all_goes_on_as_ever(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with capture_logs():
        store = _open(folder)
        await everything(store)
    await store.put_days(BOARD_MODELS, [day(4, {"a": 4})])
    await store.put_catalogue([entry("d")])
    await store.subscribe(subscription(8))
    held = await everything(store)
    await store.close()
    with capture_logs() as logs:
        store = _open(folder)
        assert await everything(store) == held
    await store.close()
    assert logs == []


@pytest.mark.parametrize("name", FILES)
async def test_without_a_good_copy_the_file_is_named_and_left(folder: Path, name: str) -> None:
    for each in (name, f"{name}.bak"):
        (folder / each).write_bytes(b"garbage")
    with pytest.raises(StoreDamaged, match=Path(name).name):
        await _read(folder)
    assert (folder / name).read_bytes() == b"garbage"


async def test_a_month_that_is_lost_takes_no_other_month_with_it(folder: Path) -> None:
    for each in (MONTH, f"{MONTH}.bak"):
        (folder / each).write_bytes(b"garbage")
    store = _open(folder)
    july = START.replace(month=7)
    assert list(await store.days(BOARD_MODELS, since=july)) == [july.replace(day=2)]
    await store.put_days(BOARD_MODELS, [day(july, {"a": 1})])
    with pytest.raises(StoreDamaged):
        await store.put_days(BOARD_MODELS, [day(3, {"a": 1})])
    await store.close()


async def test_a_failed_opening_leaves_the_folder_unlocked(folder: Path) -> None:
    good = (folder / STATE).read_bytes()
    (folder / STATE).write_bytes(in_format(4, good))
    with pytest.raises(StoreError, match="format 4") as refused:
        _open(folder)
    (folder / STATE).write_bytes(good)
    await _open(folder).close()
    assert not refused.value.retry


@pytest.mark.parametrize("name", FILES)
async def test_a_file_of_a_newer_format_is_refused_and_not_touched(folder: Path, name: str) -> None:
    newer = in_format(4, (folder / name).read_bytes())
    (folder / name).write_bytes(newer)
    before = _files(folder)
    with pytest.raises(StoreError, match="has format 4; this version reads formats 2 and 3"):
        await _read(folder)
    assert _files(folder) == before


async def test_a_month_whose_file_is_gone_comes_back_from_its_copy(folder: Path) -> None:
    expected = await _older(folder, MONTH)
    (folder / MONTH).unlink()
    with capture_logs() as logs:
        store = _open(folder, writable=False)
        assert await everything(store) == expected
    assert "is missing" in logs[0]["problem"]


async def test_files_of_other_names_are_no_months(folder: Path) -> None:
    store = _open(folder)
    held = await everything(store)
    for name in ("models-2026-08.json.new", "models-2026-08.json.damaged-1", "models-x.json"):
        (folder / "history" / name).write_bytes(b"garbage")
    assert await everything(store) == held
    await store.close()


async def _owed(folder: Path, count: int = 3) -> TinyDBStore:
    """Open a store that owes some deliveries, recorded in a save of their own."""
    store = _open(folder)
    await store.put_synced_commands("before")
    rows = [delivery(f"d{n}") for n in range(count)]
    await store.record(BOARD_MODELS, progress(1), [milestone("m1")], rows)
    return store


async def test_a_sent_delivery_is_not_open_again_after_falling_back(tmp_path: Path) -> None:
    store = await _owed(tmp_path)
    await store.save_deliveries([sent("d0")])
    await store.put_synced_commands("one")
    await store.save_deliveries([sent("d1")])
    await store.close()
    (tmp_path / STATE).write_bytes(b"")
    for _ in range(3):
        with capture_logs():
            store = _open(tmp_path)
        assert keys(await store.open_deliveries()) == ["d2"]
        assert await store.deliveries(["d0", "d1"]) == (sent("d0"), sent("d1"))
        await store.close()


async def test_a_delivery_sent_after_the_copy_was_made_is_known_as_sent(tmp_path: Path) -> None:
    store = await _owed(tmp_path)
    await store.save_deliveries([sent("d0")])
    await store.save_deliveries([delivery("d1", 1, DeliveryState.SENDING)])
    await store.close()
    (tmp_path / STATE).write_bytes(b"")
    with capture_logs():
        store = _open(tmp_path)
    assert await store.progress(BOARD_MODELS) == NOTHING
    await store.record(BOARD_MODELS, progress(1), [milestone("m1")], [delivery("d0")])
    assert await store.deliveries(["d0", "d1"]) == (sent("d0"),)
    await store.close()


async def test_a_second_fall_back_right_after_the_first_opens_nothing_again(
    tmp_path: Path,
) -> None:
    store = await _owed(tmp_path)
    await store.save_deliveries([sent("d0")])
    await store.put_synced_commands("one")
    await store.save_deliveries([sent("d1")])
    await store.close()
    for _ in range(2):
        (tmp_path / STATE).write_bytes(b"")
        with capture_logs():
            store = _open(tmp_path)
        await store.close()
    assert keys(await store.open_deliveries()) == ["d2"]


async def test_an_older_journal_is_not_replayed_over_a_good_state(tmp_path: Path) -> None:
    store = await _owed(tmp_path)
    await store.save_deliveries([replace(delivery("d0"), attempts=1)])
    await store.put_synced_commands("one")
    await store.close()
    journal = tmp_path / "outbox.jsonl.1"
    journal.write_bytes(journal.read_bytes().replace(b'"attempts":1', b'"attempts":9'))
    store = _open(tmp_path)
    assert [row.attempts for row in await store.open_deliveries()] == [1, 0, 0]
    await store.close()


async def test_a_torn_last_line_is_ignored_and_the_next_one_is_whole(tmp_path: Path) -> None:
    store = await _owed(tmp_path)
    await store.save_deliveries([sent("d0")])
    await store.save_deliveries([sent("d1")])
    await store.close()
    journal = tmp_path / "outbox.jsonl"
    journal.write_bytes(journal.read_bytes()[:-9])
    with capture_logs() as logs:
        store = _open(tmp_path)
        assert keys(await store.open_deliveries()) == ["d1", "d2"]
        await store.save_deliveries([sent("d2")])
        await store.close()
        store = _open(tmp_path)
        assert keys(await store.open_deliveries()) == ["d1"]
        await store.close()
    assert logs == []


async def _three_lines(folder: Path) -> tuple[Path, list[bytes]]:
    store = await _owed(folder)
    for number in range(3):
        await store.save_deliveries([sent(f"d{number}")])
    await store.close()
    path = folder / "outbox.jsonl"
    return path, path.read_bytes().splitlines(keepends=True)


async def test_a_damaged_line_is_told_and_left_out(tmp_path: Path) -> None:
    path, lines = await _three_lines(tmp_path)
    path.write_bytes(lines[0] + lines[1].replace(b'"', b"\0") + lines[2])
    with capture_logs() as logs:
        store = _open(tmp_path)
    assert keys(await store.open_deliveries()) == ["d1"]
    assert [log["problem"] for log in logs] == [f"{path}, line 2: is damaged and left out"]
    await store.close()


async def test_a_damaged_line_that_is_still_json_is_told_and_left_out(tmp_path: Path) -> None:
    path, lines = await _three_lines(tmp_path)
    path.write_bytes(lines[0] + lines[1].replace(b"nonce-d1", b"nonce-d9") + lines[2])
    with capture_logs() as logs:
        store = _open(tmp_path)
    assert keys(await store.open_deliveries()) == ["d1"]
    assert f"{path}, line 2" in logs[0]["problem"]
    await store.close()
