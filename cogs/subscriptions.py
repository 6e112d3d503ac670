"""/subscribe, /unsubscribe, /subscriptions: which channels get alerts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.delivery import Manner, Subscription
from bot.model import BOARD_MODELS
from bot.standings import newest_judged
from bot.text.pauses import reason
from bot.text.say import Languages, Say
from bot.text.subscribing import changed, traits
from cogs._answers import acknowledge
from cogs._places import FORUMS, PLACES, Named, lacking, our_permissions, permission_names
from storage.protocol import Store

LANGUAGES = {"English": "en", "Türkçe": "tr"}
"""The languages of alerts, as each calls itself."""

_MOST_LISTED = 25
_LONGEST = 2000
"""Channels and characters in one answer; Discord takes no more characters."""


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


class Subscriptions(commands.Cog):
    """Keep which channels of a server get alerts; for members who may manage the server."""

    def __init__(
        self,
        store: Store,
        languages: Languages,
        clock: Callable[[], datetime],
        resumed: Callable[[], None],
    ) -> None:
        """Take the store that keeps them, and whom to tell that a paused one goes on."""
        self._store = store
        self._languages = languages
        self._clock = clock
        self._resumed = resumed

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Check on our side too: a server's settings may show these commands to anyone."""
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.command(description="Post milestone alerts in a channel")
    @app_commands.describe(
        channel="The channel that gets the alerts",
        mention="The role that every alert mentions",
        publish="Publish each alert to the servers that follow an announcement channel",
        language="The language of its alerts: that of the server if not given",
    )
    @app_commands.choices(
        language=[Choice(name=name, value=code) for name, code in LANGUAGES.items()]
    )
    async def subscribe(
        self,
        interaction: discord.Interaction,
        channel: Channel,
        mention: discord.Role | None = None,
        publish: bool | None = None,  # noqa: FBT001 — an option of the command
        language: str | None = None,
    ) -> None:
        """Subscribe a channel, or change how it gets alerts and let it go on if it is paused.

        Only once we know that we may post there.
        """
        await acknowledge(interaction)
        say, ours = self._say(interaction), _our_permissions(interaction, channel)
        manner = Manner(channel.type in FORUMS, bool(publish), mention.id if mention else None)
        text = _impossible(channel, manner, say) or await _forbidden(channel, ours, say)
        if not text:
            chosen = None if mention is None and publish is None else manner
            done = await self._subscribe(interaction, channel, manner, language)
            done = done or await self._change(channel, chosen, language, say)
            told = (done, _written(language, say), _unheard(mention, ours, say))
            text = " ".join(filter(None, told))
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.command(description="Stop the alerts in a channel")
    @app_commands.describe(channel="The channel that gets alerts now")
    async def unsubscribe(self, interaction: discord.Interaction, channel: Channel) -> None:
        """Unsubscribe a channel; what is still unsent for it is dropped."""
        await acknowledge(interaction)
        say = self._say(interaction)
        if await self._store.unsubscribe(channel.id):
            text = say("{channel} gets no more alerts.", channel=channel.mention)
        else:
            text = say("{channel} gets no alerts as it is.", channel=channel.mention)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.command(description="List the channels of this server that get alerts")
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List this server's subscriptions, those first that are paused."""
        await acknowledge(interaction)
        say, found = self._say(interaction), await self._store.subscriptions(interaction.guild_id)
        ordered = sorted(found, key=lambda subscription: subscription.paused is None)
        lines = [_line(subscription, interaction.guild, say) for subscription in ordered]
        text = _shortened(lines, say) or say(
            "No channel of this server gets alerts. `/subscribe` starts them."
        )
        await interaction.followup.send(text, ephemeral=True)

    async def _subscribe(
        self,
        interaction: discord.Interaction,
        channel: Named,
        manner: Manner,
        language: str | None,
    ) -> str:
        """Subscribe a channel and say so; "" if it is subscribed already."""
        say, now, local = self._say(interaction), self._clock(), interaction.guild_locale
        judged = newest_judged(now)
        subscription = Subscription(
            channel_id=channel.id,
            guild_id=channel.guild_id,
            board=BOARD_MODELS,
            after=(await self._store.progress(BOARD_MODELS)).through or judged,
            created_at=now,
            created_by=interaction.user.id,
            language=language or self._languages.of(local.value if local else None).code,
            manner=manner,
        )
        if not await self._store.subscribe(subscription):
            return ""
        return say(
            "{channel} now gets an alert when a milestone is reached after {after}.",
            channel=channel.mention,
            after=say.day(subscription.after),
        )

    async def _change(
        self, channel: Named, chosen: Manner | None, language: str | None, say: Say
    ) -> str:
        """Let a subscribed channel go on, from now on as is chosen, if anything; and say so."""
        for before in await self._store.subscriptions(channel.guild_id):
            if before.channel_id == channel.id and (chosen or language):
                manner, words = chosen or before.manner, language or before.language
                await self._store.amend(replace(before, manner=manner, language=words))
        resumed = await self._store.resume(channel.id, self._clock())
        if resumed:
            self._resumed()
        return changed(channel.mention, chosen, say, resumed=resumed)

    def _say(self, interaction: discord.Interaction) -> Say:
        return self._languages.of(interaction.locale.value)


