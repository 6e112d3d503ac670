"""With a key: from the Data API to a post in a channel, the bot as a process of its own."""

import signal
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.waiting import until
from tests.wire.openrouter_server import Fault
from tests.wire.running import Servers, running, servers, subscribed, texts
from tests.wire.test_path import LAST, NEW, OLD, published

KEY, WRONG = "sk-or-v1-0123456789abcdef", "sk-or-v1-a-key-nobody-may-see"
RANKINGS = "/datasets/rankings-daily"
BOARDS = 25
"""Boards that are judged: what a start asks for with a key."""

NAMES = [
    {"id": "x/new", "canonical_slug": NEW, "name": "MiniMax: MiniMax M3", "created": 1},
    {"id": "x/old", "canonical_slug": OLD, "name": "Anthropic: Opus", "created": 1},
]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Servers]:
    """Return both servers; the key is known, and all days but the last are there."""
    async with servers(tmp_path / "data") as found:
        found.openrouter.catalogue(NAMES)
        found.openrouter.keyed.keys.add(KEY)
        found.openrouter.keyed.publish(published(LAST - timedelta(days=1)))
        yield found
        assert found.discord.violations == []


def asked(world: Servers) -> int:
    """Return how many rankings were asked for."""
    return sum(request.path == RANKINGS for request in world.openrouter.requests)


async def ready(world: Servers, polls: int) -> None:
    """Wait until the bot has logged in, and has asked for so many rankings."""
    before = asked(world)
    await world.discord.until(lambda: world.discord.gateway.sessions, within=20)
    await world.openrouter.until(lambda: asked(world) >= before + polls, within=30)


async def read_first(world: Servers) -> None:
    """Poll once by the command, with the last day as it read three hours ago."""
    keyed = world.openrouter.keyed
    keyed.publish(published(LAST))
    keyed.clock = lambda: time.time() - timedelta(hours=3).total_seconds()
    async with running(world.environment(OPENROUTER_API_KEY=KEY), "poll") as polling:
        assert await polling.wait() == 0
    keyed.clock = time.time


async def test_a_new_day_brings_the_alert_of_the_board_of_models(world: Servers) -> None:
    discord, channel = world.discord, world.channel.id
    environment = world.environment(OPENROUTER_API_KEY=KEY)
    async with running(environment) as bot:
        await ready(world, 2)
        assert "gets alerts" in await subscribed(world)
        assert await bot.end(signal.SIGTERM) == 0
    await read_first(world)
    assert discord.messages(channel) == []
    async with running(environment) as bot:
        await discord.until(lambda: discord.messages(channel), within=30)
        assert await bot.end(signal.SIGTERM) == 0
    (message,) = discord.messages(channel)
    said = "\n".join(texts(message.components))
    assert said.startswith("## MiniMax M3 is now the most-used model")
    assert f"models.leader.{NEW}.{LAST}" in said
    assert "estimates" not in said
    assert len(message.attachments) == 1
    rankings = [r for r in world.openrouter.requests if "rankings" in r.path]
    assert {r.path for r in rankings} == {RANKINGS}
    assert {r.headers["Authorization"] for r in rankings} == {f"Bearer {KEY}"}
    assert len(world.openrouter.keyed.asked) == len(rankings), "none was refused"
    assert KEY not in bot.log


async def test_a_start_asks_for_every_board_once_the_models_first(world: Servers) -> None:
    async with running(world.environment(OPENROUTER_API_KEY=KEY)) as bot:
        await ready(world, BOARDS)
        assert await bot.end(signal.SIGTERM) == 0
    queries = [dict(r.query) for r in world.openrouter.requests if r.path == RANKINGS]
    chosen = [
        tuple(query.get(name) for name in ("modality", "context_bucket", "category"))
        for query in queries
    ]
    assert chosen[0] == (None, None, None)
    assert chosen[1] == ("text", None, None)
    assert sum("period" in query for query in queries) == 14
    assert len({tuple(sorted(query.items())) for query in queries}) == BOARDS
    assert " fails" not in bot.log


async def test_a_wrong_key_is_logged_once_a_group_of_boards_and_the_bot_lives(
    world: Servers,
) -> None:
    groups = ("rankings", "rankings of boards by day", "rankings of boards by week")
    async with running(world.environment(OPENROUTER_API_KEY=WRONG)) as bot:
        await ready(world, len(groups))
        await until(lambda: f"{groups[-1]} fails" in bot.log)
        assert "gets alerts" in await subscribed(world)
        assert await bot.end(signal.SIGTERM) == 0
    assert [bot.log.count(f"{name} fails") for name in groups] == [1, 1, 1]
    assert "the OPENROUTER_API_KEY is not accepted by the source" in bot.log
    assert WRONG not in bot.log
    assert asked(world) == len(groups), "a refused key is not tried on the next board"


async def test_the_bot_says_that_a_poll_fell_out_and_the_next_start_makes_up_for_it(
    world: Servers,
) -> None:
    environment = world.environment(OPENROUTER_API_KEY=KEY)
    world.openrouter.fail_next(RANKINGS, Fault.answer(403))
    async with running(environment, "poll") as polling:
        assert await polling.wait() == 3
    assert "answered 403" in polling.log
    async with running(environment, "poll") as polling:
        assert await polling.wait() == 0
