"""Stores as tests of what is on the disk begin with them, and as a crash leaves them."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.delivery import Delivery, DeliveryState
from bot.model import BOARD_MODELS
from storage._codec import from_line
from storage._lines import read_lines
from storage.protocol import KEPT_WHOLE
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import delivery, everything, fill, progress, sent
from tests.made import AS_OF

JUNE = "deliveries/2026-06.jsonl"
LATE = AS_OF + KEPT_WHOLE + timedelta(days=1)


async def filled(folder: Path) -> TinyDBStore:
    """Open a store that holds some of everything."""
    opened = TinyDBStore(folder, writable=True)
    await fill(opened)
    return opened


async def two_aside(folder: Path) -> TinyDBStore:
    """Open a store that has put two deliveries aside, and owes two."""
    opened = TinyDBStore(folder, writable=True)
    rows = [delivery("d1"), sent("d2"), delivery("d3", 2, DeliveryState.DEAD), delivery("d4", 2)]
    await opened.record(BOARD_MODELS, progress(1), [], rows)
    return opened


def aside(path: Path) -> list[str]:
    """Return the keys in a file of lines."""
    return [from_line(Delivery, body).key for body in read_lines(path, str)]


def reopened(store: TinyDBStore, folder: Path) -> TinyDBStore:
    """Open the folder of a store that was killed."""
    store._unlock()
    return TinyDBStore(folder, writable=True)


async def after_a_kill(store: TinyDBStore, folder: Path) -> dict[str, object]:
    """Return what the one who opens a folder next finds."""
    again = reopened(store, folder)
    held = await everything(again)
    await again.close()
    return held


async def turns() -> None:
    """Let what is under way go on for a while."""
    for _ in range(5):
        await asyncio.sleep(0)
