"""The composition root: the one file that picks concrete classes and wires them."""

import asyncio
import importlib.metadata
import importlib.resources
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import SecretStr
from rich.console import Console

from bot import rules
from bot.alerts import Composer
from bot.boards import Board
from bot.demo import read_figures, replay, show, show_end, write_page
from bot.errors import InputError, SettingsError
from bot.model import Severity
from bot.openness import Directory, Registry, directory
from bot.packaged import read_boards, read_languages, read_registry
from bot.poller import BoardPoll
from bot.queries.reference import Reference
from bot.queries.stored import newest_day
from bot.render import PROCESSES, Renderer
from bot.settings import NO_DRIVER, Settings
from bot.sources import Source
from bot.sources._http import Http, open_http
from bot.sources.budget import Budget
from bot.sources.catalogue import check_hints, fetch_catalogue, merge_catalogues
from bot.sources.data_api import DataApi
from bot.sources.hugging_face import check_weights
from bot.sources.keyed import KeyedBoard
from bot.web.exporting import write_site
from bot.web.library import Library
from bot.web.site import Site
from storage.offices import Alone, Offices
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore

if TYPE_CHECKING:
    from storage.postgres_store import PostgresStore

CHECKED_A_DAY = 40
"""Repositories that are looked up on the Hugging Face Hub a day, each again after a month."""


def utc_now() -> datetime:
    """Return the time; the one clock, handed to whatever needs it."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_store(settings: Settings, *, writable: bool) -> AsyncIterator[Store]:
    """Open the database, or the data folder where none is set, and close it again.

    Raises StoreError, SettingsError where a database is set and its driver is not installed.
    """
    if settings.database_url is None:
        async with open_folder(settings.data_dir, writable=writable) as store:
            yield store
        return
    async with _open_database(settings.database_url, writable=writable) as shared:
        yield shared


@asynccontextmanager
async def open_offices(settings: Settings) -> AsyncIterator[Offices]:
    """Open the store that processes share, or the data folder of one, and close it again.

    Raises what `open_store` does.
    """
    if settings.database_url is None:
        async with open_folder(settings.data_dir, writable=True) as store:
            yield Alone(store)
        return
    async with _open_database(settings.database_url, writable=False) as shared:
        from storage.postgres.offices import PostgresOffices  # noqa: PLC0415 — the driver, too

        yield PostgresOffices(settings.database_url.get_secret_value(), shared)


@asynccontextmanager
async def _open_database(url: SecretStr, *, writable: bool) -> AsyncIterator["PostgresStore"]:
    try:
        # With its driver: a tenth of a second that a data folder does without.
        from storage.postgres_store import PostgresStore  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(NO_DRIVER) from error
    shared = await PostgresStore.open(url.get_secret_value(), writable=writable)
    async with _closing(shared):
        yield shared


@asynccontextmanager
async def open_folder(folder: Path, *, writable: bool) -> AsyncIterator[Store]:
    """Open a data folder and close it again. Raises StoreError."""
    async with _closing(TinyDBStore(folder, writable=writable)) as store:
        yield store


@asynccontextmanager
async def _closing(store: Store) -> AsyncIterator[Store]:
    try:
        yield store
    finally:
        await store.close()


async def stored_directory(store: Store, registry: Registry) -> Directory:
    """Return what the registry and the stored catalogue know of models."""
    return directory(registry, await store.catalogue())


@asynccontextmanager
async def open_source() -> AsyncIterator[Http]:
    """Open the door to the network."""
    version = importlib.metadata.version("rankshift")
    async with open_http(f"rankshift/{version} (open-source Discord bot)") as http:
        yield http


async def refresh_catalogue(store: Store, http: Http, settings: Settings) -> None:
    """Take in what the source says of models. Raises SourceError and StoreError."""
    fresh = await fetch_catalogue(http, settings.openrouter_url)
    known = await store.catalogue()
    await store.put_catalogue(merge_catalogues(known, fresh, utc_now().date()))


async def check_weights_named(store: Store, settings: Settings) -> None:
    """Check some of the catalogue's hints at weights. Raises PayloadRefused and StoreError."""
    today = utc_now().date()
    check = partial(check_weights, endpoint=settings.huggingface_url, today=today)
    checked = await check_hints(await store.catalogue(), check, today, CHECKED_A_DAY)
    # It may have taken minutes: what the catalogue has learnt meanwhile stays.
    hubs = {entry.model: entry for entry in checked}
    fresh = [
        replace(entry, hub=hubs[entry.model].hub)
        if entry.model in hubs and hubs[entry.model].weights == entry.weights
        else entry
        for entry in await store.catalogue()
    ]
    await store.put_catalogue(fresh)


def board_poll(
    board: Board, store: Store, keyless: Source, api: DataApi | None, registry: Registry
) -> BoardPoll:
    """Return what polls a board: from the keyed Data API, or without a key from `keyless`."""
    known, found = partial(stored_directory, store, registry), rules.discover()
    if api is None:
        return BoardPoll(board, keyless, store, known, found)

    async def newest() -> date | None:
        return await newest_day(store, board.name, utc_now().date())

    return BoardPoll(board, KeyedBoard(api, board, newest), store, known, found)


def data_api(store: Store, http: Http, settings: Settings) -> DataApi | None:
    """Return the keyed source, or None without a key; one a process, for its budget."""
    key = settings.openrouter_api_key
    return None if key is None else _data_api(store, http, settings, key)


def keyed_api(store: Store, http: Http, settings: Settings) -> DataApi:
    """Return the keyed source. Raises SettingsError without a key."""
    return _data_api(store, http, settings, needed_key(settings))


def needed_key(settings: Settings) -> SecretStr:
    """Return the key. Raises SettingsError without one."""
    if settings.openrouter_api_key is None:
        raise SettingsError(
            "OPENROUTER_API_KEY is not set: this is read from OpenRouter's Data API, which needs a"
            " key (any key of openrouter.ai)."
        )
    return settings.openrouter_api_key


def _data_api(store: Store, http: Http, settings: Settings, key: SecretStr) -> DataApi:
    budget = Budget(store, utc_now, asyncio.sleep)
    return DataApi(http, settings.openrouter_url, key.get_secret_value(), budget)


async def demo(folder: Path, console: Console, language: str) -> None:
    """Replay the demo's weeks, print the alerts, and write pages and pictures to `folder`.

    Raises InputError when we lack the language or the folder cannot be written.
    """
    languages, found = read_languages(), rules.discover()
    if language not in languages:
        raise InputError(f"--language {language}: there are {', '.join(languages)}")
    days = read_figures(utc_now())
    known = directory(read_registry(), ())
    with TemporaryDirectory(prefix="rankshift-demo-") as data, closing(Renderer()) as renderer:
        async with open_folder(Path(data), writable=True) as store:
            look_up = partial(stored_directory, store, known.registry)
            composer = Composer(store, renderer, found, look_up, languages, address=".")
            with console.status(f"Replaying {len(days)} days …"):
                posted = await replay(days, store, composer, known, found, language)
            write_page(folder, posted, language)
            reference = Reference(store, known.registry, read_boards())
            library = Library(store, reference, found, utc_now, least=Severity.NOTABLE)
            with console.status("Writing the evidence pages …"):
                await write_site(Site(library, renderer, languages, at_once=PROCESSES), folder)
    show(console, posted)
    show_end(console, days, posted, folder)
