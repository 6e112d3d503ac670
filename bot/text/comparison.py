"""Models side by side become a message and the words of its picture (pure)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from babel.numbers import format_decimal

from bot.answers.comparison import By, Compared, Comparison
from bot.message import Line, Message, Section
from bot.model import Openness, Place, Standings
from bot.openness import Directory
from bot.pictures import Lines, Series, Tick, rank_ticks, share_ticks
from bot.standings import WEEK
from bot.text.alert import estimates, missing_other, on_board
from bot.text.numbers import tenths
from bot.text.ranking import ranked
from bot.text.say import Say
from bot.text.words import citation, openness_word, span

LONGEST_ALT = 1000
"""Discord takes 1,024 characters."""


def compared(found: Comparison, directory: Directory, say: Say) -> Message:
    """Return the models side by side: who leads whom, each place, and each best rank."""
    listed = [each.place for each in found.models if each.place is not None]
    return Message(
        title=on_board(compared_title(found, directory, say), found.standings.board, say),
        lead=(*_leads(listed, directory, say), *_unlisted(found.models, directory, say)),
        caption=say("By tokens, {span}", span=span(found.standings.date, WEEK, say))
        if listed
        else "",
        ranking=tuple(ranked(place, found.standings, directory, say) for place in listed),
        sections=(_best(found, directory, say),),
        notes=(*_partly(listed, directory, say), *window_notes(found.standings, say)),
        citation=citation(found.standings.as_of),
    )


def compared_title(found: Comparison, directory: Directory, say: Say) -> str:
    """Return the names of two models, or how many there are."""
    if len(found.models) > 2:
        return say("{count} models side by side", count=len(found.models))
    names = [directory.name(each.model) for each in found.models]
    return say("{models}, side by side", models=say.listed(names))


def window_notes(standings: Standings, say: Say) -> tuple[str, ...]:
    """Return what is to be known of the figures of a window."""
    return (
        *([say("Changes are against the seven days before.")] if standings.compared else []),
        *([estimates(say)] if standings.days != WEEK else []),
        *missing_other(standings.days_without_other, say),
    )


def _leads(listed: Sequence[Place], directory: Directory, say: Say) -> list[str]:
    return [_lead(first, second, directory, say) for first, second in pairwise(listed)]


def _lead(first: Place, second: Place, directory: Directory, say: Say) -> str:
    names = {"first": directory.name(first.model), "second": directory.name(second.model)}
    gap = first.tokens - second.tokens
    if not gap:
        return say("{first} and {second} have the same number of tokens.", **names)
    if not second.tokens or first.tokens * 10 < second.tokens * 11:
        # “1.0 times” would say nothing.
        tokens = say.tokens(gap)
        return say("{first} has {tokens} more tokens than {second}.", tokens=tokens, **names)
    times = _times(first.tokens, second.tokens, say)
    return say("{first} has {times} times the tokens of {second}.", times=times, **names)


def _times(many: int, few: int, say: Say) -> str:
    """Return a ratio: with one decimal below ten, else whole; halves rounded up."""
    scaled = (many * 20 + few) // (2 * few)
    if scaled < 100:
        return format_decimal(Decimal(scaled).scaleb(-1), "0.0", locale=say.code)
    return format_decimal((many * 2 + few) // (2 * few), locale=say.code)


def _unlisted(models: Sequence[Compared], directory: Directory, say: Say) -> list[str]:
    return [
        say(
            "{model} is not in the published ranking of these seven days.",
            model=directory.name(each.model),
        )
        for each in models
        if each.place is None
    ]


def _best(found: Comparison, directory: Directory, say: Say) -> Section:
    heading = say("Best rank over seven days since {day}", day=say.day(found.since))
    return Section(
        heading,
        tuple(Line(_best_line(each, found.standings, directory, say)) for each in found.models),
    )


def _best_line(each: Compared, now: Standings, directory: Directory, say: Say) -> str:
    openness = directory.at(each.model, now.date).openness
    name = f"{openness.mark} {directory.name(each.model)}"
    if each.place is None:
        name = f"{name} ({openness_word(openness, say)})"
    if each.best is None:
        return say("{model}: never in the published ranking", model=name)
    first = say.day(each.best.date)
    return say("{model}: number {rank}, first on {day}", model=name, rank=each.best.rank, day=first)


def _partly(listed: Sequence[Place], directory: Directory, say: Say) -> list[str]:
    names = [directory.name(place.model) for place in listed if place.hidden]
    if not names:
        return []
    return [
        say(
            "Outside the published ranking on some of these days, so that the tokens may be too"
            " few: {models}.",
            models=say.listed(names),
        )
    ]


def compared_lines(found: Comparison, by: By, directory: Directory, say: Say) -> Lines | None:
    """Return the picture of the models' shares or ranks; None where none is ever listed in it."""
    ranks = by is By.RANK
    series = tuple(_series(each, found, directory, say, ranks=ranks) for each in found.models)
    known = [value for each in series for value in each.values if value is not None]
    if not known:
        return None
    subtitle = (
        say("Rank by tokens over seven days")
        if ranks
        else say("Share of all tokens over seven days")
    )
    return Lines(
        title=compared_title(found, directory, say),
        subtitle=on_board(subtitle, found.standings.board, say),
        dates=found.past.dates,
        days=tuple(map(say.short_day, found.past.dates)),
        series=series,
        ticks=rank_ticks(max(known)) if ranks else percent_ticks(max(known), say),
        ranks=ranks,
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=say("not listed"),
        citation=citation(found.standings.as_of),
    )


