"""/compare: two to five models side by side."""

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.answers.comparison import By, Comparison
from bot.drawn import Drawing
from bot.errors import OneModelAlone
from bot.model import BOARD_MODELS
from bot.queries.comparison import comparison
from bot.text.comparison import compared, compared_tracks
from bot.text.say import Say
from bot.text.tracks import Tracks, tracks_alt, tracks_picture
from cogs._answers import anywhere
from cogs._questions import Questions


class Comparing(Questions):
    """Answer how models stand side by side."""

    @anywhere
    @app_commands.command(description="Compare two to five models on one chart")
    @app_commands.describe(
        first="A model",
        second="Another model",
        third="One more model",
        fourth="One more model",
        fifth="One more model",
        by="What the chart shows: the share of all tokens if not given",
        board="Which ranking: all models, or one kind of use",
        private="Show the answer to you alone",
    )
    @app_commands.choices(
        by=[
            Choice(name="Share of all tokens over seven days", value=By.SHARE),
            Choice(name="Rank by tokens over seven days", value=By.RANK),
        ]
    )
    @app_commands.autocomplete(
        first=Questions.offer_models,
        second=Questions.offer_models,
        third=Questions.offer_models,
        fourth=Questions.offer_models,
        fifth=Questions.offer_models,
        board=Questions.offer_boards,
    )
    async def compare(  # noqa: PLR0913, PLR0917 — the options of the command
        self,
        interaction: discord.Interaction,
        first: str,
        second: str,
        third: str | None = None,
        fourth: str | None = None,
        fifth: str | None = None,
        by: str = By.SHARE,
        board: str = BOARD_MODELS,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with each model's place, who leads whom, and a line for each."""
        reader = await self._answers.begin(interaction, private=private)
        where = await self._board(board, reader.say)
        models = await self._meant(where.name, first, second, third, fourth, fifth)
        known = await self._reference.directory()
        found = comparison(await self._reference.almanac(where.name), models, reader.until)
        tracks = compared_tracks(found, By(by), known, reader.say, estimated=where.estimated)
        await reader.show(compared(found, known, reader.say), _drawing(found, tracks, reader.say))

    async def _meant(self, board: str, *typed: str | None) -> list[str]:
        """Return the models that are meant. Raises UnknownName, and OneModelAlone."""
        names = await self._reference.models(board)
        meant = [names.meant(text) for text in typed if text is not None]
        if len(set(meant)) < 2:
            raise OneModelAlone(meant[0].name)
        return [each.what for each in meant]


def _drawing(found: Comparison, tracks: Tracks, say: Say) -> Drawing | None:
    picture = tracks_picture(tracks, say)
    if picture is None:
        return None
    name = f"compared-{found.standings.board}-{found.standings.date}.png"
    return Drawing(picture, name, tracks_alt(tracks, say))
