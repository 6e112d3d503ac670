"""The words on the picture of open shares over time, and those that stand in for it (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from babel.dates import format_date

from bot.answers.openness import Balances
from bot.model import Milestone, Openness
from bot.pictures import Tick
from bot.pictures.open_share import Areas
from bot.text.alert import on_board
from bot.text.openness import headline, kinds
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, between, citation, estimates_word, openness_word

DATES_SAID = 14
"""Dates of the picture whose figures its description has, evenly spread."""

_SHARE, _TOP5 = "open_share", "open_top5"
"""Rules whose milestones are of a share, and of levels reached; the other's are of levels lost."""

MARKED = 8
"""Days with milestones that are offered to the picture, the newest; told of in its description."""

_A_YEAR = timedelta(days=300)
"""With days so far apart the first and the last are said with their year."""


def shares_picture(found: Balances, say: Say) -> Areas:
    """Return the picture of the shares over time, marked where and when they stood out before."""
    happened = ((day, f"{say.short_day(day)}: {what}") for day, what in _happened(found, say))
    marks = (*_levels(found, say), *happened)
    return Areas(
        title=_finding(found, say),
        subtitle=_subtitle(found, say),
        dates=found.dates,
        days=tuple(_days(found.dates, say)),
        tokens={kind: _tokens(found, kind) for kind in Openness},
        ticks=tuple(Tick(10 * n, say.whole_percent(n)) for n in range(0, 101, 25)),
        marks=tuple(Tick(found.dates.index(day), label) for day, label in marks),
        words={kind: openness_word(kind, say) for kind in Openness},
        endings={k: say.percent(found.now.of(k), found.now.counted) for k in Openness},
        empty=say("No complete week is stored yet"),
        citation=citation(found.found.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=found.board.estimated),
    )


def _finding(found: Balances, say: Say) -> str:
    """Say the open share, and since when it rose or fell, unless unknown models may be why.

    Without a year or half a year before it is set against the oldest window drawn.
    """
    now = found.now
    then = found.year or found.half_year or next(iter(found.drawn.values()), now)
    share, before = (say.percent(each.open, each.counted) for each in (now, then))
    day = _dated(then.date, say, far=now.date - then.date > _A_YEAR)
    said = {"share": share, "before": before, "day": day}
    if share != before and now.surely_above(then):
        return say(
            "{share} of ranked tokens go to models known to be open, up from {before} on {day}",
            **said,
        )
    if share != before and then.surely_above(now):
        return say(
            "{share} of ranked tokens go to models known to be open, down from {before} on {day}",
            **said,
        )
    return headline(now, say)


def _days(dates: Sequence[date], say: Say) -> Iterator[str]:
    """Yield each date in words; the first and the last with the year, if a year apart or nearly."""
    first, last = dates[0], dates[-1]
    for day in dates:
        yield _dated(day, say, far=day in (first, last) and last - first > _A_YEAR)


def _dated(day: date, say: Say, *, far: bool) -> str:
    return format_date(day, "d MMM y", say.code) if far else say.short_day(day)


def _subtitle(found: Balances, say: Say) -> str:
    subtitle = say("Shares of the listed models’ tokens, over the seven days up to each date")
    return on_board(subtitle, found.board.name, say)


def _tokens(found: Balances, kind: Openness) -> tuple[int | None, ...]:
    drawn = (found.drawn.get(day) for day in found.dates)
    return tuple(None if each is None else each.of(kind) for each in drawn)


def _levels(found: Balances, say: Say) -> list[tuple[date, str]]:
    """Return what is said at the window of a year and of six months before."""
    marks = []
    if found.year is not None:
        share = say.percent(found.year.open, found.year.counted)
        marks.append((found.year.date, say("a year before: {share} open", share=share)))
    if found.half_year is not None:
        share = say.percent(found.half_year.open, found.half_year.counted)
        marks.append((found.half_year.date, say("six months before: {share} open", share=share)))
    return marks


def _happened(found: Balances, say: Say) -> list[tuple[date, str]]:
    """Return the newest days with milestones, each with what happened, in few words."""
    by_day = groupby(found.happened, key=lambda one: one.date)
    said = [
        (day, ", ".join(_briefly(one, say) for one in _furthest(those))) for day, those in by_day
    ]
    return said[:MARKED]


def _furthest(those: Iterable[Milestone]) -> list[Milestone]:
    """Return a day's milestones, of each rule the furthest alone: 80 % tells of 75 % too."""
    rules: dict[str, Milestone] = {}
    for one in those:
        known = rules.get(one.rule, one)
        rules[one.rule] = max(known, one, key=_level)
    return list(rules.values())


def _level(one: Milestone) -> int:
    level: int = one.facts["mark" if one.rule == _SHARE else "level"]
    return level


def _briefly(one: Milestone, say: Say) -> str:
    level = _level(one)
    if one.rule == _SHARE:
        mark = say.whole_percent(level)
        if one.facts["direction"] == "up":
            return say("open reaches {mark}", mark=mark)
        return say("open under {mark}", mark=mark)
    if one.rule != _TOP5:
        return say("under {count} of top 5 open", count=level)
    if len(one.facts["open"]) > level:
        return say("at least {count} of top 5 open", count=level)
    return say("{count} of top 5 open", count=level)


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
    levels = (f" {say.day(day)}, {label}." for day, label in _levels(found, say))
    happened = (f" {say.day(day)}: {what}." for day, what in _happened(found, say))
    text = f"{begin} {', '.join(shares)}."
    for more in (*levels, *happened):
        text += more if len(text + more) <= LONGEST_ALT else ""
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
