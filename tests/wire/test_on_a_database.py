"""The bot on a PostgreSQL database: the same path, and what comes of the server's troubles."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.postgres.schema import migrate
from tests import postgres
from tests.postgres import Server
from tests.wire.running import Servers, running, servers, texts
from tests.wire.test_path import LAST, NEW, OLD, publish, subscribe


@pytest.fixture
def server() -> Iterator[Server]:
    with postgres.running(durable=True) as found:
        yield found


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Servers]:
    async with servers(tmp_path / "data") as found:
        names = {NEW: "MiniMax: MiniMax M3", OLD: "Anthropic: Opus"}
        found.openrouter.catalogue(
            [
                {"id": f"x/{at}", "canonical_slug": slug, "name": name, "created": 1}
                for at, (slug, name) in enumerate(names.items())
            ]
        )
        publish(found, LAST - timedelta(days=1))
        yield found
        assert found.discord.violations == []


async def test_an_alert_arrives_once_though_the_bot_is_killed(
    world: Servers, server: Server
) -> None:
    url = server.make("path")
    migrate(url)
    environment = world.environment(RANKSHIFT_DATABASE_URL=url)
    discord, channel = world.discord, world.channel.id
    async with running(environment) as bot:
        assert "gets alerts" in await subscribe(world)
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        await bot.end(signal.SIGKILL)
    async with running(environment) as bot:
        await world.more_polls(3)
        assert await bot.end(signal.SIGTERM) == 0
    (message,) = discord.messages(channel)
    assert "MiniMax M3" in "\n".join(texts(message.components))
    assert [path.name for path in world.data.iterdir()] == ["heartbeat"]


async def test_an_alert_arrives_once_though_the_database_was_away(
    world: Servers, server: Server
) -> None:
    url = server.make("away")
    migrate(url)
    discord, channel = world.discord, world.channel.id
    async with running(world.environment(RANKSHIFT_DATABASE_URL=url)) as bot:
        await subscribe(world)
        await asyncio.to_thread(server.kill)
        publish(world, LAST)
        await bot.says(r"(office cannot be run for)", within=30)
        await asyncio.to_thread(server.start)
        await discord.until(lambda: discord.messages(channel), within=60)
        await world.more_polls(2)
        assert await bot.end(signal.SIGTERM) == 0
    assert len(discord.messages(channel)) == 1
    assert bot.log.count("office lost") == bot.log.count("office can be run for again") == 2
    assert bot.log.count("office taken") == 4
    assert bot.log.count("database away") == bot.log.count("database back") <= 1


async def test_what_writes_waits_until_the_bot_has_stopped(world: Servers, server: Server) -> None:
    url = server.make("busy")
    environment = world.environment(RANKSHIFT_DATABASE_URL=url)
    async with running(environment) as bot:
        assert await bot.wait() == 4
    assert "run `rankshift migrate`" in bot.log
    migrate(url)
    async with running(environment) as bot:
        await world.more_polls(1)
        async with running(environment, "poll") as second:
            assert await second.wait() == 4
        assert "another rankshift writes to this database" in second.log
        async with running(environment, "standings") as reading:
            assert await reading.wait() == 0
        await bot.end(signal.SIGKILL)
    async with running(environment, "poll") as polling:
        assert await polling.wait() == 0


async def test_another_process_goes_on_when_one_is_killed(world: Servers, server: Server) -> None:
    url = server.make("two")
    migrate(url)
    environment = world.environment(RANKSHIFT_DATABASE_URL=url)
    discord, channel = world.discord, world.channel.id
    async with running(environment) as first:
        await first.says(r"(office taken.*courier)", within=30)
        await subscribe(world)
        async with running(environment) as second:
            await second.says(r"(connected to Discord)", within=30)
            assert "office taken" not in second.log
            await first.end(signal.SIGKILL)
            began = time.monotonic()
            publish(world, LAST)
            await discord.until(lambda: discord.messages(channel), within=30)
            assert time.monotonic() - began < 20
            assert second.log.count("office taken") == 2
            await world.more_polls(2)
            assert await second.end(signal.SIGTERM) == 0
    assert len(discord.messages(channel)) == 1
