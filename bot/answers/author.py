"""What /author is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.answers.comparison import Best
from bot.model import Openness, Place, Standings


@dataclass(frozen=True, slots=True)
class Portion:
    """What an author's listed models used together in a window (None: none is listed), of all.

    `total` counts every published token of the window, which ended on `date`.
    """

    date: date
    tokens: int | None
    total: int


@dataclass(frozen=True, slots=True)
class AuthorAnswer:
    """An author's models in the newest standings, and before.

    `places` are by rank; `week_before` and `half_year` are None where those windows are not
    complete; `best` is the best rank of any of its models since the window that ended on `since`,
    the oldest complete one, which began on `watched`;
    `known` counts all its models by their openness now; `parts` are, by openness, its tokens on
    each of the `dates` (None: none listed), of all of `totals` (None: no complete window).
    """

    author: str
    standings: Standings
    places: tuple[Place, ...]
    now: Portion
    week_before: Portion | None
    half_year: Portion | None
    best: Best | None
    since: date
    watched: date
    known: Mapping[Openness, int]
    dates: tuple[date, ...]
    totals: tuple[int | None, ...]
    parts: Mapping[Openness, tuple[int | None, ...]]
