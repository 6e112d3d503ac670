"""One author's models together (pure)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from bot.answers.author import AuthorAnswer, Authorship, Portion
from bot.answers.comparison import Past
from bot.model import Openness, Standings
from bot.openness import Directory, author
from bot.proof import half_a_year_before
from bot.queries.almanac import Almanac
from bot.queries.comparison import all_until, best_ranks, past
from bot.queries.rankings import newest
from bot.standings import ONE_DAY, WEEK

T = TypeVar("T")


def author_answer(almanac: Almanac, directory: Directory, name: str, until: date) -> AuthorAnswer:
    """Return an author's models in the newest standings by `until`. Raises NoStandings."""
    found = newest(almanac, until)
    windows = all_until(almanac, found.date)
    ever = {place.model for window in windows for place in window.places}
    models = {model for model in ever.union(directory.models()) if author(model) == name}
    best = best_ranks(windows, models, almanac.counting.step)
    half_year = half_a_year_before(found.date)
    half_year -= (half_year - found.date) % almanac.counting.step
    return AuthorAnswer(
        author=name,
        standings=found,
        places=tuple(place for place in found.places if place.model in models),
        now=_portion(found, models),
        week_before=_portion_at(almanac, found.date - WEEK * ONE_DAY, models),
        half_year=_portion_at(almanac, half_year, models),
        best=min(best.values(), key=lambda each: (each.rank, each.date), default=None),
        since=windows[0].date,
        watched=windows[0].date - (WEEK - 1) * ONE_DAY,
        known=Counter(directory.at(model, found.date).openness for model in models),
        past=authorship(almanac, directory, found.date, name),
    )


def authorship(
    almanac: Almanac, directory: Directory, until: date, focus: str | None = None
) -> Authorship:
    """Return whose models used how much up to `until`, told of one author or of all of them.

    Raises NoStandings.
    """
    found = newest(almanac, until)
    led_up = past(almanac, found.date)
    return Authorship(
        standings=found,
        dates=led_up.dates,
        totals=tuple(window.total if window else None for window in led_up.windows),
        authors=_columns([_by_author(window) if window else None for window in led_up.windows]),
        lacking=any(window.days_without_other for window in led_up.windows if window),
        focus=focus,
        parts=_parts(led_up, focus, directory) if focus is not None else {},
    )


def _portion_at(almanac: Almanac, end: date, models: Collection[str]) -> Portion | None:
    window = almanac.windows.get(end)
    return _portion(window, models) if window is not None else None


def _portion(window: Standings, models: Collection[str]) -> Portion:
    used = [place.tokens for place in window.places if place.model in models]
    return Portion(window.date, sum(used) if used else None, window.total)


def _columns(sums: Sequence[Mapping[T, int] | None]) -> Mapping[T, tuple[int | None, ...]]:
    """Return what is summed in any of the windows, in each of them; None where one is missing."""
    found = {key: None for each in sums for key in each or {}}
    return {
        key: tuple(None if each is None else each.get(key, 0) for each in sums) for key in found
    }


def _by_author(window: Standings) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for place in window.places:
        sums[author(place.model)] += place.tokens
    return sums


def _parts(
    led_up: Past, name: str, directory: Directory
) -> Mapping[Openness, tuple[int | None, ...]]:
    """Return the author's tokens by what each model was in each window, where any was that."""
    found = _columns(
        [_by_openness(window, name, directory) if window else None for window in led_up.windows]
    )
    return {openness: found[openness] for openness in Openness if openness in found}


def _by_openness(window: Standings, name: str, directory: Directory) -> Mapping[Openness, int]:
    sums: Counter[Openness] = Counter()
    for place in window.places:
        if author(place.model) == name:
            sums[directory.at(place.model, window.date).openness] += place.tokens
    return sums
