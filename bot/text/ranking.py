"""Standings become a message (pure)."""

from collections.abc import Sequence

from bot.answers.rankings import Page
from bot.message import Message, Ranked
from bot.model import Openness, Place, Standings
from bot.openness import Directory
from bot.standings import WEEK
from bot.text.alert import estimates, missing_other, on_board
from bot.text.partly import partly
from bot.text.refusals import why_none
from bot.text.say import Say
from bot.text.words import citation, openness_word, span

_MOST_DAYS = 14
"""Missing days that are named; more of them would fill the message."""


def ranking(page: Page, directory: Directory, say: Say) -> Message:
    """Return a page of the standings, or why there are none yet."""
    found = page.answer.standings
    if found is None:
        return Message(
            title=say("No standings yet"),
            lead=(why_none(page.answer, say),),
            caption="",
            ranking=(),
            notes=(),
            citation="",
        )
    return Message(
        title=on_board(_title(page.wanted.show, say), found.board, say),
        lead=() if page.places else (_nothing_such(page.wanted.show, say),),
        caption=_caption(page, found, say) if page.places else "",
        ranking=tuple(ranked(place, found, directory, say) for place in page.places),
        notes=(
            *_notes(page, found, say),
            *_ties(page.places, say),
            *partly([(directory.name(one.model), one) for one in page.places], say),
        ),
        citation=citation(found.as_of),
    )


def _title(show: Openness | None, say: Say) -> str:
    if show is Openness.OPEN:
        return say("Most-used open models on OpenRouter")
    if show is Openness.CLOSED:
        return say("Most-used closed models on OpenRouter")
    return say("Most-used models on OpenRouter")


def _nothing_such(show: Openness | None, say: Say) -> str:
    if show is Openness.OPEN:
        return say("No listed model is known to be open.")
    if show is Openness.CLOSED:
        return say("No listed model is known to be closed.")
    return say("No model is listed.")


def _caption(page: Page, found: Standings, say: Say) -> str:
    by_tokens = say("By tokens, {span}", span=span(found.date, page.days, say))
    if page.pages == 1:
        return by_tokens
    first = page.page * page.wanted.top + 1
    last = first + len(page.places) - 1
    numbers = f"{first}–{last}" if last > first else str(first)
    places = say("{numbers} of {all}", numbers=numbers, all=page.listed)
    return f"{by_tokens} · {places}"


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
    """Return how a place compares with the one seven days before, by shape and word.

    A model that was not listed then may be new, or may have been below the published ranks.
    """
    if place.rank_before is None:
        return say("unlisted then")
    moved = place.rank_before - place.rank
    if moved == 0:
        return f"= {say('same')}"
    if moved > 0:
        return f"▲ {say('up {places}', places=moved)}"
    return f"▼ {say('down {places}', places=-moved)}"


def _notes(page: Page, found: Standings, say: Say) -> tuple[str, ...]:
    notes = [_compared(page.days, say)] if found.compared else []
    missing = page.answer.missing
    if page.answer.newest != found.date:
        notes.append(
            say.plural(
                "Newer days are stored, but this one is missing: {days}.",
                "Newer days are stored, but these are missing: {days}.",
                len(missing),
                days=say.listed([say.day(day) for day in missing[:_MOST_DAYS]]),
            )
        )
    if page.board.estimated:
        notes.append(estimates(say))
    return (*notes, *missing_other(found.days_without_other, say))


def _ties(places: Sequence[Place], say: Say) -> tuple[str, ...]:
    """Return by what those are ordered that have equal tokens, if any have."""
    if len({place.tokens for place in places}) == len(places):
        return ()
    return (say("Models with equal tokens are ranked by name."),)


def _compared(days: int, say: Say) -> str:
    if days == 1:
        return say("Changes are against the same day of the week before.")
    if days == WEEK:
        return say("Changes are against the seven days before.")
    return say("Changes are against the same number of days that ended a week before.")
