"""The first places of standings become a picture, and its content in words (pure)."""

from collections.abc import Sequence

from bot.model import Openness, Place, Standings
from bot.openness import Directory
from bot.pictures.standings import Bar, Bars
from bot.standings import WEEK
from bot.text.alert import on_board
from bot.text.ranking import ranked
from bot.text.say import Say
from bot.text.words import (
    LONGEST_ALT,
    citation,
    estimates_word,
    openness_word,
    short_name,
    span,
)


def standings_picture(
    found: Standings,
    directory: Directory,
    say: Say,
    *,
    title: str,
    estimated: bool,
    top: int = 10,
) -> Bars:
    """Return the picture of the first `top` places; `estimated` standings are of a whole week."""
    places, days = found.places[:top], WEEK if estimated else found.days
    return Bars(
        title=title,
        subtitle=_subtitle(found, places, days, say),
        bars=tuple(_bar(place, found, directory, say) for place in places),
        total=found.total,
        columns=(say("share of all tokens"), say("change in rank over a week")),
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=say("No model is listed.").removesuffix("."),
        citation=citation(found.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=estimated),
    )


def _subtitle(found: Standings, places: Sequence[Place], days: int, say: Say) -> str:
    said = say("Most-used models on OpenRouter by tokens, {span}", span=span(found.date, days, say))
    if len({place.tokens for place in places}) < len(places):
        said = f"{said}. {say('Models with equal tokens are ranked by name.').removesuffix('.')}"
    return on_board(said, found.board, say)


def _bar(place: Place, found: Standings, directory: Directory, say: Say) -> Bar:
    read = ranked(place, found, directory, say)
    return Bar(
        rank=read.rank,
        name=read.name,
        openness=read.openness,
        tokens=place.tokens,
        share=read.share,
        before=place.rank_before,
        change=read.change,
    )


def standings_alt(picture: Bars, say: Say) -> str:
    """Return what the picture shows, in words: as many places as fit, whole."""
    if not picture.bars:
        return f"{picture.subtitle}. {picture.empty}."
    begun = ". ".join(part for part in (picture.subtitle, picture.estimated) if part)
    text = f"{begun}; {picture.columns[0]}:"
    for count, bar in enumerate(picture.bars):
        more = f"{text} {bar.rank} {_place(bar, say)};"
        rest = _more(len(picture.bars) - count - 1, say)
        if len(more) + len(rest) >= LONGEST_ALT:
            return f"{text}{_more(len(picture.bars) - count, say)}."
        text = more
    return f"{text.rstrip(';')}."


def _more(count: int, say: Say) -> str:
    return f" {say.plural('{count} more model', '{count} more models', count)}" if count else ""


def _place(bar: Bar, say: Say) -> str:
    name = short_name(" ".join(bar.name.split()))
    said = f"{name} ({openness_word(bar.openness, say)}) {bar.share}"
    change = bar.change.lstrip("▲▼= ")
    return f"{said}, {change}" if change else said
