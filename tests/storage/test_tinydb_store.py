"""One process writes to a data folder, others may read beside it."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import StoreBusy, StoreDamaged, StoreError
from bot.model import BOARD_MODELS
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import NOTHING, delivery, everything, fill, keys, sent
from tests.made import START, day

HOLD = """
import sys
from pathlib import Path
from storage.tinydb_store import TinyDBStore
store = TinyDBStore(Path(sys.argv[1]), writable=True)
print("open", flush=True)
sys.stdin.read()
"""

TRY = """
import sys
from pathlib import Path
from bot.errors import StoreBusy
from storage.tinydb_store import TinyDBStore
try:
    TinyDBStore(Path(sys.argv[1]), writable=True)
except StoreBusy as error:
    print(error, end="")
"""


@contextmanager
def _holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold a folder open for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


async def test_a_folder_is_made_with_all_above_it(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path / "a" / "b", writable=True)
    await store.put_days(BOARD_MODELS, [day(0, {"a": 1})])
    await store.close()
    assert await TinyDBStore(tmp_path / "a" / "b", writable=False).days(BOARD_MODELS)


async def test_a_second_writer_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    with pytest.raises(StoreBusy, match="another rankshift is running on this data folder") as busy:
        TinyDBStore(tmp_path, writable=True)
    assert busy.value.retry
    assert str(tmp_path) in str(busy.value)
    await store.close()
    await TinyDBStore(tmp_path, writable=True).close()


def test_a_refused_writer_has_touched_nothing(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    (tmp_path / "state.json").write_bytes(b"garbage")
    with pytest.raises(StoreBusy):
        TinyDBStore(tmp_path, writable=True)
    assert (tmp_path / "state.json").read_bytes() == b"garbage"
    store._unlock()


async def test_a_writer_of_another_process_is_refused(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    tried = subprocess.run(  # noqa: ASYNC221 - nothing else is going on
        [sys.executable, "-c", TRY, tmp_path], capture_output=True, text=True, check=True
    )
    assert tried.stdout == f"{tmp_path}: another rankshift is running on this data folder"
    await store.close()


def test_the_folder_is_free_when_its_writer_was_killed(tmp_path: Path) -> None:
    with _holder(tmp_path) as process:
        with pytest.raises(StoreBusy):
            TinyDBStore(tmp_path, writable=True)
        process.kill()
        process.wait()
        TinyDBStore(tmp_path, writable=True)._unlock()


async def test_a_store_that_is_forgotten_lets_go_of_its_folder(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await fill(store)
    held = await everything(store)
    del store
    gc.collect()
    store = TinyDBStore(tmp_path, writable=True)
    assert await everything(store) == held
    await store.close()


async def test_readers_open_beside_a_writer_and_see_what_it_kept(tmp_path: Path) -> None:
    writer = TinyDBStore(tmp_path, writable=True)
    await fill(writer)
    readers = [TinyDBStore(tmp_path, writable=False) for _ in range(2)]
    for reader in readers:
        assert await everything(reader) == await everything(writer)
        await reader.close()
    with pytest.raises(StoreBusy):
        TinyDBStore(tmp_path, writable=True)
    await writer.close()


async def test_a_reader_leaves_no_trace(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await fill(store)
    await store.close()
    before = _listing(tmp_path)
    reader = TinyDBStore(tmp_path, writable=False)
    await everything(reader)
    await reader.close()
    assert _listing(tmp_path) == before
    assert await TinyDBStore(tmp_path / "none", writable=False).progress("x") == NOTHING
    assert _listing(tmp_path) == before


def _listing(folder: Path) -> dict[Path, tuple[int, int]]:
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_size)
        for path in folder.rglob("*")
        if path.name != "lock"
    }


@pytest.mark.parametrize("name", [".", "history", "deliveries", "lock"])
def test_a_folder_that_cannot_be_used_is_an_error(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    if name == "lock":
        (folder / name).mkdir(parents=True)
    elif name != ".":
        folder.mkdir()
    if name != "lock":
        (folder / name).write_bytes(b"in the way")
    with pytest.raises(StoreError, match="cannot be used as data folder") as raised:
        TinyDBStore(folder, writable=True)
    assert not isinstance(raised.value, StoreBusy | StoreDamaged)


async def test_deliveries_saved_before_a_kill_join_the_state_when_opened(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("d1"), delivery("d2")])
    await store.save_deliveries([sent("d1")])
    store._unlock()
    store = TinyDBStore(tmp_path, writable=True)
    assert not (tmp_path / "outbox.jsonl").exists()
    await store.close()
    (tmp_path / "outbox.jsonl.1").unlink()
    assert keys(await TinyDBStore(tmp_path, writable=False).open_deliveries()) == ["d2"]


async def test_a_poll_that_found_nothing_writes_nothing(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await fill(store)
    before = _listing(tmp_path)
    reached = await store.progress(BOARD_MODELS)
    await store.put_days(BOARD_MODELS, list((await store.days(BOARD_MODELS, START)).values()))
    await store.record(BOARD_MODELS, reached, [], [])
    await store.put_days(BOARD_MODELS, [])
    assert _listing(tmp_path) == before
    await store.close()
