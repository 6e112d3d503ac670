"""How a question is answered: acknowledged at once, in the reader's language, with its picture."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import TypeVar

import discord
import structlog
from discord import app_commands
from discord.app_commands import Choice

from bot.drawn import Drawing, drawn
from bot.errors import QuestionRefused
from bot.message import Message, Outgoing
from bot.queries.names import Named
from bot.render import Renderer
from bot.standings import newest_judged
from bot.text.refusals import refusal
from bot.text.say import Languages, Say
from cogs._message import Controls, file, layout, plain, shorten

T = TypeVar("T")

_LONGEST_CHOICE = 100
_TOO_LATE = (10015, 10062)
"""The interaction is unknown: it was not acknowledged within three seconds, or is long over."""

_DONE = (40060,)
"""Already acknowledged: the person saw it though we were told that it failed."""


def anywhere(command: T) -> T:
    """Offer a command in servers, direct messages and groups, and to whoever installed us."""
    allowed = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(allowed(command))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, in which language they read, and the newest day that may be judged by now."""

    interaction: discord.Interaction
    say: Say
    now: datetime
    until: date
    renderer: Renderer

    async def show(
        self, message: Message, drawing: Drawing | None = None, controls: Controls = ()
    ) -> None:
        """Show the answer; where a control was used, in place of what stood there."""
        image = await drawn(self.renderer, drawing) if drawing is not None else None
        view = layout(Outgoing(message, image), controls=controls)
        view.stop()  # what its controls say is in their ids: discord.py need not remember it
        files = [file(image)] if image else []
        if self.interaction.type is discord.InteractionType.component:
            await self.interaction.edit_original_response(view=view, attachments=files)
        else:
            await self.interaction.followup.send(view=view, files=files)

    async def hand_out(self, message: Message, attachment: discord.File) -> None:
        """Show the answer with a file to keep."""
        view = layout(Outgoing(message, None))
        view.children[0].add_item(  # type: ignore[attr-defined]  # the card
            discord.ui.File(f"attachment://{attachment.filename}")
        )
        view.stop()
        await self.interaction.followup.send(view=view, files=[attachment])


class Answers:
    """Begin answers to questions."""

    def __init__(
        self,
        languages: Languages,
        renderer: Renderer,
        clock: Callable[[], datetime],
        project_url: str | None = None,
    ) -> None:
        """Take what answers are made of, and where the project has its page, if it is told."""
        self._languages = languages
        self._renderer = renderer
        self._clock = clock
        self.project_url = project_url

    def say(self, interaction: discord.Interaction) -> Say:
        """Return the language of whoever asks."""
        return self._languages.of(interaction.locale.value)

    def until(self) -> date:
        """Return the newest day that may be judged now."""
        return newest_judged(self._clock())

    async def begin(self, interaction: discord.Interaction, *, private: bool) -> Reader:
        """Acknowledge a question, which anything slow may follow; `private`: seen by them alone."""
        return await self._begun(interaction, self.say(interaction), private=private)

    async def again(self, interaction: discord.Interaction, language: str) -> Reader:
        """Acknowledge the use of a control below an answer in that language."""
        return await self._begun(interaction, self._languages.of(language), private=False)

    async def _begun(self, interaction: discord.Interaction, say: Say, *, private: bool) -> Reader:
        thinking = interaction.type is not discord.InteractionType.component
        with _done_already():
            await interaction.response.defer(ephemeral=private, thinking=thinking)
        now = self._clock()
        return Reader(interaction, say, now, newest_judged(now), self._renderer)


async def acknowledge(interaction: discord.Interaction) -> None:
    """Say that an answer for that person alone follows, before anything slow is done."""
    with _done_already():
        await interaction.response.defer(ephemeral=True, thinking=True)


@contextmanager
def _done_already() -> Iterator[None]:
    """Go on where Discord says that this was acknowledged: we were told otherwise wrongly."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code not in _DONE:
            raise


def choices(offered: Sequence[Named]) -> list[Choice[str]]:
    """Return names as Discord offers them while somebody types."""
    return [
        Choice(name=shorten(one.name, _LONGEST_CHOICE), value=one.what)
        for one in offered
        if len(one.what) <= _LONGEST_CHOICE
    ]


async def refuse(interaction: discord.Interaction, error: Exception, say: Say) -> None:
    """Tell the person alone why there is no answer; what we did not foresee is logged by its id."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.NotFound) and cause.code in _TOO_LATE:
        # Discord takes no word on it any more.
        structlog.get_logger().warning("too late to answer", problem=str(cause))
        return
    if isinstance(cause, QuestionRefused):
        await _tell(interaction, plain(refusal(cause, say)))
        return
    if isinstance(cause, app_commands.MissingPermissions):
        text = say("This needs the Manage Server permission, which you do not have here.")
        await _tell(interaction, text)
        return
    reference = secrets.token_hex(3)
    command = interaction.command.qualified_name if interaction.command else None
    structlog.get_logger().error(
        "command failed", command=command, reference=reference, exc_info=cause
    )
    text = say(
        "Something went wrong on our side. Please try again in a minute; if it stays,"
        " tell the operator this reference: {reference}.",
        reference=reference,
    )
    await _tell(interaction, text)


async def ask_to_wait(interaction: discord.Interaction, seconds: float, say: Say) -> None:
    """Tell the person when they may ask again."""
    text = say.plural(
        "One moment, please: ask again in {count} second.",
        "One moment, please: ask again in {count} seconds.",
        ceil(seconds),
    )
    await _tell(interaction, text)


async def _tell(interaction: discord.Interaction, text: str) -> None:
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(text, ephemeral=True)
            return
        if interaction.type is not discord.InteractionType.component:
            # A deferral for all to see can only be filled for all to see.
            await interaction.delete_original_response()
        await interaction.followup.send(text, ephemeral=True)
    except discord.HTTPException as error:
        structlog.get_logger().warning("answer not delivered", problem=str(error))
