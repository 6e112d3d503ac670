"""Shares over time, made as /openness makes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from bot import rules
from bot.answers.openness import Balances
from bot.backtest import backtest
from bot.boards import MODELS, Board
from bot.model import Day, Milestone
from bot.openness import Directory
from bot.packaged import read_boards
from bot.pictures.open_share import Areas
from bot.queries.almanac import almanac
from bot.queries.openness import balances
from bot.text.say import Say
from bot.text.shares import shares_picture
from tests.charts.figures import demo_almanac, demo_days, known
from tests.charts.reading import LONG
from tests.made import days, open_closed

YEAR = 400
LACKING = (*range(60, 75), 130, 131, *range(200, 240))
"""Days of the year without figures."""


def cases(say: Say) -> Mapping[str, Areas]:
    """Return the pictures: `full` is the demo's, the others are of made-up days."""
    made = _year()
    short = {when: made[when] for when in sorted(made)[:7]}
    gaps = {when: day for n, (when, day) in enumerate(made.items()) if n not in LACKING}
    legal = read_boards()["category-legal"]
    picture = shares_picture(_asked(made), say)
    return {
        "empty": shares_picture(_asked(days([{"open/x": 0}] * 7)), say),
        "one row": shares_picture(_asked(days([{"open/x": 5}] * 30)), say),
        "one day": shares_picture(_asked(short), say),
        "gaps": shares_picture(_asked(gaps), say),
        "long names": _long(picture),
        "a year": picture,
        "estimated": shares_picture(_asked(_weekly(made), legal), say),
        "full": shares_picture(_demo(), say),
    }


def _year() -> dict[date, Day]:
    """Return a year in which open models win, then lose, then win half of the tokens."""
    return days([_counts(n) for n in range(YEAR)])


def _counts(n: int) -> dict[str, int]:
    swing = abs(n % 240 - 120)
    models = {f"open/{name}": 300 - swing + 40 * k for k, name in enumerate("abc")}
    closed = {f"closed/{name}": 150 + swing + 30 * k for k, name in enumerate("xyz")}
    return models | closed | {"other/unknown": 60 if n < 300 else 0}


def _weekly(made: Mapping[date, Day]) -> dict[date, Day]:
    return {when: day for n, (when, day) in enumerate(made.items()) if n % 7 == 6}


def _asked(stored: Mapping[date, Day], board: Board = MODELS) -> Balances:
    found = _told(board, stored, open_closed())
    windows = almanac(board.name, stored, board.counting)
    return balances(board, windows, date.max, open_closed(), found)


def _told(board: Board, stored: Mapping[date, Day], knows: Directory) -> tuple[Milestone, ...]:
    meant = {name: rule for name, rule in rules.discover().items() if name.startswith("open_")}
    return backtest(board.name, stored, knows, meant, counting=board.counting)


@cache
def _demo() -> Balances:
    found = _told(MODELS, demo_days(), known())
    return balances(MODELS, demo_almanac(), date.max, known(), found)


def _long(picture: Areas) -> Areas:
    """Return the picture with words longer than any of ours."""
    return replace(
        picture,
        title=LONG * 3,
        subtitle=LONG * 3,
        marks=tuple(replace(mark, label=f"{mark.label} {LONG}") for mark in picture.marks),
        words={kind: f"{word} {LONG}" for kind, word in picture.words.items()},
        endings={kind: f"{said} {LONG}" for kind, said in picture.endings.items()},
    )
