"""What /movers is answered with."""

from dataclasses import dataclass
from datetime import date

from bot.boards import Board
from bot.model import Openness, Place, Standings


@dataclass(frozen=True, slots=True)
class Mover:
    """A model's places then and now; None where the published ranks of no day have it.

    `openness` is that of now.
    """

    model: str
    name: str
    openness: Openness
    before: Place | None
    after: Place | None

    @property
    def climb(self) -> int:
        """Return by how many ranks it climbed, below zero for a fall; 0 unless it has both."""
        if self.before is None or self.after is None:
            return 0
        return self.before.rank - self.after.rank


@dataclass(frozen=True, slots=True)
class Movers:
    """What changed on a board between two windows.

    `climbers` and `fallers` are by ranks moved, then by tokens now; `arrivals` by rank now,
    `departures` by rank then.
    """

    board: Board
    then: Standings
    now: Standings
    climbers: tuple[Mover, ...]
    fallers: tuple[Mover, ...]
    arrivals: tuple[Mover, ...]
    departures: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Uncompared:
    """Nothing to compare with: the window that ends on `then` is not complete.

    `missing` are its days that are not stored, ascending; `first` ends the first complete window.
    """

    board: Board
    now: Standings
    then: date
    missing: tuple[date, ...]
    first: date
