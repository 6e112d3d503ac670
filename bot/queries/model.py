"""What is known of one model on a board (pure)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from bot.answers.model import Best, Point, Profile, Record, Run, Searched, Stood, Streak
from bot.boards import Board
from bot.model import Place, Standings
from bot.openness import Directory
from bot.queries.almanac import Almanac

DEPTHS = (1, 5, 10)
"""Places that streaks are told of."""

HISTORY = timedelta(weeks=26)
"""How far back a model's history goes."""


def profile(
    board: Board, almanac: Almanac, directory: Directory, model: str, until: date
) -> Profile:
    """Return what is known of a base model by `until`; of one never listed, what else there is."""
    windows = {window.date: window for window in almanac.between(date.min, until)}
    found = {end: place for end, each in windows.items() if (place := _place(each, model))}
    newest = windows[max(windows)] if windows else None
    step = almanac.counting.step
    return Profile(
        model=model,
        name=directory.name(model),
        board=board,
        verdict=directory.at(model, until),
        entry=directory.catalogue.get(model),
        read=bool(directory.catalogue),
        newest=newest,
        place=found.get(newest.date) if newest else None,
        searched=_searched(windows, step) if windows else None,
        record=_record(windows, found, step) if found else None,
        history=_history(windows, found, step),
    )


def _place(window: Standings, model: str) -> Place | None:
    return next((place for place in window.places if place.model == model), None)


def _searched(windows: Mapping[date, Standings], step: timedelta) -> Searched:
    first, last = min(windows), max(windows)
    return Searched(
        since=first,
        windows=len(windows),
        missing=(last - first) // step + 1 - len(windows),
        whole=sum(_whole(window) for window in windows.values()),
    )


def _whole(window: Standings) -> bool:
    return window.total > 0 and not window.days_without_other


def _record(
    windows: Mapping[date, Standings], found: Mapping[date, Place], step: timedelta
) -> Record:
    stood = {end: Stood(end, place, windows[end].total) for end, place in found.items()}
    highest = _highest(each for end, each in stood.items() if _whole(windows[end]))
    now = stood.get(max(windows))
    passed = highest is not None and now is not None and _higher(now, highest)
    return Record(
        best=_best(windows, found, step),
        highest=None if passed else highest,
        last=stood[max(stood)],
        streaks=tuple(_streaks(windows, found, step)),
    )


def _best(windows: Mapping[date, Standings], found: Mapping[date, Place], step: timedelta) -> Best:
    rank = min(place.rank for place in found.values())
    at_best = [end for end, place in found.items() if place.rank == rank]
    first = at_best[0]
    stored = sum(end < first for end in windows)
    return Best(rank, first, len(at_best), gap=first - min(windows) > stored * step)


def _highest(stood: Iterable[Stood]) -> Stood | None:
    """Return the one with the highest share, told from integers; the first of equals."""
    highest: Stood | None = None
    for one in stood:
        if highest is None or _higher(one, highest):
            highest = one
    return highest


def _higher(one: Stood, other: Stood) -> bool:
    return one.place.tokens * other.total > other.place.tokens * one.total


def _streaks(
    windows: Mapping[date, Standings], found: Mapping[date, Place], step: timedelta
) -> Iterator[Streak]:
    """Yield the streaks of two windows or more, unless a higher one says the same."""
    told: tuple[Run, Run | None] | None = None
    newest = max(windows)
    for depth in DEPTHS:
        ends = [end for end, place in found.items() if place.rank <= depth]
        runs = [_run(row, windows, newest, step) for row in _rows(ends, step)]
        longest = max(reversed(runs), key=lambda run: run.windows, default=None)
        present = runs[-1] if runs and runs[-1].last == newest else None
        if longest is not None and longest.windows > 1 and told != (longest, present):
            told = (longest, present)
            yield Streak(depth, longest, present)


def _rows(ends: Iterable[date], step: timedelta) -> list[list[date]]:
    rows: list[list[date]] = []
    for end in ends:
        if rows and end - rows[-1][-1] == step:
            rows[-1].append(end)
        else:
            rows.append([end])
    return rows


def _run(row: Sequence[date], stored: Collection[date], newest: date, step: timedelta) -> Run:
    first, last = row[0], row[-1]
    beside = (first - step, min(last + step, newest))
    return Run(first, last, len(row), cut=any(end not in stored for end in beside))


def _history(
    windows: Mapping[date, Standings], found: Mapping[date, Place], step: timedelta
) -> tuple[Point, ...]:
    """Return rank and tokens on every date from when it was first listed to the newest window."""
    if not found:
        return ()
    newest = max(windows)
    first = max(min(found), newest - HISTORY + step)
    ends = (newest - back * step for back in range((newest - first) // step, -1, -1))
    return tuple(_point(end, found.get(end), stored=end in windows) for end in ends)


def _point(end: date, place: Place | None, *, stored: bool) -> Point:
    if place is None:
        return Point(end, None, None, stored)
    return Point(end, place.rank, place.tokens, stored)
