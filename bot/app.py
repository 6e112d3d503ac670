"""The composition root: the one file that picks concrete classes and wires them."""

import asyncio
import importlib.metadata
import importlib.resources
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import discord
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord.ext import commands
from rich.console import Console

from bot import rules
from bot.alerts import Composer
from bot.client import RankshiftClient, point_at
from bot.demo import read_figures, replay, show, show_end, write_page
from bot.errors import DiscordUnreachable, InputError, TokenRefused
from bot.model import BOARD_MODELS
from bot.openness import Directory, Registry, directory, parse_registry
from bot.outbox import Outbox, back_off
from bot.pipeline import Poll, poll
from bot.poller import Watched, log_poll
from bot.render import Renderer
from bot.settings import Settings
from bot.sources._http import Http, open_http
from bot.sources.catalogue import fetch_catalogue, merge_catalogues
from bot.sources.exports import Exports
from bot.text.say import Languages, parse_language
from cogs.delivery import DiscordSend
from cogs.rankings import Rankings
from cogs.subscriptions import Subscriptions
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore

HEARTBEAT = timedelta(seconds=30)
"""How often `heartbeat` in the data folder is touched, for whoever watches the process."""

_LARGEST_JITTER = timedelta(seconds=60)


def utc_now() -> datetime:
    """Return the time; the one clock, handed to whatever needs it."""
    return datetime.now(UTC)


def read_registry() -> Registry:
    """Return the openness registry that comes with the package."""
    file = importlib.resources.files("bot") / "openness.toml"
    return parse_registry(file.read_text(encoding="utf-8"), file.name)


def read_languages() -> Languages:
    """Return the languages that come with the package, a `.po` catalogue each."""
    files = importlib.resources.files("bot.text").iterdir()
    catalogues = sorted((file for file in files if file.name.endswith(".po")), key=_name)
    return Languages(
        [parse_language(file.name.removesuffix(".po"), file.read_bytes()) for file in catalogues]
    )


def _name(file: Traversable) -> str:
    return file.name


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
async def _open_source() -> AsyncIterator[Http]:
    version = importlib.metadata.version("rankshift")
    async with open_http(f"rankshift/{version} (open-source Discord bot)") as http:
        yield http


async def _refresh_catalogue(store: Store, http: Http, settings: Settings) -> None:
    fresh = await fetch_catalogue(http, settings.openrouter_url)
    known = await store.catalogue()
    await store.put_catalogue(merge_catalogues(known, fresh, utc_now().date()))


async def _poll_models(store: Store, http: Http, settings: Settings, registry: Registry) -> Poll:
    source = Exports(http, settings.openrouter_url)
    known = await stored_directory(store, registry)
    result = await poll(BOARD_MODELS, source, store, known, rules.discover(), utc_now())
    log_poll(result)
    return result


async def poll_once(settings: Settings) -> Poll:
    """Poll catalogue and rankings once, without Discord.

    A catalogue that cannot be had is logged and does without. Raises SourceError and StoreError.
    """
    async with open_store(settings.data_dir, writable=True) as store, _open_source() as http:
        await Watched("catalogue", partial(_refresh_catalogue, store, http, settings))()
        return await _poll_models(store, http, settings, read_registry())


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
        http = await stack.enter_async_context(_open_source())
        renderer = Renderer()
        stack.callback(renderer.close)
        known = partial(stored_directory, store, registry)
        cogs = partial(_cogs, store, renderer, known, languages)
        client = RankshiftClient(store, languages, cogs)
        composer = Composer(store, renderer, rules.discover(), known, languages)
        outbox = Outbox(store, composer, DiscordSend(client), utc_now)
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
    catalogue = Watched("catalogue", partial(_refresh_catalogue, store, http, settings))
    rankings = Watched("rankings", partial(_poll_models, store, http, settings, registry))

    async def poll_and_wake() -> None:
        if await rankings():
            outbox.wake()

    async def start() -> None:
        await catalogue()
        await poll_and_wake()

    every = timedelta(minutes=settings.poll_minutes)
    jitter = int(min(every / 10, _LARGEST_JITTER).total_seconds())
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
    )
    scheduler.add_job(start)
    scheduler.add_job(poll_and_wake, "interval", seconds=every.total_seconds(), jitter=jitter)
    scheduler.add_job(catalogue, "interval", days=1, jitter=int(_LARGEST_JITTER.total_seconds()))
    scheduler.add_job(
        _beat,
        "interval",
        args=[settings.data_dir / "heartbeat"],
        seconds=HEARTBEAT.total_seconds(),
        next_run_time=utc_now(),
    )
    scheduler.start()
    return scheduler


def _beat(file: Path) -> None:
    file.touch()


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
