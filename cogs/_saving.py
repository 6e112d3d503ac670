"""How what was chosen in a panel is kept, and what is told of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import aiohttp
import discord
import structlog

from bot import rules
from bot.errors import RankshiftError
from bot.queries.backtests import Backtests
from bot.queries.forecast import forecast, last_alert
from bot.queries.reference import Reference
from bot.sender import Compose
from bot.standings import newest_judged
from bot.subscription import DIRECT, MOST_IN_A_SERVER, Change, Deed, Manner, Subscription, Wish
from bot.text import panel as words
from bot.text import subscribing as told
from bot.text.say import Say
from cogs._answers import Answers, tell_alone
from cogs._drafts import Draft, Offer, codes, wished
from cogs._managing import Managing
from cogs._message import file, layout
from cogs._newest import Held
from cogs._panel import announced, card
from cogs._places import Known
from cogs._standing import found, hindrance, manner_there, unheard
from storage.protocol import Store

PATIENCE = 10.0
"""Seconds that are waited for what to expect."""

_FAILED = (RankshiftError, discord.DiscordException, aiohttp.ClientError, OSError, ValueError)
"""What a preview may end by, after all was saved."""


class Saving(Managing):
    """Keep drafts, and say what to expect of them."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        answers: Answers,
        wake: Callable[[], None],
        compose: Compose,
        backtests: Backtests,
    ) -> None:
        """Take what previews are made of too."""
        super().__init__(store, reference, answers, wake)
        self._compose = compose
        self._backtests = backtests
        self._rules = tuple(rules.discover())

    async def _offer(self) -> Offer:
        boards = await self._reference.boards()
        return Offer(tuple(board.name for board in boards), self._rules)

    async def _expected(self, wish: Wish, patience: float, say: Say) -> str | None:
        """Say how much a wish brings: "" where that cannot be told, None if not in time."""
        try:
            async with asyncio.timeout(patience):
                backtests = await asyncio.gather(*map(self._backtests.of, wish.boards))
        except TimeoutError:
            return None  # it is computed all the same: the next who asks finds it
        except RankshiftError as error:
            structlog.get_logger().warning("no forecast", boards=wish.boards, problem=str(error))
            return ""
        return words.expected(forecast(wish, backtests), say)

    async def _patiently(self, wish: Wish, say: Say) -> str:
        """Say how much a wish brings, or that this takes longer."""
        expected = await self._expected(wish, PATIENCE, say)
        return words.computing(say) if expected is None else expected

    async def _save(self, interaction: discord.Interaction, held: Held, draft: Draft) -> None:
        """Keep a draft; what is chosen in its panel after that comes too late."""
        say = self._say(interaction)
        async with held.editing:
            if held.draft is None:
                kept: tuple[Known, Subscription] | str = told.over(say)
            else:
                kept = await self._kept_there(interaction, draft, say)
            if not isinstance(kept, str):
                held.draft = None
        if isinstance(kept, str):
            await tell_alone(interaction, kept)
            return
        place, one = kept
        resumed = await self._resumed(interaction, draft.channel_id, say)
        expected = await self._patiently(one.wish, say)
        lines = told.saved(one, place.mention, say, new=not draft.stored)
        await show(interaction, card([*lines, resumed, unheard(place, draft, say), expected]))
        await self._preview(interaction, one, say)

    async def _kept_there(
        self, interaction: discord.Interaction, draft: Draft, say: Say
    ) -> tuple[Known, Subscription] | str:
        """Keep a draft; return its place and what it became, or say why it is not kept."""
        place = await found(interaction, draft.channel_id)
        if place is None:
            return told.unseen(mention(draft.channel_id), say)
        if hindered := hindrance(place, draft, say):
            return hindered
        async with self._answers.changing:
            one = await self._kept(interaction, draft, manner_there(place, draft), say)
        return one if isinstance(one, str) else (place, one)

    async def _kept(
        self, interaction: discord.Interaction, draft: Draft, manner: Manner, say: Say
    ) -> Subscription | str:
        """Keep a draft and return what it became, or say why it is not kept."""
        held = await self._store.subscriptions(interaction.guild_id)
        which = (draft.channel_id, draft.number)
        before = next((one for one in held if (one.channel_id, one.number) == which), None)
        if before is None and draft.stored:
            return told.gone(say)
        if before is not None and not draft.stored:
            return told.saved_already(say)
        if before is None and len(held) >= MOST_IN_A_SERVER:
            return told.too_many(say)
        if before is None:
            one = await self._begun(interaction, draft, manner)
            done = await self._store.subscribe(one, self._deed(interaction, Deed.SUBSCRIBED, one))
        else:
            wish = wished(draft, before, await self._offer())
            one = replace(before, wish=wish, language=draft.language, manner=manner)
            done = await self._store.amend(one, self._deed(interaction, Deed.AMENDED, one))
        return one if done else told.gone(say)

    async def _begun(
        self, interaction: discord.Interaction, draft: Draft, manner: Manner
    ) -> Subscription:
        now = self._now()
        progress = [await self._store.progress(board) for board in draft.wish.boards]
        return Subscription(
            channel_id=draft.channel_id,
            guild_id=interaction.guild_id or DIRECT,
            wish=draft.wish,
            after=min(each.through or newest_judged(now) for each in progress),
            created_at=now,
            created_by=interaction.user.id,
            language=draft.language,
            manner=manner,
            number=draft.number,
        )

    def _deed(self, interaction: discord.Interaction, deed: Deed, one: Subscription) -> Change:
        return self._change(interaction, one.channel_id, deed, one.number, **codes(one))

    async def _preview(self, interaction: discord.Interaction, one: Subscription, say: Say) -> None:
        """Show the last alert that a subscription would have brought; it is saved all the same."""
        try:
            await self._show_last(interaction, one, say)
        except _FAILED as error:
            structlog.get_logger().warning("no preview", problem=str(error))
            await interaction.followup.send(told.no_preview(say), ephemeral=True)

    async def _show_last(
        self, interaction: discord.Interaction, one: Subscription, say: Say
    ) -> None:
        stored = [await self._store.milestones(board) for board in one.wish.boards]
        alert = last_alert(chain(*stored), one)
        if alert is None:
            await interaction.followup.send(told.nothing_yet(say), ephemeral=True)
            return
        outgoing = await self._compose(alert)
        view = announced(told.previewed(say), layout(outgoing, alert.manner.mentions))
        files = [file(outgoing.image)] if outgoing.image else []
        await interaction.followup.send(view=view, files=files, ephemeral=True)


async def show(interaction: discord.Interaction, view: discord.ui.LayoutView) -> None:
    """Show something in place of the panel."""
    await interaction.edit_original_response(view=view)


def mention(channel_id: int) -> str:
    """Return a channel as messages name it."""
    return f"<#{channel_id}>"
