"""What commands and the terminal ask of the store."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.model import Answer, Day
from bot.openness import Directory
from bot.pictures import Bump, Caption, bump
from bot.standings import WEEK, all_standings, standings
from storage.protocol import Store

WEEKS_DRAWN = 8
WEEKS_OVERVIEW = 13
"""How far back a chart of ranks goes, with a highlight and without."""

_FEWEST_WEEKS = 4
_LATELY = timedelta(days=60)
"""Far enough back for nearly every question about now; all of history may be decades."""


async def rankings(store: Store, board: str, until: date) -> Answer:
    """Return the standings of the newest complete window ending by `until`.

    `newest` is the newest stored day by then; `missing` are the days whose lack keeps a newer
    window from being complete.
    """
    lately = await store.days(board, since=_before(until), until=until)
    answer = _newest_standings(board, lately)
    if answer.standings is not None:
        return answer
    return _newest_standings(board, await store.days(board, until=until))


def _newest_standings(board: str, days: Mapping[date, Day]) -> Answer:
    newest = max(days, default=None)
    ends = sorted(days, reverse=True)
    found = next((s for end in ends if (s := standings(board, days, end)) is not None), None)
    return Answer(found, newest, _missing(days, newest))


def _before(day: date) -> date:
    return day - min(_LATELY, day - date.min)


def _missing(days: Mapping[date, Day], newest: date | None) -> tuple[date, ...]:
    if newest is None:
        return ()
    window = (newest - timedelta(days=offset) for offset in range(WEEK))
    return tuple(sorted(day for day in window if day not in days))


async def rank_history(
    store: Store,
    board: str,
    until: date,
    directory: Directory,
    caption: Caption,
    highlight: frozenset[str] = frozenset(),
) -> Bump:
    """Return the picture of the ranks in the weeks up to `until`.

    With a highlight: every window of eight weeks, for a line or five to follow day by day. Without:
    a window a week, of thirteen weeks, or the lines would be a tangle; every window while fewer
    than four weeks are stored.
    """
    since = until - timedelta(weeks=WEEKS_DRAWN if highlight else WEEKS_OVERVIEW)
    days = await store.days(board, since=since - timedelta(days=WEEK), until=until)
    windows = tuple(all_standings(board, days, after=since))
    weekly = tuple(w for w in windows if (until - w.date).days % WEEK == 0)
    if highlight or len(weekly) < _FEWEST_WEEKS:
        return bump(windows, directory, caption, highlight)
    return bump(weekly, directory, caption, step=WEEK)


async def newest_day(store: Store, board: str, until: date) -> date | None:
    """Return the newest stored day by `until`."""
    days = await store.days(board, since=_before(until), until=until)
    return max(days or await store.days(board, until=until), default=None)
