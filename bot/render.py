"""The edge of charts: drawn in worker processes, never on the event loop."""

import asyncio
import hashlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import RenderFailed, WorkerFailed, WorkerTooLate
from bot.pictures import Format, Picture, ThemeName
from bot.worker import Worker

PROCESSES = 2
"""Workers; both start with the first picture, about 80 MB each."""

TIME_LIMIT = 30.0
"""Seconds for one picture, the start of the worker included."""

GRACE = 5.0
"""Seconds more until a worker that does not even begin is given up."""

WAITING = 64
"""Pictures drawn or waited for at once; who comes then goes without."""

KEPT = 64
"""Files kept for the next who asks for the same, about 60 kB each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What tells files apart: the sha256 of the data, and how they are drawn."""

    data: bytes
    chart: str
    theme: ThemeName
    language: str
    form: Format


class Renderer:
    """Draw charts in a small pool of workers that starts with the first of them."""

    def __init__(self, count: Callable[[str, float | None], None] | None = None) -> None:
        """Prepare the workers; no process is started yet.

        `count` is told which chart was drawn, and how many seconds that took from asking for it;
        None: it was not drawn.
        """
        self._count = count
        self._worker = Worker(most=1000, processes=PROCESSES)
        self._closed = False
        self._drawn: dict[_Asked, asyncio.Task[bytes]] = {}
        self._waiting = 0
        self._drew_last = float("-inf")

    async def draw(
        self,
        picture: Picture,
        theme: ThemeName = ThemeName.DARK,
        form: Format = Format.PNG,
    ) -> bytes:
        """Return the chart of a picture as a file.

        The same chart of the same data is drawn once. Raises RenderFailed when a worker fails,
        dies or takes too long, when too many pictures wait, or when this is closed; the next call
        finds a fresh worker.
        """
        if self._closed:
            raise RenderFailed(f"{picture.chart}: nothing is drawn any more")
        data = hashlib.sha256(pickle.dumps(picture)).digest()
        asked = _Asked(data, picture.chart, theme, picture.language, form)
        # Taken out and put back: the ones asked for longest ago are let go of.
        made = self._drawn.pop(asked, None) or self._begun(picture, theme, form)
        self._drawn[asked] = made
        while len(self._drawn) > KEPT:
            del self._drawn[next(iter(self._drawn))]
        try:
            return await asyncio.shield(made)
        finally:
            if made.done() and (made.cancelled() or made.exception() is not None):
                self._drawn.pop(asked, None)

    def _begun(self, picture: Picture, theme: ThemeName, form: Format) -> asyncio.Task[bytes]:
        if self._waiting >= WAITING:
            self._counted(picture, None)
            raise RenderFailed(f"{picture.chart}: {WAITING} pictures wait already")
        self._waiting += 1
        task = asyncio.create_task(self._timed(picture, theme, form))
        task.add_done_callback(self._ended)
        return task

    def _ended(self, _: asyncio.Task[bytes]) -> None:
        self._waiting -= 1

    def _counted(self, picture: Picture, seconds: float | None) -> None:
        if self._count is not None:
            self._count(picture.chart, seconds)

    async def _timed(self, picture: Picture, theme: ThemeName, form: Format) -> bytes:
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            content = await self._draw(picture, theme, form)
        except RenderFailed:
            self._counted(picture, None)
            raise
        self._counted(picture, clock() - began)
        return content

    async def _draw(self, picture: Picture, theme: ThemeName, form: Format) -> bytes:
        patience = TIME_LIMIT + GRACE
        try:
            content = await self._worker.do(
                draw_file, picture, theme, form, limit=TIME_LIMIT, patience=patience
            )
        except WorkerTooLate as error:
            self._give_up_on_a_stuck_worker()
            raise RenderFailed(f"{picture.chart}: not drawn in {TIME_LIMIT:g} s") from error
        except WorkerFailed as error:  # the text goes out all the same
            raise RenderFailed(f"{picture.chart}: {error}") from error
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
        """End the workers."""
        self._closed = True
        self._worker.close()


def draw_file(picture: Picture, theme: ThemeName, form: Format) -> bytes:
    """Draw a chart; runs in a worker, the only place that imports matplotlib."""
    from bot.charts import named  # noqa: PLC0415
    from bot.charts._files import ENCODERS  # noqa: PLC0415
    from bot.charts.theme import THEMES  # noqa: PLC0415

    return ENCODERS[form](named(picture.chart)(picture, THEMES[theme]))
