"""How often the keyed endpoints may be asked, kept across restarts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import BudgetSpent


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests in any stretch of so much time."""

    requests: int
    span: timedelta


MINUTE = Allowance(30, timedelta(minutes=1))
DAY = Allowance(500, timedelta(hours=24))
"""OpenRouter allows as many a day; any 24 hours hold no more, however it counts its days."""


class Ledger(Protocol):
    """Remember, across restarts, when requests were made."""

    async def requests(self) -> tuple[datetime, ...]:
        """Return the moments kept, oldest first."""

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """Keep these in place of the ones before."""


def counted(past: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the moments that still count at `now`, oldest first; later ones count as now's.

    (Those are of a clock that was set back: they must neither be lost nor hold us up for long.)
    """
    return tuple(min(moment, now) for moment in past if moment > now - DAY.span)


def next_wait(past: Sequence[datetime], now: datetime) -> timedelta:
    """Return how long to wait at `now` before one more request; `past` is oldest first.

    Raises BudgetSpent when the day has none left.
    """
    frees = _frees(DAY, past, now)
    if frees > now:
        raise BudgetSpent(DAY.requests, frees)
    return _frees(MINUTE, past, now) - now


def _frees(allowance: Allowance, past: Sequence[datetime], now: datetime) -> datetime:
    inside = [moment for moment in past if moment > now - allowance.span]
    if len(inside) < allowance.requests:
        return now
    return inside[-allowance.requests] + allowance.span


class Budget:
    """Give out the requests that the allowances leave, one at a time."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        """Take where requests are kept, what tells the time (UTC), and what waits seconds."""
        self._ledger = ledger
        self._clock = clock
        self._sleep = sleep
        self._turn = asyncio.Lock()

    async def take(self) -> None:
        """Return when one request may be made; by then it is kept as made.

        Waits out the minute's allowance. Raises BudgetSpent at once when the day's is used up, and
        StoreError; the request must then not be made.
        """
        async with self._turn:
            past = counted(await self._ledger.requests(), self._clock())
            while (wait := next_wait(past, now := self._clock())) > timedelta():
                await self._sleep(wait.total_seconds())
                past = counted(past, self._clock())
            await self._ledger.put_requests((*counted(past, now), now))
