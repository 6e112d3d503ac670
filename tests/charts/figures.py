"""The demo's real figures, as charts are made of them: days, windows, and what is known."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache

from bot import openness
from bot.demo import read_figures
from bot.model import Day, Standings
from bot.openness import Directory
from bot.packaged import read_registry
from bot.queries.almanac import Almanac, almanac
from bot.standings import OFFICIAL

NOW = datetime(2026, 8, 22, tzinfo=UTC)
"""When the demo's figures were read."""


@cache
def demo_days() -> Mapping[date, Day]:
    """Return the days of the demo's table, by date."""
    return {day.date: day for day in read_figures(NOW)}


@cache
def demo_almanac() -> Almanac:
    """Return every complete window of the demo's days."""
    return almanac("models", demo_days(), OFFICIAL)


def demo_windows() -> tuple[Standings, ...]:
    """Return the windows of the demo's days, oldest first."""
    found = demo_almanac().windows
    return tuple(found[end] for end in sorted(found))


@cache
def known() -> Directory:
    """Return what the registry alone knows, as in the demo."""
    return openness.directory(read_registry(), ())
