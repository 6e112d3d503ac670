"""How the bot is at a moment: values for the operator, and whether it is ready (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.metrics import Polled, PollResult
from bot.model import BOARD_MODELS
from bot.standings import ONE_DAY
from bot.states import LATE

LONGEST_OUTAGE = timedelta(hours=6)
"""For so long the source may be out of reach without a word to the operator: nothing is lost.

What it publishes reaches back thirty days. A day appears about 01:46 UTC of the next; `LATE`
says when one that is not stored counts as missing.
"""

_POLLS_MISSED = 3


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest day of a board that is stored, and when its figures were read (UTC)."""

    day: date
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What is asked of the store; of boards what there is, by name.

    `oldest` is when the oldest open delivery became owed (UTC), None without one.
    """

    newest: Mapping[str, Newest]
    held_milestones: Mapping[str, int]
    open: int
    oldest: datetime | None
    held_back: int
    paused: int


@dataclass(frozen=True, slots=True)
class Gateway:
    """How we are connected to Discord; `latency` is in seconds, None where nobody knows."""

    connected: bool
    refused: bool
    latency: float | None
    servers: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """All that is known at `now` (UTC) of a bot that runs since `started`.

    `kept` is None where the store could not be read, `trouble` says what is wrong with it if
    anything is; `polls` are by board, `every` is the time between two of the board of models, and
    `polling` says whether this process polls now, rather than another one.
    """

    now: datetime
    started: datetime
    kept: Kept | None
    trouble: str | None
    gateway: Gateway
    polls: Mapping[str, Polled]
    every: timedelta
    polling: bool = True


def readiness(vitals: Vitals) -> dict[str, str | None]:
    """Return what keeps the bot from its work, by check; None: nothing of it does."""
    return {
        "store": _store(vitals),
        "gateway": _gateway(vitals.gateway),
        "source": _source(vitals),
    }


def _store(vitals: Vitals) -> str | None:
    if vitals.trouble is not None:
        return vitals.trouble
    polls = vitals.polls if vitals.polling else {}
    failed = [b for b, one in polls.items() if one.result is PollResult.STORE]
    return f"the last poll of {', '.join(sorted(failed))} could not use it" if failed else None


def _gateway(gateway: Gateway) -> str | None:
    if gateway.refused:
        return "Discord refused the token"
    return None if gateway.connected else "not connected"


def _source(vitals: Vitals) -> str | None:
    polled = vitals.polls.get(BOARD_MODELS)
    good = polled.good if polled else None
    silent = vitals.now - (good or vitals.started)
    if vitals.polling and silent > max(LONGEST_OUTAGE, _POLLS_MISSED * vitals.every):
        since = f"the last good poll was {_long(silent)} ago"
        return since if good else f"no good poll since the start {_long(silent)} ago"
    if vitals.kept is None:
        return "nobody knows: the store cannot be read"
    newest, due = vitals.kept.newest.get(BOARD_MODELS), (vitals.now - LATE).date() - ONE_DAY
    if newest is None:
        return "no day is stored"
    return None if newest.day >= due else f"the newest stored day is {newest.day}, {due} is due"


def _long(span: timedelta) -> str:
    return f"{span // timedelta(hours=1)} h"
