"""Pictures of milestones, made by hand."""

from dataclasses import replace
from datetime import date, timedelta

from bot.model import Openness
from bot.pictures import rank_ticks
from bot.pictures.milestone import Kind, Places, Seat, Way, Ways

OPEN, CLOSED, UNKNOWN = Openness
FIRST = date(2026, 1, 4)
WORDS = {OPEN: "open", CLOSED: "closed", UNKNOWN: "unknown"}


def dates(count: int) -> tuple[date, ...]:
    """Return so many dates, a week apart."""
    return tuple(FIRST + timedelta(7 * n) for n in range(count))


def places(*columns: str, **changes: object) -> Places:
    """Return a picture of places, a word a column: `oocu` is open, open, closed, unknown."""
    kinds = {"o": OPEN, "c": CLOSED, "u": UNKNOWN}
    seats = tuple(tuple(Seat(f"Model {n}", kinds[c]) for n, c in enumerate(w)) for w in columns)
    chart = Places(
        title="Four of five",
        subtitle="Five most-used models",
        empty="No data yet",
        citation="Source: somewhere",
        dates=dates(len(columns)),
        days=tuple(f"{day.day}/{day.month}" for day in dates(len(columns))),
        seats=seats,
        counted=tuple(str(word.count("o")) if word else "" for word in columns),
        counts="open models",
        since=max(len(columns) - 1, 0),
        before=None,
        words=WORDS,
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def way(name: str, *values: int | None, **changes: object) -> Way:
    """Return a strong line of an open model."""
    return replace(Way(name, OPEN, values, "ending", strong=True), **changes)  # type: ignore[arg-type]


def quiet(name: str, *values: int | None, openness: Openness = CLOSED) -> Way:
    """Return a line that steps back."""
    return Way(name, openness, values, "unsaid", strong=False)


def ways(*lines: Way, **changes: object) -> Ways:
    """Return a picture of ranks that is told of the last date."""
    count = len(lines[0].values) if lines else 0
    chart = Ways(
        title="First place",
        subtitle="Ranks by tokens",
        empty="No data yet",
        citation="Source: somewhere",
        kind=Kind.RANKS,
        dates=dates(count),
        days=tuple(f"{day.day}/{day.month}" for day in dates(count)),
        ways=lines,
        ticks=rank_ticks(10),
        mark=None,
        since=max(count - 1, 0),
        happened="First of all",
        words=WORDS,
    )
    return replace(chart, **changes)  # type: ignore[arg-type]
