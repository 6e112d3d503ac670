"""Who climbed and who fell becomes a message (pure)."""

from collections import Counter

from bot.answers.movers import Mover, Movers, Uncompared
from bot.message import Line, Message, Section
from bot.text.alert import estimates, missing_other, on_board
from bot.text.moved import (
    SHOWN,
    dated,
    furthest,
    kinds,
    more,
    name_of,
    named,
    nobody,
    places_of,
    ranks_moved,
    shares_of,
    shown,
    spans,
)
from bot.text.say import Say
from bot.text.words import citation, openness_word


def movers(found: Movers | Uncompared, say: Say) -> Message:
    """Return who climbed, fell, came and went, or why nothing can be compared."""
    if isinstance(found, Uncompared):
        return _uncompared(found, say)
    return Message(
        title=_title(found, say),
        lead=(_furthest(found, say), spans(found, say)),
        caption="",
        ranking=(),
        notes=_notes(found, say),
        citation=dated(found),
        sections=_sections(found, say),
    )


def _title(found: Movers | Uncompared, say: Say) -> str:
    return on_board(say("Climbers and fallers on OpenRouter"), found.board.name, say)


def _uncompared(found: Uncompared, say: Say) -> Message:
    if found.first > found.then:
        why = say(
            "There is nothing to compare with so far back: the first complete week here ends on"
            " {first}. Please ask for fewer days.",
            first=say.day(found.first),
        )
    else:
        why = say(
            "The week that ends on {then} is not complete here, so there is nothing to compare"
            " with. Missing: {days}. Please ask for another number of days.",
            then=say.day(found.then),
            days=say.listed([say.day(day) for day in found.missing]),
        )
    return Message(_title(found, say), (why,), "", (), (), citation(found.now.as_of))


def _furthest(found: Movers, say: Say) -> str:
    """Say who of the top 30 moved furthest, all where it is a tie; or that nobody of them did."""
    parts = []
    if found.climbers:
        leading = furthest(found.climbers)
        parts.append(
            say.plural(
                "Of the top 30, furthest up by {count} place: {names}.",
                "Of the top 30, furthest up by {count} places: {names}.",
                abs(leading[0].climb),
                names=named([name_of(each) for each in leading], SHOWN, say),
            )
        )
    if found.fallers:
        leading = furthest(found.fallers)
        parts.append(
            say.plural(
                "Of the top 30, furthest down by {count} place: {names}.",
                "Of the top 30, furthest down by {count} places: {names}.",
                abs(leading[0].climb),
                names=named([name_of(each) for each in leading], SHOWN, say),
            )
        )
    return " ".join(parts) or nobody(say)


def _sections(found: Movers, say: Say) -> tuple[Section, ...]:
    return tuple(
        Section(
            heading,
            (
                *(Line(_line(each, found, say)) for each in kind[:SHOWN]),
                *(Line(line) for line in more(len(kind) - SHOWN, say)),
            ),
        )
        for heading, kind in kinds(found, say)
    )


def _line(mover: Mover, found: Movers, say: Say) -> str:
    marked = f"{mover.openness.mark} {name_of(mover)} · {openness_word(mover.openness, say)}"
    return f"{marked} · {ranks_moved(mover, say)} · {shares_of(mover, found, say)}"


def _notes(found: Movers, say: Say) -> tuple[str, ...]:
    notes = []
    if found.climbers or found.fallers:
        notes.append(say("Climbers and fallers are models of the top 30 then or now."))
    if found.arrivals or found.departures:
        notes.append(
            say("Not listed: outside the published ranks; how much it is used there is not known.")
        )
    if any(place.hidden for each in shown(found) for place in places_of(each)):
        notes.append(
            say(
                "Some models are not listed on each of the days; their use on the others is not"
                " counted."
            )
        )
    if _tied(found):
        notes.append(say("Models with equal tokens are ranked by name."))
    if found.board.estimated:
        notes.append(estimates(say))
    lacking = max(found.now.days_without_other, found.then.days_without_other)
    return (*notes, *missing_other(lacking, say))


def _tied(found: Movers) -> bool:
    """Say whether a model that is shown has as many tokens as another one in one of the weeks."""
    counts = [Counter(place.tokens for place in each.places) for each in (found.then, found.now)]
    return any(
        place is not None and count[place.tokens] > 1
        for each in shown(found)
        for count, place in zip(counts, (each.before, each.after), strict=True)
    )
