"""Asked of the store directly: one window, and days."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.model import Answer, Day
from bot.queries.rankings import newest_standings
from bot.standings import OFFICIAL, Counting
from storage.protocol import Store

_LATELY = timedelta(days=60)
"""Far enough back for nearly every question about now; all of history may be decades."""


async def rankings(store: Store, board: str, until: date, counting: Counting = OFFICIAL) -> Answer:
    """Return the standings of the newest complete window ending by `until`.

    `newest` is the newest stored day by then; `missing` are the days whose lack keeps a newer
    window from being complete.
    """
    lately = await store.days(board, since=_before(until), until=until)
    answer = newest_standings(board, lately, counting)
    if answer.standings is not None:
        return answer
    return newest_standings(board, await store.days(board, until=until), counting)


async def days_known_on(
    store: Store, board: str, until: date, known_on: date
) -> Mapping[date, Day]:
    """Return the days by `until` as their figures stood at the end of `known_on` (UTC)."""
    days: dict[date, Day] = {}
    for when, current in (await store.days(board, until=until)).items():
        # The current one first: of several of one moment it is the one that counts.
        readings = (current, *reversed(await store.versions(board, when)))
        seen = [reading for reading in readings if reading.as_of.date() <= known_on]
        if seen:
            days[when] = max(seen, key=lambda reading: reading.as_of)
    return days


def _before(day: date) -> date:
    return day - min(_LATELY, day - date.min)


async def newest_day(store: Store, board: str, until: date) -> date | None:
    """Return the newest stored day by `until`."""
    days = await store.days(board, since=_before(until), until=until)
    return max(days or await store.days(board, until=until), default=None)
