"""Disks that fail or stall at a chosen moment, and files of another time."""

import asyncio
import errno
import json
import os
import threading
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

from storage import _files

Call = Literal["fsync", "replace", "link"]


def in_format(version: int, content: bytes) -> bytes:
    """Return a file of tables as a version of this bot with another format writes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_files, "FORMAT", version)
        return _files._encode(json.loads(content)["tables"])


class Counter:
    """How often the disk was asked."""

    calls = 0


def fail_at(monkeypatch: pytest.MonkeyPatch, name: Call, number: int) -> Counter:
    """Make one call of os.<name>, counted from 1, fail as on a full disk."""
    real: Callable[..., Any] = getattr(os, name)
    counter = Counter()

    def counted(*args: Any, **kwargs: Any) -> Any:
        counter.calls += 1
        if counter.calls == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **kwargs)

    monkeypatch.setattr(os, name, counted)
    return counter


class Stall:
    """A disk that stops at its next fsync, to go on, or fail, when told."""

    def __init__(self, real: Callable[[int], None]) -> None:
        self._real = real
        self._reached = threading.Event()
        self._go = threading.Event()
        self._calls = 0
        self._failing: Container[int] = ()

    def fsync(self, descriptor: int) -> None:
        self._calls += 1
        number = self._calls
        self._reached.set()
        if not self._go.wait(20):
            raise TimeoutError("nobody let the disk go on")
        if number in self._failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._real(descriptor)

    async def reached(self) -> None:
        """Wait until somebody waits for the disk."""
        assert await asyncio.to_thread(self._reached.wait, 20)

    def end(self, *, failing: Container[int] = ()) -> None:
        """Let the disk go on; these calls fail, counted from the one that waits, which is 1."""
        self._failing = failing
        self._go.set()


@contextmanager
def stalled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stall]:
    """Stall every fsync until `end`, at the latest the end of the block."""
    with monkeypatch.context() as patch:
        stall = Stall(os.fsync)
        patch.setattr(os, "fsync", stall.fsync)
        try:
            yield stall
        finally:
            stall.end()
