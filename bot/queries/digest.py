"""What a weekly digest says of a board (pure)."""

from collections.abc import Mapping
from datetime import date

from bot.answers.digest import Summed
from bot.answers.movers import Movers
from bot.answers.openness import Balance
from bot.boards import Board
from bot.detect import judged
from bot.model import Answer, Day, Standings
from bot.openness import Directory
from bot.queries.almanac import Almanac
from bot.queries.movers import movers
from bot.rules.open_share import share
from bot.standings import ONE_DAY, WEEK, standings

_FIRST = 10


def summed(board: Board, answer: Answer, days: Mapping[date, Day], directory: Directory) -> Summed:
    """Return a board's newest complete week beside the one before it; `days` are those of both."""
    found = answer.standings
    if found is None:
        return Summed(board, answer, None, None, None)
    before = standings(board.name, days, found.date - WEEK * ONE_DAY, board.counting)
    windows = {week.date: week for week in (before, found) if week is not None}
    weeks = Almanac(board.name, board.counting, days, windows)
    moved, now = movers(board, weeks, directory, found.date, WEEK), _balance(found, directory)
    if not isinstance(moved, Movers):
        return Summed(board, answer, None, now, None)
    return Summed(board, answer, moved, now, _balance(moved.then, directory))


def _balance(window: Standings, directory: Directory) -> Balance:
    found = judged(window, directory, None)
    sums = share(found)
    first = tuple(found.openness[place.model] for place in found.top(_FIRST))
    return Balance(window.date, sums.open, sums.unknown, sums.counted, first)
