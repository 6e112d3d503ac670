"""Days that are already known, given as if they were published one by one."""

from datetime import datetime

from bot.model import Day
from bot.sources import Snapshot


class Replay:
    """Give the days that are over at the asked moment."""

    keyed = False

    def __init__(self, days: tuple[Day, ...], name: str) -> None:
        """Take days by date ascending and the name of where they come from."""
        self._days = days
        self._name = name

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return every day before the one of `now`; None while it is what `seen` marks."""
        past = tuple(day for day in self._days if day.date < now.date())
        mark = str(len(past))
        return None if mark == seen else Snapshot(self._name, past, mark)
