"""How a question is answered: acknowledged at once, in the reader's language, with its picture."""

import asyncio
import io
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import TypeVar

import aiohttp
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
from cogs._cooldowns import Cooldowns
from cogs._message import Controls, file, layout, plain, shorten

T = TypeVar("T")

_LONGEST_CHOICE = 100
_PATIENCE = 10.0
"""Seconds after which a question is answered without its picture."""

_TOO_LATE = (10008, 10015, 10062)
"""Not acknowledged within three seconds, long over, or the message with the control is gone."""

_LOST = (aiohttp.ClientError, OSError, ValueError)
"""What an answer of Discord's that is lost or cut short comes as."""

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
        image = await drawn(self.renderer, drawing, _PATIENCE) if drawing is not None else None
        view = layout(Outgoing(message, image), controls=controls)
        await self._send(view, lambda: [file(image)] if image else [])

    async def hand_out(self, message: Message, name: str, content: bytes) -> None:
        """Show the answer with a file to keep."""
        view = layout(Outgoing(message, None))
        view.children[0].add_item(  # type: ignore[attr-defined]  # the card
            discord.ui.File(f"attachment://{name}")
        )
        await self._send(view, lambda: [discord.File(io.BytesIO(content), name)])

    async def _send(
        self, view: discord.ui.LayoutView, files: Callable[[], list[discord.File]]
    ) -> None:
        view.stop()  # what its controls say is in their ids: discord.py need not remember it
        try:
            await self._put(view, files())
        except _LOST:
            # Nobody knows whether it was taken; a second answer would be one too many.
            if await self._awaited():
                await self._put(view, files())

    async def _put(self, view: discord.ui.LayoutView, files: list[discord.File]) -> None:
        if self.interaction.type is discord.InteractionType.component:
            await self.interaction.edit_original_response(view=view, attachments=files)
        else:
            await self.interaction.followup.send(view=view, files=files)

    async def _awaited(self) -> bool:
        """Say whether the answer still stands out; the same edit twice does no harm."""
        if self.interaction.type is discord.InteractionType.component:
            return True
        return (await self.interaction.original_response()).flags.loading


class Answers:
    """Begin answers to questions."""

    def __init__(
        self,
        languages: Languages,
        renderer: Renderer,
        clock: Callable[[], datetime],
        project_url: str | None = None,
        address: str | None = None,
    ) -> None:
        """Take what answers are made of, and where project and evidence have pages, if it is told.

        `cooldowns` are counted over commands and controls together; whoever changes a server's
        settings holds `changing` from reading them on.
        """
        self._languages = languages
        self._renderer = renderer
        self._clock = clock
        self.project_url = project_url
        self.address = address
        self.cooldowns = Cooldowns()
        self.changing = asyncio.Lock()

    def say(self, interaction: discord.Interaction) -> Say:
        """Return the language of whoever asks."""
        return self._languages.of(interaction.locale.value)

    def now(self) -> datetime:
        """Return the time (UTC)."""
        return self._clock()

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
        await _defer(interaction, private=private)
        now = self._clock()
        return Reader(interaction, say, now, newest_judged(now), self._renderer)


async def acknowledge(interaction: discord.Interaction) -> None:
    """Say that an answer for that person alone follows, before anything slow is done."""
    await _defer(interaction, private=True)


async def _defer(interaction: discord.Interaction, *, private: bool) -> None:
    thinking = interaction.type is not discord.InteractionType.component
    with _done_already():
        try:
            await interaction.response.defer(ephemeral=private, thinking=thinking)
        except _LOST:
            # Nobody knows whether that was taken; if it was, this is refused as done already.
            await interaction.response.defer(ephemeral=private, thinking=thinking)


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


async def refuse(interaction: discord.Interaction, error: Exception, say: Say) -> bool:
    """Tell the person alone why there is no answer, and say whether that was foreseen.

    What was not is logged by its id.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.NotFound) and cause.code in _TOO_LATE:
        # Discord takes no word on it any more.
        structlog.get_logger().warning("too late to answer", problem=str(cause))
        return False
    reference = secrets.token_hex(3)
    command = interaction.command.qualified_name if interaction.command else None
    log = structlog.get_logger().bind(command=command, reference=reference)
    if (told := _foreseen(cause, say)) is not None:
        # Not what was typed: that is nobody's business but theirs.
        log.info("question refused", why=type(cause).__name__)
        await tell_alone(interaction, f"{told}\n-# {reference}")
        return True
    log.error("command failed", exc_info=cause)
    text = say(
        "Something went wrong on our side. Please try again in a minute; if it stays,"
        " tell the operator this reference: {reference}.",
        reference=reference,
    )
    await tell_alone(interaction, text)
    return False


def _foreseen(cause: Exception, say: Say) -> str | None:
    """Return what to say of what may well happen; None of what nobody foresaw."""
    if isinstance(cause, QuestionRefused):
        return plain(refusal(cause, say))
    if isinstance(cause, app_commands.MissingPermissions):
        return say("This needs the Manage Server permission, which you do not have here.")
    return None


async def too_old(interaction: discord.Interaction, say: Say) -> None:
    """Tell the person that a control of an earlier version leads nowhere any more."""
    await tell_alone(interaction, say("This list is too old for its buttons. Please ask again."))


async def ask_to_wait(interaction: discord.Interaction, seconds: float, say: Say) -> None:
    """Tell the person when they may ask again."""
    text = say.plural(
        "One moment, please: ask again in {count} second.",
        "One moment, please: ask again in {count} seconds.",
        ceil(seconds),
    )
    await tell_alone(interaction, text)


async def tell_alone(interaction: discord.Interaction, text: str) -> None:
    """Tell a person something that nobody else sees, whatever was answered before."""
    try:
        if not interaction.response.is_done():
            with _done_already():
                await interaction.response.send_message(text, ephemeral=True)
                return
        elif interaction.type is not discord.InteractionType.component:
            await _clear(interaction)
        await interaction.followup.send(text, ephemeral=True)
    except (discord.HTTPException, *_LOST) as error:
        structlog.get_logger().warning("answer not delivered", problem=str(error))


async def _clear(interaction: discord.Interaction) -> None:
    """Take a deferral back: one for all to see can only be filled for all to see."""
    try:
        await interaction.delete_original_response()
    except (discord.HTTPException, *_LOST) as error:
        # What follows is then seen by all, or stands below; better than nothing.
        structlog.get_logger().warning("deferral not taken back", problem=str(error))
