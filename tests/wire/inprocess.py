"""The real client and cogs in this process, connected to a loopback Discord."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import MakeCogs, RankshiftClient, point_at
from bot.openness import Directory
from bot.packaged import read_languages
from bot.render import Renderer
from cogs.rankings import Rankings
from cogs.subscriptions import Subscriptions
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.waiting import until
from tests.wire.discord_schema import Channel, Settings
from tests.wire.discord_server import LoopbackDiscord


@dataclass(frozen=True, slots=True)
class Connected:
    """A bot that is ready, the Discord it is in, a channel there, and its store."""

    client: RankshiftClient
    discord: LoopbackDiscord
    channel: Channel
    store: Store
    renderer: Renderer


@asynccontextmanager
async def connected(
    folder: Path,
    known: Directory,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings | None = None,
) -> AsyncIterator[Connected]:
    """Start everything, and stop it again; the bot's clock stands at `now`."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    store, languages = TinyDBStore(folder, writable=True), read_languages()

    async def directory() -> Directory:
        return known

    with closing(Renderer()) as renderer:

        def cogs() -> Sequence[commands.Cog]:
            rankings = Rankings(store, renderer, directory, languages, lambda: now)
            return (rankings, Subscriptions(store, languages, lambda: now))

        async with LoopbackDiscord(settings) as discord:
            point_at(discord.api_url, str(discord.gateway_url))
            guild = discord.add_guild("a community")
            channel = discord.add_channel(guild, "model-news")
            async with _client(store, cogs, discord) as client:
                await until(lambda: client.get_channel(channel.id))
                yield Connected(client, discord, channel, store, renderer)
            assert discord.violations == []
    await store.close()


@asynccontextmanager
async def _client(
    store: Store, cogs: MakeCogs, discord: LoopbackDiscord
) -> AsyncIterator[RankshiftClient]:
    client = RankshiftClient(store, read_languages(), cogs)
    await client.login(discord.settings.token)
    connection = asyncio.create_task(client.connect())
    try:
        yield client
    finally:
        await client.close()
        await connection
