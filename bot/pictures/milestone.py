"""The picture of an alert: what changed is strong, everything else steps back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick

OPEN_MODELS = "open models"
"""Stands for all open models together, where a story is about them."""

ALL_MODELS = "all models"
"""Stands for all models together."""


class Kind(StrEnum):
    """What a milestone is shown by: who holds the first places, or lines over time."""

    PLACES = "places"
    RANKS = "ranks"
    SHARES = "shares"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Story:
    """What a milestone's picture is of.

    `about` are base models, authors (as "author/"), OPEN_MODELS or ALL_MODELS, the one it is most
    about first; `mark` is the level it is about, if any: tokens, or per cent of a share; `since` is
    when what it tells began, where that is earlier than the two windows that confirmed it.
    """

    kind: Kind
    about: tuple[str, ...] = ()
    mark: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Who holds a place; `name` as people know it."""

    name: str
    openness: Openness


@dataclass(frozen=True, slots=True)
class Before:
    """The first places of the window six months before: how that is said, and who held them.

    `counted` says how many of them are open.
    """

    label: str
    seats: tuple[Seat, ...]
    counted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places(Picture):
    """Who holds the first five places, a column a date, and how many of them are open.

    `dates` ascend and `days` says each of them; `seats` are by rank on each date (empty: a gap);
    `counted` says of each date how many are open, and `counts` what that number is of; `since` is
    the index of the first date of what is told; `before` is set apart; `words` are the legend's.
    """

    chart: ClassVar[str] = "milestone"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    seats: tuple[tuple[Seat, ...], ...]
    counted: tuple[str, ...]
    counts: str
    since: int
    before: Before | None
    words: Mapping[Openness, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless there are as many days, seats and counts as dates."""
        if {len(self.dates)} != {len(self.days), len(self.seats), len(self.counted)}:
            raise ValueError("a picture of places needs a day, seats and a count for each date")

    def table(self) -> Table:
        """Return who holds each place on each date."""
        return Table(
            ("date", "rank", "model", "openness"),
            tuple(
                (day, rank, seat.name, seat.openness.value)
                for day, seats in zip(self.dates, self.seats, strict=True)
                for rank, seat in enumerate(seats, start=1)
            ),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """One line of a story: its value on each date (None: a gap, or a rank too low).

    `ending` stands beside its name; only `strong` ones have colour, that of their openness (None:
    all models together, or an author). `most` are, where they differ, the most it may be on each
    date: with unknown models counted too.
    """

    name: str
    openness: Openness | None
    values: tuple[int | None, ...]
    ending: str
    strong: bool
    most: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways(Picture):
    """One or two lines over time that matter, others behind them, and the level they reached.

    `dates` ascend and `days` says each of them; values are by `kind` ranks (best on top), tokens,
    or hundredths of a per cent, as are the `ticks`, which ascend, and the level `mark`, which ranks
    do not have. `since` is the index of the first date of what is told, `happened` says it there,
    in few words.
    """

    chart: ClassVar[str] = "milestone"

    kind: Kind
    dates: tuple[date, ...]
    days: tuple[str, ...]
    ways: tuple[Way, ...]
    ticks: tuple[Tick, ...]
    mark: Tick | None
    since: int
    happened: str
    words: Mapping[Openness, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless there are as many days, and values in each line, as dates."""
        if {len(self.dates)} != {len(self.days), *(len(way.values) for way in self.ways)}:
            raise ValueError("a picture of lines needs a day and a value for each date")

    def table(self) -> Table:
        """Return the value of each line on each date, shares in hundredths of a per cent."""
        unit = {Kind.RANKS: "rank", Kind.SHARES: "share_of_10000"}.get(self.kind, "tokens")
        return Table(
            ("date", "name", "openness", unit),
            tuple(
                (day, way.name, way.openness and way.openness.value, value)
                for way in self.ways
                for day, value in zip(self.dates, way.values, strict=True)
            ),
        )
