"""What /rule preview is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.boards import Board
from bot.model import Milestone


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have told of a board, in the windows that end on `ends`, ascending.

    `lasts` says whether it tells of a state that may end; `since` is the first day of the oldest
    window and `missing` are the days from there on that are not stored, ascending, of a board of
    whole weeks by their last days. `told` are by date, newest first; `held` and `silenced` count
    the others. `reversed` says by key which were reversed within a week; it lacks those whose week
    is not over, unless they were reversed already.
    """

    board: Board
    rule: str
    lasts: bool
    since: date
    ends: tuple[date, ...]
    missing: tuple[date, ...]
    told: tuple[Milestone, ...]
    held: int
    silenced: int
    reversed: Mapping[str, bool]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Barred:
    """The rule may not tell anything of the board."""

    board: Board
    rule: str


@dataclass(frozen=True, slots=True)
class TooFew:
    """Too few complete windows are stored for any rule: `windows` of them, none or one."""

    board: Board
    rule: str
    windows: int
