"""What /rankings is asked, and answered with."""

from dataclasses import dataclass
from enum import StrEnum

from bot.boards import Board
from bot.model import Answer, Openness, Place
from bot.standings import Counting


class Span(StrEnum):
    """Over how long tokens are summed."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the standings: `top` places a page, of one openness or of all (None)."""

    span: Span = Span.WEEK
    top: int = 10
    show: Openness | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some places of the newest standings that there are by a day.

    `places` are those of the page, `listed` counts all that it could show; `page` is the page that
    is there, of `pages` (1 or more); `counting` is how the window was counted.
    """

    board: Board
    answer: Answer
    counting: Counting
    wanted: Wanted
    places: tuple[Place, ...]
    listed: int
    page: int
    pages: int

    @property
    def days(self) -> int:
        """Return how many days the window spans."""
        return self.counting.window * self.counting.step.days
