"""What /openness is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.boards import Board
from bot.knowledge import Verdict
from bot.model import Answer, Milestone, Openness, Standings


@dataclass(frozen=True, slots=True)
class Balance:
    """The tokens of open and of unknown models in a window, and of all whose place is listed.

    `date` is the window's last day, by which models are judged; `first` is the openness of the
    first ten places, by rank.
    """

    date: date
    open: int
    unknown: int
    counted: int
    first: tuple[Openness, ...]

    def of(self, openness: Openness) -> int:
        """Return the tokens of open, unknown or closed models."""
        closed = self.counted - self.open - self.unknown
        kinds = {Openness.OPEN: self.open, Openness.UNKNOWN: self.unknown, Openness.CLOSED: closed}
        return kinds[openness]

    def surely_above(self, other: "Balance") -> bool:
        """Say whether the open share is higher than another, all unknown there taken as open."""
        return self.open * other.counted > (other.open + other.unknown) * self.counted


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A listed model of which it is not known whether it is open, and why."""

    model: str
    name: str
    tokens: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Balances:
    """How open a board's newest window is, and how open earlier ones were.

    `half_year` and `year` are the windows that ended six calendar months and a year before, None
    where those are not complete; `since` is the first day of the oldest complete window; `dates`
    ascend to the newest window, those in `drawn` had figures; `unknown` are the listed models
    that are neither known to be open nor closed, the most used first. `happened` are the milestones
    of openness on those dates that stand as told, the newest first.
    """

    board: Board
    answer: Answer
    found: Standings
    now: Balance
    half_year: Balance | None
    year: Balance | None
    since: date
    dates: tuple[date, ...]
    drawn: Mapping[date, Balance]
    unknown: tuple[Unexplained, ...]
    happened: tuple[Milestone, ...] = ()
