"""/watch, /unwatch, /watching: what a person is told of by direct message."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import discord
import structlog
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.errors import SendFailed, TokenRefused, UnknownName
from bot.model import BOARD_MODELS, Severity
from bot.openness import Directory
from bot.queries.names import Named, Names
from bot.queries.reference import Reference
from bot.standings import newest_judged
from bot.subscription import DIRECT, MOST_WATCHES, Pause, Subscription, Wish
from bot.text.pauses import direct
from bot.text.say import Languages, Say
from cogs._answers import acknowledge, anywhere, choices
from cogs._failures import typed_failures
from cogs._message import plain, shorten
from storage.protocol import Store

_LONGEST_CHOICE = 100
_LONGEST_NAME = 60
_LONGEST = 2000

Text = app_commands.Range[str, 1, _LONGEST_CHOICE]


class Watching(commands.Cog):
    """Keep what each person watches: one subscription of their direct messages with us."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        languages: Languages,
        clock: Callable[[], datetime],
        resumed: Callable[[], None],
    ) -> None:
        """Take what is known of models, and whom to tell that paused messages go on."""
        self._store = store
        self._reference = reference
        self._languages = languages
        self._clock = clock
        self._resumed = resumed
        self._changing = asyncio.Lock()

    @anywhere
    @app_commands.command(description="Get a direct message when a model or an author is news")
    @app_commands.describe(model="The model to watch", author="The author whose models to watch")
    async def watch(
        self,
        interaction: discord.Interaction,
        model: Text | None = None,
        author: Text | None = None,
    ) -> None:
        """Watch a model or an author; paused messages go on."""
        await acknowledge(interaction)
        say = self._say(interaction)
        if (model is None) == (author is None):
            text = say("Please name either a model or an author.")
        else:
            what = await self._named(model, author)
            text = await self._watch(interaction.user, what, say)
        await interaction.followup.send(text, ephemeral=True)

    @anywhere
    @app_commands.command(description="Stop the direct messages about a model or an author")
    @app_commands.describe(what="What you watch now")
    async def unwatch(self, interaction: discord.Interaction, what: Text) -> None:
        """End a watch; with the last one goes all that a person's watches are kept as."""
        await acknowledge(interaction)
        text = await self._unwatch(interaction.user.id, what, self._say(interaction))
        await interaction.followup.send(text, ephemeral=True)

    @anywhere
    @app_commands.command(description="List what you watch")
    async def watching(self, interaction: discord.Interaction) -> None:
        """List a person's watches, with what keeps us from telling them."""
        await acknowledge(interaction)
        say, found = self._say(interaction), await self._of(interaction.user.id)
        if found is None:
            text = say("You watch nothing. `/watch` starts it.")
        else:
            paused = await self._paused(found.channel_id)
            text = _listed(found, paused, await self._labels(found, say), say)
        await interaction.followup.send(text, ephemeral=True)

    @watch.autocomplete("model")
    async def _offer_models(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return choices((await self._reference.models()).offered(typed))

    @watch.autocomplete("author")
    async def _offer_authors(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return choices((await self._reference.authors()).offered(typed))

    @unwatch.autocomplete("what")
    async def _offer_own(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = await self._of(interaction.user.id)
        if found is None:
            return []
        return choices(_watched(await self._labels(found, self._say(interaction))).offered(typed))

    async def _watch(self, person: discord.User | discord.Member, what: str, say: Say) -> str:
        label = _label(what, await self._reference.directory(), say)
        async with self._changing:
            before = await self._of(person.id)
            watched = before.wish.only if before is not None else ()
            if what not in watched and len(watched) >= MOST_WATCHES:
                return say(
                    "You watch {count} already, and that is as many as I can keep for one person."
                    " `/unwatch` one that you need no more, then try again.",
                    count=len(watched),
                )
            try:
                before = before or await self._first(person, say)
            except (SendFailed, TokenRefused) as error:
                return _unopened(error, say)
            return await self._keep(before, what, plain(label), say)

    async def _first(self, person: discord.User | discord.Member, say: Say) -> Subscription:
        """Return what a person's watches are kept as, before the first. Raises SendFailed."""
        with typed_failures():
            channel = await person.create_dm()
        now = self._clock()
        return Subscription(
            channel_id=channel.id,
            guild_id=DIRECT,
            wish=Wish(least=Severity.MINOR),
            after=(await self._store.progress(BOARD_MODELS)).through or newest_judged(now),
            created_at=now,
            created_by=person.id,
            language=say.code,
        )

    async def _keep(self, before: Subscription, what: str, label: str, say: Say) -> str:
        watched = before.wish.only
        new = what not in watched
        wish = replace(before.wish, only=(*watched, what) if new else watched)
        after = replace(before, wish=wish, language=say.code)
        if not await self._store.amend(after):
            # What was watched before may have been deleted meanwhile: that does not come back.
            await self._store.subscribe(replace(after, wish=replace(wish, only=(what,))))
        if await self._store.resume(before.channel_id, self._clock()):
            self._resumed()
            return say(
                "You watch {what}, and I try to write to you again. If that is still refused,"
                " `/watching` says so.",
                what=label,
            )
        if new:
            return say("You watch {what} now. News of it comes by direct message.", what=label)
        return say("You watch {what} already.", what=label)

    async def _unwatch(self, person: int, text: str, say: Say) -> str:
        async with self._changing:
            found = await self._of(person)
            labels = await self._labels(found, say) if found else {}
            try:
                what = _watched(labels).meant(text).what
            except UnknownName:
                return say("You do not watch that. `/watching` lists what you watch.")
            await self._drop(found, what)
            return say("You watch {what} no longer.", what=plain(labels[what]))

    async def _drop(self, found: Subscription | None, what: str) -> None:
        if found is None:
            return
        left = tuple(each for each in found.wish.only if each != what)
        if left:
            await self._store.amend(replace(found, wish=replace(found.wish, only=left)))
        else:
            await self._store.unsubscribe(found.channel_id)

    async def _of(self, person: int) -> Subscription | None:
        found = await self._store.subscriptions(DIRECT)
        return next((each for each in found if each.created_by == person), None)

    async def _paused(self, channel_id: int) -> Pause | None:
        channels = await self._store.channels(DIRECT)
        return next((each.paused for each in channels if each.channel_id == channel_id), None)

    async def _named(self, model: str | None, author: str | None) -> str:
        """Return the model, or the author as "author/". Raises UnknownName."""
        if author is not None:
            known = await self._reference.authors()
            return f"{known.meant(author.split('/', 1)[0]).what}/"
        return (await self._reference.models()).meant(model or "").what

    async def _labels(self, found: Subscription, say: Say) -> Mapping[str, str]:
        known = await self._reference.directory()
        return {what: _label(what, known, say) for what in found.wish.only}

    def _say(self, interaction: discord.Interaction) -> Say:
        return self._languages.of(interaction.locale.value)


def _unopened(error: Exception, say: Say) -> str:
    reference = secrets.token_hex(3)
    log = structlog.get_logger()
    log.warning("direct messages not opened", reference=reference, problem=str(error))
    return say(
        "I cannot open direct messages with you at the moment. Please try again in a few minutes;"
        " if it stays, tell the operator this reference: {reference}.",
        reference=reference,
    )


def _watched(labels: Mapping[str, str]) -> Names:
    return Names("watch", tuple(Named(what, label) for what, label in labels.items()))


def _label(what: str, directory: Directory, say: Say) -> str:
    if what.endswith("/"):
        return say("all models of {author}", author=shorten(what[:-1], _LONGEST_NAME))
    return shorten(directory.name(what), _LONGEST_NAME)


def _listed(found: Subscription, paused: Pause | None, labels: Mapping[str, str], say: Say) -> str:
    lines = [
        *([direct(paused, say)] if paused else []),
        say("Watched since {since}:", since=say.day(found.created_at.date())),
        *(f"- {plain(label)}" for label in labels.values()),
    ]
    return shorten("\n".join(lines), _LONGEST)
