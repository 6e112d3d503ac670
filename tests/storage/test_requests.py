"""The file of requests: whole under cancelled calls, full disks and damage."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StoreDamaged, StoreError
from storage import _files
from storage.tinydb_store import TinyDBStore
from tests.made import AS_OF
from tests.storage.faults import fail_at, stalled

OLD, NEW = (AS_OF,), (AS_OF, AS_OF + timedelta(seconds=1))


@pytest.fixture
async def store(tmp_path: Path) -> TinyDBStore:
    """Return a store that knows of a request."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_requests(OLD)
    return opened


async def reopened(store: TinyDBStore, folder: Path) -> tuple[object, ...]:
    """Return the requests that the one who opens a folder next finds, after a crash."""
    store._unlock()
    again = TinyDBStore(folder, writable=True)
    found = await again.requests()
    await again.close()
    return found


async def test_a_call_cancelled_at_the_disk_is_whole_and_keeps_the_closing_waiting(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(monkeypatch) as stall:
        call = asyncio.create_task(store.put_requests(NEW))
        await stall.reached()
        call.cancel()
        closing = asyncio.create_task(store.close())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not call.done()
        assert not closing.done()
        stall.end()
        await asyncio.wait([call, closing])
    assert call.cancelled()
    assert await store.requests() == NEW
    assert await reopened(store, tmp_path) == NEW


async def test_requests_that_cannot_be_written_leave_those_before(
    store: TinyDBStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync", 1)
        with pytest.raises(StoreError, match="cannot be written"):
            await store.put_requests(NEW)
    assert await store.requests() == OLD
    await store.put_requests(NEW)
    assert await reopened(store, tmp_path) == NEW


async def test_a_damaged_file_is_set_aside_and_the_copy_before_it_used(
    store: TinyDBStore, tmp_path: Path
) -> None:
    await store.put_requests(NEW)
    (tmp_path / "requests.json").write_bytes(b"{}")
    assert await reopened(store, tmp_path) == OLD
    assert (tmp_path / "requests.json.damaged-1").read_bytes() == b"{}"


async def test_what_is_no_moment_is_damage_and_found_when_the_store_is_opened(
    store: TinyDBStore, tmp_path: Path
) -> None:
    file = tmp_path / "requests.json"
    tables = json.loads(file.read_bytes())["tables"]
    tables["requests"]["kept"]["moments"] = ["soon"]
    file.write_bytes(_files._encode(tables))
    with pytest.raises(StoreDamaged, match=r"a stored Asked: moments\.0: "):
        await reopened(store, tmp_path)
    store._unlock()
    with pytest.raises(StoreDamaged):
        TinyDBStore(tmp_path, writable=False)
