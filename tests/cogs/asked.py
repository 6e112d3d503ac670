"""The real client and its commands above an in-process Discord: what people type, and see.

Two things that simcord does otherwise than Discord are put right here: it has every person read
English, and it refuses what follows a deferral that was deleted (404, 10008).
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord
import simcord
from discord.app_commands import CommandInvokeError, MissingPermissions
from discord.ext import commands
from simcord.builders import ChannelHandle, RoleHandle
from simcord.results import InteractionResult, ResponseMessage
from simcord.types import HttpLogEntry

from bot import rules
from bot.alerts import Composer
from bot.client import RankshiftClient
from bot.errors import QuestionRefused
from bot.openness import Registry
from bot.packaged import read_boards, read_languages, read_registry
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.service import asking, managing
from cogs._answers import Answers
from cogs.watching import Watching
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import SUBCOMMANDS
from tests.wire.discord_schema import Json

ENGLISH, TURKISH = "en-US", "tr"
CHANNEL, ROLE = "#news", "@readers"
"""What these stand for is in `Asked`."""

_SETTLED_WITHIN = 60.0
"""Seconds for one answer, of which the first has to start the drawing worker."""

ROLE_SELECT = 6

_DEFERRALS = {5, 6}
_FORESEEN = (QuestionRefused, MissingPermissions)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person sees in answer, and all that was sent for it.

    `errors` are those that nobody foresaw; `bodies` are messages as the bot sent them.
    """

    message: ResponseMessage
    bodies: tuple[Json, ...]
    errors: tuple[BaseException, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text, top to bottom."""
        parts = (one.get("content", "") for one in self.parts)
        return tuple(filter(None, (self.message.content, *parts)))

    @property
    def text(self) -> str:
        """All of them."""
        return "\n".join(self.texts)

    @property
    def parts(self) -> tuple[Json, ...]:
        """Every component, and what they hold."""
        return tuple(walk(self.message.components))

    @property
    def controls(self) -> tuple[Json, ...]:
        """The buttons and selects that can be used."""
        return tuple(one for one in self.parts if "custom_id" in one and not one.get("disabled"))

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return self.message.ephemeral

    @property
    def files(self) -> Mapping[str, str | None]:
        """The alternative texts of the files, by name."""
        return {one.filename: one.description for one in self.message.attachments}


class Asked:
    """A bot in a server with a channel and a role, and a member there who may manage it."""

    def __init__(self, client: RankshiftClient, env: simcord.Env, store: Store) -> None:
        self.client = client
        self.store = store
        self._env = env
        guild = env.create_guild()
        self._person = env.create_user("ann")
        manager = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
        self._member = guild.add_member(self._person, roles=[manager])
        channel = guild.create_text_channel(CHANNEL[1:])
        role = guild.create_role(ROLE[1:], permissions=discord.Permissions.none())
        self._places: Mapping[str, ChannelHandle | RoleHandle] = {CHANNEL: channel, ROLE: role}
        self.guild_id, self.channel_id, self.role_id = guild.id, channel.id, role.id
        self.person_id = self._person.id
        self._locale = ENGLISH
        self._sent = 0
        self._let_read()
        self._let_follow()

    async def typed(self, name: str, locale: str, /, **options: object) -> Said:
        """Type a command in the channel; "#news" and "@readers" are the channel and the role."""
        await self._begin(locale)
        given = {key: self._places.get(str(value), value) for key, value in options.items()}
        result = await self._member.slash(self._channel, name, **given)
        return self._said(result)

    async def written(self, name: str, locale: str, /, **options: object) -> Said:
        """Type a command in the direct messages with the bot."""
        await self._begin(locale)
        return self._said(await self._person.slash(name, **options))

    async def offered(
        self, name: str, option: str, text: str, locale: str, /
    ) -> Sequence[Mapping[str, str]]:
        """Begin to type into an option, and return what is offered."""
        await self._begin(locale)
        return await self._member.autocomplete(self._channel, name, option, text)

    async def used(
        self, said: Said, control: Json, locale: str, values: Sequence[str] | None = None
    ) -> Said:
        """Press a button below an answer, or choose values in a select.

        If none are given that is its last option, or the role.
        """
        await self._begin(locale)
        message, which = said.message, control["custom_id"]
        if control["type"] == ROLE_SELECT:
            roles = [self._places[ROLE]] if values is None else list(values)
            return self._said(await self._member.select(message, roles, custom_id=which))
        if "options" in control:
            chosen = [control["options"][-1]["value"]] if values is None else list(values)
            return self._said(await self._member.select(message, chosen, custom_id=which))
        return self._said(await self._member.click(message, custom_id=which))

    @property
    def _channel(self) -> ChannelHandle:
        channel = self._places[CHANNEL]
        assert isinstance(channel, ChannelHandle)
        return channel

    async def _begin(self, locale: str) -> None:
        """Let somebody of a language act, a minute later: nobody has asked too often."""
        self._locale = locale
        self._sent = len(self._env.http_requests)
        self._cursor = self._env.error_cursor
        await self._env.advance_time(60)

    def _let_read(self) -> None:
        """Say with each interaction which language the person reads."""
        parsers = self.client._connection.parsers
        heard = parsers["INTERACTION_CREATE"]
        parsers["INTERACTION_CREATE"] = lambda data: heard(data | {"locale": self._locale})

    def _let_follow(self) -> None:
        """Let a deferral end with its message."""
        backend = self._env.backend
        delete = backend.delete_message

        def delete_and_end(channel_id: int, message_id: int) -> None:
            delete(channel_id, message_id)
            for each in backend.interactions.values():
                if each.loading and each.message_id == message_id:
                    each.complete_deferred()

        backend.delete_message = delete_and_end

    def _said(self, result: InteractionResult) -> Said:
        answers = [*([result.response] if result.response else []), *result.followups]
        if not answers:
            raise LookupError(f"no answer: {self._env.transcript()}")
        bodies = tuple(map(_message, filter(_sends, self._env.http_requests[self._sent :])))
        return Said(answers[-1], bodies, self._unforeseen())

    def _unforeseen(self) -> tuple[BaseException, ...]:
        found = self._env.errors_since(self._cursor)
        causes = [each.original if isinstance(each, CommandInvokeError) else each for each in found]
        return tuple(each for each in causes if not isinstance(each, _FORESEEN))


def _sends(request: HttpLogEntry) -> bool:
    """Say whether a request sends or edits a message: no deferral, no opening of a channel."""
    body = request.json
    return (
        request.path.startswith(("/interactions/", "/webhooks/"))
        and isinstance(body, dict)
        and body.get("type") not in _DEFERRALS
    )


def _message(request: HttpLogEntry) -> Json:
    body: Json = request.json
    return body.get("data", body)


class _Brisk(simcord.Env):
    async def _settle_internal(self, *, idle: float = 0.001, **options: Any) -> None:
        # By itself it looks 20 times a second whether an answer is complete.
        await super()._settle_internal(idle=idle, **options)


@asynccontextmanager
async def asked(
    folder: Path, registry: Registry, now: datetime, renderer: Renderer
) -> AsyncIterator[Asked]:
    """Start a bot on a data folder, its clock at `now`, and stop it again."""
    store = TinyDBStore(folder, writable=True)
    reference = Reference(store, registry, read_boards())
    with closing(Backtests(store, reference)) as backtests:
        client = _client(store, reference, backtests, now, renderer)
        env = _Brisk(client, settle_timeout=_SETTLED_WITHIN, check_errors=False)
        await env.start()
        try:
            yield Asked(client, env, store)
        finally:
            await env.shutdown()
            await store.close()


async def leaves() -> Mapping[str, Json]:
    """Return every command as Discord is told of it, subcommands by their whole name."""
    with TemporaryDirectory() as folder, closing(Renderer()) as renderer:
        store = TinyDBStore(Path(folder), writable=False)
        reference = Reference(store, read_registry(), read_boards())
        backtests, now = Backtests(store, reference), datetime(2026, 1, 1, tzinfo=UTC)
        client = _client(store, reference, backtests, now, renderer)
        for cog in client._make_cogs():
            await client.add_cog(cog)
        roots = [each.to_dict(client.tree) for each in client.tree.get_commands()]
        await store.close()
    return dict(leaf for root in roots for leaf in _leaves(root))


def _leaves(command: Json, prefix: str = "") -> Iterator[tuple[str, Json]]:
    name, below = f"{prefix}{command['name']}", command.get("options", [])
    inner = [option for option in below if option["type"] in SUBCOMMANDS]
    for one in inner:
        yield from _leaves(one, f"{name} ")
    if not inner:
        yield name, command


def _client(
    store: TinyDBStore,
    reference: Reference,
    backtests: Backtests,
    now: datetime,
    renderer: Renderer,
) -> RankshiftClient:
    languages = read_languages()
    answers = Answers(languages, renderer, lambda: now)
    known = reference.directory
    compose = Composer(store, renderer, rules.discover(), known, languages, read_boards())

    def cogs() -> Sequence[commands.Cog]:
        return (
            *asking(store, reference, answers, backtests, compose),
            *managing(store, reference, answers, lambda: None, compose, backtests),
            Watching(store, reference, languages, lambda: now, lambda: None),
        )

    return RankshiftClient(store, languages, cogs, shard_count=1)
