"""The edge of charts: drawn in a worker process, never on the event loop."""

import asyncio
import hashlib
import pickle
from typing import Any

from bot.errors import RenderFailed, WorkerFailed, WorkerTooLate
from bot.worker import Worker

TIME_LIMIT = 30.0
"""Seconds for one picture, the start of the worker included."""

GRACE = 5.0
"""Seconds more until a worker that does not even begin is given up."""

KEPT = 64
"""Pictures kept for the next who asks for the same, about 60 kB each."""


class Renderer:
    """Draw charts in one worker that starts with the first of them."""

    def __init__(self) -> None:
        """Prepare the worker; no process is started yet."""
        self._worker = Worker(most=1000)
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
        patience = TIME_LIMIT + GRACE
        try:
            content = await self._worker.do(
                draw_png, chart, data, limit=TIME_LIMIT, patience=patience
            )
        except WorkerTooLate as error:
            self._give_up_on_a_stuck_worker()
            raise RenderFailed(f"{chart}: not drawn in {TIME_LIMIT:g} s") from error
        except WorkerFailed as error:  # the text goes out all the same
            raise RenderFailed(f"{chart}: {error}") from error
        self._drew_last = asyncio.get_running_loop().time()
        return content

    def _give_up_on_a_stuck_worker(self) -> None:
        """Start anew where nothing at all was drawn lately.

        The pool's own limit begins when a worker takes a picture; one that hangs takes none.
        """
        now = asyncio.get_running_loop().time()
        if now - self._drew_last >= TIME_LIMIT:
            self._drew_last = now
            self._worker.renew()

    def close(self) -> None:
        """End the worker."""
        self._closed = True
        self._worker.close()


def draw_png(chart: str, data: Any) -> bytes:
    """Draw a chart; runs in the worker, the only place that imports matplotlib."""
    from bot.charts import discover  # noqa: PLC0415
    from bot.charts.theme import DARK, to_png  # noqa: PLC0415

    return to_png(discover()[chart](data, DARK))
