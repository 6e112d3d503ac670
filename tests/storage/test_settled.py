"""Settled deliveries are put aside by month: before the state lets go of them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import DeliveryState
from bot.errors import StoreError
from bot.model import BOARD_MODELS
from storage import _logged
from storage._codec import to_document
from storage._files import ReplacedFile
from storage._lines import append_lines, line_of, read_lines
from storage.protocol import KEPT_SLIM
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import (
    NOTHING,
    delivery,
    everything,
    keys,
    progress,
    sent,
)
from tests.made import AS_OF
from tests.storage.faults import fail_at
from tests.storage.opened import JUNE, LATE, aside, reopened, two_aside


@pytest.fixture
async def store(tmp_path: Path) -> TinyDBStore:
    """Return a store that has put two deliveries aside, and owes two."""
    return await two_aside(tmp_path)


def _in_state(folder: Path) -> list[str]:
    tables = json.loads((folder / "state.json").read_bytes())["tables"]
    return list(tables["deliveries"])


async def test_the_state_keeps_what_is_open_alone(store: TinyDBStore, tmp_path: Path) -> None:
    assert _in_state(tmp_path) == ["d1", "d4"]
    await store.save_deliveries([sent("d1")])
    assert aside(tmp_path / JUNE) == ["d2", "d3"]
    await store.put_synced_commands("x")
    assert _in_state(tmp_path) == ["d4"]
    assert aside(tmp_path / JUNE) == ["d2", "d3", "d1"]


async def test_the_state_does_not_grow_with_what_was_sent(
    store: TinyDBStore, tmp_path: Path
) -> None:
    sizes = set[int]()
    for number in range(100, 120):
        rows = [delivery(f"{number}:{n}") for n in range(20)]
        await store.record(BOARD_MODELS, progress(3), [], rows)
        await store.save_deliveries([sent(row.key) for row in rows])
        await store.put_synced_commands("x")
        sizes.add((tmp_path / "state.json").stat().st_size)
    assert len(sizes) == 1
    assert len(aside(tmp_path / JUNE)) == 402


async def test_months_are_files_of_their_own(store: TinyDBStore, tmp_path: Path) -> None:
    rows = [replace(sent(f"m{n}"), created_at=AS_OF + timedelta(days=n)) for n in (40, 10, 11, 41)]
    await store.record(BOARD_MODELS, progress(2), [], rows)
    found = {path.name: aside(path) for path in (tmp_path / "deliveries").iterdir()}
    assert found == {
        "2026-06.jsonl": ["d2", "d3", "m10"],
        "2026-07.jsonl": ["m40", "m11", "m41"],
    }


async def test_a_state_of_before_gives_up_its_settled_ones_with_the_next_save(
    store: TinyDBStore, tmp_path: Path
) -> None:
    rows = [sent("old 1"), delivery("old 2"), delivery("old 3", 1, DeliveryState.DEAD)]
    await store.close()
    file = ReplacedFile(tmp_path / "state.json", writable=True, warn=str)
    draft = file.draft()
    for row in rows:
        document = to_document(row)
        del document["manner"], document["target"]
        draft.put("deliveries", row.key, document)
    file.save(draft)
    reader = TinyDBStore(tmp_path, writable=False)
    again = TinyDBStore(tmp_path, writable=True)
    for each in (reader, again):
        assert await each.deliveries(keys(rows)) == tuple(rows)
    await again.put_synced_commands("x")
    assert _in_state(tmp_path) == ["d1", "d4", "old 2"]
    assert await again.deliveries(keys(rows)) == tuple(rows)
    await again.close()


async def test_a_crash_between_the_month_and_the_state_leaves_each_once(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.save_deliveries([sent("d1")])
    before = await everything(store)
    (tmp_path / "state.json.new").mkdir()
    with pytest.raises(StoreError):
        await store.put_synced_commands("x")
    assert aside(tmp_path / JUNE) == ["d2", "d3", "d1"]
    assert await everything(store) == before
    (tmp_path / "state.json.new").rmdir()
    again = reopened(store, tmp_path)
    assert await everything(again) == before
    await again.close()


async def test_a_month_that_cannot_be_written_keeps_its_deliveries_in_the_state(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save_deliveries([sent("d1")])
    before, content = await everything(store), (tmp_path / JUNE).read_bytes()
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync", 1)
        with pytest.raises(StoreError, match=r"2026-06\.jsonl: cannot be written"):
            await store.put_synced_commands("x")
    assert (tmp_path / JUNE).read_bytes() == content
    assert await everything(store) == before
    await store.put_synced_commands("x")
    assert await store.deliveries(["d1"]) == (sent("d1"),)
    await store.close()


async def test_a_torn_last_line_is_left_out_and_the_next_one_is_whole(
    store: TinyDBStore, tmp_path: Path
) -> None:
    whole = (tmp_path / JUNE).read_bytes()
    (tmp_path / JUNE).write_bytes(whole[:-30])
    with capture_logs() as logs:
        assert keys(await store.deliveries(["d2", "d3"])) == ["d2"]
        await store.save_deliveries([sent("d1")])
        await store.put_synced_commands("x")
        assert keys(await store.deliveries(["d1", "d2", "d3"])) == ["d1", "d2"]
    assert logs == []
    await store.close()


async def test_a_damaged_line_is_told_and_takes_no_other_with_it(
    store: TinyDBStore, tmp_path: Path
) -> None:
    content = (tmp_path / JUNE).read_bytes()
    (tmp_path / JUNE).write_bytes(content.replace(b"nonce-d2", b"nonce-d9"))
    with capture_logs() as logs:
        assert keys(await store.deliveries(["d3"])) == ["d3"]
        assert logs == []
        assert await store.deliveries(["d2"]) == ()
    assert [log["problem"] for log in logs] == [
        f"{tmp_path / JUNE}, byte 0: a line is damaged and left out"
    ]
    await store.close()


async def test_of_a_key_in_two_lines_the_last_one_holds(store: TinyDBStore, tmp_path: Path) -> None:
    append_lines(tmp_path / JUNE, (tmp_path / JUNE).read_bytes())
    assert await store.deliveries(["d2", "d3"]) == (
        sent("d2"),
        delivery("d3", 2, DeliveryState.DEAD),
    )
    await store.save_deliveries([delivery("d2", 1, DeliveryState.DEAD)])
    await store.put_synced_commands("x")
    assert await store.alerts_with(["m1"]) == ()
    await store.close()


async def test_files_of_other_names_are_no_months(store: TinyDBStore, tmp_path: Path) -> None:
    before = await everything(store)
    for name in ("2026-06.jsonl.new", "notes.jsonl", "2026-13.jsonl", "2026-06.json"):
        (tmp_path / "deliveries" / name).write_bytes(b"garbage\n")
    assert await everything(store) == before
    await store.tidy(LATE + KEPT_SLIM)
    assert (tmp_path / "deliveries" / "notes.jsonl").exists()
    await store.close()


async def test_a_reader_beside_a_writer_sees_no_settled_one_as_open(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save_deliveries([sent("d1")])
    read, copy = _logged.read_lines, shutil.copytree(tmp_path, tmp_path / "copy")

    def read_late(path: Path, warn: Callable[[str], None]) -> list[bytes]:
        """Read after the writer has put its log aside, as it may at any moment."""
        if path.exists():
            ReplacedFile(copy / "state.json", writable=True, warn=str).save(draft)
            path.unlink()
        return read(path, warn)

    draft = ReplacedFile(copy / "state.json", writable=False, warn=str).draft()
    draft.drop("deliveries", "d1")
    append_lines(copy / JUNE, line_of(read_lines(copy / "outbox.jsonl", str)[0]))
    monkeypatch.setattr(_logged, "read_lines", read_late)
    reader = TinyDBStore(copy, writable=False)
    assert keys(await reader.open_deliveries()) == ["d4"]
    assert await reader.deliveries(["d1"]) == (sent("d1"),)
    await store.close()


async def test_a_reader_finds_what_was_put_aside_after_it_opened(
    store: TinyDBStore, tmp_path: Path
) -> None:
    reader = TinyDBStore(tmp_path, writable=False)
    await store.record(BOARD_MODELS, NOTHING, [], [sent("d9")])
    await store.tidy(LATE)
    assert keys(await reader.deliveries(["d2", "d9", "d3"])) == ["d2", "d9"]
    await store.close()
