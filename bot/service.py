"""The running bot: everything started in order, and stopped again."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import discord
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord.ext import commands

from bot import rules
from bot.alerts import Composer
from bot.app import (
    board_poll,
    check_weights_named,
    data_api,
    open_source,
    open_store,
    refresh_catalogue,
    utc_now,
)
from bot.boards import MODELS, Board
from bot.client import RankshiftClient, point_at
from bot.errors import DiscordUnreachable, TokenRefused
from bot.openness import Registry
from bot.outbox import Outbox
from bot.pace import Pace
from bot.packaged import read_boards, read_languages, read_registry
from bot.poller import Watched, poll_all
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.schedule import Again, Work, start_schedule
from bot.sender import Compose
from bot.settings import Settings
from bot.sources._http import Http
from bot.sources.exports import Exports
from bot.tending import tend
from bot.trace import traced
from bot.turns import back_off
from bot.upkeep import upkeep
from cogs._answers import Answers
from cogs.about import About
from cogs.authors import Authors
from cogs.comparing import Comparing
from cogs.data import Data
from cogs.delivery import DiscordMessenger
from cogs.exporting import Exporting
from cogs.health import Health
from cogs.milestones import Milestones
from cogs.models import Models
from cogs.movers import Movers
from cogs.openness import Opennesses
from cogs.previewing import Previewing
from cogs.rankings import Rankings
from cogs.reasons import Reasons
from cogs.servers import Servers
from cogs.subscribing import Subscribing
from cogs.subscriptions import Subscriptions
from cogs.timing import Timing
from cogs.watching import Watching
from storage.protocol import Store

KEYED_MODELS = timedelta(minutes=15)
KEYED_DAILY = timedelta(hours=3)
"""With a key the board of models is asked no more often, and the other daily ones this often.

With 10 daily boards and 14 weekly ones, asked once a day: 96 + 80 + 14 = 190 of the 500 requests
a day that the source allows.
"""


LOOK_AGAIN = timedelta(minutes=10)
"""How often paused channels are looked at, besides the events that tell of them."""

TENDED = timedelta(minutes=1)
"""How often is looked for digests that are due, and for what was held back."""

UPKEEP = timedelta(hours=1)
"""Never at the start: the gateway must have said first which servers we are in."""

ASKED = (
    *(Rankings, Models, Comparing, Authors, Movers, Opennesses),
    *(Milestones, Exporting, Health, About, Reasons),
)
"""The cogs that answer questions, in the order in which /help lists their commands."""

_UNREACHABLE = (
    discord.HTTPException,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,
    ValueError,
)
"""What may end a log-in that another one follows; a ValueError is an answer cut short."""


async def run(settings: Settings, token: str) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises TokenRefused and StoreError."""
    stopping = _told_to_stop()
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    registry, languages = read_registry(), read_languages()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.data_dir, writable=True))
        http = await stack.enter_async_context(open_source())
        renderer = Renderer()
        stack.callback(renderer.close)
        pace = Pace(settings.sends_per_second)
        boards, found = read_boards(), rules.discover()
        reference = Reference(store, registry, boards)
        backtests = Backtests(store, reference)
        stack.callback(backtests.close)
        answers = Answers(languages, renderer, utc_now, settings.project_url)

        def cogs() -> Sequence[commands.Cog]:
            return (
                *asking(store, reference, answers, backtests, composer),
                *managing(store, reference, answers, outbox.wake, composer, backtests),
                servers,
                Watching(store, reference, languages, utc_now, outbox.wake),
            )

        trace = traced(pace, utc_now)
        client = RankshiftClient(store, languages, cogs, answers.cooldowns, http_trace=trace)
        composer = Composer(store, renderer, found, reference.directory, languages, boards)
        outbox = Outbox(store, composer, DiscordMessenger(client), utc_now, pace)
        servers = Servers(client, store, utc_now, outbox.wake)
        beside = _beside(client, store, servers, outbox)
        scheduler = _schedule(settings, store, http, registry, outbox, beside)
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


def _told_to_stop() -> asyncio.Event:
    """Return what is set once a signal says so."""
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C works there
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


def asking(
    store: Store,
    reference: Reference,
    answers: Answers,
    backtests: Backtests,
    compose: Compose,
) -> tuple[commands.Cog, ...]:
    """Return the cogs that answer questions."""
    questions = (kind(store, reference, answers) for kind in ASKED)
    return (*questions, Previewing(store, reference, answers, backtests, compose))


def managing(
    store: Store,
    reference: Reference,
    answers: Answers,
    wake: Callable[[], None],
    compose: Compose,
    backtests: Backtests,
) -> tuple[commands.Cog, ...]:
    """Return the cogs that change a server's settings."""
    return (
        Subscribing(store, reference, answers, wake, compose, backtests),
        Subscriptions(store, reference, answers, wake),
        Timing(store, reference, answers, wake),
        Data(store, reference, answers, wake),
    )


def _beside(
    client: RankshiftClient, store: Store, servers: Servers, outbox: Outbox
) -> Sequence[Again]:
    """Return what is done again and again for the servers that we are in."""

    def may_be_in(guild_id: int) -> bool:
        return not client.is_ready() or client.get_guild(guild_id) is not None

    tidied = Watched("upkeep", lambda: upkeep(store, utc_now(), may_be_in))
    looked = Watched("look at paused channels", servers.look_again)

    async def owe_and_wake() -> None:
        if await tend(store, utc_now()):
            outbox.wake()

    tended = Watched("digests and roundups", owe_and_wake)
    return [(TENDED, [tended]), (LOOK_AGAIN, [looked]), (UPKEEP, [tidied])]


def _schedule(
    settings: Settings,
    store: Store,
    http: Http,
    registry: Registry,
    outbox: Outbox,
    beside: Sequence[Again] = (),
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
    again: Sequence[Again] = (
        (max(often, KEYED_MODELS) if keyed else often, [models]),
        (timedelta(days=1), [catalogue, hub, weekly]),
        (KEYED_DAILY, [daily]),
        *beside,
    )
    heartbeat = settings.data_dir / "heartbeat"
    return start_schedule(
        [catalogue, models, daily, weekly, hub], again, partial(_beat, heartbeat, outbox)
    )


def _beat(heartbeat: Path, outbox: Outbox) -> None:
    """Touch the file that a health check looks at, unless nothing can be sent any more."""
    if not outbox.refused:
        heartbeat.touch()


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
        except _UNREACHABLE as error:
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
