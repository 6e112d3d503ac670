"""Who climbed and who fell becomes a message, and a picture's words (pure)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from bot.answers.movers import Mover, Movers, Uncompared
from bot.message import Line, Message, Section
from bot.model import Openness, Place, Standings
from bot.pictures.movers import Move, Slope
from bot.standings import WEEK
from bot.text.alert import estimates, missing_other, on_board
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, citation, openness_word, short_name, span

SHOWN = 5
"""Models of a kind that are named; of the others it is said how many there are."""


def movers(found: Movers | Uncompared, say: Say) -> Message:
    """Return who climbed, fell, came and went, or why nothing can be compared."""
    if isinstance(found, Uncompared):
        return _uncompared(found, say)
    return Message(
        title=_title(found, say),
        lead=(_furthest(found, say), _spans(found, say)),
        caption="",
        ranking=(),
        notes=_notes(found, say),
        citation=_citation(found),
        sections=_sections(found, say),
    )


def _title(found: Movers | Uncompared, say: Say) -> str:
    return on_board(say("Climbers and fallers on OpenRouter"), found.board.name, say)


def _citation(found: Movers) -> str:
    return citation(max(found.then.as_of, found.now.as_of))


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


def _spans(found: Movers, say: Say) -> str:
    now, then = (span(each.date, WEEK, say) for each in (found.now, found.then))
    return say("Ranks by tokens, {now}, against {then}.", now=now, then=then)


def _furthest(found: Movers, say: Say) -> str:
    """Say who of the top 30 moved furthest, all where it is a tie; or that nobody of them did."""
    parts = []
    if found.climbers:
        names, places = _leading(found.climbers, say)
        parts.append(
            say.plural(
                "Of the top 30, furthest up by {count} place: {names}.",
                "Of the top 30, furthest up by {count} places: {names}.",
                places,
                names=names,
            )
        )
    if found.fallers:
        names, places = _leading(found.fallers, say)
        parts.append(
            say.plural(
                "Of the top 30, furthest down by {count} place: {names}.",
                "Of the top 30, furthest down by {count} places: {names}.",
                places,
                names=names,
            )
        )
    return " ".join(parts) or _nobody(say)


def _nobody(say: Say) -> str:
    return say("No model of the top 30 that is listed in both weeks changed its rank.")


def _leading(moved: Sequence[Mover], say: Say) -> tuple[str, int]:
    leading = [each for each in moved if each.climb == moved[0].climb]
    names = [_name(each) for each in leading[:SHOWN]]
    more = _more(len(leading) - SHOWN, say)
    return say.listed([*names, *more]), abs(moved[0].climb)


def _kinds(found: Movers, say: Say) -> list[tuple[str, Sequence[Mover]]]:
    kinds = (
        (say("Climbers"), found.climbers),
        (say("Fallers"), found.fallers),
        (say("In the top 20 now, not listed then"), found.arrivals),
        (say("In the top 20 then, not listed now"), found.departures),
    )
    return [(heading, kind) for heading, kind in kinds if kind]


def _sections(found: Movers, say: Say) -> tuple[Section, ...]:
    return tuple(
        Section(
            heading,
            (
                *(Line(_line(each, found, say)) for each in kind[:SHOWN]),
                *(Line(more) for more in _more(len(kind) - SHOWN, say)),
            ),
        )
        for heading, kind in _kinds(found, say)
    )


def _more(count: int, say: Say) -> list[str]:
    if count <= 0:
        return []
    return [say.plural("{count} more model", "{count} more models", count)]


def _line(mover: Mover, found: Movers, say: Say) -> str:
    marked = f"{mover.openness.mark} {_name(mover)} · {openness_word(mover.openness, say)}"
    return f"{marked} · {_moved(mover, say)} · {_shares(mover, found, say)}"


def _moved(mover: Mover, say: Say) -> str:
    """Return how ranks changed, by shape and word."""
    if mover.before is None or mover.after is None:
        return _place(mover, say)
    return say(
        "{change}, from {before} to {after}",
        change=_change(mover.climb, say),
        before=mover.before.rank,
        after=mover.after.rank,
    )


def _change(climb: int, say: Say) -> str:
    if climb > 0:
        return f"▲ {say('up {places}', places=climb)}"
    return f"▼ {say('down {places}', places=-climb)}"


def _place(mover: Mover, say: Say) -> str:
    if mover.after is not None:
        return say("number {rank} now", rank=mover.after.rank)
    return say("number {rank} then", rank=mover.before.rank if mover.before else "")


def _shares(mover: Mover, found: Movers, say: Say) -> str:
    """Return the shares of all tokens then and now, as far as there are places."""
    now = say.percent(mover.after.tokens, found.now.total) if mover.after else ""
    then = say.percent(mover.before.tokens, found.then.total) if mover.before else ""
    if now and then:
        return say("{now} ({then} then)", now=now, then=then)
    return now or then


def _notes(found: Movers, say: Say) -> tuple[str, ...]:
    notes = []
    if found.climbers or found.fallers:
        notes.append(say("Climbers and fallers are models of the top 30 then or now."))
    if found.arrivals or found.departures:
        notes.append(
            say("Not listed: outside the published ranks; how much it is used there is not known.")
        )
    if any(place.hidden for each in _shown(found) for place in _places(each)):
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
        for each in _shown(found)
        for count, place in zip(counts, (each.before, each.after), strict=True)
    )


def _shown(found: Movers) -> list[Mover]:
    kinds = (found.climbers, found.fallers, found.arrivals, found.departures)
    return [each for kind in kinds for each in kind[:SHOWN]]


def _places(mover: Mover) -> list[Place]:
    return [place for place in (mover.before, mover.after) if place is not None]


def slope(found: Movers, say: Say) -> Slope:
    """Return the picture of the ranks then and now of all that are named."""
    shown = _shown(found)
    ranks = [place.rank for each in shown for place in _places(each)]
    return Slope(
        title=_headline(found, say),
        subtitle=on_board(_subtitle(found, say), found.board.name, say),
        columns=(_column(found.then, say), _column(found.now, say)),
        moves=tuple(_move(each, say) for each in shown),
        depth=max(ranks, default=1),
        unlisted=say("not listed"),
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=_nobody(say).removesuffix("."),
        citation=_citation(found),
    )


def _headline(found: Movers, say: Say) -> str:
    if found.climbers:
        return say(
            "Of the top 30, {model} climbed furthest", model=_leading(found.climbers, say)[0]
        )
    if found.fallers:
        return say("Of the top 30, {model} fell furthest", model=_leading(found.fallers, say)[0])
    return _nobody(say).removesuffix(".")


def _subtitle(found: Movers, say: Say) -> str:
    if found.arrivals or found.departures:
        return say("Ranks by tokens over seven days; faint lines: models listed in one week only")
    return say("Ranks by tokens over seven days; models listed in both weeks")


def _column(week: Standings, say: Say) -> str:
    return say("week to {day}", day=say.day(week.date))


def _move(mover: Mover, say: Say) -> Move:
    return Move(
        name=_name(mover),
        openness=mover.openness,
        before=mover.before.rank if mover.before else None,
        after=mover.after.rank if mover.after else None,
        word=_change(mover.climb, say) if mover.climb else _entry(mover, say),
    )


def _entry(mover: Mover, say: Say) -> str:
    return say("now listed") if mover.before is None else say("left the list")


def slope_alt(found: Movers, say: Say) -> str:
    """Return what the picture shows, in words: as many models as fit, whole.

    The first of each kind has its direction and shares too, as far as all models fit beside them.
    """
    for leaders in reversed(range(len(_kinds(found, say)) + 1)):
        texts = list(accumulate(_pieces(found, leaders, say)))
        if len(texts[-1]) < LONGEST_ALT:
            return f"{texts[-1]}."
    return next(f"{text}." for text in reversed(texts) if len(text) < LONGEST_ALT)


def _pieces(found: Movers, leaders: int, say: Say) -> Iterator[str]:
    """Yield the weeks, then each model; of so many kinds the first one with all its figures."""
    yield _spans(found, say).removesuffix(".")
    for number, (heading, kind) in enumerate(_kinds(found, say)):
        first = _wholly(kind[0], found, say) if number < leaders else _ranks(kind[0], say)
        yield f". {heading}: {first}"
        yield from (f"; {_ranks(mover, say)}" for mover in kind[1:SHOWN])


def _wholly(mover: Mover, found: Movers, say: Say) -> str:
    shares = say("share of all tokens {shares}", shares=_shares(mover, found, say))
    return f"{_called(mover, say)} {_moved(mover, say).lstrip('▲▼ ')}, {shares}"


def _ranks(mover: Mover, say: Say) -> str:
    ranks = " → ".join(str(place.rank) for place in _places(mover))
    return f"{_called(mover, say)} {ranks}"


def _called(mover: Mover, say: Say) -> str:
    return f"{_name(mover)} ({openness_word(mover.openness, say)})"


def _name(mover: Mover) -> str:
    """Return a model's name in one short line."""
    return short_name(" ".join("".join(s for s in mover.name[:1000] if s.isprintable()).split()))
