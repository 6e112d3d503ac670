"""The real client and cogs in this process, connected to a loopback Discord."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import rules
from bot.alerts import Composer
from bot.client import RankshiftClient, point_at
from bot.openness import Directory
from bot.pace import Pace
from bot.packaged import read_boards, read_languages
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.service import asking, managing
from bot.shards import Sessions, Shards
from bot.subscription import Pause, PauseReason, Subscription, Wish
from bot.trace import traced
from cogs._answers import Answers
from cogs.servers import Servers
from cogs.watching import Watching
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.waiting import until
from tests.wire.discord_people import Command, Reply
from tests.wire.discord_schema import Actor, Channel, Guild, Settings
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.running import MANAGER

PAUSED = datetime(2026, 6, 7, 3, 30, tzinfo=UTC)
FORBIDDEN = Pause(PauseReason.FORBIDDEN, PAUSED, "Discord said no")
GONE = Pause(PauseReason.GONE, PAUSED, "Discord said that there is no such channel")


@dataclass(frozen=True, slots=True)
class Connected:
    """A bot that is ready, the Discord it is in, a channel there, and its store.

    `woken` is set when the bot says that a paused channel goes on; `pace` is for its outbox.
    """

    client: RankshiftClient
    discord: LoopbackDiscord
    channel: Channel
    store: Store
    renderer: Renderer
    woken: asyncio.Event
    pace: Pace


@asynccontextmanager
async def connected(
    folder: Path,
    known: Directory,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings | None = None,
    shards: Shards | None = None,
) -> AsyncIterator[Connected]:
    """Start everything, and stop it again; the bot's clock stands at `now`.

    The bot knows the channel; that it is ready follows.
    """
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    store, languages = TinyDBStore(folder, writable=True), read_languages()
    await store.put_catalogue(tuple(known.catalogue.values()))
    woken, pace = asyncio.Event(), Pace()
    reference = Reference(store, known.registry, read_boards())
    backtests = Backtests(store, reference)
    with closing(Renderer()) as renderer, closing(backtests):
        answers = Answers(languages, renderer, lambda: now)
        found = rules.discover()
        directory = reference.directory
        compose = Composer(store, renderer, found, directory, languages, read_boards())

        def cogs() -> Sequence[commands.Cog]:
            return (
                *asking(store, reference, answers, backtests, compose),
                *managing(store, reference, answers, woken.set, compose, backtests),
                Servers(client, store, lambda: now, woken.set),
                Watching(store, reference, languages, lambda: now, woken.set),
            )

        more = {"guild_ready_timeout": 0.2, "http_trace": traced(pace, lambda: now)}
        sessions = Sessions(shards, _at_once)
        client = RankshiftClient(
            store, languages, cogs, answers.cooldowns, sessions=sessions, **more
        )
        async with LoopbackDiscord(settings) as discord:
            point_at(discord.api_url, str(discord.gateway_url))
            if shards is not None:
                discord.world.next_in_shard(shards.first, shards.of)
            guild = discord.add_guild("a community")
            channel = discord.add_channel(guild, "model-news")
            async with _running(client, discord):
                await until(lambda: client.get_channel(channel.id))
                yield Connected(client, discord, channel, store, renderer, woken, pace)
            assert discord.violations == []
    await store.close()


async def _at_once(_: int) -> None:
    """Let every shard begin its session at once."""


@asynccontextmanager
async def _running(client: RankshiftClient, discord: LoopbackDiscord) -> AsyncIterator[None]:
    await client.login(discord.settings.token)
    connection = asyncio.create_task(client.connect())
    try:
        yield
    finally:
        # discord.py leaves it running: it would tell of a client that is closed by then.
        for task in asyncio.all_tasks():
            if "_delay_ready" in repr(task.get_coro()):
                task.cancel()
        await client.close()
        await connection
        if left := [task for task in asyncio.all_tasks() if "discord.py: " in task.get_name()]:
            await asyncio.wait(left, timeout=5)  # what was heard last is still being handled


async def typed(bot: Connected, command: str, /, who: Actor = MANAGER, **options: object) -> Reply:
    """Type a command in the bot's channel."""
    return await bot.discord.interact(Command(command, **options), bot.channel, who, within=20)


def without_id(reply: Reply) -> str:
    """Return what a refusal says, without the id by which the log knows it."""
    return reply.content.split("\n-# ")[0]


def guild_of(bot: Connected) -> Guild:
    """Return the server of the bot's channel as it is now."""
    return bot.discord.world.guilds[bot.channel.guild_id or 0]


async def subscribed(bot: Connected, channel: int, pause: Pause | None = None) -> None:
    """Subscribe a channel of the bot's server, and pause it."""
    guild = guild_of(bot).id
    asked = Subscription(channel, guild, Wish(), date(2026, 6, 1), PAUSED, MANAGER.id)
    await bot.store.subscribe(asked)
    if pause is not None:
        await bot.store.pause(channel, pause)
