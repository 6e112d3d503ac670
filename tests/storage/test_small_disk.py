"""A disk that fills up in the middle of a write: half of it is there, and must not matter."""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.model import BOARD_MODELS
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import (
    OTHER_BOARD,
    delivery,
    entry,
    everything,
    fill,
    keys,
    progress,
    sent,
)
from tests.made import day

ROOMS = [0, 1, 300]


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def write_files(folder: Path, room: int) -> None:
    """Ask for what needs more than so many bytes a file, and see that nothing came of it."""
    store = TinyDBStore(folder, writable=True)
    await fill(store)
    before = await everything(store)
    long = "a" * (room + 300)
    with _no_file_larger_than(room):
        for change in (
            store.record(OTHER_BOARD, progress(1), [], [delivery(long)]),
            store.put_days(OTHER_BOARD, [day(9, {long: 1})]),
            store.put_catalogue([entry(long)]),
        ):
            with pytest.raises(StoreError, match="File too large"):
                await change
    assert await everything(store) == before
    store._unlock()
    assert await everything(TinyDBStore(folder, writable=True)) == before


async def write_lines(folder: Path, room: int) -> None:
    """Save a delivery that does not fit, then one that does: the second must be there."""
    store = TinyDBStore(folder, writable=True)
    await store.record(BOARD_MODELS, progress(1), [], [delivery(f"d{n}") for n in range(3)])
    await store.save_deliveries([sent("d0")])
    size = (folder / "outbox.jsonl").stat().st_size
    with _no_file_larger_than(size + room), pytest.raises(StoreError, match="File too large"):
        await store.save_deliveries([replace(sent("d1"), reason="x" * (room + 300))])
    assert await store.save_deliveries([sent("d2")])
    assert keys(await store.open_deliveries()) == ["d1"]
    store._unlock()
    assert keys(await TinyDBStore(folder, writable=True).open_deliveries()) == ["d1"]


async def put_aside(folder: Path, room: int) -> None:
    """Put a delivery aside that does not fit: it must stay, and go aside when there is room."""
    store = TinyDBStore(folder, writable=True)
    rows = [sent("d0"), delivery("d1"), delivery("d2")]
    await store.record(BOARD_MODELS, progress(1), [], rows)
    long = replace(sent("d1"), reason="x" * (room + 300))
    await store.save_deliveries([long])
    size = (folder / "deliveries" / "2026-06.jsonl").stat().st_size
    with _no_file_larger_than(size + room), pytest.raises(StoreError, match="File too large"):
        await store.put_synced_commands("x")
    assert await store.synced_commands() is None
    assert await store.deliveries(["d0", "d1"]) == (sent("d0"), long)
    await store.put_synced_commands("x")
    store._unlock()
    again = TinyDBStore(folder, writable=True)
    assert await again.deliveries(["d0", "d1"]) == (sent("d0"), long)
    assert keys(await again.open_deliveries()) == ["d2"]


def _run(work: str, folder: Path, room: int) -> str:
    """Do the work in a process of its own, whose limit is not ours, and return its complaints."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, work, folder, str(room)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_half_a_file_changes_nothing(tmp_path: Path, room: int) -> None:
    assert _run("files", tmp_path, room) == ""


@pytest.mark.parametrize("room", ROOMS)
def test_half_a_line_does_not_spoil_the_next(tmp_path: Path, room: int) -> None:
    assert _run("lines", tmp_path, room) == ""


@pytest.mark.parametrize("room", ROOMS)
def test_half_a_line_put_aside_changes_nothing(tmp_path: Path, room: int) -> None:
    assert _run("aside", tmp_path, room) == ""


if __name__ == "__main__":
    work = {"files": write_files, "lines": write_lines, "aside": put_aside}[sys.argv[1]]
    asyncio.run(work(Path(sys.argv[2]), int(sys.argv[3])))
