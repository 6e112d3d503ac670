"""The nouns: frozen values that every room of the house passes on."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    gave this reading.
    """

    date: date
    rows: tuple[Row, ...]
    other: int | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model is open on a day, since when, and on what evidence."""

    openness: Openness
    since: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the source's catalogue says of one base model.

    `created` is the day the source says it listed the model; `weights` is its Hugging Face
    repository (a hint); `weights_since` is the day from which that hint is known to hold.
    """

    model: str
    name: str
    created: date
    weights: str | None
    weights_since: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """One base model in a window: rank from 1, tokens, and both seven days before (if listed)."""

    model: str
    rank: int
    tokens: int
    rank_before: int | None
    tokens_before: int | None


@dataclass(frozen=True, slots=True)
class Standings:
    """The ranking of base models over a window of complete days ending on `date`.

    `places` are by rank; `total` counts every published token of the window, `other` included;
    `days_without_other` says on how many of its days `other` was not published; `compared` says
    whether the window seven days before is complete, so that changes can be told.
    """

    board: str
    date: date
    days: int
    places: tuple[Place, ...]
    total: int
    days_without_other: int
    compared: bool
    as_of: datetime


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
    """Standings as the rules read them: `openness` has a verdict for every place's model."""

    standings: Standings
    openness: Mapping[str, Openness]

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
class First:
    """The proof of a "first": in the `windows` complete windows since `since` none had it before.

    The two that confirm it are counted.
    """

    since: date
    windows: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something worth telling, found by one rule on one board.

    `began` is the last day of the first of the two windows that confirmed it, `date` the second's;
    `first` is None where it is not the first of its kind; `top` are the second window's first
    five, by rank; `total` counts all its tokens, `other` included (`days_without_other` of its
    days lack that); `as_of` dates the figures.
    """

    key: str
    rule: str
    board: str
    subject: str
    began: date
    date: date
    severity: Severity
    facts: Facts
    first: First | None
    top: tuple[Entrant, ...]
    total: int
    days_without_other: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What detection on a board knows after its last window.

    `baseline` and `through` end the first and the last window judged, `windows` counts the
    complete ones between them; `rules` holds each rule's own memory by name.
    """

    baseline: date
    through: date
    windows: int
    rules: Mapping[str, RuleMemory]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that asked for a board's milestones dated after `after`, in a language."""

    channel_id: int
    guild_id: int
    board: str
    after: date
    created_at: datetime
    created_by: int
    language: str = "en"


class DeliveryState(StrEnum):
    """Where a delivery stands: waiting, claimed by a sender, done, or given up."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one channel: the milestones of one board and day.

    `nonce` is at most 25 characters and follows from `key`; `retry_at` is None or the moment
    before which it is not tried; `reason` says why it is dead or waits.
    """

    key: str
    channel_id: int
    guild_id: int
    milestones: tuple[str, ...]
    nonce: str
    created_at: datetime
    language: str = "en"
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    retry_at: datetime | None = None
    message_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a ranking as it is read; `word` says the openness in the reader's language."""

    rank: int
    name: str
    openness: Openness
    word: str
    share: str
    tokens: str
    change: str


@dataclass(frozen=True, slots=True)
class Message:
    """What people read, without any markup: each edge escapes and lays it out in its own way.

    `lead` stands before the ranking and `notes` after it; `key` is None where nothing is proven.
    """

    title: str
    lead: tuple[str, ...]
    caption: str
    ranking: tuple[Ranked, ...]
    notes: tuple[str, ...]
    citation: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A drawn picture: PNG bytes, a file name, and its content in words."""

    name: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent, with its picture unless that failed."""

    message: Message
    image: Image | None
