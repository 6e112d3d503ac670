"""The site of the demo's real days, found by real polls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from bot import rules
from bot.app import open_folder
from bot.boards import MODELS
from bot.packaged import read_boards, read_languages, read_registry
from bot.pipeline import poll
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.sources.replay import Replay
from bot.web.library import Library
from bot.web.site import Site
from storage.protocol import Store
from tests.charts.figures import NOW, demo_days, known


@dataclass(frozen=True, slots=True)
class Stored:
    """A site, what it is made from, and where that is kept."""

    site: Site
    library: Library
    store: Store


async def polled(store: Store) -> None:
    """Poll the demo's days one after the other, as they were over."""
    days = tuple(demo_days().values())
    source, found = Replay(days, "the demo's figures"), rules.discover()
    for day in days:
        over = datetime.combine(day.date + timedelta(days=1), time(3, 30), NOW.tzinfo)
        await poll(MODELS, source, store, known(), found, over)


@asynccontextmanager
async def demo_site(folder: Path, address: str = "") -> AsyncIterator[Stored]:
    """Yield the site of the demo's days, kept in a folder."""
    async with open_folder(folder, writable=True) as store:
        await polled(store)
        with closing(Renderer()) as renderer:
            async with site_of(store, renderer, address) as found:
                yield found


@asynccontextmanager
async def site_of(store: Store, renderer: Renderer, address: str = "") -> AsyncIterator[Stored]:
    """Yield the site of what a store holds."""
    reference = Reference(store, read_registry(), read_boards())
    library = Library(store, reference, rules.discover(), lambda: NOW)
    site = Site(library, renderer, read_languages(), address, at_once=2)
    yield Stored(site, library, store)
