"""What /model is answered with."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.boards import Board
from bot.knowledge import CatalogueEntry, Verdict
from bot.message import Link
from bot.model import Place, Standings

LATELY = timedelta(days=90)
"""How far back milestones are told of a model: all of them would take long to read after years."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A model's place in the window that ends on `date`, and all tokens of that window."""

    date: date
    place: Place
    total: int


@dataclass(frozen=True, slots=True)
class Best:
    """A model's best rank: the end of the first window that had it, and how many windows did.

    `gap` says whether windows before that one are missing, so that it may have had it in those.
    """

    rank: int
    first: date
    windows: int
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Windows in a row, one step apart, by the ends of the first and the last.

    `cut` says whether a window beside them is not stored, so that there may have been more.
    """

    first: date
    last: date
    windows: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Streak:
    """How long a model was among the first `depth` places in a row.

    `longest` is the newest of equals; `present` ends with the newest window, None where the model
    is not that high now.
    """

    depth: int
    longest: Run
    present: Run | None


@dataclass(frozen=True, slots=True)
class Searched:
    """The complete windows of a board, from the one that ends on `since`; `missing` lack a day.

    `whole` are those whose shares can be compared: all their tokens were published.
    """

    since: date
    windows: int
    missing: int
    whole: int


@dataclass(frozen=True, slots=True)
class Record:
    """What a model has been; `last` is how it stood when it was last listed.

    `highest` has the highest share, the first of equals; None without a whole window, and where
    the newest window, which is not whole, shows a higher one.
    """

    best: Best
    highest: Stood | None
    last: Stood
    streaks: tuple[Streak, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A model's rank and tokens in the window that ends on `date`, None where it is not listed.

    `stored` says whether there is such a window at all.
    """

    date: date
    rank: int | None
    tokens: int | None
    stored: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a model on a board.

    `newest` are the newest standings, None before the first complete window, as is `searched`;
    `place` is the model's there, `record` None where it was never listed. `history` is by date,
    evenly spaced; `read` says whether a catalogue was ever read.
    """

    model: str
    name: str
    board: Board
    verdict: Verdict
    entry: CatalogueEntry | None
    read: bool
    newest: Standings | None
    place: Place | None
    searched: Searched | None
    record: Record | None
    history: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """A milestone that names a model: its day, its headline, and the alert posted of it here."""

    date: date
    headline: str
    alert: Link | None
