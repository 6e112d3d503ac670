"""Days become standings over a window of complete days (pure)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.model import Day, Place, Standings

WEEK = 7
"""Days in the official window, and between the windows that are compared."""

SETTLE = timedelta(hours=3)
"""How long after its end a day is judged: 03:00 UTC of the next day."""

ONE_DAY = timedelta(days=1)


def newest_judged(now: datetime) -> date:
    """Return the newest day that may be judged at `now` (UTC)."""
    return (now - SETTLE).date() - ONE_DAY


def base_model(permaslug: str) -> str:
    """Return the model behind a published name: `:free` and other variants are the same weights."""
    return permaslug.split(":", 1)[0]


def unmerged(permaslug: str) -> str:
    """Return the published name itself: the reading in which variants rank on their own."""
    return permaslug


@dataclass(frozen=True, slots=True)
class Counting:
    """How days are counted.

    `window` stored days, each `step` after the one before, make a window; names count as the
    `model` they belong to; windows follow each other after `step` too.
    """

    window: int = WEEK
    model: Callable[[str], str] = base_model
    step: timedelta = ONE_DAY


OFFICIAL = Counting()
"""Seven days, a window each day, variants merged."""

WEEKLY = Counting(window=1, step=WEEK * ONE_DAY)
"""Whole weeks, stored by their last day."""


def counting_of(*, weekly: bool) -> Counting:
    """Return how the days of a board are counted."""
    return WEEKLY if weekly else OFFICIAL


def standings(
    board: str, days: Mapping[date, Day], end: date, counting: Counting = OFFICIAL
) -> Standings | None:
    """Return the standings over the window that ends on `end`.

    A window sums the days on which a model is listed; equal sums are ordered by name. Changes are
    told against the window seven days before, where that is complete. None when `end`'s window
    lacks a whole day.
    """
    window = _window(days, end, counting)
    if window is None:
        return None
    sums, shown = _sums(window, counting), _shown(window, counting)
    hidden = sum(map(_lowest, window))
    before_days = _window(days, end - timedelta(days=WEEK), counting)
    before = _sums(before_days or (), counting)
    ranks_before = {model: rank for rank, model in enumerate(_ordered(before), start=1)}
    return Standings(
        board=board,
        date=end,
        days=counting.window,
        places=tuple(
            Place(
                model,
                rank,
                sums[model],
                ranks_before.get(model),
                before.get(model),
                hidden - shown[model],
            )
            for rank, model in enumerate(_ordered(sums), start=1)
        ),
        total=sums.total() + sum(day.other or 0 for day in window),
        days_without_other=sum(day.other is None for day in window),
        compared=before_days is not None,
        as_of=max(day.as_of for day in window),
        hidden=hidden,
    )


def all_standings(
    board: str,
    days: Mapping[date, Day],
    after: date | None = None,
    counting: Counting = OFFICIAL,
) -> Iterator[Standings]:
    """Yield the standings of every complete window ending after `after`, oldest first."""
    for end in sorted(days):
        if after is None or end > after:
            found = standings(board, days, end, counting)
            if found is not None:
                yield found


def _window(days: Mapping[date, Day], end: date, counting: Counting) -> Sequence[Day] | None:
    window = [days.get(end - offset * counting.step) for offset in range(counting.window)]
    present = [day for day in window if day is not None]
    return present if len(present) == counting.window else None


def _sums(window: Sequence[Day], counting: Counting) -> Counter[str]:
    sums: Counter[str] = Counter()
    for day in window:
        for row in day.rows:
            sums[counting.model(row.model)] += row.tokens
    return sums


def _shown(window: Sequence[Day], counting: Counting) -> Counter[str]:
    """Return the lowest listed counts of the days on which each model is listed, summed."""
    shown: Counter[str] = Counter()
    for day in window:
        lowest = _lowest(day)
        for model in {counting.model(row.model) for row in day.rows}:
            shown[model] += lowest
    return shown


def _lowest(day: Day) -> int:
    return day.rows[-1].tokens if day.rows else 0


def _ordered(sums: Counter[str]) -> list[str]:
    return sorted(sums, key=lambda model: (-sums[model], model))
