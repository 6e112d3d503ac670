"""Ranks or shares over time: as a chart of lines, and in words (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from bot.model import Openness
from bot.pictures import Tick, rank_ticks, share_ticks
from bot.pictures.compare import Lines, Series
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, between, estimates_word, openness_word, short_name

_FEWEST = 2
"""Dates with a value: one alone is no way to have come."""


@dataclass(frozen=True, slots=True)
class Track:
    """What one line is of: exact value and tokens on each date, None where it is not listed.

    `ending` stands beside the line's name in the chart.
    """

    name: str
    openness: Openness
    values: tuple[Fraction | None, ...]
    tokens: tuple[int | None, ...]
    ending: str


@dataclass(frozen=True, slots=True)
class Tracks:
    """One to five lines over dates that ascend: ranks, or shares of all tokens from 0 to 1.

    `totals` are the tokens of all models on each date; `estimated` says whether they are estimates.
    """

    title: str
    subtitle: str
    dates: tuple[date, ...]
    tracks: tuple[Track, ...]
    totals: tuple[int | None, ...]
    ranks: bool
    citation: str
    estimated: bool


def share(tokens: int, total: int) -> Fraction:
    """Return an exact share; of nothing it is 0."""
    return Fraction(tokens, total or 1)


def said_value(value: Fraction | None, say: Say, *, ranks: bool) -> str:
    """Return a value in words: a rank, or a share."""
    if value is None:
        return say("not listed")
    if ranks:
        return say("number {rank}", rank=value)
    return say.percent(value.numerator, value.denominator)


def tracks_picture(found: Tracks, say: Say) -> Lines | None:
    """Return the chart of these lines; None without two dates on which one of them has a value."""
    columns = zip(*(each.values for each in found.tracks), strict=True)
    columns_known = [known for column in columns if (known := _known(column))]
    if len(columns_known) < _FEWEST:
        return None
    most = max(map(max, columns_known))
    return Lines(
        title=found.title,
        subtitle=found.subtitle,
        dates=found.dates,
        days=tuple(map(say.short_day, found.dates)),
        series=tuple(_series(each, ranks=found.ranks) for each in found.tracks),
        totals=found.totals,
        ticks=rank_ticks(int(most)) if found.ranks else _percent_ticks(most, say),
        ranks=found.ranks,
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=say("not listed"),
        citation=found.citation,
        language=say.code,
        estimated=estimates_word(say, estimated=found.estimated),
    )


def _known(values: tuple[Fraction | None, ...]) -> list[Fraction]:
    return [value for value in values if value is not None]


def _series(track: Track, *, ranks: bool) -> Series:
    scale = 1 if ranks else 10_000
    drawn = (
        None if value is None else floor(value * scale + Fraction(1, 2)) for value in track.values
    )
    return Series(track.name, track.openness, tuple(drawn), track.tokens, track.ending)


def _percent_ticks(most: Fraction, say: Say) -> tuple[Tick, ...]:
    ticks = share_ticks(ceil(most * 1000), lambda tenths: _said_tick(tenths, say))
    return tuple(Tick(tick.value * 10, tick.label) for tick in ticks)


def _said_tick(tenths: int, say: Say) -> str:
    whole, rest = divmod(tenths, 10)
    return say.percent(tenths, 1000) if rest else say.whole_percent(whole)


def tracks_alt(found: Tracks, say: Say) -> str:
    """Return what a chart of lines shows, in words: how each begins, ends, and stands at best."""
    text = f"{found.subtitle}, {between(found.dates[0], found.dates[-1], say)}"
    estimated = estimates_word(say, estimated=found.estimated)
    text = f"{text}. {estimated}:" if estimated else f"{text}:"
    for told in _told(found, say):
        more = f"{text} {told};"
        if len(more) > LONGEST_ALT:
            break
        text = more
    return f"{text.rstrip(';:')}."


def _told(found: Tracks, say: Say) -> Iterator[str]:
    for track in found.tracks:
        name = f"{short_name(track.name)} ({openness_word(track.openness, say)})"
        points = [
            (value, day)
            for value, day in zip(track.values, found.dates, strict=True)
            if value is not None
        ]
        if len(points) < _FEWEST:
            yield _short(name, points, say, ranks=found.ranks)
        else:
            yield _way(name, track, points, say, ranks=found.ranks)


def _short(name: str, points: list[tuple[Fraction, date]], say: Say, *, ranks: bool) -> str:
    if not points:
        return f"{name}: {say('not listed')}"
    ((value, day),) = points
    said = said_value(value, say, ranks=ranks)
    return say("{model}: {value} on {day} only", model=name, value=said, day=say.day(day))


def _way(
    name: str, track: Track, points: list[tuple[Fraction, date]], say: Say, *, ranks: bool
) -> str:
    said = {said_value(value, say, ranks=ranks) for value in track.values}
    if len(said) == 1:
        return say("{model}: {value} on each date", model=name, value=said.pop())
    best, when = _at_best(points, ranks=ranks)
    ends = {
        "model": name,
        "first": said_value(points[0][0], say, ranks=ranks),
        "since": say.day(points[0][1]),
        "last": said_value(track.values[-1], say, ranks=ranks),
    }
    if when == points[0][1]:
        return say("{model}: {first} on {since}, its best, {last} at the end", **ends)
    if best == track.values[-1] and when == points[-1][1]:
        return say("{model}: {first} on {since}, {last} at the end, its best", **ends)
    return say(
        "{model}: {first} on {since}, {last} at the end, at best {best} on {day}",
        best=said_value(best, say, ranks=ranks),
        day=say.day(when),
        **ends,
    )


def _at_best(points: list[tuple[Fraction, date]], *, ranks: bool) -> tuple[Fraction, date]:
    """Return the lowest rank or the highest share, and the first day of it."""
    return min(points, key=lambda point: point[0] if ranks else -point[0])
