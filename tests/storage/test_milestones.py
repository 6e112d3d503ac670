"""Old milestones are put aside by board and month: before the state lets go of them."""

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreDamaged, StoreError
from bot.model import BOARD_MODELS
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import OTHER_BOARD, everything, keys, milestone, progress
from tests.storage.faults import fail_at

JUNE = "milestones/models-2026-06.json"


def _in_file(path: Path) -> list[str]:
    """Return the keys of the milestones that a file holds."""
    return sorted(json.loads(path.read_bytes())["tables"].get("milestones", {}))


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
async def store(tmp_path: Path) -> TinyDBStore:
    """Return a store with milestones of three months."""
    opened = TinyDBStore(tmp_path, writable=True)
    found = [milestone(name, when) for name, when in (("a", 0), ("b", 1), ("c", 30), ("d", 61))]
    await opened.record(BOARD_MODELS, progress(60), found, [])
    return opened


async def test_a_milestone_is_put_aside_when_it_is_more_than_sixty_days_old(
    store: TinyDBStore, tmp_path: Path
) -> None:
    assert not (tmp_path / JUNE).exists()
    await store.record(BOARD_MODELS, progress(61), [], [])
    assert _in_file(tmp_path / JUNE) == [milestone("a", 0).key]
    state = [milestone(name, when).key for name, when in (("b", 1), ("c", 30), ("d", 61))]
    assert _in_file(tmp_path / "state.json") == sorted(state)


async def test_months_are_files_of_their_own(store: TinyDBStore, tmp_path: Path) -> None:
    await store.record(OTHER_BOARD, progress(0), [milestone("x", 0, OTHER_BOARD)], [])
    await store.record(BOARD_MODELS, progress(200), [], [])
    names = sorted(path.name for path in (tmp_path / "milestones").iterdir())
    assert [name for name in names if name.startswith("models")] == [
        "models-2026-06.json",
        "models-2026-07.json",
        "models-2026-08.json",
    ]
    assert _in_file(tmp_path / "state.json") in ([], [milestone("x", 0, OTHER_BOARD).key])
    assert keys(await store.milestones(OTHER_BOARD)) == [milestone("x", 0, OTHER_BOARD).key]


async def test_a_crash_between_the_month_and_the_state_leaves_each_milestone_once(
    store: TinyDBStore, tmp_path: Path
) -> None:
    before = await everything(store)
    in_the_way = tmp_path / "state.json.new"
    in_the_way.mkdir()
    with pytest.raises(StoreError):
        await store.record(BOARD_MODELS, progress(200), [], [])
    assert (tmp_path / JUNE).exists()
    assert await everything(store) == before
    store._unlock()
    in_the_way.rmdir()
    again = TinyDBStore(tmp_path, writable=True)
    assert await everything(again) == before
    await again.record(BOARD_MODELS, progress(200), [], [])
    found = await again.milestones(BOARD_MODELS)
    assert found == before[f"{BOARD_MODELS}: milestones"]
    assert _in_file(tmp_path / "state.json") == []
    await again.close()


async def test_a_month_that_cannot_be_written_keeps_its_milestones_in_the_state(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await everything(store)
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync", 3)
        with pytest.raises(StoreError):
            await store.record(BOARD_MODELS, progress(200), [], [])
    assert len(_in_file(tmp_path / "state.json")) == 4
    assert await everything(store) == before


async def test_a_damaged_month_falls_back_to_its_copy_and_says_so(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.record(BOARD_MODELS, progress(61), [], [])
    await store.record(BOARD_MODELS, progress(62), [], [])
    await store.close()
    (tmp_path / JUNE).write_bytes(b"garbage")
    again = TinyDBStore(tmp_path, writable=True)
    with capture_logs() as logs:
        found = keys(await again.milestones(BOARD_MODELS))
    assert found[0] == milestone("a", 0).key
    assert ["models-2026-06.json" in log["problem"] for log in logs] == [True]
    await again.close()


async def test_a_damaged_month_without_a_copy_is_an_error_of_who_asks_for_it(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.record(BOARD_MODELS, progress(61), [], [])
    await store.close()
    (tmp_path / JUNE).write_bytes(b"garbage")
    again = TinyDBStore(tmp_path, writable=True)
    with pytest.raises(StoreDamaged, match=r"models-2026-06\.json"):
        await again.milestones(BOARD_MODELS)
    assert keys(await again.milestones(BOARD_MODELS, milestone("d", 61).date)) == [
        milestone("d", 61).key
    ]
    await again.close()


async def test_files_of_other_names_are_no_months(store: TinyDBStore, tmp_path: Path) -> None:
    before = await everything(store)
    for name in ("models-2026-06.json.new", "models-2026-06.json.damaged-1", "models-x.json"):
        (tmp_path / "milestones" / name).write_bytes(b"garbage")
    assert await everything(store) == before


async def test_a_reader_finds_what_was_put_aside_and_writes_nothing(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.record(BOARD_MODELS, progress(200), [], [])
    before = _times(tmp_path)
    reader = TinyDBStore(tmp_path, writable=False)
    assert await everything(reader) == await everything(store)
    assert _times(tmp_path) == before
    await store.close()
