"""The discord.py client: intents, cogs, commands, errors."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import DiscordUnreachable, StoreError
from bot.metrics import AnswerResult
from bot.poller import Watched
from bot.shards import Sessions, Shards
from bot.text.say import ENGLISH, Languages, Say
from bot.turns import back_off
from cogs._answers import ask_to_wait, refuse
from cogs._cooldowns import Cooldowns
from storage.protocol import Store

LAST_SERVER = 0.5
"""Seconds after the last server that Discord tells of at the start until all are taken as told."""

FAREWELL = 5.0
"""Seconds that answers under way have when we are told to stop."""

_UNDER_WAY = "CommandTree-invoker"
"""What discord.py calls the task of a command."""

_REFUSED = (400, 403)

_BEGAN = "began"
"""Under what an interaction remembers when it came, on the loop's clock."""

IDENTIFY_AGAIN = 1.0
"""Seconds until the turn to begin a session is asked for again, where nobody can say."""

MakeCogs = Callable[[], Sequence[commands.Cog]]
CountAnswer = Callable[[str, AnswerResult, float], None]
"""Told a command, how it ended, and the seconds from receiving it to that."""


def point_at(api_url: str | None, gateway_url: str | None) -> None:
    """Make discord.py use other addresses than Discord's own (a REST proxy, a test server)."""
    if api_url is not None:
        Route.BASE = api_url
    if gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class RankshiftClient(commands.AutoShardedBot):
    """Our connections to Discord; it answers commands, and others send through it."""

    def __init__(
        self,
        store: Store,
        languages: Languages,
        make_cogs: MakeCogs,
        cooldowns: Cooldowns | None = None,
        count: CountAnswer | None = None,
        sessions: Sessions | None = None,
        **options: Any,
    ) -> None:
        """Take what makes the cogs once the event loop runs, and more options of discord.py.

        `cooldowns` are those that the cogs count the use of controls with; `count` is told how
        each command ends; without `sessions` there are all shards, as discord.py begins them.
        """
        super().__init__(
            command_prefix=commands.when_mentioned,  # we answer slash commands alone
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=60.0,  # longer waits are the outbox's business
            tree_cls=_Tree,
            **{"guild_ready_timeout": LAST_SERVER, **options},
        )
        self._store = store
        self._make_cogs = make_cogs
        self._count = count
        self._linked: set[int] = set()
        self._at_once = 1
        self._began = False
        self._identify = sessions.identify if sessions else None
        self._log = structlog.get_logger()
        self.shards_here = sessions.shards if sessions else None
        self.languages = languages
        self.cooldowns = cooldowns or Cooldowns()

    @property
    def connected(self) -> bool:
        """Say whether each of our shards tells us what happens, and has told of our servers."""
        here = self.shards_here
        linked = here is not None and self._linked.issuperset(here.ids)
        return linked and self.is_ready() and not self.is_closed()

    def hears_of(self, guild_id: int) -> bool:
        """Say whether the gateway tells this process of a server, rather than another one."""
        return self.shards_here is None or self.shards_here.have(guild_id)

    async def login(self, token: str) -> None:
        """Log in; see discord.py."""
        self._began = True
        await super().login(token)

    async def launch_shards(self) -> None:
        """Ask how many shards Discord advises and how many may begin at once, and begin them."""
        ask, attempts = Watched("Discord's gateway", self._ask_for_shards), 0
        while not await ask():
            attempts += 1
            await asyncio.sleep(back_off(attempts).total_seconds())
        await super().launch_shards()

    async def _ask_for_shards(self) -> None:
        try:
            advised, _, limits = await self.http.get_bot_gateway()
        except (discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
            raise DiscordUnreachable(f"{type(error).__name__}: {error}") from error
        self.shards_here = self.shards_here or Shards(0, advised - 1, advised)
        self.shard_ids, self.shard_count = list(self.shards_here.ids), self.shards_here.of
        self._at_once = max(limits["max_concurrency"], 1)

    async def setup_hook(self) -> None:
        """Add the cogs, and tell Discord of our commands if they changed."""
        await self.tree.set_translator(_Translator(self.languages))
        if not self.cogs:  # a log-in that failed half way is tried again
            for cog in self._make_cogs():
                await self.add_cog(cog)
        fingerprint = await self._fingerprint()
        if fingerprint != await self._store.synced_commands():
            await self._sync(fingerprint)

    async def _sync(self, fingerprint: str) -> None:
        try:
            synced = await self.tree.sync()
        except discord.HTTPException as error:
            if error.status not in _REFUSED:
                raise
            # Alerts go out all the same; the next start asks again.
            self._log.error("Discord does not take our commands", problem=str(error))
            return
        await self._store.put_synced_commands(fingerprint)
        self._log.info("commands synced", commands=len(synced))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until this shard may begin a session; Discord lets few do so in five seconds."""
        if self._identify is None:
            await super().before_identify_hook(shard_id, initial=initial)
            return None
        while True:
            try:
                return await self._identify((shard_id or 0) % self._at_once)
            except StoreError:  # which is logged where it begins
                await asyncio.sleep(IDENTIFY_AGAIN)

    async def close(self) -> None:
        """Let answers be given that are under way, for some seconds, and disconnect."""
        tasks = [task for task in asyncio.all_tasks() if task.get_name() == _UNDER_WAY]
        if tasks:
            await asyncio.wait(tasks, timeout=FAREWELL)
        if self._began:  # else there is nothing to close, and discord.py fails at it
            await super().close()

    async def on_ready(self) -> None:
        """Say so in the log; Discord may send this more than once."""
        self._log.info("connected to Discord", servers=len(self.guilds))

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard is there."""
        self._linked.add(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard is there again."""
        self._linked.add(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that a shard is gone; discord.py looks for it again by itself."""
        self._linked.discard(shard_id)

    async def on_app_command_completion(self, interaction: discord.Interaction, _: object) -> None:
        """Count a command that was answered."""
        self.count(interaction, AnswerResult.ANSWERED)

    def began(self, interaction: discord.Interaction) -> None:
        """Note when a command came."""
        interaction.extras[_BEGAN] = self.loop.time()

    def count(self, interaction: discord.Interaction, result: AnswerResult) -> None:
        """Count a command that has ended now."""
        began, command = interaction.extras.get(_BEGAN), interaction.command
        if self._count is not None and began is not None and command is not None:
            self._count(command.qualified_name, result, self.loop.time() - began)

    async def _fingerprint(self) -> str:
        translator = _Translator(self.languages)
        commands = self.tree.get_commands()
        payload = [await each.get_translated_payload(self.tree, translator) for each in commands]
        text = json.dumps([self.application_id, payload], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class _Translator(app_commands.Translator):
    """Give Discord our commands' names and descriptions in the other languages."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 — the signature is discord.py's
    ) -> str | None:
        say = self._languages.of(locale.value)
        return None if say.code == ENGLISH else say.sentences.get(string.message)


class _Tree(app_commands.CommandTree[RankshiftClient]):
    async def interaction_check(self, interaction: discord.Interaction[RankshiftClient], /) -> bool:
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        client = interaction.client
        # Each command has a task of its own, and with it its own bindings.
        structlog.contextvars.bind_contextvars(interaction=interaction.id)
        client.began(interaction)
        wait = client.cooldowns.wait(interaction)
        if wait:
            await ask_to_wait(interaction, wait, _say(interaction))
            client.count(interaction, AnswerResult.REFUSED)
        return not wait

    async def on_error(
        self,
        interaction: discord.Interaction[RankshiftClient],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        foreseen = await refuse(interaction, error, _say(interaction))
        result = AnswerResult.REFUSED if foreseen else AnswerResult.FAILED
        interaction.client.count(interaction, result)


def _say(interaction: discord.Interaction[RankshiftClient]) -> Say:
    return interaction.client.languages.of(interaction.locale.value)
