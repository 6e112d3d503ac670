"""Asked of the store directly: one window, or the ranks of some weeks."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.model import Answer, Day
from bot.openness import Directory
from bot.pictures.bump import Bump, Caption, bump
from bot.queries.rankings import WEEKS_DRAWN, newest_standings, weekly_picture
from bot.standings import OFFICIAL, WEEK, Counting, all_standings
from storage.protocol import Store

WEEKS_FOLLOWED = 8
"""How far back a chart of ranks goes that follows some models day by day."""

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


async def rank_history(  # noqa: PLR0913, PLR0917 — a picture is made of all of it
    store: Store,
    board: str,
    until: date,
    directory: Directory,
    caption: Caption,
    highlight: frozenset[str] = frozenset(),
    counting: Counting = OFFICIAL,
) -> Bump:
    """Return the picture of the ranks in the weeks up to `until`.

    With a highlight: every window of eight weeks, for a line or five to follow day by day. Without:
    a window a week, of thirteen weeks, or the lines would be a tangle; every window while fewer
    than four weeks are stored.
    """
    since = until - timedelta(weeks=WEEKS_FOLLOWED if highlight else WEEKS_DRAWN)
    days = await store.days(board, since=since - timedelta(days=WEEK), until=until)
    windows = tuple(all_standings(board, days, since, counting))
    if highlight:
        return bump(windows, directory, caption, highlight, counting.step.days)
    return weekly_picture(windows, until, directory, caption, counting.step.days)


async def newest_day(store: Store, board: str, until: date) -> date | None:
    """Return the newest stored day by `until`."""
    days = await store.days(board, since=_before(until), until=until)
    return max(days or await store.days(board, until=until), default=None)
