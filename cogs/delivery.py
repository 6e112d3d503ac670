"""The outbox's way to send: one message to one channel through discord.py."""

import aiohttp
import discord

from bot.errors import SendLater, SendRefused, TokenRefused
from bot.model import Outgoing
from cogs._message import file, layout

_UNAUTHORIZED = 401
_PASSING = (429, 500, 502, 503, 504)


class DiscordSend:
    """Post messages with a nonce of ours, so that a repeat makes no second message."""

    def __init__(self, client: discord.Client) -> None:
        """Take a client that has logged in; it need not be connected to the gateway."""
        self._client = client

    async def __call__(self, channel_id: int, outgoing: Outgoing, nonce: str) -> int:
        """Post and return the message's id. Raises SendLater, SendRefused, TokenRefused."""
        channel = self._client.get_partial_messageable(channel_id)
        attachments = [file(outgoing.image)] if outgoing.image else []
        try:
            message = await channel.send(
                view=layout(outgoing),
                files=attachments,
                nonce=nonce,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as error:
            raise _failure(error) from error
        except (TimeoutError, discord.RateLimited, aiohttp.ClientError, OSError) as error:
            raise SendLater(f"{type(error).__name__}: {error}") from error
        return message.id


def _failure(error: discord.HTTPException) -> Exception:
    what = f"Discord answered {error.status} (code {error.code}): {error.text}"
    if error.status == _UNAUTHORIZED:
        return TokenRefused(what)
    return SendLater(what) if error.status in _PASSING else SendRefused(what)
