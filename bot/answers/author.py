"""What /author is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Authorship:
    """Whose models used how much in the windows that lead up to the newest standings.

    `authors` are, by name, the tokens of an author's listed models on each of the `dates` (0: none
    was listed, None: no complete window); `totals` count every published token. `parts` are those
    of `focus`, the author it is about, by what each model was then. `lacking` says whether some
    total lacks what models outside the published ranks used.
    """

    standings: Standings
    dates: tuple[date, ...]
    totals: tuple[int | None, ...]
    authors: Mapping[str, tuple[int | None, ...]]
    lacking: bool
    focus: str | None = None
    parts: Mapping[Openness, tuple[int | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthorAnswer:
    """An author's models in the newest standings, and before.

    `places` are by rank; `week_before` and `half_year` are None where those windows are not
    complete; `best` is the best rank of any of its models since the window that ended on `since`,
    the oldest complete one, which began on `watched`;
    `known` counts all its models by their openness now; `past` leads up to the standings.
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
    past: Authorship
