"""What the message and the picture of /movers both say: who is named, and how each moved (pure)."""

from collections.abc import Sequence

from bot.answers.movers import Mover, Movers
from bot.model import Place
from bot.standings import WEEK
from bot.text.say import Say
from bot.text.words import citation, short_name, span

SHOWN = 5
"""Models of a kind that are named; of the others it is said how many there are."""


def kinds(found: Movers, say: Say) -> list[tuple[str, Sequence[Mover]]]:
    """Return the kinds of moves that there are, each with its heading."""
    every = (
        (say("Climbers"), found.climbers),
        (say("Fallers"), found.fallers),
        (say("In the top 20 now, not listed then"), found.arrivals),
        (say("In the top 20 then, not listed now"), found.departures),
    )
    return [(heading, kind) for heading, kind in every if kind]


def shown(found: Movers) -> list[Mover]:
    """Return all that are named."""
    every = (found.climbers, found.fallers, found.arrivals, found.departures)
    return [each for kind in every for each in kind[:SHOWN]]


def furthest(moved: Sequence[Mover]) -> list[Mover]:
    """Return those of one kind, furthest first, that moved as far as the first of them."""
    return [each for each in moved if each.climb == moved[0].climb]


def named(names: Sequence[str], most: int, say: Say) -> str:
    """Return so many names at most, and how many more models there are."""
    return say.listed([*names[:most], *more(len(names) - most, say)])


def more(count: int, say: Say) -> list[str]:
    """Return how many more models there are; nothing where there are none."""
    if count <= 0:
        return []
    return [say.plural("{count} more model", "{count} more models", count)]


def spans(found: Movers, say: Say) -> str:
    """Return which weeks are compared."""
    now, then = (span(each.date, WEEK, say) for each in (found.now, found.then))
    return say("Ranks by tokens, {now}, against {then}.", now=now, then=then)


def nobody(say: Say) -> str:
    """Return that nobody moved."""
    return say("No model of the top 30 that is listed in both weeks changed its rank.")


def ranks_moved(mover: Mover, say: Say) -> str:
    """Return how ranks changed, by shape and word."""
    if mover.before is None or mover.after is None:
        return _place(mover, say)
    return say(
        "{change}, from {before} to {after}",
        change=change(mover.climb, say),
        before=mover.before.rank,
        after=mover.after.rank,
    )


def change(climb: int, say: Say) -> str:
    """Return a climb or, below 0, a fall by shape and word."""
    if climb > 0:
        return f"▲ {say('up {places}', places=climb)}"
    return f"▼ {say('down {places}', places=-climb)}"


def _place(mover: Mover, say: Say) -> str:
    if mover.after is not None:
        return say("number {rank} now", rank=mover.after.rank)
    return say("number {rank} then", rank=mover.before.rank if mover.before else "")


def shares_of(mover: Mover, found: Movers, say: Say) -> str:
    """Return the shares of all tokens then and now, as far as there are places."""
    now = say.percent(mover.after.tokens, found.now.total) if mover.after else ""
    then = say.percent(mover.before.tokens, found.then.total) if mover.before else ""
    if now and then:
        return say("{now} ({then} then)", now=now, then=then)
    return now or then


def places_of(mover: Mover) -> list[Place]:
    """Return a model's places, then and now, as far as there are."""
    return [place for place in (mover.before, mover.after) if place is not None]


def name_of(mover: Mover) -> str:
    """Return a model's name in one short line."""
    return short_name(whole_name(mover))


def whole_name(mover: Mover) -> str:
    """Return a model's name in one line, of at most a thousand characters."""
    return " ".join("".join(s for s in mover.name[:1000] if s.isprintable()).split())


def dated(found: Movers) -> str:
    """Return the citation, dated by the newer of both weeks."""
    return citation(max(found.then.as_of, found.now.as_of))
