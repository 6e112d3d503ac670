"""What each answer of Discord tells us, whoever asked."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp

from bot.pace import Pace

_INVALID = (401, 403, 429)
"""What Discord counts as an invalid request, but for a 429 of a shared limit."""

_UNCLEAR = (500, 502, 504, 524)
"""After these discord.py sends the same request again by itself."""

_LONGEST_HOLD = 600.0
_OPENS_POST = re.compile(r"/channels/\d+/threads")


def traced(
    pace: Pace,
    clock: Callable[[], datetime],
    limited: Callable[[str | None], None] | None = None,
) -> aiohttp.TraceConfig:
    """Return what counts refused requests, and lets nobody open a forum's post twice.

    Discord takes no nonce there: whether an unclear answer left a post is for the outbox to see.
    `limited` is told the scope of each 429, None where it named none.
    """

    async def ended(_: object, __: object, request: aiohttp.TraceRequestEndParams) -> None:
        answer = request.response
        scope = answer.headers.get("X-RateLimit-Scope")
        if answer.status in _INVALID and scope != "shared":
            pace.refused(clock())
        if answer.status == 429 and limited is not None:
            limited(scope)
        if answer.status == 429 and scope == "global":
            pace.hold(clock() + timedelta(seconds=_seconds(answer.headers.get("Retry-After"))))
        opens = request.method == "POST" and _OPENS_POST.search(request.url.path)
        if opens and answer.status in _UNCLEAR:
            answer.close()
            raise aiohttp.ClientConnectionError(f"Discord answered {answer.status} to a new post")

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace


def _seconds(said: str | None) -> float:
    try:
        return min(max(float(said or 1), 0.0), _LONGEST_HOLD)
    except ValueError:
        return 1.0
