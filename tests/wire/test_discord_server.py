"""The loopback Discord, driven by the real discord.py."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import ANNOUNCEMENT, SEND, VIEW, Actor, Overwrite, Settings
from tests.wire.discord_server import Click, Command, LoopbackDiscord, Typing

Interaction = discord.Interaction[commands.Bot]


class PlainBot(commands.Bot):
    """A bot with a few commands; `seen` takes the names of events that tests wait for."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True)
        super().__init__("!", intents=intents, help_command=None, guild_ready_timeout=0.05)
        self.seen: asyncio.Queue[str] = asyncio.Queue()
        self.tree.add_command(answer)
        self.tree.add_command(think)
        self.tree.add_command(follow)
        self.tree.add_command(pick)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify anew at once: the library waits five seconds."""

    async def on_ready(self) -> None:
        """Note each READY."""
        self.seen.put_nowait("ready")

    async def on_resumed(self) -> None:
        """Note a resume."""
        self.seen.put_nowait("resumed")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note a new server."""
        self.seen.put_nowait(guild.name)


@app_commands.command(description="Answer at once")
async def answer(interaction: Interaction, channel: app_commands.AppCommandChannel) -> None:
    """Show what the interaction carries."""
    assert isinstance(interaction.user, discord.Member)
    shown = [channel.name, str(interaction.locale), str(interaction.guild_locale)]
    allowed = interaction.user.resolved_permissions
    assert allowed is not None
    shown.append(str(allowed.manage_guild))
    await interaction.response.send_message(" ".join(shown), view=Buttons(), ephemeral=True)


@app_commands.command(description="Answer later")
async def think(interaction: Interaction) -> None:
    """Defer, then fill the answer in, with a file."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    chart = discord.File(io.BytesIO(b"png"), "chart.png", description="a chart")
    await interaction.edit_original_response(content="thought", attachments=[chart])


@app_commands.command(description="Answer later, by follow-ups")
async def follow(interaction: Interaction) -> None:
    """Defer, then send two follow-ups."""
    await interaction.response.defer()
    await interaction.followup.send(embed=discord.Embed(title="first"))
    await interaction.followup.send("second", ephemeral=True)


@app_commands.command(description="Pick a model")
async def pick(interaction: Interaction, model: str) -> None:
    """Answer with a layout."""
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay(model)))
    await interaction.response.send_message(view=view)


@pick.autocomplete("model")
async def models(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer one choice."""
    return [app_commands.Choice(name=f"{typed}…", value=typed)]


class Buttons(discord.ui.View):
    """One button that changes the message under which it stands."""

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: Interaction, _: "discord.ui.Button[Buttons]") -> None:
        """Change the message."""
        self.stop()
        await interaction.response.edit_message(content="more")


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    """Give a Discord at which discord.py points."""
    async with LoopbackDiscord() as running:
        point_at(running, monkeypatch)
        yield running


@pytest.fixture
async def bot(server: LoopbackDiscord) -> AsyncIterator[PlainBot]:
    """Give a bot that is connected and ready."""
    async with connected(server) as ready:
        yield ready
    assert server.violations == []


def point_at(server: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point discord.py at a server for one test."""
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))


@asynccontextmanager
async def connected(server: LoopbackDiscord) -> AsyncIterator[PlainBot]:
    """Run a bot until the block ends."""
    async with PlainBot() as running:
        await running.login(server.settings.token)
        connection = asyncio.create_task(running.connect())
        await asyncio.wait_for(running.wait_until_ready(), 10)
        yield running
    await connection


def text_channel(bot: PlainBot, channel_id: int) -> discord.TextChannel:
    """Find a channel in the bot's cache."""
    found = bot.get_channel(channel_id)
    assert isinstance(found, discord.TextChannel)
    return found


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


async def until_cached(bot: PlainBot, channel_id: int, name: str) -> None:
    """Wait until the bot has heard of a channel's name."""
    while (found := bot.get_channel(channel_id)) is None or str(found) != name:
        await bot.wait_for("socket_event_type", timeout=5)


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


async def test_commands_are_registered_and_answered(server: LoopbackDiscord, bot: PlainBot) -> None:
    place = server.add_channel(server.add_guild(locale="de"), "news")
    await bot.tree.sync()
    await bot.tree.sync()
    assert server.world.command_puts == 2
    assert len(await bot.tree.fetch_commands()) == 4
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


@pytest.mark.parametrize("way", ["4000", "op 7", "abort"])
async def test_a_lost_gateway_is_resumed_and_replayed(
    server: LoopbackDiscord, bot: PlainBot, way: str
) -> None:
    if way == "4000":
        await server.gateway.close(4000)
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