def percent_ticks(most: int, say: Say) -> tuple[Tick, ...]:
    """Return the marks of an axis of shares that reaches `most` tenths of a per cent."""
    return share_ticks(most, lambda value: _said_tick(value, say))


def _said_tick(value: int, say: Say) -> str:
    whole, rest = divmod(value, 10)
    return say.percent(value, 1000) if rest else say.whole_percent(whole)


def said_value(value: int | None, say: Say, *, ranks: bool) -> str:
    """Return a value of a line in words: a rank, or tenths of a per cent."""
    if value is None:
        return say("not listed")
    return say("number {rank}", rank=value) if ranks else say.percent(value, 1000)


def _series(
    each: Compared, found: Comparison, directory: Directory, say: Say, *, ranks: bool
) -> Series:
    values = tuple(
        _value(each.model, window, ranks=ranks) if window else None for window in found.past.windows
    )
    return Series(
        directory.name(each.model),
        directory.at(each.model, found.standings.date).openness,
        values,
        said_value(values[-1], say, ranks=ranks),
    )


def _value(model: str, window: Standings, *, ranks: bool) -> int | None:
    place = next((place for place in window.places if place.model == model), None)
    if place is None:
        return None
    return place.rank if ranks else tenths(place.tokens, window.total)


def lines_alt(picture: Lines, say: Say) -> str:
    """Return what a chart of lines shows, in words: how each begins, ends, and stands at best."""
    text = say(
        "{subtitle}, {start} to {end}:",
        subtitle=picture.subtitle,
        start=say.day(picture.dates[0]),
        end=say.day(picture.dates[-1]),
    )
    for series in picture.series:
        more = f"{text} {_told(series, picture, say)}"
        if len(more) > LONGEST_ALT:
            break
        text = more
    return f"{text.rstrip(';:')}."


def _told(series: Series, picture: Lines, say: Say) -> str:
    name = f"{series.name} ({openness_word(series.openness, say)})"
    points = [
        (v, day) for v, day in zip(series.values, picture.dates, strict=True) if v is not None
    ]
    if not points:
        return f"{name}: {say('not listed')};"
    (first, since), last = points[0], series.values[-1]
    best, when = _at_best(points, ranks=picture.ranks)
    ends = say(
        "{model}: {first} on {since}, {last} at the end, at best {best} on {day}",
        model=name,
        first=said_value(first, say, ranks=picture.ranks),
        since=say.day(since),
        last=said_value(last, say, ranks=picture.ranks),
        best=said_value(best, say, ranks=picture.ranks),
        day=say.day(when),
    )
    return f"{ends};"


def _at_best(points: Sequence[tuple[int, date]], *, ranks: bool) -> tuple[int, date]:
    """Return the lowest rank or the highest share, and the first day of it."""
    return min(points, key=lambda point: point[0] if ranks else -point[0])
