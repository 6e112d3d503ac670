"""Die at each disk operation of a call in turn: `python -m tests.storage.crasher HOW FOLDER`.

For each call, FOLDER/<call>/start is copied to FOLDER/<call>/1, FOLDER/<call>/2 … and the call is
made in each by a process that dies at its 1st, 2nd … disk operation; in the last one it returned
before the death. HOW says what a death takes along:

killed    nothing that was written
torn      half of what no fsync has covered
power     that, and every name that no fsync of its folder has covered
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from bot.delivery import DeliveryState
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import CHANGES, delivery, everything

COUNTED = ("fsync", "replace", "rename", "link", "unlink", "mkdir", "truncate")
FOLDERS = ("history", "milestones", "deliveries")
OPENING = ("open", "recover")
RECORDS = ("record", "record what makes others old", "put aside")
SAVES = ("claim", "save_deliveries", "save_deliveries of two")
DAYS = ("put_days", "put_days over two months")
SETTINGS = ("amend", "unsubscribe", "unsubscribe from one", "put_channel", "forget")
OTHERS = (*DAYS, *SETTINGS, "pause", "resume", "gather", "tidy", "purge", "purge_channel")
WITH_A_LINE = (*RECORDS, *SAVES, *OTHERS)
CALLS = (*OPENING, *WITH_A_LINE, "put_catalogue", "put_synced_commands", "note_absences")


class Disk:
    """Counts what is asked of it, knows what is safe on it, and dies with its process."""

    def __init__(self, folder: Path, last: int, how: str) -> None:
        self._folder = folder
        self._shadow = folder.with_name(f"{folder.name}.shadow")
        self._left = last
        self._how = how
        self._fsync = os.fsync
        self._link = os.link
        self._sizes = {inode: size for _, inode, size in _files(folder)}
        self._names: dict[Path, dict[str, int]] = {}
        self._shadow.mkdir()
        for each in (folder, *(folder / name for name in FOLDERS)):
            self._remember(each)

    def take_over(self) -> None:
        """Stand between the process and its disk from now on."""
        for name in COUNTED:
            setattr(os, name, self._counted(getattr(os, name)))

    def die(self, code: int) -> NoReturn:
        """End the process; what was not safe goes with it."""
        self._left = 0
        if self._how == "power":
            for folder, names in self._names.items():
                self._bring_back(folder, names)
        if self._how != "killed":
            for path, inode, size in _files(self._folder):
                safe = self._sizes.get(inode, 0)
                with path.open("r+b") as file:
                    file.truncate(min(size, safe + (size - safe) // 2))
        os._exit(code)

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == 0:
                self.die(9)
            result = real(*args, **kwargs)
            if real is self._fsync:
                self._synced(args[0])
            return result

        return call

    def _synced(self, descriptor: int) -> None:
        path = Path(os.path.realpath(f"/proc/self/fd/{descriptor}"))
        if path.is_dir():
            self._remember(path)
        else:
            status = os.fstat(descriptor)
            self._sizes[status.st_ino] = status.st_size

    def _remember(self, folder: Path) -> None:
        self._names[folder] = {path.name: inode for path, inode, _ in _files(folder, "*")}
        for name, inode in self._names[folder].items():
            if not (self._shadow / str(inode)).exists():
                self._link(folder / name, self._shadow / str(inode))

    def _bring_back(self, folder: Path, names: dict[str, int]) -> None:
        for path, _, _ in _files(folder, "*"):
            path.unlink()
        for name, inode in names.items():
            self._link(self._shadow / str(inode), folder / name)


def _files(folder: Path, pattern: str = "**/*") -> list[tuple[Path, int, int]]:
    found = ((path, path.stat()) for path in folder.glob(pattern) if path.is_file())
    return [(path, status.st_ino, status.st_size) for path, status in found]


async def _die_in(folder: Path, call: str, how: str, last: int) -> NoReturn:
    if call in OPENING:
        disk = Disk(folder, last, how)
        disk.take_over()
        TinyDBStore(folder, writable=True)
    else:
        store = TinyDBStore(folder, writable=True)
        if call in WITH_A_LINE:
            await store.save_deliveries([delivery("d3", 2, DeliveryState.SENDING)])
        disk = Disk(folder, last, how)
        disk.take_over()
        await CHANGES[call](store)
    disk.die(0)


def _die_at_each(call: str, how: str, folder: Path) -> None:
    # What this builds, no child need build again.
    asyncio.run(everything(TinyDBStore(folder / "start", writable=False)))
    for last in range(1, 100):
        copy = shutil.copytree(folder / "start", folder / str(last))
        if (child := os.fork()) == 0:
            asyncio.run(_die_in(Path(copy), call, how, last))
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return
    raise AssertionError("it never ends")


if __name__ == "__main__":
    for each in CALLS:
        _die_at_each(each, sys.argv[1], Path(sys.argv[2]) / each)
