"""What /compare is answered with."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import Place, Standings


class By(StrEnum):
    """What the chart shows of each model."""

    SHARE = "share"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Best:
    """A model's best rank (1 is first), and the last day of the first window in which it had it.

    `gap` says whether windows before that one are missing, so that it may have had it in those.
    """

    model: str
    rank: int
    date: date
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """Windows that end some days apart, oldest first; None where one is not complete."""

    dates: tuple[date, ...]
    windows: tuple[Standings | None, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the models: its place now and its best one, None where it is or was not listed."""

    model: str
    place: Place | None
    best: Best | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two to five models side by side in the newest standings.

    `models` are by rank, those that are not listed now last; best ranks are of every complete
    window since the one that ended on `since`; `past` leads up to the standings.
    """

    standings: Standings
    models: tuple[Compared, ...]
    since: date
    past: Past
