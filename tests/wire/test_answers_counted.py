"""Every command is counted once, by how it ended."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.client import RankshiftClient
from bot.errors import UnknownName
from bot.metrics import AnswerResult
from bot.packaged import read_languages
from cogs._cooldowns import PERSON
from storage.tinydb_store import TinyDBStore
from tests.waiting import until
from tests.wire.discord_people import Command
from tests.wire.discord_schema import Channel
from tests.wire.discord_server import LoopbackDiscord

Counted = list[tuple[str, AnswerResult, float]]


class Endings(commands.Cog):
    """A command for each way in which one can end; `took` is what their own code took."""

    def __init__(self) -> None:
        self.took = 0.0

    @app_commands.command(description="Answers")
    async def fine(self, interaction: discord.Interaction) -> None:
        """Answer."""
        began = asyncio.get_running_loop().time()
        await interaction.response.defer()
        await interaction.followup.send("fine")
        self.took = asyncio.get_running_loop().time() - began

    @app_commands.command(description="Refuses")
    async def unknown(self, interaction: discord.Interaction) -> None:
        """Refuse."""
        await interaction.response.defer()
        raise UnknownName("model", "none such")

    @app_commands.command(description="Fails")
    async def broken(self, interaction: discord.Interaction) -> None:
        """Fail."""
        await interaction.response.defer()
        raise ValueError("a bug")


@pytest.fixture
def endings() -> Endings:
    """Return the commands."""
    return Endings()


@pytest.fixture
async def counted(
    server: LoopbackDiscord, tmp_path: Path, endings: Endings
) -> AsyncIterator[Counted]:
    """Run a bot with these commands, and return what it counts."""
    found: Counted = []

    def count(command: str, result: AnswerResult, seconds: float) -> None:
        found.append((command, result, seconds))

    store = TinyDBStore(tmp_path, writable=True)
    client = RankshiftClient(
        store, read_languages(), lambda: [endings], count=count, guild_ready_timeout=0.1
    )
    await client.login(server.settings.token)
    connection = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    yield found
    await client.close()
    await connection
    await store.close()


@pytest.fixture
def place(server: LoopbackDiscord) -> Channel:
    """Return a channel."""
    return server.add_channel(server.add_guild())


@pytest.mark.parametrize(
    ("command", "result"),
    [
        ("fine", AnswerResult.ANSWERED),
        ("unknown", AnswerResult.REFUSED),
        ("broken", AnswerResult.FAILED),
    ],
)
async def test_a_command_is_counted_by_its_name_and_its_end(
    server: LoopbackDiscord, place: Channel, counted: Counted, command: str, result: AnswerResult
) -> None:
    await server.interact(Command(command), place)
    await until(lambda: counted)
    assert [(name, end) for name, end, _ in counted] == [(command, result)]


async def test_what_is_timed_begins_before_the_command_and_ends_after_its_answer(
    server: LoopbackDiscord, place: Channel, counted: Counted, endings: Endings
) -> None:
    began = asyncio.get_running_loop().time()
    await server.interact(Command("fine"), place)
    await until(lambda: counted)
    (_, _, seconds), whole = counted[0], asyncio.get_running_loop().time() - began
    assert 0 < endings.took < seconds < whole


async def test_who_is_asked_to_wait_is_counted_as_refused(
    server: LoopbackDiscord, place: Channel, counted: Counted
) -> None:
    for _ in range(PERSON[0] + 1):
        await server.interact(Command("unknown"), place)
    await until(lambda: len(counted) == PERSON[0] + 1)
    assert {end for _, end, _ in counted} == {AnswerResult.REFUSED}
