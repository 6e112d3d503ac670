"""The outbox's way to Discord: messages posted and edited through discord.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.errors import HistoryHidden, SendLater, SendRefused, TokenRefused
from bot.message import Outgoing
from cogs._message import file, key_line, layout

_UNAUTHORIZED = 401
_LOOKED_AT = 500
"""Messages looked through for one of ours, from the first try on."""

_CLOCKS_DIFFER = timedelta(minutes=1)
_PASSING = (429, 500, 502, 503, 504)


class DiscordMessenger:
    """Post messages with a nonce of ours, so that a repeat makes no second one, and edit them."""

    def __init__(self, client: discord.Client) -> None:
        """Take a client that has logged in; it need not be connected to the gateway."""
        self._client = client

    async def send(self, channel_id: int, outgoing: Outgoing, nonce: str) -> int:
        """Post and return the message's id. Raises SendLater, SendRefused, TokenRefused."""
        channel = self._client.get_partial_messageable(channel_id)
        with _typed_failures():
            message = await channel.send(
                view=layout(outgoing),
                files=_attachments(outgoing),
                nonce=nonce,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return message.id

    async def edit(self, channel_id: int, message_id: int, outgoing: Outgoing) -> None:
        """Put this in place of what a message says and shows. Raises as `send` does."""
        channel = self._client.get_partial_messageable(channel_id)
        with _typed_failures():
            await channel.get_partial_message(message_id).edit(
                view=layout(outgoing),
                attachments=_attachments(outgoing),
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """Return the id of our message sent after `since` (UTC) that bears a key, None without one.

        Raises HistoryHidden where we may not read the channel, and as `send` does.
        """
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            allowed = channel.permissions_for(channel.guild.me)
            if not allowed.read_message_history:
                raise HistoryHidden("we may not read the message history there")
        messages = self._client.get_partial_messageable(channel_id)
        with _typed_failures():
            async for message in messages.history(limit=_LOOKED_AT, after=since - _CLOCKS_DIFFER):
                mine = self._client.user is not None and message.author.id == self._client.user.id
                if mine and any(key_line(key) in text for text in _texts(message)):
                    return message.id
        return None


def _texts(message: discord.Message) -> list[str]:
    found = (part for each in message.components for part in _parts(each))
    return [part.content for part in found if isinstance(part, discord.TextDisplay)]


def _parts(component: discord.Component) -> list[discord.Component]:
    if isinstance(component, discord.Container):
        return list(component.children)
    return [component]


def _attachments(outgoing: Outgoing) -> list[discord.File]:
    return [file(outgoing.image)] if outgoing.image else []


@contextmanager
def _typed_failures() -> Iterator[None]:
    try:
        yield
    except discord.HTTPException as error:
        raise _failure(error) from error
    except (TimeoutError, discord.RateLimited, aiohttp.ClientError, OSError) as error:
        raise SendLater(f"{type(error).__name__}: {error}") from error


def _failure(error: discord.HTTPException) -> Exception:
    what = f"Discord answered {error.status} (code {error.code}): {error.text}"
    if error.status == _UNAUTHORIZED:
        return TokenRefused(what)
    return SendLater(what) if error.status in _PASSING else SendRefused(what)
