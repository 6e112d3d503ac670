"""The outbox's way to Discord: messages posted and edited through discord.py."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import SendLater, SendRefused, TokenRefused
from bot.message import Outgoing
from cogs._message import file, layout

_UNAUTHORIZED = 401
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
