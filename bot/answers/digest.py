"""What a weekly digest sums up."""

from dataclasses import dataclass

from bot.answers.movers import Movers
from bot.answers.openness import Balance
from bot.boards import Board
from bot.model import Answer, Standings


@dataclass(frozen=True, slots=True)
class Summed:
    """A board in its newest complete week by a day (None: no such week).

    `moved` compares that week with the one before, `before` is how open that one was; both are
    None where it is not complete. `now` is how open the newest week is.
    """

    board: Board
    answer: Answer
    moved: Movers | None
    now: Balance | None
    before: Balance | None

    @property
    def week(self) -> Standings | None:
        """Return the newest complete week."""
        return self.answer.standings
