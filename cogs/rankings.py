"""/rankings: who leads."""

from dataclasses import replace
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers.rankings import Page, Span, Wanted
from bot.drawn import Drawing
from bot.model import BOARD_MODELS, Openness
from bot.openness import Directory
from bot.queries.almanac import Almanac
from bot.queries.days import read_day
from bot.queries.rankings import counting_of_span, ranked, ranks_drawn, weeks_drawn
from bot.text.captions import bump_alt, bump_caption, lead_title
from bot.text.ranking import ranking
from bot.text.say import Say
from cogs._answers import Reader, anywhere, ask_to_wait, refuse, too_old
from cogs._boards import board_names
from cogs._paging import SWITCH, TURN, Place, controls, ours, used
from cogs._questions import Questions


class Rankings(Questions):
    """Answer what the standings are."""

    @anywhere
    @app_commands.command(description="Show the most-used models")
    @app_commands.describe(
        board="Which ranking: all models, or one kind of use",
        window="Over how long tokens are summed: a week if not given",
        top="How many models a page: 1 to 25, 10 if not given",
        date="As of this day, such as 2026-06-07",
        show="All models, or only open or closed ones",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(board=Questions.offer_boards)
    async def rankings(  # noqa: PLR0913, PLR0917 — the options of the command
        self,
        interaction: discord.Interaction,
        board: str = BOARD_MODELS,
        window: Literal["day", "week", "month"] = "week",
        top: app_commands.Range[int, 1, 25] = 10,
        date: str | None = None,
        show: Literal["all", "open", "closed"] = "all",
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with the standings and the chart of ranks; more pages by buttons."""
        reader = await self._answers.begin(interaction, private=private)
        shown = None if show == "all" else Openness(show)
        until = min(read_day(date), reader.until) if date else reader.until
        meant = await self._board(board, reader.say)
        wanted = Wanted(Span(window), top, shown)
        await self._show(reader, Place(meant.name, until, wanted, reader.say.code))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Turn a page or switch the board, however long ago the answer was given."""
        if not ours(interaction, TURN, SWITCH):
            return
        place = used(interaction)
        if place is None:
            await too_old(interaction, self._answers.say(interaction))
            return
        if wait := self._answers.cooldowns.wait(interaction):
            await ask_to_wait(interaction, wait, self._answers.say(interaction))
            return
        try:
            reader = await self._answers.again(interaction, place.language)
            await self._show(reader, place)
        except Exception as error:  # noqa: BLE001 — nobody else would tell the person
            await refuse(interaction, error, self._answers.say(interaction))

    async def _show(self, reader: Reader, place: Place) -> None:
        board, known = self._reference.board(place.board), await self._reference.directory()
        counting = counting_of_span(board, place.wanted.span)
        days = await self._reference.almanac(place.board, counting)
        page = ranked(board, days, place.until, place.wanted, known)
        found = page.answer.standings
        # The window that is shown is the one that its controls stay with.
        there = replace(place, until=found.date) if found else place
        boards = board_names(await self._reference.boards(), reader.say)
        await reader.show(
            ranking(page, known, reader.say),
            _drawing(page, days, known, reader.say),
            controls(page, there, boards, reader.say),
        )


def _drawing(page: Page, days: Almanac, directory: Directory, say: Say) -> Drawing | None:
    found = page.answer.standings
    if found is None:
        return None
    title = lead_title(weeks_drawn(page, days), directory, say)
    caption = bump_caption(title, found.as_of, say, page.board, page.days)
    picture = ranks_drawn(page, days, directory, caption)
    return Drawing(picture, f"ranks-{found.board}-{found.date}.png", bump_alt(picture, say))
