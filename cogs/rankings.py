"""/rankings: who leads."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.alerts import draw_ranks
from bot.message import Image, Outgoing
from bot.model import BOARD_MODELS, Standings
from bot.openness import Directory
from bot.queries import rank_history, rankings
from bot.render import Renderer
from bot.standings import newest_judged
from bot.text.captions import bump_caption
from bot.text.ranking import ranking
from bot.text.say import Languages, Say
from cogs._message import file, layout
from storage.protocol import Store


class Rankings(commands.Cog):
    """Answer what the standings are."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        directory: Callable[[], Awaitable[Directory]],
        languages: Languages,
        clock: Callable[[], datetime],
    ) -> None:
        """Take what answers are made of."""
        self._store = store
        self._renderer = renderer
        self._directory = directory
        self._languages = languages
        self._clock = clock

    @app_commands.command(description="Show the most-used models of the last seven complete days")
    @app_commands.describe(top="How many models to show: 1 to 25, 10 if not given")
    async def rankings(
        self, interaction: discord.Interaction, top: app_commands.Range[int, 1, 25] = 10
    ) -> None:
        """Answer with the standings and the chart of ranks."""
        await interaction.response.defer(thinking=True)
        say, directory = self._languages.of(interaction.locale.value), await self._directory()
        answer = await rankings(self._store, BOARD_MODELS, newest_judged(self._clock()))
        message = ranking(answer, top, directory, say)
        image = None
        if answer.standings is not None:
            image = await self._image(answer.standings, directory, say)
        await interaction.followup.send(
            view=layout(Outgoing(message, image)), files=[file(image)] if image else []
        )

    async def _image(self, found: Standings, directory: Directory, say: Say) -> Image | None:
        leader = directory.name(found.places[0].model) if found.places else ""
        title = say("{model} is the most-used model", model=leader)
        caption = bump_caption(title, found.as_of, say)
        picture = await rank_history(self._store, found.board, found.date, directory, caption)
        return await draw_ranks(self._renderer, picture, found.date, say)
