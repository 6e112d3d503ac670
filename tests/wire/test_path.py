"""From the published rankings to a post in a channel, with the bot as a process of its own."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.standings import newest_judged
from tests.wire.discord_limits import Fault
from tests.wire.openrouter_server import Fault as SourceFault
from tests.wire.running import Servers, running, servers, subscribed, texts

LAST = newest_judged(datetime.now(UTC))
"""The newest day that may be judged while these tests run (a run over 03:00 UTC is no harm)."""

OLD, NEW = "anthropic/claude-4.8-opus-20260528", "minimax/minimax-m3-20260531"


WRONG = "a-token-that-is-wrong"


def published(newest: date) -> dict[date, list[tuple[str, int]]]:
    """Return days in which NEW overtakes OLD by trailing weeks on LAST and the day before."""
    start = LAST - timedelta(days=12)
    quiet = {OLD: 1_000, NEW: 900}
    loud = {OLD: 1_000, NEW: 1_900}
    days = {}
    for number in range((newest - start).days + 1):
        day = start + timedelta(days=number)
        counts = loud if day >= LAST - timedelta(days=1) else quiet
        ranked = sorted(counts.items(), key=lambda item: -item[1])
        days[day] = [*ranked, ("other", 100)]
    return days


def publish(servers: Servers, newest: date) -> None:
    """Publish the snapshot of the day after `newest`."""
    snapshot = newest + timedelta(days=1)
    read = datetime(snapshot.year, snapshot.month, snapshot.day, 1, 46, tzinfo=UTC)
    servers.openrouter.publish(published(newest), snapshot, read)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Servers]:
    """Return both servers, with all days but the last published."""
    async with servers(tmp_path / "data") as found:
        found.openrouter.catalogue(
            [
                {"id": "x/new", "canonical_slug": NEW, "name": "MiniMax: MiniMax M3", "created": 1},
                {"id": "x/old", "canonical_slug": OLD, "name": "Anthropic: Opus", "created": 1},
            ]
        )
        publish(found, LAST - timedelta(days=1))
        yield found
        assert found.discord.violations == []


async def subscribe(world: Servers) -> str:
    """Subscribe the channel by slash command once the bot has taken in the first snapshot."""
    await world.discord.until(lambda: world.discord.gateway.sessions, within=20)
    await world.more_polls(1)
    return await subscribed(world)


async def test_a_new_day_brings_one_alert_with_its_chart_and_never_a_second(
    world: Servers,
) -> None:
    discord, channel = world.discord, world.channel.id
    async with running(world.environment()) as bot:
        assert "gets alerts" in await subscribe(world)
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        await world.more_polls(2)
        assert len(discord.messages(channel)) == 1
        await bot.end(signal.SIGKILL)
    async with running(world.environment()) as bot:
        await world.more_polls(3)
        assert await bot.end(signal.SIGTERM) == 0
    (message,) = discord.messages(channel)
    said = "\n".join(texts(message.components))
    assert said.startswith("## MiniMax M3 is now the most-used model")
    assert "Source: OpenRouter (openrouter.ai/rankings), as of" in said
    assert said.splitlines()[-1] == f"-# `models.leader.{NEW}.{LAST} models.open_share.50.{LAST}`"
    (chart,) = message.attachments
    assert chart.data.startswith(b"\x89PNG")
    assert message.payload["allowed_mentions"] == {"parse": []}
    assert message.payload["nonce"]
    assert discord.world.command_puts == 1


async def test_a_kill_between_discord_taking_the_message_and_us_noting_it_repeats_nothing(
    world: Servers,
) -> None:
    discord, channel = world.discord, world.channel.id
    never = asyncio.Event()
    async with running(world.environment()) as bot:
        await subscribe(world)
        discord.fail_next("POST /channels/.*/messages", Fault.slow(never, accepted=True))
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        await bot.end(signal.SIGKILL)
    posts = len([r for r in discord.requests if r.method == "POST" and "/messages" in r.path])
    async with running(world.environment()) as bot:
        await discord.until(
            lambda: (
                len([r for r in discord.requests if r.method == "POST" and "/messages" in r.path])
                > posts
            ),
            within=30,
        )
        await world.more_polls(2)
        assert await bot.end(signal.SIGTERM) == 0
    assert len(discord.messages(channel)) == 1


async def test_a_passing_fault_of_discord_delays_an_alert_and_loses_nothing(
    world: Servers,
) -> None:
    discord, channel = world.discord, world.channel.id
    async with running(world.environment()) as bot:
        await subscribe(world)
        discord.fail_next("POST /channels/.*/messages", Fault.answer(503))
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert len(discord.messages(channel)) == 1
    assert bot.log.count("alert not sent yet") == 1


async def test_a_refused_payload_is_named_once_and_the_bot_goes_on(world: Servers) -> None:
    discord, channel = world.discord, world.channel.id
    async with running(world.environment()) as bot:
        await subscribe(world)
        world.openrouter.fail_next(
            r"/\d{4}-\d\d-\d\d\.csv", SourceFault.spoilt("wrong bytes"), times=3
        )
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert bot.log.count("rankings fails") == 1
    assert "does not have the sha256 of its manifest" in bot.log
    assert bot.log.count("rankings works again") == 1


async def test_the_bot_ends_at_once_when_discord_refuses_its_token(world: Servers) -> None:
    async with running(world.environment(DISCORD_TOKEN=WRONG)) as bot:
        assert await bot.wait() == 5
    assert "DISCORD_TOKEN" in bot.log
    assert WRONG not in bot.log


async def test_a_discord_that_is_down_at_the_start_is_waited_for(world: Servers) -> None:
    world.discord.fail_next("GET /users/@me", Fault.answer(503))
    async with running(world.environment()) as bot:
        await world.discord.until(lambda: world.discord.gateway.sessions, within=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert bot.log.count("log-in to Discord fails") == 1
    assert bot.log.count("log-in to Discord works again") == 1


async def test_a_second_bot_on_the_same_data_folder_is_refused(world: Servers) -> None:
    async with running(world.environment()):
        await world.more_polls(1)
        async with running(world.environment()) as second:
            assert await second.wait() == 4
        async with running(world.environment(), "poll") as polling:
            assert await polling.wait() == 4
    assert "another rankshift is running on this data folder" in second.log
    assert "another rankshift is running on this data folder" in polling.log
