"""A data folder as it is after seven real weeks, of models whose names are hostile."""

import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot import rules
from bot.boards import MODELS
from bot.demo import _NEEDS_MORE, read_figures
from bot.knowledge import CatalogueEntry
from bot.model import Day
from bot.openness import Registry, directory
from bot.packaged import read_registry
from bot.pipeline import poll
from bot.sources.replay import Replay
from storage.tinydb_store import TinyDBStore

NAMES = (
    "**evil** __evil__ ~~evil~~ `evil` ||evil||",
    "[evil](https://evil.invalid) <https://evil.invalid>",
    "@everyone @here <@1> <@&1> <#1> </evil:1> <t:1:R>",
    "\u202eevil\u2066 \u200fevil \u0645\u0648\u062f\u0644",
    "evil " * 59,
    "\U0001f98a" * 100,
    "# evil\n> evil\n- evil\n-# evil\n```evil```",
)
"""What a catalogue may call a model."""


def figures() -> tuple[Day, ...]:
    """Return the days of the demo."""
    return read_figures(datetime(2026, 8, 22, tzinfo=UTC))


def polled_at(day: Day) -> datetime:
    """Return when a day is polled: the morning after it."""
    return datetime.combine(day.date + timedelta(days=1), time(3, 30), UTC)


def registry() -> Registry:
    """Return what comes with the package, but no names: the catalogue's are taken."""
    known = read_registry()
    return Registry(known.version, known.authors, known.models, {})


def entries() -> tuple[CatalogueEntry, ...]:
    """Return a catalogue that gives the models of those days such names, one after another."""
    days = figures()
    models = sorted({row.model for day in days for row in day.rows})
    return tuple(
        CatalogueEntry(model, NAMES[n % len(NAMES)], days[0].date, None, None)
        for n, model in enumerate(models)
    )


async def fill(folder: Path) -> None:
    """Poll every day as it was over, with models whose names are hostile."""
    store, days = TinyDBStore(folder, writable=True), figures()
    await store.put_catalogue(entries())
    known = directory(registry(), entries())
    found = {name: rule for name, rule in rules.discover().items() if name not in _NEEDS_MORE}
    source = Replay(days, "figures")
    for day in days:
        await poll(MODELS, source, store, known, found, polled_at(day))
    await store.close()


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a data folder that is open nowhere."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("lock"), dirs_exist_ok=True)
    return to
