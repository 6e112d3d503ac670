"""/model: one model."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.alerts import tell
from bot.answers.model import LATELY, Happened, Profile
from bot.drawn import Drawing
from bot.model import BOARD_MODELS, Milestone
from bot.openness import Directory
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
        """Answer with what is known of a model, and the chart of its history."""
        reader = await self._answers.begin(interaction, private=private)
        which = await self._board(board, reader.say)
        model = (await self._reference.models(which.name)).meant(name).what
        known, days = await self._reference.directory(), await self._reference.almanac(which.name)
        found = profile(which, days, known, model, reader.until)
        milestones = await self._milestones(found, reader)
        happened = await self._happened(milestones, reader)
        dispute = dispute_link(self._answers.project_url, reader.say, model)
        message = model_message(found, happened, dispute, reader.say)
        await reader.show(message, _drawing(found, milestones, known, reader.say))

    async def _milestones(self, found: Profile, reader: Reader) -> Sequence[Milestone]:
        """Return those that name the model, as far back as its chart or the list of them goes."""
        since = min([reader.until - LATELY, *(point.date for point in found.history[:1])])
        return naming(await self._store.milestones(found.board.name, since), found.model)

    async def _happened(self, milestones: Sequence[Milestone], reader: Reader) -> list[Happened]:
        named = [one for one in milestones if one.date >= reader.until - LATELY][:_NEWEST]
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


def _drawing(
    found: Profile, milestones: Sequence[Milestone], known: Directory, say: Say
) -> Drawing | None:
    picture = model_history(found, milestones, known.name, say)
    if picture is None:
        return None
    alt = model_alt(picture, found.history, say)
    return Drawing(picture, f"history-{picture.dates[-1]}.png", alt)
