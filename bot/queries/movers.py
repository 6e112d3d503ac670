"""Who climbed, fell, came into view or left it between two windows (pure)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.answers.movers import Mover, Movers, Uncompared
from bot.boards import Board
from bot.model import Place, Standings
from bot.openness import Directory
from bot.queries.almanac import Almanac
from bot.queries.rankings import newest

COMPARED = 30
"""Ranks, then or now, from which a climb or a fall counts: further down it is mostly noise."""

IN_VIEW = 20
"""Ranks in which a model that is not listed in the other window is worth telling."""


def movers(
    board: Board, almanac: Almanac, directory: Directory, until: date, days: int
) -> Movers | Uncompared:
    """Return what changed from the window `days` before to the newest one by `until`.

    On a board of whole weeks it is the nearest number of them before. Raises NoStandings.
    """
    now, step = newest(almanac, until), almanac.counting.step
    then = now.date - round(timedelta(days=days) / step) * step
    before = almanac.windows.get(then)
    if before is None:
        return Uncompared(board, now, then, _missing(almanac, then), min(almanac.windows))
    return _compared(board, before, now, directory)


def _missing(almanac: Almanac, end: date) -> tuple[date, ...]:
    counting = almanac.counting
    window = (end - offset * counting.step for offset in reversed(range(counting.window)))
    return tuple(day for day in window if day not in almanac.days)


def _compared(board: Board, then: Standings, now: Standings, directory: Directory) -> Movers:
    before, after = _by_model(then), _by_model(now)
    both = _movers(before.keys() & after.keys(), before, after, now.date, directory)
    moved = sorted((each for each in both if _counts(each)), key=_furthest_first)
    only_now = [model for model in after if model not in before]
    only_then = [model for model in before if model not in after]
    arrived = (model for model in only_now if after[model].rank <= IN_VIEW)
    departed = (model for model in only_then if before[model].rank <= IN_VIEW)
    return Movers(
        board,
        then,
        now,
        climbers=tuple(each for each in moved if each.climb > 0),
        fallers=tuple(each for each in moved if each.climb < 0),
        arrivals=_movers(arrived, before, after, now.date, directory),
        departures=_movers(departed, before, after, now.date, directory),
    )


def _by_model(standings: Standings) -> Mapping[str, Place]:
    return {place.model: place for place in standings.places}


def _movers(
    models: Iterable[str],
    before: Mapping[str, Place],
    after: Mapping[str, Place],
    day: date,
    directory: Directory,
) -> tuple[Mover, ...]:
    return tuple(
        Mover(
            model,
            directory.name(model),
            directory.at(model, day).openness,
            before.get(model),
            after.get(model),
        )
        for model in models
    )


def _counts(mover: Mover) -> bool:
    places = (place for place in (mover.before, mover.after) if place is not None)
    return min(place.rank for place in places) <= COMPARED


def _furthest_first(mover: Mover) -> tuple[int, int, str]:
    tokens = mover.after.tokens if mover.after is not None else 0
    return -abs(mover.climb), -tokens, mover.model
