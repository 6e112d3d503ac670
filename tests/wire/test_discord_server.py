"""Messages, limits and nonces of the loopback Discord, under the real discord.py."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace

import aiohttp
import discord
import pytest

from tests.wire.discord_documents import message_breaches
from tests.wire.discord_limits import Fault
from tests.wire.discord_plain import (
    PlainBot,
    connected,
    point_at,
    served,
    text_channel,
    until_cached,
)
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    ATTACH,
    CROSSPOSTED,
    EMBED,
    EVERYDAY,
    SEND,
    Overwrite,
    Settings,
)
from tests.wire.discord_server import LoopbackDiscord


@pytest.fixture
async def bot(server: LoopbackDiscord) -> AsyncIterator[PlainBot]:
    """Give a bot that is connected and ready."""
    async with connected(server) as ready:
        yield ready


async def test_a_message_arrives_with_its_file_and_can_be_edited(
    server: LoopbackDiscord, bot: PlainBot
) -> None:
    place = server.add_channel(server.add_guild())
    await until_cached(bot, place.id, "general")
    embed = discord.Embed(title="chart").set_image(url="attachment://chart.png")
    chart = discord.File(io.BytesIO(b"png"), "chart.png", description="a chart")
    sent = await text_channel(bot, place.id).send("hello", file=chart, embed=embed, nonce="one")
    (stored,) = server.messages(place.id)
    assert (stored.content, stored.nonce, stored.files) == ("hello", "one", {"chart.png": b"png"})
    assert sent.attachments[0].description == "a chart"
    assert (sent.embeds[0].image.url or "").endswith("chart.png")
    await sent.edit(content="goodbye")
    assert server.messages(place.id)[0].content == "goodbye"
    assert server.messages(place.id)[0].files == {"chart.png": b"png"}
    history = [one.content async for one in text_channel(bot, place.id).history(limit=5)]
    assert history == ["goodbye"]


async def test_a_nonce_makes_one_message_while_it_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_780_000_000.0]
    async with LoopbackDiscord(clock=lambda: now[0]) as server:
        point_at(server, monkeypatch)
        place = server.add_channel(server.add_guild())
        async with connected(server) as bot:
            channel = text_channel(bot, place.id)
            ids = [(await channel.send("a", nonce="n")).id for _ in range(2)]
            now[0] += server.settings.nonce_span + 1
            ids.append((await channel.send("a", nonce="n")).id)
        assert ids[0] == ids[1] != ids[2]
        assert len(server.messages(place.id)) == 2


async def test_a_reset_after_acceptance_leaves_one_message(
    server: LoopbackDiscord, bot: PlainBot
) -> None:
    place = server.add_channel(server.add_guild())
    await until_cached(bot, place.id, "general")
    channel = text_channel(bot, place.id)
    server.fail_next("POST .*/messages", Fault.reset(accepted=True))
    with pytest.raises(aiohttp.ClientOSError):
        await channel.send("once", nonce="same")
    server.fail_next("POST .*/messages", Fault.hangup(accepted=True))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await channel.send("once", nonce="same")
    await channel.send("once", nonce="same")
    assert [one.content for one in server.messages(place.id)] == ["once"]


async def test_a_reset_before_acceptance_leaves_none(
    server: LoopbackDiscord, bot: PlainBot
) -> None:
    place = server.add_channel(server.add_guild())
    await until_cached(bot, place.id, "general")
    server.fail_next("POST .*/messages", Fault.reset())
    with pytest.raises(aiohttp.ClientOSError):
        await text_channel(bot, place.id).send("never")
    assert server.messages(place.id) == []


async def test_a_slow_answer_waits_for_its_gate_and_a_503_raises(
    server: LoopbackDiscord, bot: PlainBot
) -> None:
    place = server.add_channel(server.add_guild())
    await until_cached(bot, place.id, "general")
    channel, gate = text_channel(bot, place.id), asyncio.Event()
    server.fail_next("POST .*/messages", Fault.slow(gate, accepted=True))
    sending = asyncio.create_task(channel.send("slow"))
    await server.until(lambda: server.messages(place.id))
    assert not sending.done()
    gate.set()
    await sending
    server.fail_next("POST .*/messages", Fault.answer(503))
    with pytest.raises(discord.DiscordServerError):
        await channel.send("refused")
    server.fail_next("POST .*/messages", Fault.answer(429, retry_after=0.01))
    await channel.send("later")
    assert server.world.statuses[429] == 1
    server.forbid(place.id, 50001)
    with pytest.raises(discord.Forbidden) as raised:
        await channel.send("forbidden")
    assert raised.value.code == 50001


async def test_limits_are_kept_by_the_channel_and_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(channel_limit=(2, 0.25), global_limit=(5, 0.25))
    async with LoopbackDiscord(settings) as server:
        point_at(server, monkeypatch)
        guild = server.add_guild()
        places = [server.add_channel(guild, f"c{number}") for number in range(8)]
        async with connected(server) as bot:
            channels = [text_channel(bot, place.id) for place in places]
            await asyncio.gather(*(one.send("hello") for one in channels))
            await asyncio.gather(*(channels[0].send("again") for _ in range(3)))
        assert server.world.statuses[429] >= 1
        assert len(server.messages(places[0].id)) == 4


async def test_documents_over_a_limit_are_refused_and_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with LoopbackDiscord() as server:
        point_at(server, monkeypatch)
        place = server.add_channel(server.add_guild())
        async with connected(server) as bot:
            channel = text_channel(bot, place.id)
            long_one = discord.Embed(description="x" * 4000)
            for content, embeds, nonce in (
                ("x" * 2001, [], "n"),
                ("x", [long_one, long_one], "n"),
                ("x", [], "n" * 26),
                ("x", [discord.Embed().set_image(url="attachment://nothing.png")], "n"),
            ):
                with pytest.raises(discord.HTTPException) as raised:
                    await channel.send(content, embeds=embeds, nonce=nonce)
                assert raised.value.code == 50035
        assert server.messages(place.id) == []
        assert len([one for one in server.violations if " schema: " not in one]) == 4


@pytest.mark.parametrize("lacking", [0, ATTACH, EMBED])
async def test_files_and_embeds_need_permissions_of_their_own(
    server: LoopbackDiscord, lacking: int
) -> None:
    place = server.add_channel(server.add_guild(bot=EVERYDAY & ~lacking))
    async with connected(server) as bot:
        channel = text_channel(bot, place.id)
        carried = (
            (ATTACH, {"file": discord.File(io.BytesIO(b"png"), "chart.png")}),
            (EMBED, {"embed": discord.Embed(title="chart")}),
        )
        for needed, what in carried:
            refused = pytest.raises(discord.Forbidden) if needed == lacking else nullcontext()
            with refused:
                await channel.send("hello", **what)
        await channel.send("hello")
    assert len(server.messages(place.id)) == (2 if lacking else 3)


async def test_publishing_needs_the_permission_to_send(server: LoopbackDiscord) -> None:
    guild = server.add_guild()
    place = server.add_channel(guild, kind=ANNOUNCEMENT)
    async with connected(server) as bot:
        sent = await text_channel(bot, place.id).send("hello")
        muted = Overwrite(guild.ours[0], deny=SEND)
        server.put_channel(replace(place, overwrites=(muted,)))
        with pytest.raises(discord.Forbidden):
            await sent.publish()
    assert not server.messages(place.id)[0].flags & CROSSPOSTED


async def test_files_need_not_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(monkeypatch, Settings(keeps_files=False)) as server:
        place = server.add_channel(server.add_guild())
        async with connected(server) as bot:
            chart = discord.File(io.BytesIO(b"png"), "chart.png", description="a chart")
            sent = await text_channel(bot, place.id).send(file=chart)
            assert (sent.attachments[0].size, sent.attachments[0].description) == (3, "a chart")
        assert server.messages(place.id)[0].files == {"chart.png": b""}


def test_mentions_are_allowed_in_one_way_or_the_other() -> None:
    both = {"content": "a", "allowed_mentions": {"parse": ["roles"], "roles": ["1"]}}
    assert [path for path, _ in message_breaches(both, {})] == ["allowed_mentions"]
    one = {"content": "a", "allowed_mentions": {"parse": ["users"], "roles": ["1"]}}
    assert list(message_breaches(one, {})) == []
