"""Models side by side become a message and the words of its picture (pure)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from babel.numbers import format_decimal

from bot.answers.comparison import By, Compared, Comparison, Past
from bot.message import Line, Message, Section
from bot.model import Place, Standings
from bot.openness import Directory
from bot.standings import WEEK
from bot.text.alert import estimates, missing_other, on_board
from bot.text.firsts import first_time
from bot.text.numbers import tenths
from bot.text.partly import partly
from bot.text.ranking import ranked
from bot.text.say import Say
from bot.text.titled import in_title
from bot.text.tracks import Track, Tracks, said_value, share
from bot.text.words import citation, openness_word, span


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
        notes=(*partly(_named(listed, directory), say), *window_notes(found.standings, say)),
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


def _named(listed: Sequence[Place], directory: Directory) -> list[tuple[str, Place]]:
    return [(directory.name(place.model), place) for place in listed]


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
        tuple(Line(_best_line(each, found, directory, say)) for each in found.models),
    )


def _best_line(each: Compared, found: Comparison, directory: Directory, say: Say) -> str:
    openness = directory.at(each.model, found.standings.date).openness
    name = f"{openness.mark} {directory.name(each.model)}"
    if each.place is None:
        name = f"{name} ({openness_word(openness, say)})"
    best = each.best
    if best is None:
        return say("{model}: never in the published ranking", model=name)
    first = first_time(best.date, found.since, say, gap=best.gap)
    return say("{model}: number {rank}, {first}", model=name, rank=best.rank, first=first)


def compared_tracks(
    found: Comparison, by: By, directory: Directory, say: Say, *, estimated: bool
) -> Tracks:
    """Return the models' ways up to now, by share or by rank."""
    ranks = by is By.RANK
    subtitle = (
        say("Rank by tokens over seven days")
        if ranks
        else say("Share of all tokens over seven days")
    )
    return Tracks(
        title=_finding(found, by, directory, say),
        subtitle=on_board(subtitle, found.standings.board, say),
        dates=found.past.dates,
        tracks=tuple(_track(each, found, directory, say, ranks=ranks) for each in found.models),
        totals=tuple(window.total if window else None for window in found.past.windows),
        ranks=ranks,
        citation=citation(found.standings.as_of),
        estimated=estimated,
    )


def _finding(found: Comparison, by: By, directory: Directory, say: Say) -> str:
    """Return how the best two of the models stand to each other."""
    listed = [each.place for each in found.models if each.place is not None]
    named = [in_title(directory.name(place.model)) for place in listed]
    if not listed:
        return say("None of these models is in the ranking now")
    if len(listed) == 1:
        return say("Of these models, only {model} is in the ranking now", model=named[0])
    pair, names = (listed[0], listed[1]), {"first": named[0], "second": named[1]}
    if pair[0].tokens == pair[1].tokens:
        return say("{first} and {second} have equally many tokens", **names)
    if by is By.RANK:
        return _ahead(pair, names, say, overtook=_overtook(pair, found.past))
    return _leading(pair, names, found, say)


def _overtook(pair: tuple[Place, Place], past: Past) -> bool:
    """Say whether the second was ahead in the first of the windows that list both."""
    models = [place.model for place in pair]
    for window in past.windows:
        placed = {place.model: place.tokens for place in window.places} if window else {}
        if placed.keys() >= set(models):
            return placed[models[0]] < placed[models[1]]
    return False


def _ahead(pair: tuple[Place, Place], names: Mapping[str, str], say: Say, *, overtook: bool) -> str:
    first, second = pair
    if overtook:
        return say("{first} has overtaken {second} and is number {rank}", rank=first.rank, **names)
    return say.plural(
        "{first} is number {rank}, {count} place ahead of {second}",
        "{first} is number {rank}, {count} places ahead of {second}",
        second.rank - first.rank,
        rank=first.rank,
        **names,
    )


def _leading(
    pair: tuple[Place, Place], names: Mapping[str, str], found: Comparison, say: Say
) -> str:
    gap = tenths(pair[0].tokens - pair[1].tokens, found.standings.total)
    points = format_decimal(Decimal(gap).scaleb(-1), "0.0", locale=say.code)
    if _overtook(pair, found.past):
        if gap:
            return say(
                "{first} has overtaken {second} and leads by {points} points",
                points=points,
                **names,
            )
        return say("{first} has overtaken {second} and is just ahead", **names)
    if gap:
        return say("{first} leads {second} by {points} points", points=points, **names)
    return say("{first} is just ahead of {second}", **names)


def _track(
    each: Compared, found: Comparison, directory: Directory, say: Say, *, ranks: bool
) -> Track:
    windows = found.past.windows
    places = [_place(each.model, window) if window else None for window in windows]
    values = tuple(
        _value(place, window, ranks=ranks) if window and place else None
        for place, window in zip(places, windows, strict=True)
    )
    return Track(
        directory.name(each.model),
        directory.at(each.model, found.standings.date).openness,
        values,
        tuple(place.tokens if place else None for place in places),
        said_value(values[-1], say, ranks=ranks),
    )


def _place(model: str, window: Standings) -> Place | None:
    return next((place for place in window.places if place.model == model), None)


def _value(place: Place, window: Standings, *, ranks: bool) -> Fraction:
    return Fraction(place.rank) if ranks else share(place.tokens, window.total)
