"""What is old goes, and what a server leaves behind goes with it: from the disk too."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import DeliveryState
from bot.errors import StoreError
from bot.model import BOARD_MODELS
from bot.subscription import DIRECT, NOBODY, Channel
from storage.protocol import KEPT_SLIM
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import (
    DIGEST,
    changed,
    delivery,
    everything,
    fill,
    keys,
    progress,
    sent,
    subscription,
)
from tests.made import AS_OF
from tests.storage.faults import fail_at
from tests.storage.opened import JUNE, LATE, aside, reopened, two_aside


@pytest.fixture
async def store(tmp_path: Path) -> TinyDBStore:
    """Return a store that has put two deliveries aside, and owes two."""
    return await two_aside(tmp_path)


async def test_a_month_in_which_nothing_changes_is_not_written_again(
    store: TinyDBStore, tmp_path: Path
) -> None:
    def stamp() -> tuple[int, int]:
        status = (tmp_path / JUNE).stat()
        return status.st_ino, status.st_mtime_ns

    first = stamp()
    for days in (30, 71, 90):
        await store.tidy(AS_OF + timedelta(days=days))
    assert stamp() == first
    await store.tidy(LATE)
    slim = stamp()
    assert slim != first
    for days in (1, 100, 363):
        await store.tidy(LATE + timedelta(days=days))
    assert stamp() == slim
    await store.close()


async def test_a_month_of_which_nothing_is_left_is_removed(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.tidy(LATE)
    assert aside(tmp_path / JUNE) == ["d2"]
    await store.tidy(LATE + KEPT_SLIM)
    assert list((tmp_path / "deliveries").iterdir()) == []
    await store.record(BOARD_MODELS, progress(2), [], [sent("d9")])
    assert aside(tmp_path / JUNE) == ["d9"]
    await store.close()


async def test_what_was_settled_since_the_last_save_is_tidied_too(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.save_deliveries([delivery("d1", 1, DeliveryState.DEAD), sent("d4", 2)])
    await store.tidy(LATE)
    assert aside(tmp_path / JUNE) == ["d2", "d4"]
    again = reopened(store, tmp_path)
    assert keys(await again.deliveries(["d1", "d2", "d3", "d4"])) == ["d2", "d4"]
    await again.close()


@pytest.mark.parametrize("failing", ["fsync", "replace"])
async def test_a_tidying_that_fails_changes_nothing_and_can_be_repeated(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before = await everything(store)
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync" if failing == "fsync" else "replace", 1)
        with pytest.raises(StoreError, match=r"2026-06\.jsonl: cannot be written"):
            await store.tidy(LATE)
    assert await everything(store) == before
    await store.tidy(LATE)
    assert aside(tmp_path / JUNE) == ["d2"]
    await store.close()


SERVER = 987654321987654321


def _naming(folder: Path) -> list[str]:
    """Return the files in which a server or one of its channels is named."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in found if b"98765432198765432" in path.read_bytes())


async def test_a_purged_server_is_named_nowhere_on_the_disk(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await fill(store)
    made = [
        replace(
            delivery(f"{SERVER + n}:x", SERVER + n),
            guild_id=SERVER,
            created_at=AS_OF + timedelta(days=n * 20),
        )
        for n in range(6)
    ]
    await store.subscribe(subscription(SERVER + 1, SERVER), changed(1, SERVER))
    await store.put_channel(Channel(SERVER + 2, SERVER, digest=DIGEST))
    await store.record(BOARD_MODELS, progress(4), [], made)
    for row in made[:4]:
        await store.save_deliveries([replace(row, state=DeliveryState.SENT)])
        await store.note_absences({SERVER: AS_OF}, ())
    await store.save_deliveries([replace(row, attempts=1) for row in made[2:]])
    (tmp_path / "deliveries" / "2026-01.jsonl.new").write_bytes(b"%d" % SERVER)
    (tmp_path / "state.json.damaged-1").write_bytes(b"%d" % SERVER)
    assert len(_naming(tmp_path)) == 9
    kept = await store.deliveries(["d1", "d2", "d3"])
    await store.purge(SERVER)
    assert _naming(tmp_path) == []
    for each in (store, reopened(store, tmp_path)):
        assert await each.deliveries(["d1", "d2", "d3"]) == kept
        assert _naming(tmp_path) == []


async def test_a_purged_channel_is_named_nowhere_on_the_disk(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await fill(store)
    made = [
        replace(
            delivery(f"{SERVER}:{n}", SERVER),
            guild_id=DIRECT,
            created_at=AS_OF + timedelta(days=n * 20),
        )
        for n in range(6)
    ]
    await store.subscribe(subscription(SERVER, DIRECT))
    await store.record(BOARD_MODELS, progress(4), [], made)
    for row in made[:4]:
        await store.save_deliveries([replace(row, state=DeliveryState.SENT)])
        await store.note_absences({}, ())
    await store.save_deliveries([replace(row, attempts=1) for row in made[2:]])
    (tmp_path / "deliveries" / "2026-01.jsonl.new").write_bytes(b"%d" % SERVER)
    (tmp_path / "state.json.damaged-1").write_bytes(b"%d" % SERVER)
    assert len(_naming(tmp_path)) == 9
    kept = await store.deliveries(["d1", "d2", "d3"])
    await store.purge_channel(SERVER)
    assert _naming(tmp_path) == []
    for each in (store, reopened(store, tmp_path)):
        assert await each.deliveries(["d1", "d2", "d3"]) == kept
        assert _naming(tmp_path) == []


async def test_a_forgotten_person_is_named_nowhere_on_the_disk(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await fill(store)
    await store.subscribe(replace(subscription(7), created_by=SERVER), changed(1, who=SERVER))
    (tmp_path / "state.json.damaged-1").write_bytes(b"%d" % SERVER)
    await store.put_synced_commands("x")
    assert len(_naming(tmp_path)) == 3
    await store.forget(SERVER)
    assert _naming(tmp_path) == []
    for each in (store, reopened(store, tmp_path)):
        assert (await each.subscriptions())[-1] == replace(subscription(7), created_by=NOBODY)
        assert (await each.changes(10))[0] == changed(1, who=NOBODY)


async def test_a_torn_line_of_a_purged_server_goes_too(store: TinyDBStore, tmp_path: Path) -> None:
    torn = (tmp_path / JUNE).read_bytes().replace(b":10,", b":%d," % SERVER)[:-20]
    (tmp_path / JUNE).write_bytes((tmp_path / JUNE).read_bytes() + torn)
    with capture_logs():
        await store.purge(SERVER)
    assert _naming(tmp_path) == []
    assert aside(tmp_path / JUNE) == ["d2", "d3"]
    await store.close()


async def test_what_was_purged_does_not_come_back_with_the_copy(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.purge(10)
    held = await everything(store)
    await store.close()
    (tmp_path / "state.json").write_bytes(b"garbage")
    with capture_logs():
        again = TinyDBStore(tmp_path, writable=True)
    assert await everything(again) == held
    await again.close()
