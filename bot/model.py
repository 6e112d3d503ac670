"""The nouns: frozen values that every room of the house passes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]
"""What a milestone says, as plain JSON values by name."""

RuleMemory: TypeAlias = Mapping[str, Any]
"""What a rule remembers between windows, as plain JSON values by name."""

BOARD_MODELS = "models"
"""The board of all models by tokens, the first and for now the only one."""


class Openness(StrEnum):
    """Say whether the public can download a model's weights; unknown is a third answer."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"

    @property
    def mark(self) -> str:
        """Return the shape that stands for it in text, the same as in the charts."""
        return {"open": "●", "closed": "■", "unknown": "◆"}[self.value]


class Cause(StrEnum):
    """Say what made a milestone untrue: the final figures, or a correction of the registry."""

    FIGURES = "figures"
    REGISTRY = "registry"


class Severity(StrEnum):
    """Say how much a milestone matters to a reader."""

    HEADLINE = "headline"
    NOTABLE = "notable"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Row:
    """One published row: a permaslug as published (`:variant` included) and its tokens that day."""

    model: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Day:
    """One complete UTC day of a board.

    `rows` are by tokens descending, at most one a model; `other` is what the models outside the
    published ranks used together, None where it was not published; `as_of` is when the source
    gave this reading, `origin` names the snapshot, with its sha256 where it has one.
    """

    date: date
    rows: tuple[Row, ...]
    other: int | None
    as_of: datetime
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One base model in a window: rank from 1, tokens, and both seven days before (if listed).

    `hidden` is how many more it may have had at most: a day on which it is not listed could hide
    up to that day's lowest listed count.
    """

    model: str
    rank: int
    tokens: int
    rank_before: int | None
    tokens_before: int | None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Standings:
    """The ranking of base models over a window of complete days ending on `date`.

    `places` are by rank; `total` counts every published token of the window, `other` included;
    `days_without_other` says on how many of its days `other` was not published; `compared` says
    whether the window seven days before is complete, so that changes can be told; `hidden` is the
    most that a model may have had that is listed on none of its days.
    """

    board: str
    date: date
    days: int
    places: tuple[Place, ...]
    total: int
    days_without_other: int
    compared: bool
    as_of: datetime
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest standings there are (None: no complete window yet).

    `newest` is the newest stored day; `missing` are the days whose lack keeps the window that ends
    on it from being complete.
    """

    standings: Standings | None
    newest: date | None
    missing: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Standings as the rules read them.

    `openness` has a verdict for every place's model; `week_before` are the standings of the window
    seven days earlier, None where that is incomplete.
    """

    standings: Standings
    openness: Mapping[str, Openness]
    week_before: Standings | None = None

    @property
    def date(self) -> date:
        """Return the last day of the window."""
        return self.standings.date

    def top(self, count: int) -> tuple[Place, ...]:
        """Return the first `count` places, by rank."""
        return self.standings.places[:count]


@dataclass(frozen=True, slots=True)
class Entrant:
    """One of the models a milestone rests on, as it stood in the milestone's window."""

    model: str
    name: str
    rank: int
    tokens: int
    openness: Openness


@dataclass(frozen=True, slots=True)
class Searched:
    """Over what a "first" or a "highest" is said: the days from `since` to the milestone's.

    `days` counts the stored ones, `missing` names the others, ascending.
    """

    since: date
    days: int
    missing: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class HalfYear:
    """The window that ended six calendar months before a milestone's, as far as it is said.

    `place` is that of the model the milestone is about, None where that is not listed; `author` are
    the tokens of the author it is about; `open_tokens` and `unknown_tokens` are those of all places
    together, `counted` the tokens of all places.
    """

    date: date
    top: tuple[Entrant, ...]
    total: int
    place: Place | None
    author: int
    open_tokens: int
    unknown_tokens: int
    counted: int


@dataclass(frozen=True, slots=True)
class Snapshotted:
    """Where a day's figures come from: the snapshot's name, when it was given, its rows' sha256."""

    date: date
    origin: str
    as_of: datetime
    rows: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a milestone's claim was computed from, so that anyone can compute it again.

    `rows` is the sha256 of the exact input rows, those of the days named in `inputs`; `holds` and
    `fails` are the other readings under which the claim holds or does not; `openness` has the
    verdicts that it rests on, of all models of the second window; empty where it rests on none.
    """

    rule: str
    version: int
    board: str
    start: date
    end: date
    rows: str
    inputs: tuple[Snapshotted, ...]
    registry: str
    searched: Searched
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    openness: Mapping[str, Openness] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a milestone said until it was changed at `until` (UTC); the rest of it is as it was."""

    until: datetime
    date: date
    facts: Facts
    top: tuple[Entrant, ...]
    total: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something worth telling, found by one rule on one board.

    `began` is the last day of the first of the two windows that confirmed it, `date` the second's;
    `first` says whether no earlier window had it; `top` are the second window's first five, by
    rank; `total` counts all its tokens, `other` included (`days_without_other` of its days lack
    that); `as_of` dates the figures. `held_by` are the unknown models without which it would not
    hold, `inhibited_by` is the key of the one that silences it: neither kind is posted.

    `final` says that the final figures were looked at; `revised` is when they, or a correction,
    changed it; `withdrawn` says why it is no longer claimed; `earlier` is what it said before each
    change, oldest first.
    """

    key: str
    rule: str
    board: str
    subject: str
    began: date
    date: date
    severity: Severity
    facts: Facts
    first: bool
    searched: Searched
    top: tuple[Entrant, ...]
    total: int
    days_without_other: int
    as_of: datetime
    held_by: tuple[str, ...] = ()
    inhibited_by: str | None = None
    half_year: HalfYear | None = None
    receipt: Receipt | None = None
    final: bool = False
    revised: datetime | None = None
    withdrawn: Cause | None = None
    earlier: tuple[Earlier, ...] = ()

    @property
    def weekly(self) -> bool:
        """Say whether it is of a board of whole weeks."""
        return (self.date - self.began).days > 1

    @property
    def told(self) -> bool:
        """Say whether it may be posted: neither held, nor silenced, nor withdrawn."""
        return not self.held_by and self.inhibited_by is None and self.withdrawn is None


@dataclass(frozen=True, slots=True)
class Memory:
    """What detection on a board knows after a window.

    `baseline` and `through` end the first and the last window judged; `missing` are the days
    without figures between the baseline's first and `through`; `rules` holds each rule's own
    memory by its mark (name and version).
    """

    baseline: date
    through: date
    missing: tuple[date, ...]
    rules: Mapping[str, RuleMemory]
