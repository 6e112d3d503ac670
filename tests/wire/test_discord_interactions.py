"""Interactions of the loopback Discord, answered by the real discord.py."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.wire.discord_limits import Fault
from tests.wire.discord_people import Click, Command, Typing
from tests.wire.discord_plain import Interaction, PlainBot, connected
from tests.wire.discord_schema import Actor
from tests.wire.discord_server import LoopbackDiscord


@pytest.fixture
async def bot(server: LoopbackDiscord) -> AsyncIterator[PlainBot]:
    """Give a bot that is connected and ready."""
    async with connected(server) as ready:
        yield ready


async def test_commands_are_registered_and_answered(server: LoopbackDiscord, bot: PlainBot) -> None:
    place = server.add_channel(server.add_guild(locale="de"), "news")
    await bot.tree.sync()
    await bot.tree.sync()
    assert server.world.command_puts == 2
    assert len(await bot.tree.fetch_commands()) == 5
    admin = Actor(permissions=discord.Permissions(manage_guild=True).value, locale="fr")
    reply = await server.interact(Command("answer", channel=place), place, admin)
    assert (reply.content, reply.ephemeral, reply.deferred) == ("news fr de True", True, False)
    more = await server.interact(Click(reply.seen.id, "more"), place, admin)
    assert more.content == "more"
    assert server.messages(place.id, replies=True) == []
    with pytest.raises(LookupError):
        await server.interact(Command("answer"), place)


async def test_deferrals_follow_ups_autocomplete_and_layouts(
    server: LoopbackDiscord, bot: PlainBot
) -> None:
    place = server.add_channel(server.add_guild())
    await bot.tree.sync()
    thought = await server.interact(Command("think"), place)
    assert (thought.content, thought.files) == ("thought", {"chart.png": b"png"})
    assert (thought.deferred, thought.ephemeral) == (True, True)
    followed = await server.interact(Command("follow"), None)
    await server.until(lambda: len(server.replies_to(followed.interaction_id)) == 2)
    assert followed.embeds[0]["title"] == "first"
    assert server.replies_to(followed.interaction_id)[1].ephemeral
    typed = await server.interact(Typing(Command("pick", model="gl"), "model"), place)
    assert typed.choices == ({"name": "gl…", "value": "gl"},)
    layout = await server.interact(Command("pick", model="glm"), place)
    assert layout.components[0]["components"][0]["content"] == "glm"


async def test_an_answer_lost_on_its_way_is_acknowledged_already(
    server: LoopbackDiscord, bot: PlainBot
) -> None:
    place = server.add_channel(server.add_guild())
    await bot.tree.sync()
    server.fail_next("POST /interactions/", Fault.hangup(accepted=True))
    failed = asyncio.Event()

    @bot.tree.error
    async def note(_: Interaction, error: app_commands.AppCommandError) -> None:
        assert isinstance(error.__cause__, aiohttp.ServerDisconnectedError)
        failed.set()

    reply = await server.interact(Command("pick", model="glm"), place)
    await asyncio.wait_for(failed.wait(), 5)
    assert len(server.replies_to(reply.interaction_id)) == 1
