"""The outbox's way to Discord: messages posted, published and edited through discord.py."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache

import discord

from bot.delivery import Delivery, Kind
from bot.errors import HistoryHidden, SendLater, SendRefused
from bot.message import Outgoing
from bot.subscription import DIRECT
from cogs import _elsewhere
from cogs._failures import ARCHIVED, typed_failures
from cogs._message import bears, file, layout, layout_of_text, plain_text, shorten

_LOOKED_AT = 500
"""Messages, or posts, looked through for one of ours, from the first try on."""

_MOST_MENTIONS = 40
"""Roles that one message calls: with more of them little of it would be left."""

_LONGEST_NAME = 100
_CARDS_KEPT = 16
_CLOCKS_DIFFER = timedelta(minutes=1)


class DiscordMessenger:
    """Do what the outbox asks; what goes wrong comes as one of our errors (`typed_failures`)."""

    def __init__(
        self, client: discord.Client, hears_of: Callable[[int], bool] = lambda _: True
    ) -> None:
        """Take a client that has logged in; it need not be connected to the gateway.

        `hears_of` says whether the gateway tells this client of a server, rather than another one.
        """
        self._client = client
        self._hears_of = hears_of
        # One card goes to many channels; nothing in it can be clicked, so it may be shared.
        self._card = lru_cache(maxsize=_CARDS_KEPT)(layout)

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        """Post with the delivery's nonce, or open a post of a forum; return the message's id."""
        roles = delivery.manner.mentions if delivery.kind is Kind.ALERT else ()
        mentions = roles[:_MOST_MENTIONS]
        with typed_failures(outgoing):
            if delivery.manner.forum and where == delivery.channel_id:
                return await self._open_post(where, outgoing, mentions)
            return await self._woken(where, lambda: self._send(delivery, outgoing, where, mentions))

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:
        """Put this in place of what a message says and shows."""
        with typed_failures(outgoing):
            await self._woken(where, lambda: self._edit(where, message_id, outgoing))

    async def publish(self, where: int, message_id: int) -> None:
        """Publish a message to the channels that follow this one."""
        with typed_failures():
            await (
                self._client.get_partial_messageable(where)
                .get_partial_message(message_id)
                .publish()
            )

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:
        """Return the ids of our messages since a delivery's first try that bear one of these keys.

        The oldest comes first. Raises HistoryHidden where we may not read what stands there, or
        where none of the newest bears one and more was written since then than we look through.
        """
        since = (delivery.tried_at or delivery.created_at) - _CLOCKS_DIFFER
        with typed_failures():
            channel = await self._known(where, delivery.guild_id)
            there = [message async for message in self._messages(channel, since)]
        ours = (message for message in there if self._ours(message.author.id))
        found = {each.id for each in ours if any(bears(each, key) for key in keys)}
        if not found and len(there) >= _LOOKED_AT:
            raise HistoryHidden(f"more than {len(there)} messages were written there since")
        return tuple(sorted(found))

    async def system_channel(self, guild_id: int) -> int | None:
        """Return the channel where a server wants to be told things, if we may write there."""
        if guild_id == DIRECT:
            return None
        if not self._hears_of(guild_id):
            with typed_failures():
                return await _elsewhere.system_channel(self._client, guild_id)
        guild = self._client.get_guild(guild_id)
        if (guild is None or guild.me is None) and not self._client.is_ready():
            raise SendLater("the gateway has not told of that server yet")
        channel = guild.system_channel if guild is not None else None
        if guild is None or guild.me is None or channel is None:
            return None
        allowed = channel.permissions_for(guild.me)
        return channel.id if allowed.view_channel and allowed.send_messages else None

    async def _known(self, where: int, guild_id: int) -> object:
        """Return a place whose messages we may read.

        Without the gateway's word on what we may read, an empty answer would mislead; of a server
        that it tells others of, Discord is asked.
        """
        if not self._hears_of(guild_id):
            return await self._known_elsewhere(where)
        if self._client.get_channel(where) is None and not self._client.is_ready():
            raise SendLater("it is looked for first, once the gateway has told of that place")
        channel = await self._channel(where)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return channel
        orphan = isinstance(channel, discord.Thread) and channel.parent is None
        if orphan or channel.guild.me is None:
            raise SendLater("it is looked for first, once that server is back")
        if not channel.permissions_for(channel.guild.me).read_message_history:
            raise HistoryHidden("we may not read the message history there")
        return channel

    async def _known_elsewhere(self, where: int) -> object:
        place = await self._client.fetch_channel(where)
        if not await _elsewhere.may_read_history(self._client, place):
            raise HistoryHidden("we may not read the message history there")
        return place

    async def _woken(self, where: int, act: Callable[[], Awaitable[int]]) -> int:
        """Act; if that is refused because a thread is archived, take it back from there first."""
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
        thread = await self._client.fetch_channel(where)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)
        return await act()

    async def _send(
        self, delivery: Delivery, outgoing: Outgoing, where: int, mentions: tuple[int, ...]
    ) -> int:
        channel = self._client.get_partial_messageable(where)
        if outgoing.plain:
            message = await channel.send(
                plain_text(outgoing.message, mentions),
                nonce=delivery.nonce,
                silent=delivery.silent,
                allowed_mentions=_only(mentions),
            )
        else:
            message = await channel.send(
                view=self._card(outgoing, mentions),
                files=_attachments(outgoing),
                nonce=delivery.nonce,
                silent=delivery.silent,
                allowed_mentions=_only(mentions),
            )
        return message.id

    async def _open_post(self, where: int, outgoing: Outgoing, mentions: tuple[int, ...]) -> int:
        forum = await self._channel(where)
        if not isinstance(forum, discord.ForumChannel):
            raise SendRefused(f"channel {where} is no forum any more")
        name = shorten(outgoing.message.title, _LONGEST_NAME)
        if outgoing.plain:
            opened = await forum.create_thread(
                name=name,
                content=plain_text(outgoing.message, mentions),
                applied_tags=_tags(forum),
                allowed_mentions=_only(mentions),
            )
        else:
            opened = await forum.create_thread(
                name=name,
                view=self._card(outgoing, mentions),
                files=_attachments(outgoing),
                applied_tags=_tags(forum),
                allowed_mentions=_only(mentions),
            )
        return opened.message.id

    async def _edit(self, where: int, message_id: int, outgoing: Outgoing) -> int:
        # A card stays a card: what is plain becomes a card of nothing but text.
        view = layout_of_text(outgoing.message) if outgoing.plain else layout(outgoing)
        message = self._client.get_partial_messageable(where).get_partial_message(message_id)
        await message.edit(
            view=view,
            attachments=[] if outgoing.plain else _attachments(outgoing),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        return message_id

    async def _channel(self, channel_id: int) -> object:
        return self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)

    async def _messages(self, channel: object, since: datetime) -> AsyncIterator[discord.Message]:
        """Go through the messages since then, or through the first ones of a forum's posts."""
        if isinstance(channel, discord.abc.Messageable):
            newest_first = channel.history(limit=_LOOKED_AT, after=since, oldest_first=False)
            async for message in newest_first:
                yield message
        if isinstance(channel, discord.ForumChannel):
            async for post in _posts(channel):
                if self._ours(post.owner_id) and discord.utils.snowflake_time(post.id) >= since:
                    with suppress(discord.NotFound):  # somebody has deleted it
                        yield await post.fetch_message(post.id)

    def _ours(self, author_id: int) -> bool:
        return self._client.user is not None and author_id == self._client.user.id


async def _posts(forum: discord.ForumChannel) -> AsyncIterator[discord.Thread]:
    for post in await forum.guild.active_threads():
        if post.parent_id == forum.id:
            yield post
    async for post in forum.archived_threads(limit=_LOOKED_AT):
        yield post


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """Return what a forum that wants a tag on each post gets: its first that anyone may use."""
    free = [tag for tag in forum.available_tags if not tag.moderated]
    return free[:1] if forum.flags.require_tag else []


def _attachments(outgoing: Outgoing) -> list[discord.File]:
    return [file(outgoing.image)] if outgoing.image else []


def _only(roles: Sequence[int]) -> discord.AllowedMentions:
    """Let a message mention these roles and nothing else."""
    allowed = discord.AllowedMentions.none()
    if roles:
        allowed.roles = [discord.Object(role) for role in roles]
    return allowed
