"""What every cog that answers questions begins with."""

import discord
from discord.app_commands import Choice
from discord.ext import commands

from bot import rules
from bot.boards import Board
from bot.queries.reference import Reference
from bot.text.say import Say
from cogs._answers import Answers, choices
from cogs._boards import board_names
from storage.protocol import Store


class Questions(commands.Cog):
    """Hold what answers are read from, and offer the names there are while somebody types."""

    def __init__(self, store: Store, reference: Reference, answers: Answers) -> None:
        """Take what answers are read from, and the way to give them."""
        self._store = store
        self._reference = reference
        self._answers = answers
        self._rules = rules.discover()

    async def offer_boards(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Offer boards by their titles in the reader's language."""
        known = await self._reference.boards()
        return choices(board_names(known, self._answers.say(interaction)).offered(typed))

    async def offer_models(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Offer models, the most used first."""
        return choices((await self._reference.models()).offered(typed))

    async def offer_authors(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Offer authors, those first whose models are used most."""
        return choices((await self._reference.authors()).offered(typed))

    async def _board(self, typed: str, say: Say) -> Board:
        """Return the board that is meant. Raises UnknownName."""
        names = board_names(await self._reference.boards(), say)
        return self._reference.board(names.meant(typed).what)
