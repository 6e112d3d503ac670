"""/subscribe: what a channel gets, chosen in one panel."""

import asyncio
from collections.abc import Callable

import discord
from discord import ChannelType, app_commands
from discord.ext import commands

from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.sender import Compose
from bot.subscription import MOST_IN_A_SERVER, Wish
from bot.text import panel as words
from bot.text import subscribing as told
from cogs._answers import Answers, acknowledge, ask_to_wait, refuse, tell_alone, too_old
from cogs._drafts import (
    CANCEL,
    EDIT,
    KINDS,
    PARTS,
    SAVE,
    Draft,
    chosen,
    drafted,
    free,
    used_values,
)
from cogs._managing import Channel, for_managers, forbidden, permissions_in
from cogs._newest import Held, Panels
from cogs._paging import control_id, ours
from cogs._panel import card, panel
from cogs._saving import PATIENCE, Saving, mention, show
from cogs._standing import found
from storage.protocol import Store

_AT_ONCE = 0.1
"""Seconds in which what to expect is there if it need not be computed first."""


class Subscribing(Saving):
    """/subscribe: what a channel gets, chosen in one panel."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        answers: Answers,
        wake: Callable[[], None],
        compose: Compose,
        backtests: Backtests,
    ) -> None:
        """Take what settings are changed with, and what previews are made of."""
        super().__init__(store, reference, answers, wake, compose, backtests)
        self._panels = Panels()
        self._taking = asyncio.Lock()

    @for_managers
    @app_commands.command(description="Choose which alerts a channel gets")
    @app_commands.describe(channel="The channel that gets the alerts")
    async def subscribe(self, interaction: discord.Interaction, channel: Channel) -> None:
        """Open a panel for a new subscription, once we know that we may post there."""
        await acknowledge(interaction)
        say = self._say(interaction)
        hindered = await forbidden(channel, permissions_in(interaction, channel), say)
        if hindered:
            await interaction.followup.send(hindered, ephemeral=True)
            return
        held = await self._store.subscriptions(interaction.guild_id)
        if len(held) >= MOST_IN_A_SERVER:
            await interaction.followup.send(told.too_many(say), ephemeral=True)
            return
        draft = Draft(
            channel_id=channel.id,
            number=free(one.number for one in held if one.channel_id == channel.id),
            stored=False,
            wish=Wish(),
            language=words.language_of(str(interaction.guild_locale)),
            publish=False if channel.type is ChannelType.news else None,
        )
        await self._open(interaction, draft)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a choice, save or cancel, however long ago the panel was opened."""
        if not ours(interaction, *KINDS):
            return
        try:
            if not await self._may(interaction):
                return
            if wait := self._wait(interaction):
                await ask_to_wait(interaction, wait, self._say(interaction))
                return
            await self._use(interaction)
        except Exception as error:  # noqa: BLE001 — nobody else would tell the person
            await refuse(interaction, error, self._say(interaction))

    def _wait(self, interaction: discord.Interaction) -> float:
        cooldowns, kind = self._answers.cooldowns, control_id(interaction).partition("|")[0]
        return cooldowns.choice(interaction) if kind in PARTS else cooldowns.wait(interaction)

    async def _use(self, interaction: discord.Interaction) -> None:
        kind, _, text = control_id(interaction).partition("|")
        if kind == EDIT:
            await acknowledge(interaction)
            await self._edit(interaction, text)
            return
        # Taken before the acknowledgement ends: what is used next finds the choice already.
        taken, _ = await asyncio.gather(
            self._taken(interaction, kind, text), acknowledge(interaction)
        )
        say = self._say(interaction)
        if taken is None:
            await too_old(interaction, say)
            return
        held, draft = taken
        if draft is None:
            await tell_alone(interaction, told.over(say))
        elif kind == CANCEL:
            await self._cancel(interaction, held)
        elif kind == SAVE:
            await self._save(interaction, held, draft)
        else:
            await self._choose(interaction, held, draft)

    async def _taken(
        self, interaction: discord.Interaction, kind: str, text: str
    ) -> tuple[Held, Draft | None] | None:
        """Return the panel whose control was used and its draft from then on, in order of use.

        The draft is None if the panel was saved or cancelled; None alone where an id is too old.
        """
        async with self._taking:
            offer = await self._offer()
            read = offer.read(text)
            if read is None or interaction.message is None:
                return None
            held = self._panels.of(interaction.message.id, read)
            if held.draft is not None and kind in PARTS:
                after = chosen(held.draft, PARTS[kind], used_values(interaction), offer)
                if after is None:
                    return None
                if after.role != interaction.guild_id:
                    held.draft = after
            return held, held.draft

    async def _choose(self, interaction: discord.Interaction, held: Held, draft: Draft) -> None:
        """Draw a panel at once, and again when it is known what to expect."""
        say = self._say(interaction)
        expected = await self._expected(draft.wish, _AT_ONCE, say)
        if not await self._drawn(interaction, held, draft.wish, expected or ""):
            await tell_alone(interaction, told.over(say))
            return
        if str(interaction.guild_id) in used_values(interaction):
            await tell_alone(interaction, told.not_everyone(say))
        if expected is None:
            expected = await self._expected(draft.wish, PATIENCE, say)
            if expected and held.draft == draft:  # else whoever chose after that draws it
                await self._drawn(interaction, held, draft.wish, expected)

    async def _drawn(
        self, interaction: discord.Interaction, held: Held, wish: Wish, expected: str
    ) -> bool:
        """Draw a panel as it is by now, with what to expect of a wish if that is still chosen.

        False if it was saved or cancelled before: then nothing is drawn.
        """
        async with held.editing:
            draft = held.draft
            if draft is None:
                return False
            known = expected if draft.wish == wish else ""
            await show(interaction, await self._panel(interaction, draft, known))
            return True

    async def _cancel(self, interaction: discord.Interaction, held: Held) -> None:
        say = self._say(interaction)
        async with held.editing:
            over, held.draft = held.draft is None, None
            if not over:
                await show(interaction, card([told.cancelled(say)]))
        if over:
            await tell_alone(interaction, told.over(say))

    async def _edit(self, interaction: discord.Interaction, which: str) -> None:
        """Open a panel for a subscription that is stored."""
        held = await self._store.subscriptions(interaction.guild_id)
        one = next((each for each in held if f"{each.channel_id}|{each.number}" == which), None)
        if one is None:
            await tell_alone(interaction, told.gone(self._say(interaction)))
            return
        place = await found(interaction, one.channel_id)
        news = place is not None and place.type is ChannelType.news
        await self._open(interaction, drafted(one, await self._offer(), news=news))

    async def _open(self, interaction: discord.Interaction, draft: Draft) -> None:
        expected = await self._patiently(draft.wish, self._say(interaction))
        view = await self._panel(interaction, draft, expected)
        await interaction.followup.send(view=view, ephemeral=True)

    async def _panel(
        self, interaction: discord.Interaction, draft: Draft, expected: str
    ) -> discord.ui.LayoutView:
        say, channel = self._say(interaction), mention(draft.channel_id)
        held = await self._store.subscriptions(interaction.guild_id)
        beside = [one for one in held if one.channel_id == draft.channel_id and not draft.stored]
        lead = (
            words.title(channel, draft.number if draft.stored else None, say),
            words.paused(channel, say) if await self._paused(interaction, draft) else "",
            words.others(channel, len(beside), say),
            say("These choices count once you save."),
        )
        return panel(draft, await self._offer(), lead, expected, say)

    async def _paused(self, interaction: discord.Interaction, draft: Draft) -> bool:
        channels = await self._store.channels(interaction.guild_id)
        return any(one.channel_id == draft.channel_id and one.paused for one in channels)
