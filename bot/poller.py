"""What the scheduler calls: polls that never raise, and say once when they fail."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import RankshiftError
from bot.pipeline import Poll


class Watched:
    """Run a piece of work again and again; log an outage when it begins and when it ends."""

    def __init__(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Name the work for the log."""
        self._name = name
        self._work = work
        self._failing: str | None = None
        self._one_at_a_time = asyncio.Lock()
        self._log = structlog.get_logger()

    async def __call__(self) -> bool:
        """Do the work once; False if it failed with an error that we know."""
        try:
            async with self._one_at_a_time:
                await self._work()
        except RankshiftError as error:
            # Another trouble than before is news; the same one again is not. One that may pass by
            # itself changes its words from try to try.
            trouble = type(error).__name__ if error.retry else str(error)
            if trouble != self._failing:
                self._log.error(
                    f"{self._name} fails", kind=type(error).__name__, problem=str(error)
                )
            self._failing = trouble
            return False
        if self._failing is not None:
            self._log.info(f"{self._name} works again")
            self._failing = None
        return True


def log_poll(poll: Poll) -> None:
    """Log what a poll brought, if it brought anything."""
    log = structlog.get_logger()
    if poll.changes.added or poll.changes.restated:
        log.info(
            "rankings taken in",
            snapshot=poll.snapshot.name if poll.snapshot else None,
            added=len(poll.changes.added),
            restated=[str(day) for day in poll.changes.restated],
        )
    for milestone in poll.milestones:
        log.info("milestone", key=milestone.key)
    if poll.deliveries:
        log.info("alerts to send", count=len(poll.deliveries))
