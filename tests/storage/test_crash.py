"""A crash between any two disk operations leaves the old state or the new one, never half of it."""

import asyncio
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState
from bot.model import BOARD_MODELS
from bot.subscription import Change, Channel, Subscription
from storage.protocol import Progress, Store
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import CHANGES, Changing, delivery, everything, fill, sent
from tests.made import AS_OF, day
from tests.storage.crasher import CALLS

Held = dict[str, object]
_OF_SETTINGS = ("subscriptions", "channels", "by server")
_OPEN = ("open", "open by channel", "held")
_OF_ROWS = (*_OPEN, "deliveries", "alerts", "posts", "late posts", "about", "kept by channel")


SAVED_FIRST = {
    "save_deliveries of two": [sent("d3", 2)],
    "put aside": [sent("d3", 2), delivery("d2", 1, DeliveryState.DEAD)],
}


async def _nothing(_: Store) -> None:
    return


async def _do(folder: Path, change: Changing) -> Held:
    """Make a call in a folder and return what it holds then."""
    store = TinyDBStore(folder, writable=True)
    await change(store)
    held = await everything(store)
    await store.close()
    return held


async def _start(folder: Path, call: str) -> None:
    """Make the folder that a call is to be made in."""
    store = TinyDBStore(folder, writable=True)
    await fill(store)
    store._unlock()
    if call == "recover":
        (folder / "state.json").write_bytes(b"garbage")


def _forgetful(held: Held, oldest: int) -> Held:
    """Return the same with the memories from a changed day on forgotten."""
    kept = held["models: progress"]
    assert isinstance(kept, Progress)
    return held | {"models: progress": replace(kept, memories=kept.memories[:oldest])}


def _without_open(held: Held, channel: int | None = None) -> Held:
    """Return the same without what the state holds of server 10, or of a channel."""
    gone: Held = {}
    for name in (*_OF_SETTINGS, *_OF_ROWS):
        found = held[name]
        assert isinstance(found, tuple | list | frozenset)
        gone[name] = type(found)(each for each in found if _stays(each, channel))
    opened = gone["open"]
    assert isinstance(opened, tuple)
    return held | gone | {"waiting": tuple(dict.fromkeys(row.channel_id for row in opened))}


def _stays(each: Delivery | Subscription | Channel | Change, channel: int | None) -> bool:
    if isinstance(each, Delivery) and each.state is DeliveryState.SENT:
        return True
    if channel is None:
        return each.guild_id != 10
    return isinstance(each, Change) or each.channel_id != channel


@pytest.fixture(scope="module", params=["killed", "torn", "power"])
def deaths(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let every call die at each of its disk operations, in a folder of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    for call in CALLS:
        asyncio.run(_start(folder / call / "start", call))
    subprocess.run(
        [sys.executable, "-m", "tests.storage.crasher", request.param, folder], check=True
    )
    return folder


def _numbered(folder: Path) -> list[Path]:
    """Return the folders that a call died in, and last the one that it returned in."""
    found = [path for path in folder.iterdir() if path.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.name))


async def _accepted(start: Path, call: str) -> tuple[list[Held], Held]:
    """Return what a death may leave, and what the call leaves that returned."""
    work = start.with_name("accepted")
    with capture_logs():
        old = await _do(Path(shutil.copytree(start, work)), _nothing)
        new = await _do(work, CHANGES.get(call, _nothing))
    between = []
    if call == "put_days":
        between.append(_forgetful(old, 1))
    if call == "put_days over two months":  # which is asked for again, and is then the new state
        again = Path(shutil.copytree(start, work.with_name("first month")))
        first = await _do(again, lambda s: s.put_days(BOARD_MODELS, [day(2, {"a": 1})]))
        between += [_forgetful(old, 2), first]
    if rows := SAVED_FIRST.get(call):  # each of them may be kept before the other is
        again = Path(shutil.copytree(start, work.with_name("saved")))
        between += [await _do(again, lambda s, row=row: s.save_deliveries([row])) for row in rows]
    if call == "tidy":  # likewise asked for again: what is missed may have ended, and no more
        again = Path(shutil.copytree(start, work.with_name("missed")))
        between.append(await _do(again, lambda s: s.tidy(AS_OF + timedelta(days=40))))
    if call == "purge":  # likewise asked for again
        between += [_without_open(old), new | {"absences": old["absences"]}]
    if call == "purge_channel":
        between.append(_without_open(old, 2))
    return [old, *between, new], new


@pytest.mark.parametrize("call", CALLS)
async def test_a_death_leaves_the_old_or_the_new_and_a_repeat_the_new(
    deaths: Path, call: str
) -> None:
    accepted, new = await _accepted(deaths / call / "start", call)
    folders = _numbered(deaths / call)
    assert len(folders) > 1
    for folder in folders:
        with capture_logs() as logs:
            held = await _do(folder, _nothing)
            assert await _do(folder, CHANGES.get(call, _nothing)) == new, folder
        assert held == new if folder is folders[-1] else held in accepted, folder
        assert call == "recover" or logs == [], folder
