"""The picture of which authors' models are used how much, and the words for it (pure)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import TypeAlias

from bot.answers.author import Authorship
from bot.model import Openness
from bot.pictures import Tick, share_ticks
from bot.pictures.authors import Band, Stack
from bot.pictures.open_share import UPWARDS
from bot.standings import WEEK
from bot.text.alert import on_board
from bot.text.numbers import tenths
from bot.text.say import Say
from bot.text.words import (
    LONGEST_ALT,
    between,
    citation,
    estimates_word,
    openness_word,
    short_name,
)

NAMED = 6
"""Authors that have a band of their own: the most used now, and the one it is about."""
SMALL = 100
"""Tenths of a per cent: the picture of an author with less, at most, does not reach to 100 %."""

Column: TypeAlias = tuple[int | None, ...]

_WHOLE = 1000


def authors_picture(found: Authorship, say: Say) -> Stack:
    """Return the picture: all authors, or the one that it is about below all others."""
    now = _own(found)[-1] or 0
    return Stack(
        title=_title(found, say),
        subtitle=". ".join([_subtitle(found, say), *_hints(found, say)]),
        dates=found.dates,
        days=tuple(map(say.short_day, found.dates)),
        bands=tuple(_bands(found, say)),
        totals=found.totals,
        ticks=tuple(Tick(10 * tick.value, tick.label) for tick in _ticks(found, say)),
        words={openness: openness_word(openness, say) for openness in Openness},
        ending="" if found.focus is None else _said(now, found.totals[-1], say),
        empty=say("No complete week is stored yet"),
        citation=citation(found.standings.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=found.standings.days != WEEK),
    )


def _own(found: Authorship) -> tuple[int | None, ...]:
    """Return the tokens of the author that it is about; zeros where it is never listed."""
    none = tuple(None if total is None else 0 for total in found.totals)
    return found.authors.get(found.focus or "", none)


def _said(tokens: int | None, total: int | None, say: Say, *, rest: bool = False) -> str:
    """Return a share in words; where an author has nothing, nothing of it is listed."""
    if tokens or rest:
        return say.percent(tokens or 0, total or 0)
    return say("not listed")


def _subtitle(found: Authorship, say: Say) -> str:
    days = between(found.dates[0], found.dates[-1], say)
    subtitle = say("Listed models’ seven-day shares of all tokens, by author, {span}", span=days)
    subtitle = on_board(subtitle, found.standings.board, say)
    if not found.lacking:
        return subtitle
    lacking = say("Where the figures of unlisted models are missing, shares are a little too high")
    return f"{subtitle}. {lacking}"


def _hints(found: Authorship, say: Say) -> Iterator[str]:
    """Yield how to read the picture of one author."""
    if found.parts and 0 in _own(found):
        yield say("At zero none of its models is listed")
    if _is_small(found):
        yield say("Axis up to {share}", share=_ticks(found, say)[-1].label)


def _title(found: Authorship, say: Say) -> str:
    if found.focus is not None:
        return _title_of(found.focus, found, say)
    leader = next((name for name in _most_used(found) if found.authors[name][-1]), None)
    if leader is None:
        return say("The most-used authors")
    share = _said(found.authors[leader][-1], found.totals[-1], say)
    return say("{author} leads with {share} of all tokens", author=leader, share=share)


def _title_of(author: str, found: Authorship, say: Say) -> str:
    """Return what share an author has, and from what it has come in the time of the picture."""
    before, now = _own(found)[0] or 0, _own(found)[-1] or 0
    if not now:
        return say("No model of {author} is in the published ranking", author=author)
    words = {"author": author, "share": _said(now, found.totals[-1], say)}
    if not before or len(found.dates) == 1:
        return say("{author} has {share} of all tokens", **words)
    words |= {"before": _said(before, found.totals[0], say), "day": say.short_day(found.dates[0])}
    moved = tenths(now, found.totals[-1] or 0) - tenths(before, found.totals[0] or 0)
    if moved > 0:
        return say("{author} has {share} of all tokens, up from {before} on {day}", **words)
    if moved < 0:
        return say("{author} has {share} of all tokens, down from {before} on {day}", **words)
    return say("{author} still has {share} of all tokens", **words)


def _most_used(found: Authorship) -> list[str]:
    """Return the authors, the one with the most tokens now first."""
    return sorted(found.authors, key=lambda name: (-(found.authors[name][-1] or 0), name))


def _bands(found: Authorship, say: Say) -> Iterator[Band]:
    """Yield the bands from below: the author it is about, the most used others, what is left."""
    parts = {kind: found.parts[kind] for kind in UPWARDS if kind in found.parts}
    named = _named(found)
    for kind, tokens in parts.items():
        yield Band(found.focus or "", tokens, _newest(tokens, found, say), kind)
    for name in named:
        yield Band(name, found.authors[name], _newest(found.authors[name], found, say))
    shown = [*parts.values(), *(found.authors[name] for name in named)]
    unlisted = _left(found, [*found.authors.values()])
    if _is_small(found):
        left = {say("all other models"): _left(found, shown)}
    else:
        left = {
            say("other authors"): _left(found, [*shown, unlisted]),
            say("unlisted models"): unlisted,
        }
    for name, tokens in left.items():
        if any(tokens):
            newest = _said(tokens[-1], found.totals[-1], say, rest=True)
            yield Band(name, tokens, newest, rest=True)


def _named(found: Authorship) -> list[str]:
    """Return the other authors that have bands of their own, the most used now first."""
    if _is_small(found):
        return []
    others = [name for name in _most_used(found) if name != found.focus]
    room = NAMED - bool(found.parts)
    # In the place of a band for one more author alone stands that author.
    return [n for n in others[: room + (len(others) == room + 1)] if found.authors[n][-1]]


def _newest(tokens: Column, found: Authorship, say: Say) -> str:
    return _said(tokens[-1], found.totals[-1], say)


def _left(found: Authorship, columns: Sequence[Column]) -> Column:
    """Return what is left of the totals besides these."""
    return tuple(
        None if total is None else total - sum(column[index] or 0 for column in columns)
        for index, total in enumerate(found.totals)
    )


def _is_small(found: Authorship) -> bool:
    return bool(found.parts) and _most(found) < Fraction(SMALL, _WHOLE)


def _most(found: Authorship) -> Fraction:
    """Return the highest share of the author that it is about."""
    pairs = zip(_own(found), found.totals, strict=True)
    return max(Fraction(tokens or 0, total or 1) for tokens, total in pairs)


def _ticks(found: Authorship, say: Say) -> tuple[Tick, ...]:
    """Return the marks of the axis, in tenths of a per cent."""
    if not _is_small(found):
        return tuple(Tick(10 * n, say.whole_percent(n)) for n in range(0, 101, 25))
    return share_ticks(ceil(_most(found) * _WHOLE), lambda value: _said_tick(value, say))


def _said_tick(value: int, say: Say) -> str:
    whole, rest = divmod(value, 10)
    return say.percent(value, _WHOLE) if rest else say.whole_percent(whole)


def authors_alt(found: Authorship, say: Say) -> str:
    """Return what the picture shows, in words: its bands on the first day and on the last."""
    first, last = found.dates[0], found.dates[-1]
    subtitle = _subtitle(found, say)
    if first == last:
        text = f"{subtitle}:"
    else:
        text = f"{subtitle}. {say('On the first day, and on the last:')}"
    for told in (*_ways(found, say), *_highest(found, say), *_gaps(found, say)):
        more = f"{text} {told};"
        if len(more) > LONGEST_ALT:
            break
        text = more
    return f"{text.rstrip(';')}."


def _ways(found: Authorship, say: Say) -> Iterator[str]:
    """Yield the share of each band on the first day and on the last, or on the only one."""
    bands = list(_bands(found, say))
    if found.focus is not None and len(found.parts) > 1:
        bands.insert(0, Band(found.focus, _own(found), _newest(_own(found), found, say)))
    for band in bands:
        kind = f" ({openness_word(band.openness, say)})" if band.openness is not None else ""
        before = _said(band.tokens[0], found.totals[0], say, rest=band.rest)
        shares = [before, band.ending][: len(found.dates)]
        yield f"{short_name(band.name)}{kind}: {', '.join(shares)}"


def _highest(found: Authorship, say: Say) -> Iterator[str]:
    """Yield what the author that it is about had on the best of the days, if there are several."""
    own = {
        day: Fraction(tokens, total or 1)
        for day, tokens, total in zip(found.dates, _own(found), found.totals, strict=True)
        if tokens
    }
    if found.focus is None or len(own) < 2:
        return
    day = max(own, key=own.__getitem__)
    share = say.percent(own[day].numerator, own[day].denominator)
    name = short_name(found.focus)
    yield say("{author}: at most {share}, on {day}", author=name, share=share, day=say.day(day))


def _gaps(found: Authorship, say: Say) -> Iterator[str]:
    """Yield how many of the dates have no figures."""
    gaps = found.totals.count(None)
    if gaps:
        yield say.plural("no figures for {count} date", "no figures for {count} dates", gaps)
