"""What the picture of a milestone shows: the windows up to it, asked of the store."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from bot.answers.stories import Course, Scene, Values
from bot.detect import entrants, judged
from bot.model import Day, Milestone, Openness, Window
from bot.openness import Directory, author
from bot.pictures.milestone import ALL_MODELS, OPEN_MODELS, Kind, Story
from bot.rules.open_share import Share, share
from bot.standings import WEEK, counting_of, standings
from storage.protocol import Store

_REACH: Mapping[Kind, int] = {
    Kind.PLACES: 12 * WEEK,
    Kind.RANKS: 8 * WEEK,
    Kind.SHARES: 26 * WEEK,
    Kind.TOKENS: 26 * WEEK,
}
"""How many days before the milestone a picture begins, if they are stored."""

_STEPS: Mapping[Kind, int] = {
    Kind.PLACES: 12,
    Kind.RANKS: 8 * WEEK,
    Kind.SHARES: 46,
    Kind.TOKENS: 46,
}
"""At most so many dates are shown before the milestone's, evenly spaced."""

_LEAD = 2 * WEEK
"""Days that are shown at least before what a story tells."""

_TOP = 10
"""Whoever came so far up stands behind ranks."""

_BEHIND = 5
"""So many authors stand behind shares of one."""


async def scene(store: Store, milestone: Milestone, story: Story, directory: Directory) -> Scene:
    """Return what the picture of a milestone shows, made in a thread. Raises StoreError."""
    back = min(_reach(milestone, story) + WEEK, (milestone.date - date.min).days)
    since = milestone.date - timedelta(days=back)
    days = await store.days(milestone.board, since=since, until=milestone.date)
    return await asyncio.to_thread(staged, milestone, story, days, directory)


def staged(
    milestone: Milestone, story: Story, days: Mapping[date, Day], directory: Directory
) -> Scene:
    """Return what the picture of a milestone shows of these days.

    Of its own window it says what the milestone says, even where days were restated since or are
    no longer stored.
    """
    windows = _windows(milestone, story, days, directory)
    dates = tuple(windows)
    # Lines are told of their last date, whose figures are said; places of both that confirmed it.
    told = milestone.began if story.kind is Kind.PLACES else milestone.date
    began = min(story.since or told, milestone.date)
    found = Scene(
        milestone=milestone,
        story=story,
        dates=dates,
        since=next(index for index, day in enumerate(dates) if day >= began),
        stored=windows[milestone.date] is not None,
    )
    if story.kind is Kind.PLACES:
        before = [entrants(each, directory) if each else () for each in windows.values()]
        return replace(found, seats=(*before[:-1], milestone.top))
    return replace(found, courses=tuple(_courses(found, windows, directory)))


