"""What the gateway tells of our servers: paused channels go on, absences are noted."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import discord
import structlog
from discord.abc import GuildChannel
from discord.ext import commands

from bot.shards import shard_of
from bot.subscription import DIRECT, Channel, PauseReason
from cogs._places import Known, lacking, our_permissions
from storage.protocol import Store

FETCHED_EVERY = timedelta(hours=1)
"""A place that the gateway does not tell of is asked for no more often than this."""

RESUMED_EVERY = timedelta(hours=6)
"""A channel goes on by itself no more often than this, for a refusal may have no visible cause."""

_UNANSWERED = (discord.DiscordException, aiohttp.ClientError, OSError)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What Discord answered when a place was asked for: None where we cannot see it."""

    place: Known | None
    when: datetime


def absent(
    known: frozenset[int], held: frozenset[int], present: frozenset[int]
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the servers that we are not in and that nobody knows of, and those that are back.

    `known` are known to be without us, `held` are those that anything is kept of.
    """
    return held - present - known, known & present


class Servers(commands.Cog):
    """Listen for what changes where we may post, and for which servers we are in.

    Whether a paused channel can be posted in is read from what the gateway says, never tried out.
    """

    def __init__(
        self,
        client: discord.AutoShardedClient,
        store: Store,
        clock: Callable[[], datetime],
        resumed: Callable[[], None],
    ) -> None:
        """Take the client that hears, the store, and whom to tell that a channel goes on."""
        self._client = client
        self._store = store
        self._clock = clock
        self._resumed = resumed
        self._asked: set[int] = set()
        self._checking: set[int] = set()
        self._fetched: dict[int, _Fetched] = {}
        self._went_on: dict[int, datetime] = {}
        self._noting = asyncio.Lock()
        self._log = structlog.get_logger()

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Bring a shard's absences in line, and look at its servers with a paused channel."""
        count = self._client.shard_count or 1

        def heard(guild_id: int) -> bool:
            return guild_id != DIRECT and shard_of(guild_id, count) == shard_id

        held = await self._store.guilds()
        await self._note(heard, held)
        await self._look_again(heard)

    async def look_again(self) -> None:
        """Look at every server with a paused channel, for not all comes with an event.

        A time-out of ours ends without one, and a permission may be back before the pause is kept.
        Raises StoreError.
        """
        await self._look_again(lambda guild_id: guild_id != DIRECT)

    async def _look_again(self, heard: Callable[[int], bool]) -> None:
        paused = [each for each in await self._store.channels() if each.paused]
        channels = {each.channel_id for each in paused}
        self._fetched = {each: what for each, what in self._fetched.items() if each in channels}
        for guild_id in filter(heard, {each.guild_id for each in paused}):
            if self._client.get_guild(guild_id) is not None:
                await self._recheck(guild_id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look at a server that is back after an outage; at the start `on_shard_ready` looks."""
        if self._client.is_ready():
            await self._recheck(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take back that a server is without us."""
        async with self._noting:
            if guild.id in await self._store.absences():
                await self._store.note_absences({}, [guild.id])
        await self._recheck(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that we were removed; an outage is no removal and comes as another event."""
        async with self._noting:
            await self._store.note_absences({guild.id: self._clock()}, [])
        self._log.info("removed from a server", guild=guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: GuildChannel) -> None:
        """Look again."""
        await self._recheck(channel.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _: GuildChannel, after: GuildChannel) -> None:
        """Look again."""
        await self._recheck(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _: discord.Role, after: discord.Role) -> None:
        """Look again. A role that is new or deleted changes nothing that is known of us."""
        await self._recheck(after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        """Look again if it is us whose roles or time-out changed."""
        if after == after.guild.me:
            await self._recheck(after.guild.id)

    @commands.Cog.listener()
    async def on_thread_update(self, _: discord.Thread, after: discord.Thread) -> None:
        """Look again."""
        await self._recheck(after.guild.id)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Look again: we see a thread that we did not see, whatever was answered before."""
        self._fetched.pop(thread.id, None)
        await self._recheck(thread.guild.id)

    async def _note(self, heard: Callable[[int], bool], held: frozenset[int]) -> None:
        async with self._noting:
            known = frozenset(filter(heard, await self._store.absences()))
            present = frozenset(guild.id for guild in self._client.guilds)  # in an outage too
            gone, back = absent(known, frozenset(filter(heard, held)), present)
            if gone or back:
                now = self._clock()
                await self._store.note_absences(dict.fromkeys(gone, now), back)
                self._log.info("servers without us", new=len(gone), back=len(back))

    async def _recheck(self, guild_id: int) -> None:
        # What changes during a look asks for one more, not for one each.
        self._asked.add(guild_id)
        if guild_id in self._checking:
            return
        self._checking.add(guild_id)
        try:
            while guild_id in self._asked:
                self._asked.discard(guild_id)
                await self._look_at(guild_id)
        finally:
            self._checking.discard(guild_id)

    async def _look_at(self, guild_id: int) -> None:
        channels = await self._store.channels(guild_id)
        again = [each for each in channels if each.paused and await self._may_go_on(each)]
        for each in again:
            if await self._store.resume(each.channel_id, self._clock()):
                self._note_resumed(each.channel_id)
                self._log.info("channel resumed", channel=each.channel_id, guild=guild_id)
        if again:
            self._resumed()

    def _note_resumed(self, channel_id: int) -> None:
        now = self._clock()
        lately = {each: at for each, at in self._went_on.items() if now - at < RESUMED_EVERY}
        self._went_on = {**lately, channel_id: now}

    async def _may_go_on(self, channel: Channel) -> bool:
        guild, pause = self._client.get_guild(channel.guild_id), channel.paused
        if guild is None or guild.unavailable:
            return False
        if pause is None or pause.reason is PauseReason.UNWELCOME:
            return False
        went_on = self._went_on.get(channel.channel_id)
        if went_on is not None and self._clock() - went_on < RESUMED_EVERY:
            return False
        place = await self._place(guild, channel.channel_id, pause.reason)
        return place is not None and not lacking(place, our_permissions(place))

    async def _place(
        self, guild: discord.Guild, channel_id: int, reason: PauseReason
    ) -> Known | None:
        place: Known | None = guild.get_channel_or_thread(channel_id)
        # An archived thread is unknown; a private one stays known after we left it.
        if place is not None and place.type is not discord.ChannelType.private_thread:
            return place
        return await self._fetch(guild, channel_id) if reason is PauseReason.FORBIDDEN else None

    async def _fetch(self, guild: discord.Guild, channel_id: int) -> Known | None:
        """Return what Discord says of a place now, or said within the hour."""
        before, now = self._fetched.get(channel_id), self._clock()
        if before is not None and now - before.when < FETCHED_EVERY:
            return before.place
        place = await _fetched(guild, channel_id)
        self._fetched[channel_id] = _Fetched(place, now)
        return place


async def _fetched(guild: discord.Guild, channel_id: int) -> Known | None:
    try:
        return await guild.fetch_channel(channel_id)
    except _UNANSWERED:
        return None
