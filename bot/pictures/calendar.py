"""On which days a rule told something, and what of that was soon reversed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from bot.pictures import Picture, Table


class Mark(StrEnum):
    """What a day of a calendar may show."""

    HIT = "hit"
    REVERSED = "reversed"
    QUIET = "quiet"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A day that ends a complete window: its hits, and how many of them were soon reversed."""

    day: date
    hits: int
    reversed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Picture):
    """The days of a rule.

    `cells` ascend; days between them without one have no complete window. Where `weekly`, windows
    are whole weeks, each by its last day. `months` are named from January on, `weekdays` from
    Monday; `words` are the legend's, of every mark.
    """

    chart: ClassVar[str] = "calendar"

    cells: tuple[Cell, ...]
    weekly: bool
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    words: Mapping[Mark, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless there are twelve months and seven weekdays."""
        if (len(self.months), len(self.weekdays)) != (12, 7):
            raise ValueError("a calendar needs twelve months and seven weekdays")

    def table(self) -> Table:
        """Return the hits of each day that ends a complete window."""
        return Table(
            ("date", "hits", "reversed"), tuple((c.day, c.hits, c.reversed) for c in self.cells)
        )
