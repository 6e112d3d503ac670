"""What is done again and again, and when."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

HEARTBEAT = timedelta(seconds=30)
"""How often `heartbeat` in the data folder is touched, for whoever watches the process."""

_LARGEST_JITTER = timedelta(seconds=60)

Work: TypeAlias = Callable[[], Awaitable[object]]
"""Something to do that never raises."""

Again: TypeAlias = tuple[timedelta, Sequence[Work]]
"""After what time a group of work is done, again and again."""


def start_schedule(
    first: Sequence[Work],
    again: Sequence[Again],
    beat: Callable[[], None] | None = None,
) -> AsyncIOScheduler:
    """Do `first` at once, and each group of `again` after its time, and so on; return what does it.

    `beat`, if given, is called every 30 seconds from now on. The pieces of a group follow each
    other; a run that is late is done once.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
    )
    scheduler.add_job(_one_by_one, args=[first])
    for every, work in again:
        scheduler.add_job(
            _one_by_one,
            "interval",
            args=[work],
            seconds=every.total_seconds(),
            jitter=int(min(every / 10, _LARGEST_JITTER).total_seconds()),
        )
    if beat is not None:
        scheduler.add_job(
            beat,
            "interval",
            seconds=HEARTBEAT.total_seconds(),
            next_run_time=datetime.now(UTC),
        )
    scheduler.start()
    return scheduler


async def _one_by_one(work: Sequence[Work]) -> None:
    # A stop cancels what is under way; the scheduler would call that a failure.
    with suppress(asyncio.CancelledError):
        for piece in work:
            await piece()
