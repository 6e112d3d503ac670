"""/openness: how much of the use is of open models."""

import asyncio

import discord
from discord import app_commands

from bot.drawn import Drawing
from bot.model import BOARD_MODELS
from bot.queries.openness import DRAWN, balances
from bot.text.openness import openness
from bot.text.shares import shares_alt, shares_picture
from cogs._answers import anywhere
from cogs._questions import Questions


class Opennesses(Questions):
    """Answer it."""

    @anywhere
    @app_commands.command(
        description="Show how much of the use goes to open models, now and before"
    )
    @app_commands.describe(
        board="Which ranking: all models, or one kind of use",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(board=Questions.offer_boards)
    async def openness(
        self,
        interaction: discord.Interaction,
        board: str = BOARD_MODELS,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with the shares and their chart, and how to dispute an entry."""
        reader = await self._answers.begin(interaction, private=private)
        say = reader.say
        kind = await self._board(board, say)
        days = await self._reference.almanac(kind.name)
        known = await self._reference.directory()
        told = await self._store.milestones(kind.name, reader.until - DRAWN)
        found = await asyncio.to_thread(balances, kind, days, reader.until, known, told)
        picture = shares_picture(found, say)
        name = f"openness-{kind.name}-{found.now.date}.png"
        drawing = Drawing(picture, name, shares_alt(found, say))
        await reader.show(openness(found, self._answers.project_url, say), drawing)
