"""/status: how things stand."""

import discord
from discord import app_commands

from bot.answers.health import Health as Found
from bot.answers.health import Here
from bot.model import Milestone
from bot.queries.health import catalogue_read, freshness, held, here
from bot.subscription import DIRECT
from bot.text.health import health_message
from cogs._answers import Reader, anywhere
from cogs._posted import posted
from cogs._questions import Questions


class Health(Questions):
    """Answer how things stand."""

    @anywhere
    @app_commands.command(description="Show how fresh the figures are, and how alerts do here")
    @app_commands.describe(private="Show the answer to you alone")
    async def status(
        self,
        interaction: discord.Interaction,
        private: bool = False,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Answer with freshness, sources, what waits, and the alerts of this place alone."""
        reader = await self._answers.begin(interaction, private=private)
        found, known = await self._found(reader), await self._reference.directory()
        newest = [found.here.newest.key] if found.here and found.here.newest else []
        alerts = await self._store.alerts_with(newest, interaction.guild_id or DIRECT)
        post = posted(alerts, interaction, reader.say)

        def headline(one: Milestone) -> str:
            return self._rules[one.rule].headline(one, known.name, reader.say)

        link = next(iter(post.values()), None)
        await reader.show(health_message(found, headline, known.name, link, reader.say))

    async def _found(self, reader: Reader) -> Found:
        fresh = await freshness(self._store, reader.until, reader.now.date())
        return Found(
            fresh=fresh,
            boards=len(await self._reference.boards()),
            catalogue=await catalogue_read(self._store),
            held=await held(self._store, fresh.states),
            here=await self._here(reader),
        )

    async def _here(self, reader: Reader) -> Here | None:
        """Return how alerts do in a server, or a person's own in our conversation; else None.

        In a group others would read what one of them watches.
        """
        asked, guild = reader.interaction, reader.interaction.guild_id
        if guild is None and not asked.context.dm_channel:
            return None
        return await here(self._store, reader.until, guild or DIRECT, asked.user.id)
