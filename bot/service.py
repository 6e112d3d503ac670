"""The running bot: everything started in order, and stopped again."""

import asyncio
import importlib.metadata
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import isfinite
from pathlib import Path

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
from bot.chores import chores
from bot.client import RankshiftClient, point_at
from bot.connecting import serve, told_to_stop, until_either
from bot.metrics import Metrics
from bot.openness import Registry
from bot.outbox import Outbox
from bot.pace import Pace
from bot.packaged import read_boards, read_languages, read_registry
from bot.poller import CountPoll, Watched, poll_all
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.schedule import Again, Work, start_schedule
from bot.sender import Compose
from bot.settings import Settings
from bot.sources._http import Http
from bot.sources.exports import Exports
from bot.trace import traced
from bot.web.library import Library
from bot.web.operations import Watch, operating
from bot.web.serving import serving
from bot.web.site import Site
from bot.web.vitals import Gateway
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
from storage._files import make_folder
from storage.protocol import Store

KEYED_MODELS = timedelta(minutes=15)
KEYED_DAILY = timedelta(hours=3)
"""With a key the board of models is asked no more often, and the other daily ones this often.

With 10 daily boards and 14 weekly ones, asked once a day: 96 + 80 + 14 = 190 of the 500 requests
a day that the source allows.
"""

ASKED = (
    *(Rankings, Models, Comparing, Authors, Movers, Opennesses),
    *(Milestones, Exporting, Health, About, Reasons),
)
"""The cogs that answer questions, in the order in which /help lists their commands."""


@dataclass(frozen=True, slots=True)
class _Bot:
    """What lives side by side until the bot is told to stop."""

    store: Store
    http: Http
    registry: Registry
    client: RankshiftClient
    servers: Servers
    outbox: Outbox
    metrics: Metrics
    site: Site


async def run(settings: Settings, token: str) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises SettingsError, TokenRefused and StoreError."""
    stopping = told_to_stop()
    structlog.get_logger().info("starting", version=importlib.metadata.version("rankshift"))
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    async with AsyncExitStack() as stack:
        bot = await _assembled(settings, stack)
        if settings.operations_bind is not None:
            watch = _watch(settings, bot)
            await stack.enter_async_context(operating(watch, settings.operations_bind))
        if settings.http_bind is not None:
            pages = serving(bot.site, settings.http_bind, settings.http_proxies)
            await stack.enter_async_context(pages)
        again = chores(bot.client, bot.store, bot.servers, bot.outbox, utc_now)
        beside = Beside(again, bot.metrics.polled)
        scheduler = _schedule(settings, bot.store, bot.http, bot.registry, bot.outbox, beside)
        service = asyncio.create_task(serve(bot.client, token, bot.outbox))
        try:
            await until_either(stopping, service)
        finally:
            structlog.get_logger().info("stopping")
            scheduler.shutdown(wait=False)
            await bot.outbox.stop()
            await bot.client.close()
            service.cancel()
            await asyncio.wait([service])


async def _assembled(settings: Settings, stack: AsyncExitStack) -> _Bot:
    """Open and wire everything; the stack closes it. Raises StoreError."""
    registry, languages, boards = read_registry(), read_languages(), read_boards()
    make_folder(settings.data_dir)  # the heartbeat lies there, whatever else does
    store = await stack.enter_async_context(open_store(settings, writable=True))
    http = await stack.enter_async_context(open_source())
    metrics, pace = Metrics(), Pace(settings.sends_per_second)
    renderer = Renderer(metrics.drawn)
    stack.callback(renderer.close)
    reference = Reference(store, registry, boards)
    backtests = Backtests(store, reference)
    stack.callback(backtests.close)
    address = settings.public_url
    answers = Answers(languages, renderer, utc_now, settings.project_url, address)

    def cogs() -> Sequence[commands.Cog]:
        return (
            *asking(store, reference, answers, backtests, composer),
            *managing(store, reference, answers, outbox.wake, composer, backtests),
            servers,
            Watching(store, reference, languages, utc_now, outbox.wake),
        )

    trace = traced(pace, utc_now, metrics.limited)
    client = RankshiftClient(
        store, languages, cogs, answers.cooldowns, metrics.answered, http_trace=trace
    )
    found = rules.discover()
    composer = Composer(store, renderer, found, reference.directory, languages, boards, address)
    outbox = Outbox(store, composer, DiscordMessenger(client), utc_now, pace)
    outbox.tried = metrics.tried
    servers = Servers(client, store, utc_now, outbox.wake)
    library = Library(store, reference, found, utc_now, settings.project_url)
    site = Site(library, renderer, languages, address or "")
    return _Bot(store, http, registry, client, servers, outbox, metrics, site)


def _watch(settings: Settings, bot: _Bot) -> Watch:
    """Return what the operator is told of."""

    def gateway() -> Gateway:
        client, latency = bot.client, bot.client.latency
        known = latency if isfinite(latency) else None
        return Gateway(client.connected, bot.outbox.refused, known, len(client.guilds))

    return Watch(
        store=bot.store,
        metrics=bot.metrics,
        clock=utc_now,
        gateway=gateway,
        blocked=lambda: bot.outbox.blocked,
        every=_models_every(settings),
    )


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


@dataclass(frozen=True, slots=True)
class Beside:
    """What is done again and again besides polling, and who is told how polls end."""

    again: Sequence[Again] = ()
    count: CountPoll | None = None


_NOTHING = Beside()


def _models_every(settings: Settings) -> timedelta:
    """Return the time between two polls of the board of models."""
    often = timedelta(minutes=settings.poll_minutes)
    return often if settings.openrouter_api_key is None else max(often, KEYED_MODELS)


def _schedule(
    settings: Settings,
    store: Store,
    http: Http,
    registry: Registry,
    outbox: Outbox,
    beside: Beside = _NOTHING,
) -> AsyncIOScheduler:
    catalogue = Watched("catalogue", partial(refresh_catalogue, store, http, settings))
    hub = Watched("Hugging Face Hub", partial(check_weights_named, store, settings))
    judged = [board for board in read_boards().values() if board.judged]
    keyless, api = Exports(http, settings.openrouter_url), data_api(store, http, settings)
    keyed = api is not None

    def watched(name: str, boards: Sequence[Board]) -> Work:
        polls = [board_poll(board, store, keyless, api, registry) for board in boards]
        work = Watched(name, partial(poll_all, polls, utc_now, beside.count))

        async def poll_and_wake() -> None:
            await work()
            outbox.wake()

        return poll_and_wake

    others = [board for board in judged if board.keyed and keyed]
    models = watched("rankings", [MODELS])
    daily = watched("rankings of boards by day", [each for each in others if not each.weekly])
    weekly = watched("rankings of boards by week", [each for each in others if each.weekly])
    again: Sequence[Again] = (
        (_models_every(settings), [models]),
        (timedelta(days=1), [catalogue, hub, weekly]),
        (KEYED_DAILY, [daily]),
        *beside.again,
    )
    heartbeat = settings.data_dir / "heartbeat"
    return start_schedule(
        [catalogue, models, daily, weekly, hub], again, partial(_beat, heartbeat, outbox)
    )


def _beat(heartbeat: Path, outbox: Outbox) -> None:
    """Touch the file that a health check looks at, unless nothing can be sent any more."""
    if not outbox.refused:
        heartbeat.touch()
