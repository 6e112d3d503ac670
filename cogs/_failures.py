"""What Discord refuses, in the outbox's terms."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.errors import BodyRefused, PlaceClosed, SendLater, SendRefused, TokenRefused
from bot.message import Outgoing
from bot.subscription import PauseReason
from cogs._message import shape

ARCHIVED = 50083
"""The code of Discord's refusal to change what stands in an archived thread."""

_DONE = (40033, 40060)
"""Already published, already acknowledged: what was asked for is so."""

_CLOSED = {
    10003: PauseReason.GONE,  # unknown channel
    10004: PauseReason.GONE,  # unknown server
    50007: PauseReason.UNWELCOME,  # this person takes no messages
    50278: PauseReason.UNWELCOME,  # this person shares no server with us
    40067: PauseReason.FORBIDDEN,  # a forum whose posts need a tag that we may not give
    160005: PauseReason.FORBIDDEN,  # a locked thread
}
_NO_BODYS_FAULT = (10008, 10015, 40058, 50005, 50008, 50024, ARCHIVED)
"""What it is about is gone, or that kind of channel takes no such thing."""

_BUSY = (40062, 40333, 130000, 160006)
"""Overloaded, or blocked on the way; too many active threads: these pass."""

_LONGEST_TEXT = 300
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _TOO_LARGE = 400, 401, 403, 413
_PASSING = (408, 429)
_HOUR = 3600.0


@contextmanager
def typed_failures(sent: Outgoing | None = None) -> Iterator[None]:
    """Raise what Discord or the way to it did as SendFailed or TokenRefused.

    A body that is not taken is described by the shape of what was `sent`.
    """
    try:
        yield
    except discord.HTTPException as error:
        if error.code not in _DONE:
            raise failure(error, sent) from error
    except discord.RateLimited as error:
        after = timedelta(seconds=min(error.retry_after, _HOUR))
        raise SendLater(f"RateLimited: {error}", after) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise SendLater(f"{type(error).__name__}: {error}") from error
    except ValueError as error:
        # An answer that was cut short, or that a proxy gave: nobody knows what became of it.
        raise SendLater(f"an answer that cannot be read: {error}") from error


def failure(error: discord.HTTPException, sent: Outgoing | None = None) -> Exception:
    """Return our error for a refusal.

    Where Discord gives no code of its own a proxy has answered: that is a passing fault.
    """
    text = error.text[:_LONGEST_TEXT]
    what = f"Discord answered {error.status} (code {error.code}): {text}"
    if error.code in _CLOSED:
        return PlaceClosed(_CLOSED[error.code], what)
    if error.code in _NO_BODYS_FAULT:
        return SendRefused(what)
    if error.code in _BUSY or not _own(error):
        return SendLater(what)
    return _by_status(error, what, sent)


def _own(error: discord.HTTPException) -> bool:
    """Say whether Discord itself has answered; its 401 has no code."""
    if error.status == _UNAUTHORIZED:
        return error.response.headers.get("Content-Type", "").startswith("application/json")
    return error.code != 0


def _by_status(error: discord.HTTPException, what: str, sent: Outgoing | None) -> Exception:
    if error.status == _UNAUTHORIZED:
        return TokenRefused(what)
    if error.status in (_BAD_REQUEST, _TOO_LARGE):
        return BodyRefused(f"{what} ({shape(sent)})" if sent else what)
    if error.status in _PASSING or error.status >= 500:
        return SendLater(what)
    if error.status == _FORBIDDEN:
        return PlaceClosed(PauseReason.FORBIDDEN, what)
    return SendRefused(what)