def _reach(milestone: Milestone, story: Story) -> int:
    """Return how many days before a milestone its picture begins: before what it tells."""
    told = (milestone.date - (story.since or milestone.began)).days
    steps = _STEPS[story.kind]
    return -(-max(_REACH[story.kind], told + _LEAD) // steps) * steps


def _windows(
    milestone: Milestone, story: Story, days: Mapping[date, Day], directory: Directory
) -> Mapping[date, Window | None]:
    """Return the windows that are shown, from the first complete one on (None: incomplete)."""
    counting = counting_of(weekly=milestone.weekly)
    first = min(days, default=milestone.date) + (counting.window - 1) * counting.step
    back = max(min(_reach(milestone, story), (milestone.date - first).days), 0)
    apart = counting.step * max(-(-back // (_STEPS[story.kind] * counting.step.days)), 1)
    found: dict[date, Window | None] = {}
    for number in range(back // apart.days, -1, -1):
        end = milestone.date - number * apart
        ranking = standings(milestone.board, days, end, counting)
        if ranking is not None or found or not number:
            found[end] = judged(ranking, directory, None) if ranking else None
    return found


def _courses(
    found: Scene, windows: Mapping[date, Window | None], directory: Directory
) -> Iterator[Course]:
    kind, milestone = found.story.kind, found.milestone
    said = _said(milestone, kind)
    behind = [each for each in _behind(found, windows) if each not in found.story.about]
    read = [_read(window, kind) for window in windows.values()]
    for about in (*found.story.about, *behind):
        values = [each.get(about) for each in read]
        if about in said:
            values[-1] = said[about]
        elif kind is Kind.RANKS and values[-1] in said.values():
            values[-1] = None  # restated since: somebody else's place by what is told
        yield Course(
            about,
            _openness(milestone, about, directory),
            tuple(values),
            strong=about in found.story.about,
            most=_most(milestone, windows) if about == OPEN_MODELS else (),
        )


def _behind(found: Scene, windows: Mapping[date, Window | None]) -> list[str]:
    """Return who else is shown: all that came so far up, or the first ones at the end."""
    about, kind = found.story.about[0], found.story.kind
    if about in {ALL_MODELS, OPEN_MODELS}:
        return []
    if kind is Kind.RANKS:
        seen = (place.model for each in windows.values() if each for place in each.top(_TOP))
        return list(dict.fromkeys(seen))
    if about.endswith("/"):
        shares = _read(windows[found.milestone.date], kind)
        authors = sorted((each for each in shares if each.endswith("/")), key=lambda a: -shares[a])
        return authors[:_BEHIND]
    return [entrant.model for entrant in found.milestone.top]


def _read(window: Window | None, kind: Kind) -> Mapping[str, Fraction]:
    """Return what a window says of all that it can say something of."""
    if window is None:
        return {}
    places, total = window.standings.places, window.standings.total
    if kind is Kind.RANKS:
        return {place.model: Fraction(place.rank) for place in places}
    tokens = {place.model: place.tokens for place in places}
    if kind is Kind.TOKENS:
        return {each: Fraction(used) for each, used in ({ALL_MODELS: total} | tokens).items()}
    authors: Counter[str] = Counter()
    for place in places:
        authors[f"{author(place.model)}/"] += place.tokens
    counted = share(window)
    shares = {each: _part(used, total) for each, used in (tokens | dict(authors)).items()}
    return shares | {OPEN_MODELS: _part(counted.open, counted.counted)}


def _said(milestone: Milestone, kind: Kind) -> Mapping[str, Fraction | None]:
    """Return what a milestone itself says of its window."""
    facts, top, total = milestone.facts, milestone.top, milestone.total
    if kind is Kind.RANKS:
        ranks = {facts["model"]: facts["rank"]} if "rank" in facts else {}
        ranks |= {entrant.model: entrant.rank for entrant in top}
        return {each: None if rank is None else Fraction(rank) for each, rank in ranks.items()}
    if kind is Kind.TOKENS:
        return {ALL_MODELS: Fraction(total)} | {e.model: Fraction(e.tokens) for e in top}
    shares = {entrant.model: _part(entrant.tokens, total) for entrant in top}
    if "counted_tokens" in facts:
        shares[OPEN_MODELS] = _part(facts["open_tokens"], facts["counted_tokens"])
    return shares


def _most(milestone: Milestone, windows: Mapping[date, Window | None]) -> Values:
    """Return the shares of open and unknown models together; none where nothing is unknown."""
    facts = milestone.facts
    told = Share(facts["open_tokens"], facts["unknown_tokens"], facts["counted_tokens"])
    sums = [None if window is None else share(window) for window in windows.values()][:-1]
    if not any(each.unknown for each in (*sums, told) if each):
        return ()
    return tuple(
        None if each is None else _part(each.open + each.unknown, each.counted)
        for each in (*sums, told)
    )


def _part(part: int, whole: int) -> Fraction:
    """Return an exact share; of nothing it is 0."""
    return Fraction(part, whole or 1)


def _openness(milestone: Milestone, about: str, directory: Directory) -> Openness | None:
    """Return what a model is on the milestone's date, by what it says itself where it does."""
    if about == OPEN_MODELS:
        return Openness.OPEN
    if about == ALL_MODELS or about.endswith("/"):
        return None
    proven = milestone.receipt.openness if milestone.receipt else {}
    shown = {entrant.model: entrant.openness for entrant in milestone.top}
    known = shown.get(about) or proven.get(about)
    return known or directory.at(about, milestone.date).openness
