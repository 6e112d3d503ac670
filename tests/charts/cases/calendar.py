"""Calendars of rules, made as /rule preview makes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot import rules
from bot.answers.preview import Preview
from bot.backtest import whole_backtest
from bot.boards import MODELS, Board
from bot.model import Day
from bot.packaged import read_boards
from bot.pictures.calendar import Calendar, Cell, Mark
from bot.queries.previews import preview
from bot.text import preview as words
from bot.text.say import Say
from tests.charts.figures import demo_days, known
from tests.charts.reading import LONG


def cases(say: Say) -> Mapping[str, Calendar]:
    """Return the calendars: `a year` and `weeks` are made up, `estimated` is of sampled figures."""
    full = _calendar("overtake", say)
    lacking = {max(demo_days()) - timedelta(days=n) for n in (2, 17)}
    return {
        "empty": replace(full, cells=()),
        "one row": replace(full, cells=full.cells[-6:]),
        "one day": replace(full, cells=full.cells[-1:]),
        "gaps": _calendar("overtake", say, lacking=lacking),
        "long names": replace(full, title=LONG * 3, words=dict.fromkeys(Mark, LONG)),
        "full": full,
        "a year": replace(full, cells=_made(400, 1)),
        "weeks": replace(full, cells=_made(30, 7), weekly=True),
        "estimated": _calendar("leader", say, read_boards()["category-legal"]),
    }


def _calendar(
    rule: str, say: Say, board: Board = MODELS, lacking: set[date] | None = None
) -> Calendar:
    days = {when: day for when, day in demo_days().items() if when not in (lacking or ())}
    found = _found(rule, board, days)
    return words.calendar(found, say)


def _found(rule: str, board: Board, days: Mapping[date, Day]) -> Preview:
    # Figures of days, counted as days on any board.
    backtest = whole_backtest(MODELS, days, known())
    found = preview(rules.discover()[rule], MODELS, backtest, days, date.max)
    assert isinstance(found, Preview)
    return replace(found, board=replace(board, weekly=False))


def _made(count: int, step: int) -> tuple[Cell, ...]:
    kinds = [(0, 0), (1, 0), (0, 0), (1, 1), (0, 0), (2, 1), (0, 0), (0, 0), (3, 0), (0, 0)]
    start = date(2025, 6, 8)
    days = [start + timedelta(n * step) for n in range(count) if n % 41 not in {20, 21}]
    return tuple(Cell(day, *kinds[n * n % 97 % len(kinds)]) for n, day in enumerate(days))
