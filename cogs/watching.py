"""/watch, /unwatch, /watching: what a person is told of by direct message."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.delivery import DIRECT, Subscription
from bot.errors import SendFailed, TokenRefused
from bot.model import BOARD_MODELS, Severity
from bot.openness import Directory
from bot.openness import author as maker
from bot.queries import rankings
from bot.standings import newest_judged
from bot.text.pauses import direct
from bot.text.say import Languages, Say
from cogs._failures import typed_failures
from cogs._message import plain, shorten
from storage.protocol import Store

MOST = 25
"""Watches of one person; Discord takes as many choices for an option."""

_LONGEST_CHOICE = 100
_LONGEST_NAME = 60
_LONGEST = 2000

Text = app_commands.Range[str, 1, _LONGEST_CHOICE]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What can be watched, with its names, those first that lead: models, and authors ("a/")."""

    models: Mapping[str, str]
    authors: Mapping[str, str]


def _anywhere(command: T) -> T:
    """Offer a command in servers, direct messages and groups, and to whoever installed us."""
    allowed = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(allowed(command))


class Watching(commands.Cog):
    """Keep what each person watches: one subscription of their direct messages with us."""

    def __init__(
        self,
        store: Store,
        directory: Callable[[], Awaitable[Directory]],
        languages: Languages,
        clock: Callable[[], datetime],
        resumed: Callable[[], None],
    ) -> None:
        """Take what is known of models, and whom to tell that paused messages go on."""
        self._store = store
        self._directory = directory
        self._languages = languages
        self._clock = clock
        self._resumed = resumed
        self._changing = asyncio.Lock()

    @_anywhere
    @app_commands.command(description="Get a direct message when a model or an author is news")
    @app_commands.describe(model="The model to watch", author="The author whose models to watch")
    async def watch(
        self,
        interaction: discord.Interaction,
        model: Text | None = None,
        author: Text | None = None,
    ) -> None:
        """Watch a model or an author; paused messages go on."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = self._say(interaction)
        if (model is None) == (author is None):
            text = say("Please name either a model or an author.")
        else:
            what = await self._named(model, author)
            text = await self._watch(interaction.user, what, say) if what else _unknown(say)
        await interaction.followup.send(text, ephemeral=True)

    @_anywhere
    @app_commands.command(description="Stop the direct messages about a model or an author")
    @app_commands.describe(what="What you watch now")
    async def unwatch(self, interaction: discord.Interaction, what: Text) -> None:
        """End a watch; with the last one goes all that a person's watches are kept as."""
        text = await self._unwatch(interaction.user.id, what, self._say(interaction))
        await interaction.response.send_message(text, ephemeral=True)

    @_anywhere
    @app_commands.command(description="List what you watch")
    async def watching(self, interaction: discord.Interaction) -> None:
        """List a person's watches, with what keeps us from telling them."""
        say, found = self._say(interaction), await self._of(interaction.user.id)
        if found is None:
            text = say("You watch nothing. `/watch` starts it.")
        else:
            text = _listed(found, self._labels(found, await self._directory(), say), say)
        await interaction.response.send_message(text, ephemeral=True)

    @watch.autocomplete("model")
    async def _offer_models(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return _choices(typed, (await self._known()).models)

    @watch.autocomplete("author")
    async def _offer_authors(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return _choices(typed, (await self._known()).authors)

    @unwatch.autocomplete("what")
    async def _offer_own(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = await self._of(interaction.user.id)
        if found is None:
            return []
        return _choices(typed, self._labels(found, await self._directory(), self._say(interaction)))

    async def _watch(self, person: discord.User | discord.Member, what: str, say: Say) -> str:
        label = _label(what, await self._directory(), say)
        async with self._changing:
            before = await self._of(person.id)
            if before is not None and what not in before.only and len(before.only) >= MOST:
                return say(
                    "You watch {count} already, and that is as many as I can keep for one person."
                    " `/unwatch` one that you need no more, then try again.",
                    count=len(before.only),
                )
            try:
                before = before or await self._first(person, say)
            except (SendFailed, TokenRefused):
                return say(
                    "I cannot open direct messages with you at the moment. Please try again in a"
                    " few minutes."
                )
            return await self._keep(before, what, plain(label), say)

    async def _first(self, person: discord.User | discord.Member, say: Say) -> Subscription:
        """Return what a person's watches are kept as, before the first. Raises SendFailed."""
        with typed_failures():
            channel = await person.create_dm()
        now = self._clock()
        return Subscription(
            channel_id=channel.id,
            guild_id=DIRECT,
            board=BOARD_MODELS,
            after=(await self._store.progress(BOARD_MODELS)).through or newest_judged(now),
            created_at=now,
            created_by=person.id,
            language=say.code,
            least=Severity.MINOR,
        )

    async def _keep(self, before: Subscription, what: str, label: str, say: Say) -> str:
        new = what not in before.only
        only = (*before.only, what) if new else before.only
        after = replace(before, only=only, language=say.code)
        if not await self._store.amend(after):
            await self._store.subscribe(after)
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
            labels = self._labels(found, await self._directory(), say) if found else {}
            what = named(text, labels)
            if found is None or what is None:
                return say("You do not watch that. `/watching` lists what you watch.")
            left = tuple(each for each in found.only if each != what)
            if left:
                await self._store.amend(replace(found, only=left))
            else:
                await self._store.unsubscribe(found.channel_id)
            return say("You watch {what} no longer.", what=plain(labels[what]))

    async def _of(self, person: int) -> Subscription | None:
        found = await self._store.subscriptions(DIRECT)
        return next((each for each in found if each.created_by == person), None)

    async def _known(self) -> Known:
        directory = await self._directory()
        answer = await rankings(self._store, BOARD_MODELS, newest_judged(self._clock()))
        ranked = [place.model for place in answer.standings.places] if answer.standings else []
        models = {model: directory.name(model) for model in (*ranked, *directory.models())}
        return Known(models, {f"{maker(model)}/": maker(model) for model in models})

    async def _named(self, model: str | None, author: str | None) -> str | None:
        known = await self._known()
        if author is not None:
            return named(maker(author.strip().casefold()), known.authors)
        return named(model or "", known.models)

    def _labels(self, found: Subscription, directory: Directory, say: Say) -> Mapping[str, str]:
        return {what: _label(what, directory, say) for what in found.only}

    def _say(self, interaction: discord.Interaction) -> Say:
        return self._languages.of(interaction.locale.value)


def named(text: str, offered: Mapping[str, str]) -> str | None:
    """Return what a text names of what is offered, by its slug or its name; None if nothing."""
    wanted = text.strip().casefold().removesuffix("/")
    slugs = {what.casefold().removesuffix("/"): what for what in offered}
    return slugs.get(wanted) or next(
        (what for what, name in offered.items() if name.casefold() == wanted), None
    )


def _choices(typed: str, offered: Mapping[str, str]) -> list[Choice[str]]:
    wanted = typed.strip().casefold()
    fitting = (
        Choice(name=shorten(name, _LONGEST_CHOICE), value=what)
        for what, name in offered.items()
        if wanted in what.casefold() or wanted in name.casefold()
        if len(what) <= _LONGEST_CHOICE
    )
    return list(islice(fitting, MOST))


def _label(what: str, directory: Directory, say: Say) -> str:
    if what.endswith("/"):
        return say("all models of {author}", author=shorten(what[:-1], _LONGEST_NAME))
    return shorten(directory.name(what), _LONGEST_NAME)


def _listed(found: Subscription, labels: Mapping[str, str], say: Say) -> str:
    lines = [
        *([direct(found.paused, say)] if found.paused else []),
        say("Watched since {since}:", since=say.day(found.created_at.date())),
        *(f"- {plain(label)}" for label in labels.values()),
    ]
    return shorten("\n".join(lines), _LONGEST)


def _unknown(say: Say) -> str:
    return say("I know none of that name. Please choose one that is offered while you type.")
