"""The picture of an alert: who holds the first places, and lines over time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from bot import rules
from bot.backtest import backtest
from bot.model import Day, Milestone, Openness
from bot.pictures import Picture
from bot.pictures.milestone import Before, Places, Seat, Way, Ways
from bot.queries.stories import staged
from bot.text.say import Say
from bot.text.stories import story_picture
from bot.text.words import estimates_word
from tests.charts.figures import demo_days, known
from tests.charts.reading import LONG, ODD

ONE_WEEK = timedelta(days=6)


def cases(say: Say) -> Mapping[str, Picture]:
    """Return the picture of an alert in every case that may come, in a language."""
    full, ranks = places(say), lines(say, "overtake")
    estimated = estimates_word(say, estimated=True)
    return {
        "empty": replace(full, dates=(), days=(), seats=(), counted=(), since=0),
        "empty, ranks": replace(ranks, dates=(), days=(), ways=(), since=0),
        "one row": replace(full, seats=tuple(each[:1] for each in full.seats)),
        "one row, ranks": replace(ranks, ways=ranks.ways[:1]),
        "one day": places(say, days=1),
        "one day, ranks": lines(say, "overtake", days=1),
        "gaps": _gapped(full),
        "gaps, ranks": _gapped_ways(ranks),
        "long names": _long(full),
        "long names, ranks": _long_ways(ranks),
        "full": full,
        "full, beside before": replace(full, before=_before(full, say)),
        "full, since": places(say, "streak"),
        "full, ranks": ranks,
        "full, shares": lines(say, "open_share"),
        "full, share": lines(say, "share_record"),
        "full, tokens": lines(say, "first_to_mark"),
        "full, all models": _together(lines(say, "first_to_mark")),
        "estimated": replace(full, estimated=estimated),
        "estimated, ranks": replace(ranks, estimated=estimated),
    }


@cache
def _told() -> tuple[Milestone, ...]:
    found = backtest("models", demo_days(), known(), rules.discover())
    return tuple(one for one in found if one.told)


def picture(say: Say, rule: str, days: int | None = None) -> Picture:
    """Return the picture of what a rule told last, of so many windows alone if that is said."""
    told = next(one for one in reversed(_told()) if one.rule == rule)
    made = rules.discover()[rule]
    shown: Mapping[date, Day] = demo_days()
    if days is not None:
        first = told.date - ONE_WEEK - timedelta(days=days - 1)
        shown = {when: day for when, day in demo_days().items() if when >= first}
    found = staged(told, made.story(told), shown, known())
    return story_picture(found, made.headline(told, known().name, say), known().name, say)


def places(say: Say, rule: str = "open_top5", days: int | None = None) -> Places:
    """Return a picture of places. Raises TypeError if a rule's is another."""
    made = picture(say, rule, days)
    if not isinstance(made, Places):
        raise TypeError(rule)
    return made


def lines(say: Say, rule: str, days: int | None = None) -> Ways:
    """Return a picture of lines. Raises TypeError if a rule's is another."""
    made = picture(say, rule, days)
    if not isinstance(made, Ways):
        raise TypeError(rule)
    return made


def _before(full: Places, say: Say) -> Before:
    """Return the first column as if it were of six months before."""
    return Before(say("six months before"), full.seats[0], full.counted[0])


def _together(chart: Ways) -> Ways:
    """Return the strong line alone, as one that is of no openness."""
    return replace(chart, ways=(replace(chart.ways[0], openness=None),))


def _gapped(full: Places) -> Places:
    gaps = {0, 2, 3}
    return replace(
        full,
        seats=tuple(() if n in gaps else each for n, each in enumerate(full.seats)),
        counted=tuple("" if n in gaps else each for n, each in enumerate(full.counted)),
    )


def _gapped_ways(ranks: Ways) -> Ways:
    gaps = {*range(8, 13), 20, *range(24, 30), len(ranks.dates) - 3}

    def gapped(way: Way) -> Way:
        values = (None if n in gaps else value for n, value in enumerate(way.values))
        return replace(way, values=tuple(values))

    return replace(ranks, ways=tuple(map(gapped, ranks.ways)))


def _long(full: Places) -> Places:
    kinds = (*Openness, *Openness)
    seats = tuple(Seat(name, kind) for name, kind in zip(ODD, kinds, strict=False))
    return replace(
        full, title=f"{LONG}: {LONG}", subtitle=LONG * 2, seats=(seats,) * len(full.seats)
    )


def _long_ways(ranks: Ways) -> Ways:
    names = (*ODD, *(f"{LONG} {n}" for n in range(len(ranks.ways))))
    ways = tuple(
        replace(way, name=name, ending=LONG) for way, name in zip(ranks.ways, names, strict=False)
    )
    return replace(ranks, title=f"{LONG}: {LONG}", ways=ways, happened=f"{LONG}, {LONG}")