def _written(language: str | None, say: Say) -> str:
    if language is None:
        return ""
    name = next(name for name, code in LANGUAGES.items() if code == language)
    return say("New alerts there are written in {language}.", language=name)


def _our_permissions(interaction: discord.Interaction, channel: Named) -> discord.Permissions:
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


def _impossible(channel: Named, manner: Manner, say: Say) -> str:
    """Say what no channel of this kind, or no alert, can do; "" where all is possible."""
    if manner.publish and channel.type is not discord.ChannelType.news:
        return say(
            "Only alerts in an announcement channel can be published, and {channel} is none."
            " Nothing was changed; without `publish` it can be subscribed.",
            channel=channel.mention,
        )
    if manner.mention == channel.guild_id:
        return say(
            "I never mention everyone. Nothing was changed; please choose a role that members can"
            " take or leave."
        )
    return ""


async def _forbidden(channel: Named, ours: discord.Permissions, say: Say) -> str:
    """Say what keeps us from posting in a channel; "" if nothing does."""
    missing = lacking(channel, ours)
    if missing:
        return say(
            "I cannot post in {channel} yet: there I lack {permissions}."
            " Grant that in the channel's settings, then subscribe again.",
            channel=channel.mention,
            permissions=say.listed(permission_names(channel, missing, say)),
        )
    if channel.type is discord.ChannelType.private_thread and not await _let_in(channel):
        return say(
            "I am not in the private thread {channel} yet. Mention me there, which adds me, then"
            " subscribe again.",
            channel=channel.mention,
        )
    return ""


async def _let_in(thread: Named) -> bool:
    try:
        await thread.fetch()
    except (discord.Forbidden, discord.NotFound):
        return False
    return True


def _unheard(role: discord.Role | None, ours: discord.Permissions, say: Say) -> str:
    """Say that mentions of a role will notify nobody; "" if they will, or there is no role."""
    if role is None or role.mentionable or ours.mention_everyone:
        return ""
    return say(
        "But {role} will notify nobody until it is made mentionable, or until I get the permission"
        " to mention all roles there.",
        role=role.mention,
    )


def _line(subscription: Subscription, guild: discord.Guild | None, say: Say) -> str:
    if subscription.paused is not None:
        missing = _missing_now(subscription.channel_id, guild, say)
        return f"<#{subscription.channel_id}>: {reason(subscription.paused, missing, say)}"
    days = say(
        "<#{channel}>: alerts for days after {after}",
        channel=subscription.channel_id,
        after=say.day(subscription.after),
    )
    return " · ".join([days, *traits(subscription.manner, say)])


def _missing_now(channel_id: int, guild: discord.Guild | None, say: Say) -> list[str]:
    place = guild.get_channel_or_thread(channel_id) if guild else None
    if place is None:
        return []
    return permission_names(place, lacking(place, our_permissions(place)), say)


def _shortened(lines: Sequence[str], say: Say) -> str:
    """Return as many of the lines as one answer holds, and how many more there are."""
    shown = list(lines[:_MOST_LISTED])
    while True:
        left = len(lines) - len(shown)
        text = "\n".join([*shown, *([say("and {count} more", count=left)] if left else [])])
        if len(text) <= _LONGEST:
            return text
        shown.pop()
