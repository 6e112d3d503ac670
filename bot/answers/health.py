"""How things stand, for /status and the terminal."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.model import Milestone
from bot.states import State
from bot.subscription import Channel


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new a board's figures are, and what is out of the ordinary.

    `newest` is the newest stored day, `as_of` when its figures were read, `window` the last day of
    the newest complete window (None: there is none); `missing` are the days of the last thirty
    that are not stored, ascending.
    """

    board: str
    newest: date | None
    as_of: datetime | None
    window: date | None
    missing: tuple[date, ...]
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Status(Freshness):
    """The same, with what is owed to all servers.

    `waiting` counts the deliveries that are neither sent nor given up.
    """

    subscriptions: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Here:
    """How alerts stand in the place from which somebody asks.

    `channels` are those of the server that get alerts, or a person's own where they ask by direct
    message; `waiting` counts what is owed to them and can be sent; `newest` was told there last.
    """

    channels: tuple[Channel, ...]
    waiting: int
    newest: Milestone | None


@dataclass(frozen=True, slots=True)
class Health:
    """All that /status tells.

    `boards` counts those that are polled, `catalogue` is when that was read, `held` are the
    milestones that wait for evidence; `here` is None where nothing of the place may be told.
    """

    fresh: Freshness
    boards: int
    catalogue: date | None
    held: tuple[Milestone, ...]
    here: Here | None
