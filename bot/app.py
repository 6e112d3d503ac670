"""The composition root: the one file that picks concrete classes and wires them."""

import asyncio
import importlib.metadata
import importlib.resources
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import discord
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord.ext import commands
from pydantic import SecretStr
from rich.console import Console

from bot import rules
from bot.alerts import Composer
from bot.boards import MODELS, Board
from bot.client import RankshiftClient, point_at
from bot.demo import read_figures, replay, show, show_end, write_page
from bot.errors import DiscordUnreachable, InputError, SettingsError, TokenRefused
from bot.openness import Directory, Registry, directory
from bot.outbox import Outbox, back_off
from bot.packaged import read_boards, read_languages, read_registry
from bot.poller import BoardPoll, Watched, poll_all
from bot.queries import newest_day
from bot.render import Renderer
from bot.schedule import Work, start_schedule
from bot.settings import Settings
from bot.sources import Source
from bot.sources._http import Http, open_http
from bot.sources.budget import Budget
from bot.sources.catalogue import check_hints, fetch_catalogue, merge_catalogues
from bot.sources.data_api import DataApi
from bot.sources.exports import Exports
from bot.sources.hugging_face import check_weights
from bot.sources.keyed import KeyedBoard
from bot.text.say import Languages
from cogs.delivery import DiscordMessenger
from cogs.rankings import Rankings
from cogs.subscriptions import Subscriptions
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore

CHECKED_A_DAY = 40
"""Repositories that are looked up on the Hugging Face Hub a day, each again after a month."""

KEYED_MODELS = timedelta(minutes=15)
KEYED_DAILY = timedelta(hours=3)
"""With a key the board of models is asked no more often, and the other daily ones this often.

With 10 daily boards and 14 weekly ones, asked once a day: 96 + 80 + 14 = 190 of the 500 requests
a day that the source allows.
"""


def utc_now() -> datetime:
    """Return the time; the one clock, handed to whatever needs it."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_store(folder: Path, *, writable: bool) -> AsyncIterator[Store]:
    """Open the data folder and close it again. Raises StoreError."""
    store = TinyDBStore(folder, writable=writable)
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
    """Replay the demo's weeks, print the alerts, and write page and pictures to `folder`.

    Raises InputError when we lack the language or the folder cannot be written.
    """
    languages, found = read_languages(), rules.discover()
    if language not in languages:
        raise InputError(f"--language {language}: there are {', '.join(languages)}")
    days = read_figures(utc_now())
    known = directory(read_registry(), ())
    with TemporaryDirectory(prefix="rankshift-demo-") as data, closing(Renderer()) as renderer:
        async with open_store(Path(data), writable=True) as store:
            look_up = partial(stored_directory, store, known.registry)
            composer = Composer(store, renderer, found, look_up, languages)
            with console.status(f"Replaying {len(days)} days …"):
                posted = await replay(days, store, composer, known, found, language)
    write_page(folder, posted, language)
    show(console, posted)
    show_end(console, days, posted, folder)


async def run(settings: Settings, token: str) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises TokenRefused and StoreError."""
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C works there
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    registry, languages = read_registry(), read_languages()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.data_dir, writable=True))
        http = await stack.enter_async_context(open_source())
        renderer = Renderer()
        stack.callback(renderer.close)
        known = partial(stored_directory, store, registry)
        cogs = partial(_cogs, store, renderer, known, languages)
        client = RankshiftClient(store, languages, cogs)
        composer = Composer(store, renderer, rules.discover(), known, languages)
        outbox = Outbox(store, composer, DiscordMessenger(client), utc_now)
        scheduler = _schedule(settings, store, http, registry, outbox)
        service = asyncio.create_task(_serve(client, token, outbox))
        try:
            await _first(stopping, service)
        finally:
            structlog.get_logger().info("stopping")
            scheduler.shutdown(wait=False)
            await outbox.stop()
            await client.close()
            service.cancel()
            await asyncio.wait([service])


def _cogs(
    store: Store,
    renderer: Renderer,
    known: Callable[[], Awaitable[Directory]],
    languages: Languages,
) -> Sequence[commands.Cog]:
    return (
        Rankings(store, renderer, known, languages, utc_now),
        Subscriptions(store, languages, utc_now),
    )


def _schedule(
    settings: Settings, store: Store, http: Http, registry: Registry, outbox: Outbox
) -> AsyncIOScheduler:
    catalogue = Watched("catalogue", partial(refresh_catalogue, store, http, settings))
    hub = Watched("Hugging Face Hub", partial(check_weights_named, store, settings))
    judged = [board for board in read_boards().values() if board.judged]
    keyless, api = Exports(http, settings.openrouter_url), data_api(store, http, settings)
    keyed = api is not None

    def watched(name: str, boards: Sequence[Board]) -> Work:
        polls = [board_poll(board, store, keyless, api, registry) for board in boards]
        work = Watched(name, partial(poll_all, polls, utc_now))

        async def poll_and_wake() -> None:
            await work()
            outbox.wake()

        return poll_and_wake

    others = [board for board in judged if board.keyed and keyed]
    models = watched("rankings", [MODELS])
    daily = watched("rankings of boards by day", [each for each in others if not each.weekly])
    weekly = watched("rankings of boards by week", [each for each in others if each.weekly])
    often = timedelta(minutes=settings.poll_minutes)
    again: Sequence[tuple[timedelta, Sequence[Work]]] = (
        (max(often, KEYED_MODELS) if keyed else often, [models]),
        (timedelta(days=1), [catalogue, hub, weekly]),
        (KEYED_DAILY, [daily]),
    )
    heartbeat = settings.data_dir / "heartbeat"
    return start_schedule([catalogue, models, daily, weekly, hub], again, heartbeat)


async def _serve(client: RankshiftClient, token: str, outbox: Outbox) -> None:
    try:
        await _log_in(client, token)
        await asyncio.gather(outbox.run(), client.connect())
    except discord.LoginFailure as error:
        raise TokenRefused(f"Discord does not accept DISCORD_TOKEN: {error}") from error
    except discord.ConnectionClosed as error:
        raise TokenRefused(f"Discord's gateway sent us away for good: {error}") from error


async def _log_in(client: RankshiftClient, token: str) -> None:
    async def attempt() -> None:
        try:
            await client.login(token)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise DiscordUnreachable(f"{type(error).__name__}: {error}") from error

    log_in, attempts = Watched("log-in to Discord", attempt), 0
    while not await log_in():
        attempts += 1
        await asyncio.sleep(back_off(attempts).total_seconds())


async def _first(stopping: asyncio.Event, service: asyncio.Task[None]) -> None:
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([stop, service], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if service.done():
        service.result()
