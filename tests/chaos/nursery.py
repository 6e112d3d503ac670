"""Bots as children of a process that has imported everything: a start costs a fork."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.chaos.child import live
from tests.chaos.plan import Life


class Bot:
    """A bot that runs, until it ends."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()

    def send(self, how: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if not self._ended.is_set() and self._process.pid is not None:
            os.kill(self._process.pid, how)

    async def ended(self) -> int:
        """Wait for its end and return the exit code; a signal's is negative."""
        await self._ended.wait()
        return self._process.exitcode or 0


class Nursery:
    """Start bots."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.chaos.child"])

    def start(self, environment: Mapping[str, str], life: Life, log: Path, *options: str) -> Bot:
        """Start a bot; what it logs is added to a file."""
        process = self._context.Process(target=live, args=(environment, life, log, *options))
        process.start()
        return Bot(process)
