"""The running bot: everything started in order, and stopped again."""

import asyncio
import importlib.metadata
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path

import structlog
from discord.ext import commands

from bot import rules
from bot.alerts import Composer
from bot.app import open_offices, open_source, utc_now
from bot.chores import looking, may_be_in
from bot.client import RankshiftClient, point_at
from bot.connecting import serve, told_to_stop, until_any
from bot.courier import Courier, Leased
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.pace import Pace
from bot.packaged import read_boards, read_languages, read_registry
from bot.polling import Polling, Source, models_every
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.schedule import start_schedule
from bot.sender import Compose
from bot.settings import Settings
from bot.shards import Sessions, Shards
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
from storage.offices import Offices, Term
from storage.protocol import Store

ASKED = (
    *(Rankings, Models, Comparing, Authors, Movers, Opennesses),
    *(Milestones, Exporting, Health, About, Reasons),
)
"""The cogs that answer questions, in the order in which /help lists their commands."""


@dataclass(frozen=True, slots=True)
class _Bot:
    """What lives side by side until the bot is told to stop."""

    store: Store
    client: RankshiftClient
    servers: Servers
    polling: Polling
    courier: Courier
    metrics: Metrics
    site: Site


async def run(settings: Settings, token: str, shards: Shards | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT; without `shards` all of them.

    Raises SettingsError, TokenRefused and StoreError.
    """
    stopping = told_to_stop()
    structlog.get_logger().info("starting", version=importlib.metadata.version("rankshift"))
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    async with AsyncExitStack() as stack:
        bot = await _assembled(settings, stack, shards)
        if settings.operations_bind is not None:
            watch = _watch(settings, bot)
            await stack.enter_async_context(operating(watch, settings.operations_bind))
        if settings.http_bind is not None:
            pages = serving(bot.site, settings.http_bind, settings.http_proxies)
            await stack.enter_async_context(pages)
        beat = partial(_beat, settings.data_dir / "heartbeat", bot.courier)
        scheduler = start_schedule((), looking(bot.servers), beat)
        service = asyncio.create_task(serve(bot.client, token, bot.courier.run))
        polling = asyncio.create_task(bot.polling.run())
        try:
            await until_any(stopping, service, polling)
        finally:
            structlog.get_logger().info("stopping")
            scheduler.shutdown(wait=False)
            polling.cancel()
            await bot.courier.stop()
            await bot.client.close()
            service.cancel()
            await asyncio.wait([service, polling])


async def _assembled(settings: Settings, stack: AsyncExitStack, shards: Shards | None) -> _Bot:
    """Open and wire everything; the stack closes it. Raises StoreError."""
    registry, languages, boards = read_registry(), read_languages(), read_boards()
    make_folder(settings.data_dir)  # the heartbeat lies there, whatever else does
    offices = await stack.enter_async_context(open_offices(settings))
    store = offices.store
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
            *managing(store, reference, answers, courier.wake, composer, backtests),
            servers,
            Watching(store, reference, languages, utc_now, courier.wake),
        )

    sessions, trace = Sessions(shards, offices.identify), traced(pace, utc_now, metrics.limited)
    client = RankshiftClient(
        store, languages, cogs, answers.cooldowns, metrics.answered, sessions, http_trace=trace
    )
    found = rules.discover()
    composer = Composer(store, renderer, found, reference.directory, languages, boards, address)
    courier = _courier(offices, client, composer, pace, metrics)
    servers = Servers(client, store, utc_now, courier.wake)
    source = Source(settings, http, registry)
    polling = Polling(offices, source, partial(may_be_in, client), courier.wake, metrics.polled)
    library = Library(store, reference, found, utc_now, settings.project_url)
    site = Site(library, renderer, languages, address or "")
    return _Bot(store, client, servers, polling, courier, metrics, site)


def _courier(
    offices: Offices, client: RankshiftClient, compose: Compose, pace: Pace, metrics: Metrics
) -> Courier:
    messenger = DiscordMessenger(client, client.hears_of)

    def outbox(term: Term) -> Outbox:
        leased = Leased(messenger, term.goes_on)
        found = Outbox(term.store, compose, leased, utc_now, pace)
        found.tried = metrics.tried
        return found

    return Courier(offices, outbox)


def _watch(settings: Settings, bot: _Bot) -> Watch:
    """Return what the operator is told of."""

    def gateway() -> Gateway:
        client, latency = bot.client, bot.client.latency
        known = latency if isfinite(latency) else None
        return Gateway(client.connected, bot.courier.refused, known, len(client.guilds))

    return Watch(
        store=bot.store,
        metrics=bot.metrics,
        clock=utc_now,
        gateway=gateway,
        blocked=lambda: bot.courier.blocked,
        every=models_every(settings),
        polling=lambda: bot.polling.here,
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


def _beat(heartbeat: Path, courier: Courier) -> None:
    """Touch the file that a health check looks at, unless nothing can be sent any more."""
    if not courier.refused:
        heartbeat.touch()
