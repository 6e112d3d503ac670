"""What the commands that change a server's settings begin with."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.queries.reference import Reference
from bot.subscription import Change, Deed
from bot.text.say import Say
from bot.text.subscribing import resumed
from cogs._answers import Answers, tell_alone
from cogs._places import PLACES, Named, lacking, our_permissions, permission_names
from storage.protocol import Store

T = TypeVar("T")


class _Channel(app_commands.Transformer):
    """A place for alerts as the command names it, cached or not."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say that Discord should offer channels."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Say which of them."""
        return list(PLACES)

    async def transform(self, _: discord.Interaction, value: Any, /) -> Named:
        """Take the channel or thread as it comes."""
        if not isinstance(value, Named):
            raise app_commands.TransformerError(value, self.type, self)
        return value


Channel = app_commands.Transform[Named, _Channel]


def for_managers(command: T) -> T:
    """Offer a command in servers that have us, to members who may manage them."""
    app_commands.guild_only(command)
    app_commands.default_permissions(manage_guild=True)(command)
    return app_commands.allowed_installs(guilds=True, users=False)(command)


class Managing(commands.Cog):
    """Hold what settings are changed with; only members who may manage the server get through."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        answers: Answers,
        wake: Callable[[], None],
    ) -> None:
        """Take what keeps settings, and whom to tell that something new may be owed."""
        self._store = store
        self._reference = reference
        self._answers = answers
        self._wake = wake

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Check on our side too: a server's settings may show these commands to anyone."""
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    async def _may(self, interaction: discord.Interaction) -> bool:
        """Say whether somebody may use a control; if not, tell them."""
        if interaction.permissions.manage_guild and interaction.guild_id is not None:
            return True
        await tell_alone(interaction, not_allowed(self._say(interaction)))
        return False

    def _say(self, interaction: discord.Interaction) -> Say:
        return self._answers.say(interaction)

    def _now(self) -> datetime:
        return self._answers.now()

    def _change(
        self,
        interaction: discord.Interaction,
        channel_id: int,
        deed: Deed,
        number: int | None = None,
        **values: str,
    ) -> Change:
        """Return who changes what, to be kept with it, and log it."""
        guild, who = interaction.guild_id or 0, interaction.user.id
        change = Change(self._now(), who, guild, channel_id, deed, number, values)
        log = structlog.get_logger()
        log.info(f"settings: {deed}", who=who, guild=guild, channel=channel_id, **values)
        return change

    async def _resumed(self, interaction: discord.Interaction, channel_id: int, say: Say) -> str:
        """Let a paused channel go on and say so; "" if it was not paused."""
        async with self._answers.changing:
            if not await self._store.resume(channel_id, self._now()):
                return ""
            await self._store.put_change(self._change(interaction, channel_id, Deed.RESUMED))
        self._wake()
        return resumed(f"<#{channel_id}>", say)


def not_allowed(say: Say) -> str:
    """Say what somebody lacks who wants to change a server's settings."""
    return say("This needs the Manage Server permission, which you do not have here.")


def permissions_in(interaction: discord.Interaction, channel: Named) -> discord.Permissions:
    """Return what we may do in a channel: as Discord says with the command, else as cached.

    In a private thread that is what we may do once we are in it.
    """
    data: Any = interaction.data or {}
    resolved = data.get("resolved", {}).get("channels", {}).get(str(channel.id), {})
    if "app_permissions" in resolved and channel.type is not discord.ChannelType.private_thread:
        return discord.Permissions(int(resolved["app_permissions"]))
    if isinstance(channel, app_commands.AppCommandThread):
        return our_permissions(channel.parent)
    return our_permissions(channel.resolve())


async def forbidden(channel: Named, ours: discord.Permissions, say: Say) -> str:
    """Say what keeps us from posting in a channel; "" if nothing does."""
    missing = lacking(channel, ours)
    if missing:
        return say(
            "I cannot post in {channel} yet: there I lack {permissions}."
            " Grant that in the channel’s settings, then try again.",
            channel=channel.mention,
            permissions=say.listed(permission_names(channel, missing, say)),
        )
    if channel.type is discord.ChannelType.private_thread and not await _let_in(channel):
        return say(
            "I am not in the private thread {channel} yet. Mention me there, which adds me, then"
            " try again.",
            channel=channel.mention,
        )
    return ""


async def _let_in(thread: Named) -> bool:
    try:
        await thread.fetch()
    except (discord.Forbidden, discord.NotFound):
        return False
    return True
