"""/author: one author's models."""

from collections.abc import Sequence
from datetime import timedelta

import discord
from discord import app_commands

from bot.alerts import tell
from bot.answers.author import AuthorAnswer
from bot.drawn import Drawing
from bot.model import BOARD_MODELS, Milestone
from bot.openness import Directory
from bot.queries.author import author_answer
from bot.queries.milestones import naming
from bot.text.alert import Told
from bot.text.author_shares import authors_alt, authors_picture
from bot.text.authors import MILESTONES_SHOWN, author_message
from bot.text.say import Say
from cogs._answers import anywhere
from cogs._questions import Questions

_LOOKED_BACK = (timedelta(days=60), timedelta(days=365))
"""How far back milestones are looked for; the second, which costs more, where there are too few."""


class Authors(Questions):
    """Answer how an author's models stand together."""

    @anywhere
    @app_commands.command(description="Show how one author’s models stand together")
    @app_commands.describe(
        name="The author",
        board="Which ranking: all models, or one kind of use",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(name=Questions.offer_authors, board=Questions.offer_boards)
    async def author(
        self,
        interaction: discord.Interaction,
        name: str,
        board: str = BOARD_MODELS,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with the author's share, its models, and a chart of all shares."""
        reader = await self._answers.begin(interaction, private=private)
        where = (await self._board(board, reader.say)).name
        meant = (await self._reference.authors(where)).meant(name).what
        known, almanac = await self._reference.directory(), await self._reference.almanac(where)
        found = author_answer(almanac, known, meant, reader.until)
        told = await self._told(found, known, reader.say)
        message = author_message(found, told, known, reader.say)
        await reader.show(message, _drawing(found, reader.say))

    async def _told(self, found: AuthorAnswer, directory: Directory, say: Say) -> Sequence[Told]:
        named: Sequence[Milestone] = ()
        for back in _LOOKED_BACK:
            if len(named) < MILESTONES_SHOWN:
                since = found.standings.date - back
                known = await self._store.milestones(found.standings.board, since)
                named = naming(known, f"{found.author}/")
        return [tell(one, self._rules, directory, say) for one in named[:MILESTONES_SHOWN]]


def _drawing(found: AuthorAnswer, say: Say) -> Drawing | None:
    """Return the picture to draw; None of an author that is listed on none of its dates."""
    if not found.past.parts:
        return None
    name = f"author-{found.standings.board}-{found.standings.date}.png"
    return Drawing(authors_picture(found.past, say), name, authors_alt(found.past, say))
