"""What one rule would have told, of a board's backtest (pure)."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.answers.backtest import Backtest
from bot.answers.preview import Barred, Preview, TooFew
from bot.boards import Board
from bot.model import Day, Milestone
from bot.rules import Rule

NEEDED = 2
"""Complete windows without which no rule tells anything: it takes two to confirm a claim."""


def preview(
    rule: Rule,
    board: Board,
    found: Backtest,
    stored: Mapping[date, Day],
    until: date,
    days: int | None = None,
) -> Preview | Barred | TooFew:
    """Return what a rule would have told in the windows that end by `until`.

    In those of the last `days` days, if given; in all of them otherwise. `stored` are the days
    that the backtest rests on.
    """
    if not board.among({rule.name: rule}):
        return Barred(board, rule.name)
    ends = tuple(end for end in found.ends if end <= until)
    if len(ends) < NEEDED:
        return TooFew(board, rule.name, len(ends))
    if days is not None:
        ends = tuple(end for end in ends if end > ends[-1] - timedelta(days=days))
    return _preview(rule, board, found, stored, ends)


def newest_day(found: Preview | Barred | TooFew) -> tuple[Milestone, ...]:
    """Return what it told on the newest day on which it did, of which one alert tells."""
    told = found.told if isinstance(found, Preview) else ()
    return tuple(one for one in told if one.date == told[0].date)


def _preview(
    rule: Rule,
    board: Board,
    found: Backtest,
    stored: Mapping[date, Day],
    ends: tuple[date, ...],
) -> Preview:
    hits = [
        one for one in found.milestones if one.rule == rule.name and ends[0] <= one.date <= ends[-1]
    ]
    told = sorted((one for one in hits if one.told), key=lambda one: one.date, reverse=True)
    first = ends[0] - (board.counting.window - 1) * board.counting.step
    return Preview(
        board=board,
        rule=rule.name,
        lasts=rule.lasts,
        since=first if not board.weekly else first - timedelta(days=6),
        ends=ends,
        missing=_missing(board, stored, first, ends[-1]),
        told=tuple(told),
        held=sum(bool(one.held_by) for one in hits),
        silenced=sum(not one.held_by and one.inhibited_by is not None for one in hits),
        reversed={one.key: found.reversed[one.key] for one in told if one.key in found.reversed},
        as_of=max(day.as_of for when, day in stored.items() if first <= when <= ends[-1]),
    )


def _missing(board: Board, stored: Mapping[date, Day], first: date, last: date) -> tuple[date, ...]:
    step = board.counting.step
    expected = (first + number * step for number in range((last - first) // step + 1))
    return tuple(day for day in expected if day not in stored)
