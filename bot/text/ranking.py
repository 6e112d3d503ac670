"""Standings become a message (pure)."""

from bot.message import Message, Ranked
from bot.model import Answer, Place, Standings
from bot.openness import Directory
from bot.standings import WEEK
from bot.text.alert import estimates, missing_other, on_board
from bot.text.say import Say
from bot.text.words import citation, openness_word, span


def ranking(answer: Answer, top: int, directory: Directory, say: Say) -> Message:
    """Return the first `top` places of an answer, or why there are none yet."""
    found = answer.standings
    if found is None:
        return Message(
            title=say("No standings yet"),
            lead=(_why_none(answer, say),),
            caption="",
            ranking=(),
            notes=(),
            citation="",
        )
    return Message(
        title=on_board(say("Most-used models on OpenRouter"), found.board, say),
        lead=(),
        caption=say("By tokens, {span}", span=span(found.date, WEEK, say)),
        ranking=tuple(ranked(place, found, directory, say) for place in found.places[:top]),
        notes=_notes(answer, found, say),
        citation=citation(found.as_of),
    )


def ranked(place: Place, standings: Standings, directory: Directory, say: Say) -> Ranked:
    """Return a place as it is read."""
    openness = directory.at(place.model, standings.date).openness
    return Ranked(
        rank=place.rank,
        name=directory.name(place.model),
        openness=openness,
        word=openness_word(openness, say),
        share=say.percent(place.tokens, standings.total),
        tokens=say.tokens(place.tokens),
        change=change(place, say) if standings.compared else "",
    )


def change(place: Place, say: Say) -> str:
    """Return how a place compares with the one seven days before.

    A model that was not listed then may be new, or may have been below the published ranks.
    """
    if place.rank_before is None:
        return say("unlisted then")
    moved = place.rank_before - place.rank
    if moved == 0:
        return say("same")
    return say("up {places}", places=moved) if moved > 0 else say("down {places}", places=-moved)


def _why_none(answer: Answer, say: Say) -> str:
    if answer.newest is None:
        return say("No rankings are stored yet. The next poll brings them.")
    return say(
        "Seven complete days in a row are needed; these are missing: {days}.",
        days=say.listed([say.day(day) for day in answer.missing]),
    )


def _notes(answer: Answer, found: Standings, say: Say) -> tuple[str, ...]:
    notes = [say("Changes are against the seven days before.")] if found.compared else []
    if answer.newest != found.date:
        notes.append(
            say(
                "Newer days are stored, but these are missing: {days}.",
                days=say.listed([say.day(day) for day in answer.missing]),
            )
        )
    if found.days != WEEK:
        notes.append(estimates(say))
    return (*notes, *missing_other(found.days_without_other, say))
