"""Days become standings over a window of complete days (pure)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.model import Day, Place, Standings

WEEK = 7
"""Days in the official window, and between the windows that are compared."""

SETTLE = timedelta(hours=3)
"""How long after its end a day is judged: 03:00 UTC of the next day."""

_ONE = timedelta(days=1)


def newest_judged(now: datetime) -> date:
    """Return the newest day that may be judged at `now` (UTC)."""
    return (now - SETTLE).date() - _ONE


def base_model(permaslug: str) -> str:
    """Return the model behind a published name: `:free` and other variants are the same weights."""
    return permaslug.split(":", 1)[0]


def standings(board: str, days: Mapping[date, Day], end: date) -> Standings | None:
    """Return the standings of base models over the seven days ending on `end`.

    A window sums the days on which a model is listed; equal sums are ordered by name. Changes are
    told against the window seven days before, where that is complete. None when `end`'s window
    lacks a whole day.
    """
    window = _window(days, end)
    if window is None:
        return None
    sums = _sums(window)
    before_days = _window(days, end - timedelta(days=WEEK))
    before = _sums(before_days or ())
    ranks_before = {model: rank for rank, model in enumerate(_ordered(before), start=1)}
    return Standings(
        board=board,
        date=end,
        days=WEEK,
        places=tuple(
            Place(model, rank, sums[model], ranks_before.get(model), before.get(model))
            for rank, model in enumerate(_ordered(sums), start=1)
        ),
        total=sums.total() + sum(day.other or 0 for day in window),
        days_without_other=sum(day.other is None for day in window),
        compared=before_days is not None,
        as_of=max(day.as_of for day in window),
    )


def all_standings(
    board: str, days: Mapping[date, Day], after: date | None = None
) -> Iterator[Standings]:
    """Yield the standings of every complete window ending after `after`, oldest first."""
    for end in sorted(days):
        if after is None or end > after:
            found = standings(board, days, end)
            if found is not None:
                yield found


def _window(days: Mapping[date, Day], end: date) -> Sequence[Day] | None:
    window = [days.get(end - offset * _ONE) for offset in range(WEEK)]
    present = [day for day in window if day is not None]
    return present if len(present) == WEEK else None


def _sums(window: Sequence[Day]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for day in window:
        for row in day.rows:
            sums[base_model(row.model)] += row.tokens
    return sums


def _ordered(sums: Counter[str]) -> list[str]:
    return sorted(sums, key=lambda model: (-sums[model], model))
