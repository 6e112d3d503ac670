"""When the next message may leave: below Discord's rate, and not while it refuses too much."""

from collections import deque
from datetime import datetime, timedelta

import structlog
from aiolimiter import AsyncLimiter

from bot.settings import SENDS_PER_SECOND

MOST_INVALID = 1_000
"""Discord bans an address after 10,000 invalid requests (401, 403, 429) in ten minutes."""

_SPAN = timedelta(minutes=10)
_AT_ONCE = 3
"""Turns made up for at once after the event loop was late: 45 + 3 a second are still below 50."""


class Pace:
    """Give turns, so many a second, and stop giving them while too many requests are refused."""

    def __init__(self, per_second: int = SENDS_PER_SECOND) -> None:
        """Take how many turns there are in a second."""
        at_once = min(_AT_ONCE, per_second)
        self._limiter = AsyncLimiter(at_once, at_once / per_second)
        self._invalid: deque[datetime] = deque()
        self._stopped = False
        self._held_until: datetime | None = None
        self._log = structlog.get_logger()

    async def turn(self) -> None:
        """Return when the next request may leave."""
        await self._limiter.acquire()

    def refused(self, now: datetime) -> None:
        """Count a request that Discord calls invalid."""
        self._invalid.append(now)

    def hold(self, until: datetime) -> None:
        """Give no turns until then: Discord limits all that we ask of it."""
        self._held_until = until

    def resumes_at(self, now: datetime) -> datetime | None:
        """Return when sending may go on, None if it may.

        It stops at a thousand invalid requests in ten minutes, until half of them are older.
        """
        held = self._held_until
        limited = held if held is not None and now < held <= now + _SPAN else None
        calm = self._calm_at(now)
        return max(limited, calm) if limited and calm else limited or calm

    def _calm_at(self, now: datetime) -> datetime | None:
        while self._invalid and now - self._invalid[0] >= _SPAN:
            self._invalid.popleft()
        while self._invalid and self._invalid[-1] > now:  # the clock was set back
            self._invalid.pop()
        calm = MOST_INVALID // 2
        stopped = len(self._invalid) >= (calm if self._stopped else MOST_INVALID)
        if stopped is not self._stopped:
            self._stopped = stopped
            self._tell(now)
        return self._invalid[len(self._invalid) - calm] + _SPAN if stopped else None

    def _tell(self, now: datetime) -> None:
        if self._stopped:
            self._log.error("sending stopped: Discord refuses too much", refused=len(self._invalid))
        else:
            self._log.warning("sending goes on", at=now.isoformat())
