"""The words on the picture of open shares over time, and those that stand in for it (pure)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from babel.dates import format_date

from bot.answers.openness import Balance, Balances
from bot.model import Openness
from bot.pictures import Tick
from bot.pictures.open_share import Areas
from bot.text import numbers
from bot.text.alert import on_board
from bot.text.openness import headline, kinds
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, between, citation, openness_word

DATES_SAID = 14
"""Dates of the picture whose figures its description has, evenly spread."""

_THOUSAND = 1000
_A_YEAR = timedelta(days=300)
"""With days so far apart the first and the last are said with their year."""


def shares_picture(found: Balances, say: Say) -> Areas:
    """Return the picture of the shares over time, with those of half a year and a year before."""
    return Areas(
        title=headline(found.now, say),
        subtitle=_subtitle(found, say),
        dates=found.dates,
        days=tuple(_days(found.dates, say)),
        shares={kind: _drawn(found, kind) for kind in Openness},
        ticks=tuple(Tick(10 * n, say.whole_percent(n)) for n in range(0, 101, 25)),
        marks=tuple(Tick(found.dates.index(day), label) for day, label in _marks(found, say)),
        words={kind: openness_word(kind, say) for kind in Openness},
        endings={k: say.percent(found.now.of(k), found.now.counted) for k in Openness},
        empty=say("No complete week is stored yet"),
        citation=citation(found.found.as_of),
    )


def _days(dates: Sequence[date], say: Say) -> Iterator[str]:
    """Yield each date in words; the first and the last with the year, if a year apart or nearly."""
    first, last = dates[0], dates[-1]
    for day in dates:
        if day in (first, last) and last - first > _A_YEAR:
            yield format_date(day, "d MMM y", say.code)
        else:
            yield say.short_day(day)


def _subtitle(found: Balances, say: Say) -> str:
    subtitle = say("Shares of ranked tokens, over seven days each")
    return on_board(subtitle, found.board.name, say)


def _drawn(found: Balances, kind: Openness) -> tuple[int | None, ...]:
    drawn = (found.drawn.get(day) for day in found.dates)
    return tuple(None if each is None else _thousandths(each)[kind] for each in drawn)


def _thousandths(balance: Balance) -> dict[Openness, int]:
    """Return the shares in tenths of a per cent, rounded so that they are 1,000 together."""
    known = numbers.tenths(balance.open, balance.counted)
    upper = numbers.tenths(balance.open + balance.unknown, balance.counted)
    return {
        Openness.OPEN: known,
        Openness.UNKNOWN: upper - known,
        Openness.CLOSED: _THOUSAND - upper,
    }


def _marks(found: Balances, say: Say) -> list[tuple[date, str]]:
    """Return what is said at the window of a year and of six months before."""
    marks = []
    if found.year is not None:
        share = say.percent(found.year.open, found.year.counted)
        marks.append((found.year.date, say("a year before: {share} open", share=share)))
    if found.half_year is not None:
        share = say.percent(found.half_year.open, found.half_year.counted)
        marks.append((found.half_year.date, say("six months before: {share} open", share=share)))
    return marks


def shares_alt(found: Balances, say: Say) -> str:
    """Return what the picture shows, in words: the newest shares, then as many as fit, whole."""
    if not found.drawn:
        return say("No complete week is stored yet")
    *before, newest = found.drawn
    begin = say(
        "{subtitle}, {span}. On the last day:",
        subtitle=_subtitle(found, say),
        span=between(next(iter(found.drawn)), newest, say),
    )
    shares = (
        f"{openness_word(kind, say)} {_percent(found, kind, newest, say)}"
        for kind in kinds(found.drawn[newest])
    )
    marks = (f" {say.day(day)}, {label}." for day, label in _marks(found, say))
    text = "".join([f"{begin} {', '.join(shares)}.", *marks])
    return _with_history(text, found, _spread(before), say)


def _with_history(text: str, found: Balances, days: list[date], say: Say) -> str:
    """Return the text and the shares of as many of the days as fit."""
    ending = f"{text} {say('Open and unknown before:')}"
    pairs = (
        (_percent(found, Openness.OPEN, day, say), _percent(found, Openness.UNKNOWN, day, say))
        for day in days
    )
    for day, (known, unknown) in zip(days, pairs, strict=True):
        more = f"{ending} {say.day(day)} {known}, {unknown};"
        if len(more) > LONGEST_ALT:
            break
        text = ending = more
    return f"{text.rstrip(';.')}."


def _percent(found: Balances, kind: Openness, day: date, say: Say) -> str:
    balance = found.drawn[day]
    return say.percent(balance.of(kind), balance.counted)


def _spread(days: list[date]) -> list[date]:
    """Return at most 14 of the days, evenly picked, the first among them."""
    return days[:: max(-(-len(days) // DATES_SAID), 1)]
