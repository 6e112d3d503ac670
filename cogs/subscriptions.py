"""/subscriptions, /unsubscribe: what arrives where, who changed that, and how it is changed."""

from collections.abc import Iterable

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers.managed import LATELY, Entry, Which
from bot.queries.managed import entries, meant, part
from bot.text import managing as words
from bot.text.managed import unknown
from bot.text.say import Say
from cogs._answers import acknowledge, ask_to_wait, refuse, too_old
from cogs._deeds import Deeds, lacked
from cogs._managed import (
    MANAGED,
    UNSUBSCRIBE,
    Act,
    Names,
    Use,
    chosen,
    confirmation,
    detail,
    endings,
    log,
    offered,
    overview,
    said,
    used,
)
from cogs._managing import Channel, for_managers
from cogs._paging import control_id, ours

_A_PAGE, _CHANGES_A_PAGE = 5, 10
_NEWEST = 5
"""Changes that stand below the list."""


class Subscriptions(Deeds):
    """Show what arrives in the channels of a server; pause, resume, test and end it."""

    @for_managers
    @app_commands.command(description="List the channels of this server that get alerts")
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List this server's subscriptions and digests, those first that are paused."""
        await acknowledge(interaction)
        await _show(interaction, await self._overview(interaction))

    @for_managers
    @app_commands.command(description="Stop the alerts in a channel")
    @app_commands.describe(channel="The channel that gets alerts now")
    async def unsubscribe(self, interaction: discord.Interaction, channel: Channel) -> None:
        """End what a channel gets; of several things ask which.

        What is still unsent is dropped with the last of them.
        """
        await acknowledge(interaction)
        say = self._say(interaction)
        async with self._answers.changing:
            found = await self._of_channel(interaction, channel.id)
            if len(found) == 1:
                await self._end(interaction, found)
        if len(found) > 1:
            left_out = len(found) - len(offered(found))
            view = endings(words.which(channel.mention, left_out, say), found, say)
        elif found:
            view = said(words.no_more(channel.mention, say))
        else:
            view = said(words.nothing_there(channel.mention, say))
        await _show(interaction, view)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Do what a control says, however long ago it was shown."""
        if not ours(interaction, MANAGED, UNSUBSCRIBE):
            return
        try:
            if not await self._may(interaction):
                return
            if wait := self._answers.cooldowns.wait(interaction):
                await ask_to_wait(interaction, wait, self._say(interaction))
                return
            await acknowledge(interaction)
            await self._use(interaction)
        except Exception as error:  # noqa: BLE001 — nobody else would tell the person
            await refuse(interaction, error, self._say(interaction))

    async def _use(self, interaction: discord.Interaction) -> None:
        if ours(interaction, UNSUBSCRIBE):
            await self._end_chosen(interaction)
            return
        use = used(interaction)
        if use is None:
            await too_old(interaction, self._say(interaction))
        elif use.act is Act.LOG:
            changes = await self._store.changes(interaction.guild_id or 0)
            page = part(changes, use.page, _CHANGES_A_PAGE)
            await _show(interaction, log(page, self._say(interaction)))
        elif use.which is None:
            await _show(interaction, await self._overview(interaction, use.page))
        else:
            await self._manage(interaction, use, use.which)

    async def _manage(self, interaction: discord.Interaction, use: Use, which: Which) -> None:
        """Do something with one entry, and show how it stands then."""
        say = self._say(interaction)
        entry = meant(await self._entries(interaction), which)
        if entry is None:
            note = words.gone(say)
            await _show(interaction, await self._overview(interaction, use.page, note))
        elif use.act is Act.ASK:
            await _show(interaction, confirmation(entry, use.page, say))
        elif use.act is Act.END:
            async with self._answers.changing:
                done = await self._end(interaction, [entry])
            note = words.ended([entry], say) if done else words.gone(say)
            await _show(interaction, await self._overview(interaction, use.page, note))
        else:
            note = await self._done(interaction, use.act, entry)
            await self._detail(interaction, which, use.page, note)

    async def _detail(
        self, interaction: discord.Interaction, which: Which, page: int, note: str
    ) -> None:
        say = self._say(interaction)
        entry = meant(await self._entries(interaction), which)
        if entry is None:
            view = await self._overview(interaction, page, words.gone(say))
        else:
            missing = await self._lacking(interaction, entry.channel) or ()
            view = detail(entry, missing, page, self._now(), note, say)
        await _show(interaction, view)

    async def _done(self, interaction: discord.Interaction, act: Act, entry: Entry) -> str:
        """Do what is asked with an entry and return what to say of it; "" where nothing is."""
        if act is Act.PAUSE:
            return await self._pause(interaction, entry)
        if act is Act.RESUME:
            return await self._resume(interaction, entry)
        return await self._test(interaction, entry) if act is Act.TEST else ""

    async def _end_chosen(self, interaction: discord.Interaction) -> None:
        """End what was chosen of a channel's several things."""
        say, channel = self._say(interaction), control_id(interaction).partition("|")[2]
        which = chosen(interaction)
        if which is None or not channel.isdecimal():
            await too_old(interaction, say)
            return
        async with self._answers.changing:
            found = await self._of_channel(interaction, int(channel))
            ending = [each for each in found if not which or each.which in which]
            await self._end(interaction, ending)
        if not ending:
            text = words.gone(say) if found else words.nothing_there(f"<#{channel}>", say)
        elif len(ending) == len(found):
            text = words.no_more(f"<#{channel}>", say)
        else:
            text = words.ended(ending, say)
        await _show(interaction, said(text))

    async def _overview(
        self, interaction: discord.Interaction, page: int = 0, note: str = ""
    ) -> discord.ui.LayoutView:
        say, shown = self._say(interaction), part(await self._entries(interaction), page, _A_PAGE)
        changes = await self._store.changes(interaction.guild_id or 0)
        names = _names(shown.shown, interaction.guild, say)
        return overview(shown, changes[:_NEWEST], names, self._now(), note, say)

    async def _entries(self, interaction: discord.Interaction) -> tuple[Entry, ...]:
        guild, now = interaction.guild_id or 0, self._now()
        return entries(
            await self._store.channels(guild),
            await self._store.subscriptions(guild),
            await self._store.posts(now - LATELY, guild),
            await self._store.changes(guild),
            now,
        )

    async def _of_channel(self, interaction: discord.Interaction, channel: int) -> list[Entry]:
        found = await self._entries(interaction)
        return [each for each in found if each.channel.channel_id == channel]


def _names(shown: Iterable[Entry], guild: discord.Guild | None, say: Say) -> Names:
    """Return what channels are called and what we lack there, as far as is known here."""
    channels = {each.channel.channel_id: each.channel for each in shown}
    places = {each: guild.get_channel_or_thread(each) if guild else None for each in channels}
    known = {each: place for each, place in places.items() if place is not None}
    return Names(
        {each: known[each].name if each in known else unknown(each, say) for each in channels},
        {each: lacked(place, say) for each, place in known.items() if channels[each].paused},
    )


async def _show(interaction: discord.Interaction, view: discord.ui.LayoutView) -> None:
    """Answer a command, or put the view in place of that with the control."""
    if interaction.type is discord.InteractionType.component:
        await interaction.edit_original_response(view=view)
    else:
        await interaction.followup.send(view=view, ephemeral=True)
