"""Small hand-made values for tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.knowledge import CatalogueEntry, Verdict
from bot.model import Day, Openness, Row
from bot.openness import Directory, Registry

START = date(2026, 6, 1)
AS_OF = datetime(2026, 6, 20, 2, tzinfo=UTC)


def day(
    when: date | int,
    counts: Mapping[str, int],
    other: int | None = 100,
    as_of: datetime = AS_OF,
) -> Day:
    """Return a day; a number is so many days after START."""
    when = START + timedelta(days=when) if isinstance(when, int) else when
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Day(when, tuple(Row(model, tokens) for model, tokens in ordered), other, as_of)


def days(counts: Sequence[Mapping[str, int]], start: date = START) -> dict[date, Day]:
    """Return consecutive days from `start` on."""
    made = [day(start + timedelta(days=n), each) for n, each in enumerate(counts)]
    return {each.date: each for each in made}


def at(when: date, hour: int = 3, minute: int = 30) -> datetime:
    """Return a moment of a day in UTC."""
    return datetime(when.year, when.month, when.day, hour, minute, tzinfo=UTC)


def verdict(openness: Openness, since: date | None = None) -> Verdict:
    """Return a verdict."""
    return Verdict(openness, since, "made up")


def directory(
    models: Mapping[str, Verdict] | None = None,
    authors: Mapping[str, Verdict] | None = None,
    catalogue: Sequence[CatalogueEntry] = (),
    names: Mapping[str, str] | None = None,
) -> Directory:
    """Return a directory of a made-up registry and catalogue."""
    registry = Registry("test", authors or {}, models or {}, names or {})
    return Directory(registry, {entry.model: entry for entry in catalogue})


def open_closed() -> Directory:
    """Return a directory in which author `open` is open, `closed` closed, all else unknown."""
    return directory(authors={"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)})
