"""Two to five models side by side (pure)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from bot.answers.comparison import Best, Compared, Comparison, Past
from bot.model import Standings
from bot.queries.almanac import Almanac
from bot.queries.rankings import newest
from bot.standings import WEEK

WEEKS_DRAWN = 26
"""How far back a chart of lines goes, a window a week."""

_FEWEST_WEEKS = 8


def comparison(almanac: Almanac, models: Sequence[str], until: date) -> Comparison:
    """Return the models in the newest standings by `until`; of a model named twice the first.

    Raises NoStandings.
    """
    found = newest(almanac, until)
    windows = all_until(almanac, found.date)
    best = best_ranks(windows, frozenset(models), almanac.counting.step)
    places = {place.model: place for place in found.places}
    compared = [Compared(each, places.get(each), best.get(each)) for each in dict.fromkeys(models)]
    last = len(places) + 1
    return Comparison(
        standings=found,
        models=tuple(sorted(compared, key=lambda each: each.place.rank if each.place else last)),
        since=windows[0].date,
        past=past(almanac, found.date),
    )


def all_until(almanac: Almanac, until: date) -> Sequence[Standings]:
    """Return every complete window by `until`, oldest first."""
    return tuple(almanac.between(date.min, until))


def best_ranks(
    windows: Sequence[Standings], models: Collection[str], step: timedelta
) -> Mapping[str, Best]:
    """Return each model's best rank in these windows, oldest first; none of one never listed.

    They follow each other after `step`, but for those that are missing.
    """
    found: dict[str, Best] = {}
    for count, window in enumerate(windows):
        gap = window.date - windows[0].date > count * step
        for place in window.places:
            if place.model in models:
                best = found.get(place.model)
                if best is None or place.rank < best.rank:
                    found[place.model] = Best(place.model, place.rank, window.date, gap)
    return found


def past(almanac: Almanac, until: date) -> Past:
    """Return a window a week of the 26 weeks up to `until`; every window of fewer than eight."""
    since = until - timedelta(weeks=WEEKS_DRAWN)
    windows = {window.date: window for window in almanac.between(since, until)}
    weekly = [end for end in windows if (until - end).days % WEEK == 0]
    few = len(weekly) < _FEWEST_WEEKS
    step = almanac.counting.step if few else timedelta(days=WEEK)
    oldest = min(windows if few else weekly, default=until)
    dates = tuple(until - n * step for n in range((until - oldest) // step, -1, -1))
    return Past(dates, tuple(windows.get(day) for day in dates))
