"""/model: one model."""

import discord
from discord import app_commands

from bot.alerts import tell
from bot.answers.model import LATELY, Happened, Profile
from bot.drawn import Drawing
from bot.model import BOARD_MODELS
from bot.queries.milestones import naming
from bot.queries.model import profile
from bot.subscription import DIRECT
from bot.text.model_history import model_alt, model_history
from bot.text.models import model_message
from bot.text.openness import dispute_link
from bot.text.say import Say
from cogs._answers import Reader, anywhere
from cogs._posted import posted
from cogs._questions import Questions

_NEWEST = 3
"""Milestones told of a model."""


class Models(Questions):
    """Answer what is known of one model."""

    @anywhere
    @app_commands.command(description="Show one model: ranks, streaks, openness, price, milestones")
    @app_commands.describe(
        name="The model",
        board="Which ranking: all models, or one kind of use",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(name=Questions.offer_models, board=Questions.offer_boards)
    async def model(
        self,
        interaction: discord.Interaction,
        name: str,
        board: str = BOARD_MODELS,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with what is known of a model, and the chart of its ranks."""
        reader = await self._answers.begin(interaction, private=private)
        which = await self._board(board, reader.say)
        model = (await self._reference.models(which.name)).meant(name).what
        known, days = await self._reference.directory(), await self._reference.almanac(which.name)
        found = profile(which, days, known, model, reader.until)
        happened = await self._happened(found, reader)
        dispute = dispute_link(self._answers.project_url, reader.say, model)
        message = model_message(found, happened, dispute, reader.say)
        await reader.show(message, _drawing(found, reader.say))

    async def _happened(self, found: Profile, reader: Reader) -> list[Happened]:
        since = reader.until - LATELY
        stored = await self._store.milestones(found.board.name, since)
        named = naming(stored, found.model)[:_NEWEST]
        if not named:
            return []
        alerts = await self._store.alerts_with(
            [one.key for one in named], reader.interaction.guild_id or DIRECT
        )
        known = await self._reference.directory()
        there = posted(alerts, reader.interaction, reader.say)
        told = [tell(one, self._rules, known, reader.say) for one in named]
        return [
            Happened(one.milestone.date, one.headline, there.get(one.milestone.key)) for one in told
        ]


def _drawing(found: Profile, say: Say) -> Drawing | None:
    picture = model_history(found, say)
    if picture is None:
        return None
    return Drawing(picture, f"ranks-{picture.dates[-1]}.png", model_alt(found, say))
