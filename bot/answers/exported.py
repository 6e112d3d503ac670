"""What /export is asked, and answered with."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.boards import Board
from bot.model import Openness


class Chart(StrEnum):
    """Which rows are wanted: those of windows of seven days, or the published ones of days."""

    RANKINGS = "rankings"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of one base model or of all (None), from `since` to `until`, each None if not said."""

    chart: Chart = Chart.RANKINGS
    model: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A model's place in the window that ends on `date`; `total` counts all tokens of that."""

    date: date
    rank: int
    model: str
    name: str
    openness: Openness
    tokens: int
    total: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """A published row of a day, its model as published; that of all others has no rank."""

    date: date
    rank: int | None
    model: str
    tokens: int


Rows = tuple[WindowRow, ...] | tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows asked for, by date, then rank, from `since` to `until`.

    `dates` counts the windows or days that were looked at, `as_of` dates their figures (None
    without any). `first` and `newest` are the dates of the oldest and the newest that there are;
    `more` says that newer ones were asked for than go into one file.
    """

    board: Board
    asked: Asked
    since: date
    until: date
    rows: Rows
    dates: int
    as_of: datetime | None
    first: date
    newest: date
    more: bool
