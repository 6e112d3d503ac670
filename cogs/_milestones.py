"""What questions about one milestone begin with: which one is meant."""

from datetime import date

import discord
from discord.app_commands import Choice

from bot.model import BOARD_MODELS, Milestone
from bot.queries.milestones import LATELY, OFFERED, begun_with, offered_key, was_told
from bot.queries.names import Named, Names
from bot.text.say import Names as SayName
from bot.text.say import Say
from cogs._answers import Reader, choices
from cogs._questions import Questions


class MilestoneQuestions(Questions):
    """Find milestones by their keys or by words of their headlines."""

    async def offer_keys(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Offer the milestones of the last thirty days by their headlines, newest first."""
        say = self._answers.say(interaction)
        found = await self._since(self._answers.until() - OFFERED)
        return choices((await self._names(found, say)).offered(typed))

    async def _meant(self, key: str, reader: Reader) -> Milestone:
        """Return the milestone that is meant. Raises UnknownName."""
        exact = await self._store.milestones_by_key([key.strip()])
        if exact:
            return exact[0]
        board = key.strip().split(".", 1)[0]
        polled = {each.name for each in await self._reference.boards()}
        known = board if board in polled else BOARD_MODELS
        found = await self._since(reader.until - LATELY, known)
        return begun_with(key, found, await self._names(found, reader.say))

    async def _since(self, day: date, board: str = BOARD_MODELS) -> list[Milestone]:
        """Return a board's milestones from a day on, newest first."""
        found = await self._store.milestones(board, day)
        return sorted(found, key=lambda one: one.date, reverse=True)

    async def _names(self, milestones: list[Milestone], say: Say) -> Names:
        known = await self._reference.directory()
        told = (one for one in milestones if was_told(one))
        return Names("milestone", tuple(self._named(one, known.name, say) for one in told))

    def _named(self, one: Milestone, name: SayName, say: Say) -> Named:
        headline = self._rules[one.rule].headline(one, name, say)
        return Named(offered_key(one.key), f"{say.short_day(one.date)}: {headline}")
