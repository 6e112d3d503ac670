"""/subscribe, /unsubscribe, /subscriptions: which channels get alerts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.delivery import Subscription
from bot.model import BOARD_MODELS
from bot.standings import newest_judged
from bot.text.say import Languages, Say
from storage.protocol import Store

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
}
"""What we must be allowed in a channel before we promise to post there, as Discord names it."""

_MOST_LISTED = 25
"""Channels in one answer; Discord takes 2,000 characters."""


class _Channel(app_commands.Transformer):
    """A text or announcement channel as the command names it, cached or not."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say that Discord should offer channels."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Say which of them."""
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(
        self, _: discord.Interaction, value: Any, /
    ) -> app_commands.AppCommandChannel:
        """Take the channel as it comes."""
        if not isinstance(value, app_commands.AppCommandChannel):
            raise app_commands.TransformerError(value, self.type, self)
        return value


Channel = app_commands.Transform[app_commands.AppCommandChannel, _Channel]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Subscriptions(commands.Cog):
    """Keep which channels of a server get alerts; for members who may manage the server."""

    def __init__(self, store: Store, languages: Languages, clock: Callable[[], datetime]) -> None:
        """Take the store that keeps them."""
        self._store = store
        self._languages = languages
        self._clock = clock

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Check on our side too: a server's settings may show these commands to anyone."""
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    @app_commands.command(description="Post milestone alerts in a channel")
    @app_commands.describe(channel="The channel that gets the alerts")
    async def subscribe(self, interaction: discord.Interaction, channel: Channel) -> None:
        """Subscribe a channel, once we know that we may post there."""
        say, ours = self._say(interaction), _our_permissions(interaction, channel)
        missing = [name for flag, name in NEEDED.items() if not getattr(ours, flag)]
        if missing:
            text = say(
                "I cannot post in {channel} yet: there I lack {permissions}."
                " Grant that in the channel's settings, then subscribe again.",
                channel=channel.mention,
                permissions=say.listed([say(name) for name in missing]),
            )
        else:
            text = await self._subscribe(interaction, channel)
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command(description="Stop the alerts in a channel")
    @app_commands.describe(channel="The channel that gets alerts now")
    async def unsubscribe(self, interaction: discord.Interaction, channel: Channel) -> None:
        """Unsubscribe a channel; what is still unsent for it is dropped."""
        say = self._say(interaction)
        if await self._store.unsubscribe(channel.id):
            text = say("{channel} gets no more alerts.", channel=channel.mention)
        else:
            text = say("{channel} gets no alerts as it is.", channel=channel.mention)
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command(description="List the channels of this server that get alerts")
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List this server's subscriptions."""
        say, found = self._say(interaction), await self._store.subscriptions(interaction.guild_id)
        lines = [
            say(
                "<#{channel}>: alerts for days after {after}",
                channel=subscription.channel_id,
                after=say.day(subscription.after),
            )
            for subscription in found[:_MOST_LISTED]
        ]
        if len(found) > _MOST_LISTED:
            lines.append(say("and {count} more", count=len(found) - _MOST_LISTED))
        text = "\n".join(lines) or say(
            "No channel of this server gets alerts. `/subscribe` starts them."
        )
        await interaction.response.send_message(text, ephemeral=True)

    async def _subscribe(
        self, interaction: discord.Interaction, channel: app_commands.AppCommandChannel
    ) -> str:
        say, now = self._say(interaction), self._clock()
        judged = newest_judged(now)
        subscription = Subscription(
            channel_id=channel.id,
            guild_id=channel.guild_id,
            board=BOARD_MODELS,
            after=(await self._store.progress(BOARD_MODELS)).through or judged,
            created_at=now,
            created_by=interaction.user.id,
            language=self._languages.of(_guild_locale(interaction)).code,
        )
        if not await self._store.subscribe(subscription):
            return say("{channel} gets alerts already.", channel=channel.mention)
        return say(
            "{channel} now gets an alert when a milestone is reached after {after}.",
            channel=channel.mention,
            after=say.day(subscription.after),
        )

    def _say(self, interaction: discord.Interaction) -> Say:
        return self._languages.of(interaction.locale.value)


def _guild_locale(interaction: discord.Interaction) -> str | None:
    return interaction.guild_locale.value if interaction.guild_locale else None


def _our_permissions(
    interaction: discord.Interaction, channel: app_commands.AppCommandChannel
) -> discord.Permissions:
    """Return what we may do in a channel: as Discord says with the command, else as cached."""
    data: Any = interaction.data or {}
    resolved = data.get("resolved", {}).get("channels", {}).get(str(channel.id), {})
    if "app_permissions" in resolved:
        return discord.Permissions(int(resolved["app_permissions"]))
    cached, guild = channel.resolve(), interaction.guild
    if isinstance(cached, discord.TextChannel) and guild is not None and guild.me is not None:
        return cached.permissions_for(guild.me)
    return discord.Permissions.none()
