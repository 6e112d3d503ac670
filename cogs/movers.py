"""/movers: who climbed, fell, or came."""

from typing import Literal

import discord
from discord import app_commands

from bot.answers.movers import Movers as Moved
from bot.answers.movers import Uncompared
from bot.drawn import Drawing
from bot.model import BOARD_MODELS
from bot.queries.movers import movers
from bot.text import movers as words
from bot.text.say import Say
from bot.text.slopes import slope, slope_alt
from cogs._answers import anywhere
from cogs._questions import Questions


class Movers(Questions):
    """Answer who moved."""

    @anywhere
    @app_commands.command(description="Show which models climbed, fell, or came into the top 20")
    @app_commands.describe(
        board="Which ranking: all models, or one kind of use",
        days="How many days back to compare with (7 by default)",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(board=Questions.offer_boards)
    async def movers(
        self,
        interaction: discord.Interaction,
        board: str = BOARD_MODELS,
        days: Literal[7, 14, 30, 90] = 7,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with who moved, and the chart of ranks then and now."""
        reader = await self._answers.begin(interaction, private=private)
        kind = await self._board(board, reader.say)
        almanac = await self._reference.almanac(kind.name)
        found = movers(kind, almanac, await self._reference.directory(), reader.until, days)
        await reader.show(words.movers(found, reader.say), _drawing(found, reader.say))


def _drawing(found: Moved | Uncompared, say: Say) -> Drawing | None:
    if isinstance(found, Uncompared):
        return None
    picture = slope(found, say)
    if not picture.moves:
        return None
    return Drawing(picture, f"movers-{found.now.date}.png", slope_alt(found, say))
