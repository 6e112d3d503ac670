"""The edge of charts: drawn in a worker process, never on the event loop."""

import asyncio
import hashlib
import multiprocessing
import pickle
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.errors import RenderFailed

TIME_LIMIT = 30.0
"""Seconds for one picture, the start of the worker included."""

GRACE = 5.0
"""Seconds more until a worker that does not even begin is given up."""

_DIED = (ProcessExpired, BrokenProcessPool)

KEPT = 64
"""Pictures kept for the next who asks for the same, about 60 kB each."""


class Renderer:
    """Draw charts in one worker that starts with the first of them."""

    def __init__(self) -> None:
        """Prepare the pool; no process is started yet."""
        self._pool = _pool()
        self._closed = False
        self._drawn: dict[bytes, asyncio.Task[bytes]] = {}
        self._drew_last = float("-inf")

    async def png(self, chart: str, data: object) -> bytes:
        """Return the chart of that name, drawn from its data in the dark theme, as PNG.

        The same chart of the same data is drawn once. Raises RenderFailed when the worker fails,
        dies or takes too long, or when this is closed; the next call finds a fresh worker.
        """
        if self._closed:
            raise RenderFailed(f"{chart}: nothing is drawn any more")
        key = hashlib.sha256(pickle.dumps((chart, data))).digest()
        # Taken out and put back: the ones asked for longest ago are let go of.
        made = self._drawn.pop(key, None) or asyncio.create_task(self._draw(chart, data))
        self._drawn[key] = made
        while len(self._drawn) > KEPT:
            del self._drawn[next(iter(self._drawn))]
        try:
            return await asyncio.shield(made)
        finally:
            if made.done() and (made.cancelled() or made.exception() is not None):
                self._drawn.pop(key, None)

    async def _draw(self, chart: str, data: object) -> bytes:
        try:
            return await self._once(chart, data)
        except _DIED:
            pass  # a worker that was killed says nothing of the picture: another one may draw it
        try:
            return await self._once(chart, data)
        except _DIED as error:
            raise RenderFailed(f"{chart}: the worker died: {error}") from error

    async def _once(self, chart: str, data: object) -> bytes:
        drawing = asyncio.wrap_future(self._schedule(chart, data))
        try:
            async with asyncio.timeout(TIME_LIMIT + GRACE):
                content: bytes = await drawing
        except _DIED:
            raise
        except asyncio.CancelledError as error:
            if not drawing.cancelled() or _cancelled_itself():
                raise
            raise RenderFailed(f"{chart}: its worker was given up") from error
        except (TooLate, TimeoutError) as error:
            self._give_up_on_a_stuck_worker()
            raise RenderFailed(f"{chart}: not drawn in {TIME_LIMIT:g} s") from error
        except Exception as error:  # whatever the worker raised: the text goes out all the same
            raise RenderFailed(f"{chart}: {type(error).__name__}: {error}") from error
        self._drew_last = asyncio.get_running_loop().time()
        return content

    def _give_up_on_a_stuck_worker(self) -> None:
        """Start anew where nothing at all was drawn lately.

        The pool's own limit begins when a worker takes a picture; one that hangs takes none.
        """
        now = asyncio.get_running_loop().time()
        if not self._closed and now - self._drew_last >= TIME_LIMIT:
            self._drew_last = now
            self._renew()

    def _renew(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's annotation is missing
        asyncio.get_running_loop().run_in_executor(None, self._pool.join)
        self._pool = _pool()

    def close(self) -> None:
        """End the worker."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join(timeout=5)

    def _schedule(self, chart: str, data: object) -> ProcessFuture[bytes]:
        if not self._pool.active:  # a worker that was killed at a bad moment can break its pool
            self._renew()
        return self._pool.schedule(draw_png, args=[chart, data], timeout=TIME_LIMIT)


def _cancelled_itself() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def draw_png(chart: str, data: Any) -> bytes:
    """Draw a chart; runs in the worker, the only place that imports matplotlib."""
    from bot.charts import discover  # noqa: PLC0415
    from bot.charts.theme import DARK, to_png  # noqa: PLC0415

    return to_png(discover()[chart](data, DARK))


def _pool() -> ProcessPool:
    # Spawned, not forked: the worker has none of our sockets, and only what drawing needs.
    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=1, max_tasks=1000, context=context)
