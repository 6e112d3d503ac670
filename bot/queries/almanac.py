"""Every complete window of a board, made once from its days (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.model import Day, Standings
from bot.standings import WEEK, Counting, standings


@dataclass(frozen=True, slots=True)
class Almanac:
    """A board's stored days and the standings of every complete window, both ascending by date.

    `counting` says how long the windows are; the standings are by the last day of the window.
    """

    board: str
    counting: Counting
    days: Mapping[date, Day]
    windows: Mapping[date, Standings]

    def newest(self, until: date) -> Standings | None:
        """Return the newest standings by `until`; None without any."""
        return next(
            (self.windows[end] for end in reversed(list(self.windows)) if end <= until), None
        )

    def between(self, since: date, until: date) -> Iterator[Standings]:
        """Yield the standings from `since` to `until`, both included, oldest first."""
        return (window for end, window in self.windows.items() if since <= end <= until)


def almanac(
    board: str, days: Mapping[date, Day], counting: Counting, before: Almanac | None = None
) -> Almanac:
    """Return the almanac of these days; what is the same in the one `before` is taken from it."""
    changed = _changed(before.days if before else {}, days)
    reach = timedelta(days=WEEK) + (counting.window - 1) * counting.step

    def window(end: date) -> Standings | None:
        if before is None or any(end - reach <= day <= end for day in changed):
            return standings(board, days, end, counting)
        return before.windows.get(end)

    found = ((end, window(end)) for end in sorted(days))
    return Almanac(board, counting, days, {end: each for end, each in found if each is not None})


def _changed(before: Mapping[date, Day], now: Mapping[date, Day]) -> frozenset[date]:
    gone = before.keys() - now.keys()
    return frozenset(gone | {when for when, day in now.items() if before.get(when) != day})
