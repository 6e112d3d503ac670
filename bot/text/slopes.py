"""Who climbed and who fell becomes a picture of ranks then and now, and its words (pure)."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from bot.answers.movers import Mover, Movers
from bot.model import Openness, Standings
from bot.pictures.movers import Move, Slope
from bot.text.alert import on_board
from bot.text.moved import (
    SHOWN,
    change,
    dated,
    furthest,
    kinds,
    name_of,
    named,
    nobody,
    places_of,
    ranks_moved,
    shares_of,
    shown,
    spans,
    whole_name,
)
from bot.text.say import Say
from bot.text.titled import in_title
from bot.text.words import LONGEST_ALT, estimates_word, openness_word

_LONGEST_TITLE = 90
"""Characters that fit the two lines of a title."""


def slope(found: Movers, say: Say) -> Slope:
    """Return the picture of the ranks then and now of all that are named."""
    ranks = [place.rank for each in shown(found) for place in places_of(each)]
    strong = [*furthest(found.climbers), *furthest(found.fallers)]
    return Slope(
        title=_headline(found, say),
        subtitle=on_board(_subtitle(found, say), found.board.name, say),
        columns=(_column(found.then, say), _column(found.now, say)),
        totals=(found.then.total, found.now.total),
        moves=tuple(_move(each, say, strong=each in strong) for each in shown(found)),
        depth=max(ranks, default=1),
        unlisted=say("not listed"),
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=nobody(say).removesuffix("."),
        citation=dated(found),
        language=say.code,
        estimated=estimates_word(say, estimated=found.board.estimated),
    )


def _headline(found: Movers, say: Say) -> str:
    """Say who moved furthest, up and down if there is room; by how much if one way alone."""
    both = _both(found, say) if found.climbers and found.fallers else ""
    if both and len(both) <= _LONGEST_TITLE:
        return both
    if found.climbers:
        return say.plural(
            "{names} rose most in the top 30, by {count} place",
            "{names} rose most in the top 30, by {count} places",
            found.climbers[0].climb,
            names=_leading(found.climbers, 2, say),
        )
    if found.fallers:
        return say.plural(
            "{names} fell most in the top 30, by {count} place",
            "{names} fell most in the top 30, by {count} places",
            -found.fallers[0].climb,
            names=_leading(found.fallers, 2, say),
        )
    return nobody(say).removesuffix(".")


def _both(found: Movers, say: Say) -> str:
    return say(
        "{up} rose most in the top 30, {down} fell most",
        up=_leading(found.climbers, 1, say),
        down=_leading(found.fallers, 1, say),
    )


def _leading(moved: Sequence[Mover], most: int, say: Say) -> str:
    names = [in_title(whole_name(each)) for each in furthest(moved)]
    return named(names, most, say)


def _subtitle(found: Movers, say: Say) -> str:
    if found.arrivals or found.departures:
        return say("Ranks by tokens over seven days; faint lines: models listed in one week only")
    return say("Ranks by tokens over seven days; models listed in both weeks")


def _column(week: Standings, say: Say) -> str:
    return say("week to {day}", day=say.day(week.date))


def _move(mover: Mover, say: Say, *, strong: bool) -> Move:
    before, after = mover.before, mover.after
    return Move(
        name=whole_name(mover),
        openness=mover.openness,
        before=before.rank if before else None,
        after=after.rank if after else None,
        word=change(mover.climb, say) if mover.climb else _entry(mover, say),
        tokens=(before.tokens if before else None, after.tokens if after else None),
        strong=strong,
    )


def _entry(mover: Mover, say: Say) -> str:
    return say("now listed") if mover.before is None else say("left the list")


def slope_alt(found: Movers, say: Say) -> str:
    """Return what the picture shows, in words: as many models as fit, whole.

    The first of each kind has its direction and shares too, as far as all models fit beside them.
    """
    for leaders in reversed(range(len(kinds(found, say)) + 1)):
        texts = list(accumulate(_pieces(found, leaders, say)))
        if len(texts[-1]) < LONGEST_ALT:
            return f"{texts[-1]}."
    return next(f"{text}." for text in reversed(texts) if len(text) < LONGEST_ALT)


def _pieces(found: Movers, leaders: int, say: Say) -> Iterator[str]:
    """Yield the weeks, then each model; of so many kinds the first one with all its figures."""
    yield spans(found, say).removesuffix(".")
    if found.board.estimated:
        yield f". {estimates_word(say, estimated=True)}"
    for number, (heading, kind) in enumerate(kinds(found, say)):
        first = _wholly(kind[0], found, say) if number < leaders else _ranks(kind[0], say)
        yield f". {heading}: {first}"
        yield from (f"; {_ranks(mover, say)}" for mover in kind[1:SHOWN])


def _wholly(mover: Mover, found: Movers, say: Say) -> str:
    shares = say("share of all tokens {shares}", shares=shares_of(mover, found, say))
    return f"{_called(mover, say)} {ranks_moved(mover, say).lstrip('▲▼ ')}, {shares}"


def _ranks(mover: Mover, say: Say) -> str:
    ranks = " → ".join(str(place.rank) for place in places_of(mover))
    return f"{_called(mover, say)} {ranks}"


def _called(mover: Mover, say: Say) -> str:
    return f"{name_of(mover)} ({openness_word(mover.openness, say)})"
