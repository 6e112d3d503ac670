"""What commands and the terminal ask of the store."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.model import Answer, Day
from bot.openness import Directory
from bot.pictures import Bump, Caption, bump
from bot.standings import OFFICIAL, WEEK, Counting, all_standings, standings
from storage.protocol import Store

WEEKS_DRAWN = 8
WEEKS_OVERVIEW = 13
"""How far back a chart of ranks goes, with a highlight and without."""

_FEWEST_WEEKS = 4
_LATELY = timedelta(days=60)
"""Far enough back for nearly every question about now; all of history may be decades."""


async def rankings(store: Store, board: str, until: date, counting: Counting = OFFICIAL) -> Answer:
    """Return the standings of the newest complete window ending by `until`.

    `newest` is the newest stored day by then; `missing` are the days whose lack keeps a newer
    window from being complete.
    """
    lately = await store.days(board, since=_before(until), until=until)
    answer = _newest_standings(board, lately, counting)
    if answer.standings is not None:
        return answer
    return _newest_standings(board, await store.days(board, until=until), counting)


async def rankings_known_on(
    store: Store, board: str, until: date, known_on: date, counting: Counting = OFFICIAL
) -> Answer:
    """Return the same as the stored figures stood at the end of `known_on` (UTC)."""
    days: dict[date, Day] = {}
    for when, current in (await store.days(board, until=until)).items():
        # The current one first: of several of one moment it is the one that counts.
        readings = (current, *reversed(await store.versions(board, when)))
        seen = [reading for reading in readings if reading.as_of.date() <= known_on]
        if seen:
            days[when] = max(seen, key=lambda reading: reading.as_of)
    return _newest_standings(board, days, counting)


def _newest_standings(board: str, days: Mapping[date, Day], counting: Counting) -> Answer:
    newest = max(days, default=None)
    found = (standings(board, days, end, counting) for end in sorted(days, reverse=True))
    newest_found = next((each for each in found if each is not None), None)
    return Answer(newest_found, newest, _missing(days, newest, counting.window))


def _before(day: date) -> date:
    return day - min(_LATELY, day - date.min)


def _missing(days: Mapping[date, Day], newest: date | None, window_days: int) -> tuple[date, ...]:
    if newest is None:
        return ()
    window = (newest - timedelta(days=offset) for offset in range(window_days))
    return tuple(sorted(day for day in window if day not in days))


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
    since = until - timedelta(weeks=WEEKS_DRAWN if highlight else WEEKS_OVERVIEW)
    days = await store.days(board, since=since - timedelta(days=WEEK), until=until)
    windows = tuple(all_standings(board, days, since, counting))
    weekly = tuple(w for w in windows if (until - w.date).days % WEEK == 0)
    if highlight or len(weekly) < _FEWEST_WEEKS:
        return bump(windows, directory, caption, highlight, counting.step.days)
    return bump(weekly, directory, caption, step=WEEK)


async def newest_day(store: Store, board: str, until: date) -> date | None:
    """Return the newest stored day by `until`."""
    days = await store.days(board, since=_before(until), until=until)
    return max(days or await store.days(board, until=until), default=None)
