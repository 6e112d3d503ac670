"""What takes long is done in a worker process, never on the event loop."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.errors import WorkerFailed, WorkerTooLate

T = TypeVar("T")

NICENESS = 5
"""How far the workers stand back for the main process."""

_DIED = (ProcessExpired, BrokenProcessPool)


class Worker:
    """Do things in one process or a few, which start with the first of them."""

    def __init__(self, most: int, processes: int = 1) -> None:
        """Prepare processes, each of which is followed by another one after so many things."""
        self._most = most
        self._processes = processes
        self._pool = _pool(most, processes)
        self._closed = False

    async def do(
        self, function: Callable[..., T], /, *given: object, limit: float, patience: float
    ) -> T:
        """Return what a function of some module makes of values; all of them must be picklable.

        It is done within `limit` seconds, the start of the process included, and waited for
        `patience` seconds. Raises WorkerTooLate, and WorkerFailed when the function raises, the
        process dies twice, or this is closed.
        """
        try:
            return await self._once(self._begun(function, given, limit), patience)
        except _DIED:
            pass  # a process that was killed says nothing of the work: another one may do it
        try:
            return await self._once(self._begun(function, given, limit), patience)
        except _DIED as error:
            raise WorkerFailed(f"the worker died: {error}") from error

    async def _once(self, begun: ProcessFuture[T], patience: float) -> T:
        work = asyncio.wrap_future(begun)
        try:
            async with asyncio.timeout(patience):
                return await work
        except _DIED:
            raise
        except asyncio.CancelledError as error:
            if not work.cancelled() or _cancelled_itself():
                raise
            raise WorkerFailed("its worker was given up") from error
        except (TooLate, TimeoutError) as error:
            raise WorkerTooLate("the worker took too long") from error
        except Exception as error:  # whatever the function raised
            raise WorkerFailed(f"{type(error).__name__}: {error}") from error

    def _begun(
        self, function: Callable[..., T], given: tuple[object, ...], limit: float
    ) -> ProcessFuture[T]:
        if self._closed:
            raise WorkerFailed("the worker is closed")
        if not self._pool.active:  # a process that was killed at a bad moment can break its pool
            self.renew()
        return self._pool.schedule(function, args=given, timeout=limit)

    def renew(self) -> None:
        """End the processes; others start with the next thing to do."""
        if self._closed:
            return
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's annotation is missing
        asyncio.get_running_loop().run_in_executor(None, self._pool.join)
        self._pool = _pool(self._most, self._processes)

    def close(self) -> None:
        """End the processes for good."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join(timeout=5)


def _cancelled_itself() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def give_way() -> None:
    """Let the main process go first: what answers people must not wait for what draws."""
    os.nice(NICENESS)


def _pool(most: int, processes: int) -> ProcessPool:
    # Spawned, not forked: the process has none of our sockets, and imports only what it needs.
    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=processes, max_tasks=most, context=context, initializer=give_way)
