"""The loopback Discord's gateway, under the real discord.py."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import discord
import pytest

from tests.wire.discord_plain import PlainBot, connected, text_channel, until_cached
from tests.wire.discord_schema import ANNOUNCEMENT, SEND, VIEW, Overwrite
from tests.wire.discord_server import LoopbackDiscord


@pytest.fixture
async def bot(server: LoopbackDiscord) -> AsyncIterator[PlainBot]:
    """Give a bot that is connected and ready."""
    async with connected(server) as ready:
        yield ready


async def test_a_ready_bot_knows_its_guilds_and_what_it_may_do(server: LoopbackDiscord) -> None:
    guild = server.add_guild("models", bot=VIEW | SEND)
    muted = Overwrite(guild.roles[1].id, deny=SEND)
    allowed = Overwrite(server.settings.bot_id, allow=SEND, member=True)
    silent = server.add_channel(guild, "silent", overwrites=(muted,))
    news = server.add_channel(guild, "news", kind=ANNOUNCEMENT, overwrites=(muted, allowed))
    async with connected(server) as bot:
        for channel, may in ((silent, False), (news, True)):
            cached = text_channel(bot, channel.id)
            assert cached.permissions_for(cached.guild.me).send_messages is may
            assert bool(server.world.bot_permissions(channel) & SEND) is may
        assert text_channel(bot, news.id).is_news()
        with pytest.raises(discord.Forbidden):
            await text_channel(bot, silent.id).send("hello")
    assert [one.compressed for one in server.gateway.identifies] == [True]


async def test_guilds_and_channels_come_and_go(server: LoopbackDiscord, bot: PlainBot) -> None:
    guild = server.add_guild("late")
    assert [await asyncio.wait_for(bot.seen.get(), 5) for _ in range(2)] == ["ready", "late"]
    gone, kept = server.add_channel(guild, "gone"), server.add_channel(guild, "kept")
    server.remove_channel(gone)
    server.put_channel(replace(kept, name="renamed"))
    await until_cached(bot, kept.id, "renamed")
    assert bot.get_channel(gone.id) is None
    with pytest.raises(discord.NotFound) as raised:
        await bot.fetch_channel(gone.id)
    assert raised.value.code == 10003


@pytest.mark.parametrize("way", ["4000", "4009", "1001", "op 7", "op 9", "abort"])
async def test_a_lost_gateway_is_resumed_and_replayed(
    server: LoopbackDiscord, bot: PlainBot, way: str
) -> None:
    if way.isdigit():
        await server.gateway.close(int(way))
    elif way == "op 9":
        server.gateway.invalidate(resumable=True)
    elif way == "op 7":
        server.gateway.ask_to_reconnect()
    else:
        server.gateway.abort()
    guild = server.add_guild("missed")
    seen = {await asyncio.wait_for(bot.seen.get(), 10) for _ in range(3)}
    assert seen == {"ready", "missed", "resumed"}
    assert bot.get_guild(guild.id) is not None
    assert len(server.gateway.resumes) == len(server.gateway.identifies) == 1


async def test_an_invalid_session_identifies_anew(server: LoopbackDiscord, bot: PlainBot) -> None:
    server.gateway.invalidate(resumable=False)
    assert [await asyncio.wait_for(bot.seen.get(), 10) for _ in range(2)] == ["ready", "ready"]
    assert (len(server.gateway.identifies), server.gateway.resumes) == (2, [])


async def test_a_wrong_token_is_refused_by_rest_and_gateway(server: LoopbackDiscord) -> None:
    async with PlainBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")
    async with PlainBot() as bot:
        await bot.login(server.settings.token)
        bot.http.token = "wrong"
        with pytest.raises(discord.ConnectionClosed) as raised:
            await asyncio.wait_for(bot.connect(), 10)
    assert raised.value.code == 4004


async def test_privileged_intents_are_refused(server: LoopbackDiscord) -> None:
    async with discord.Client(intents=discord.Intents.all()) as client:
        await client.login(server.settings.token)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await asyncio.wait_for(client.connect(), 10)


async def test_an_unpacked_gateway_speaks_plain_json(server: LoopbackDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as socket:
        hello = await socket.receive_json(timeout=5)
        assert hello["d"]["heartbeat_interval"] == server.settings.heartbeat_ms
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json(timeout=5))["op"] == 11
