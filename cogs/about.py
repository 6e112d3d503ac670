"""/help, /about, /privacy: what this is."""

import importlib.metadata
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.message import Link
from bot.queries.reference import Reference
from bot.text.about import Offered, about_message, help_message, privacy_message
from bot.text.say import Say
from cogs._answers import Answers, anywhere
from cogs._questions import Questions
from storage.protocol import Store

_ALERTS = (
    *("subscribe", "subscriptions", "unsubscribe", "digest", "mute", "quiet", "budget", "why"),
    *("watch", "watching", "unwatch"),
)


class About(Questions):
    """Answer what this is, how to ask it, and what it keeps."""

    def __init__(self, store: Store, reference: Reference, answers: Answers) -> None:
        """Take what answers are read from, and the way to give them."""
        super().__init__(store, reference, answers)
        self._version = importlib.metadata.version("rankshift")

    @anywhere
    @app_commands.command(description="List what you can ask, and what to know before you quote it")
    @app_commands.describe(private="Show the answer to you alone, as it is if not given")
    async def help(
        self,
        interaction: discord.Interaction,
        private: bool = True,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """List every command there is."""
        reader = await self._answers.begin(interaction, private=private)
        offered = _offered(interaction.client, reader.say)
        questions = [one for name, one in offered if name not in _ALERTS]
        alerts = [one for name, one in offered if name in _ALERTS]
        await reader.show(help_message(questions, alerts, reader.say))

    @anywhere
    @app_commands.command(description="Say what this bot is, and whose the figures are")
    @app_commands.describe(private="Show the answer to you alone, as it is if not given")
    async def about(
        self,
        interaction: discord.Interaction,
        private: bool = True,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Say what this is."""
        reader = await self._answers.begin(interaction, private=private)
        newest = (await self._reference.almanac()).newest(reader.until)
        known, url = await self._reference.directory(), self._answers.project_url
        say, as_of = reader.say, newest.as_of if newest else None
        project = Link(say("The project"), url) if url else None
        message = about_message(self._version, known.registry.version, as_of, project, say)
        await reader.show(message)

    @anywhere
    @app_commands.command(description="Say what is stored about whom, and how to have it removed")
    @app_commands.describe(private="Show the answer to you alone, as it is if not given")
    async def privacy(
        self,
        interaction: discord.Interaction,
        private: bool = True,  # noqa: FBT001, FBT002 — an option of the command
    ) -> None:
        """Say what is kept."""
        reader = await self._answers.begin(interaction, private=private)
        await reader.show(privacy_message(reader.say))


def _offered(client: discord.Client, say: Say) -> Sequence[tuple[str, Offered]]:
    """Return the commands by their English names, as the reader's Discord shows them."""
    if not isinstance(client, commands.AutoShardedBot):
        return ()
    found = [each for each in client.tree.walk_commands() if isinstance(each, app_commands.Command)]
    return [
        (each.qualified_name, Offered(_named(each, say), _said(each.description, say)))
        for each in found
    ]


def _named(command: app_commands.Command[Any, ..., Any], say: Say) -> str:
    """Return a command's name, that of its group before it."""
    return " ".join(_said(name, say) for name in command.qualified_name.split())


def _said(text: str, say: Say) -> str:
    return say.sentences.get(text, text)
