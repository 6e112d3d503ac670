"""Backtests of boards: computed in a worker process, and kept while what they rest on stays."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.answers.backtest import Backtest
from bot.backtest import whole_backtest
from bot.boards import Board
from bot.errors import BacktestFailed, WorkerFailed, WorkerTooLate
from bot.model import Day
from bot.openness import Directory
from bot.queries.reference import Reference
from bot.worker import Worker
from storage.protocol import Store

TIME_LIMIT = 60.0
"""Seconds for one board; two years of days take a few."""

GRACE = 5.0
"""Seconds more until a worker that does not even begin is given up."""

IDLE = 300.0
"""Seconds without work after which the worker ends: it is seldom needed."""

KEPT = 26
"""Backtests that are kept: of every board there may be."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A backtest that is made or being made, and what it rests on."""

    days: Mapping[date, Day]
    directory: Directory
    task: asyncio.Task[Backtest]

    @property
    def failed(self) -> bool:
        task = self.task
        return task.done() and (task.cancelled() or task.exception() is not None)


class Backtests:
    """Hand out each board's backtest."""

    def __init__(self, store: Store, reference: Reference) -> None:
        """Take the store and what is known of models; no process is started yet."""
        self._store = store
        self._reference = reference
        self._worker = Worker(most=100)
        self._made: dict[str, _Made] = {}
        self._working = asyncio.Lock()
        self._resting: asyncio.TimerHandle | None = None

    async def of(self, board: str) -> Backtest:
        """Return the backtest of all stored days of a board.

        Raises UnknownName, StoreError, and BacktestFailed when the worker fails or takes too long.
        """
        kind = self._reference.board(board)
        days, known = await self._store.days(board), await self._reference.directory()
        # Taken out and put back: the ones asked for longest ago are let go of.
        made = self._made.pop(board, None)
        if made is None or made.failed or made.directory is not known or made.days != days:
            task = asyncio.create_task(self._computed(kind, days, known))
            made = _Made(days, known, task)
        self._made[board] = made
        while len(self._made) > KEPT:
            del self._made[next(iter(self._made))]
        return await asyncio.shield(made.task)

    async def _computed(
        self, board: Board, days: Mapping[date, Day], directory: Directory
    ) -> Backtest:
        # One at a time: nobody's time limit runs while others are served.
        async with self._working:
            self._stay()
            try:
                return await self._worker.do(
                    whole_backtest,
                    *(board, days, directory),
                    limit=TIME_LIMIT,
                    patience=TIME_LIMIT + GRACE,
                )
            except WorkerTooLate as error:
                self._worker.renew()  # it may hang so that the pool does not notice
                raise BacktestFailed(f"{board.name}: not done in {TIME_LIMIT:g} s") from error
            except WorkerFailed as error:
                raise BacktestFailed(f"{board.name}: {error}") from error
            finally:
                self._resting = asyncio.get_running_loop().call_later(IDLE, self._worker.renew)

    def _stay(self) -> None:
        if self._resting is not None:
            self._resting.cancel()

    def close(self) -> None:
        """End the worker."""
        self._stay()
        self._worker.close()
