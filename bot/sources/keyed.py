"""A board of the keyed Data API as a source that is asked again and again."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from bot.boards import Board
from bot.sources import Snapshot
from bot.sources.data_api import DataApi

REREAD = timedelta(days=2)
"""The last three days are read again: nearly all restatements come within hours."""

_WEEKS_REREAD = timedelta(weeks=3)
_A_YEAR = timedelta(days=365)


class KeyedBoard:
    """Give the newest days of a board, and those before that are not stored yet."""

    keyed = True

    def __init__(
        self, api: DataApi, board: Board, newest: Callable[[], Awaitable[date | None]]
    ) -> None:
        """Take the API, the board, and what tells its newest stored day."""
        self._api = api
        self._board = board
        self._newest = newest

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:  # noqa: ARG002 — there are no marks
        """Return the days from the last ones stored up to yesterday; of at most a year.

        Raises SourceUnreachable, PayloadRefused, KeyRefused, BudgetSpent.
        """
        until = now.date() - timedelta(days=1)
        newest = await self._newest() or until - _A_YEAR
        reread = _WEEKS_REREAD if self._board.weekly else REREAD
        since = max(min(newest, until) - reread, until - _A_YEAR)
        return await self._api.fetch(self._board, since, until, now)
