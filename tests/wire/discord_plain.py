"""A small bot on the real discord.py, to drive the loopback Discord with."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import discord
import pytest
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire.discord_schema import Settings
from tests.wire.discord_server import LoopbackDiscord

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
        self.tree.add_command(where)

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


@app_commands.command(description="Name a place")
async def where(
    interaction: Interaction,
    place: discord.TextChannel | discord.ForumChannel | discord.Thread,
) -> None:
    """Show the place and its kind."""
    await interaction.response.send_message(f"{place.name} {place.type.value}")


class Buttons(discord.ui.View):
    """One button that changes the message under which it stands."""

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: Interaction, _: "discord.ui.Button[Buttons]") -> None:
        """Change the message."""
        self.stop()
        await interaction.response.edit_message(content="more")


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


async def heard(bot: PlainBot, event: str, act: Callable[[], object]) -> None:
    """Do something, and wait until the bot has heard of it."""
    waiting = asyncio.create_task(bot.wait_for(event, timeout=5))
    await asyncio.sleep(0)
    act()
    await waiting


def text_channel(bot: PlainBot, channel_id: int) -> discord.TextChannel:
    """Find a channel in the bot's cache."""
    found = bot.get_channel(channel_id)
    assert isinstance(found, discord.TextChannel)
    return found


async def until_cached(bot: PlainBot, channel_id: int, name: str) -> None:
    """Wait until the bot has heard of a channel's name."""
    while (found := bot.get_channel(channel_id)) is None or str(found) != name:
        await bot.wait_for("socket_event_type", timeout=5)


@asynccontextmanager
async def served(
    monkeypatch: pytest.MonkeyPatch, settings: Settings | None = None
) -> AsyncIterator[LoopbackDiscord]:
    """Give a Discord at which discord.py points, and hold that nothing was against its rules."""
    async with LoopbackDiscord(settings) as running:
        point_at(running, monkeypatch)
        yield running
    assert running.violations == []
