"""The one door to the network for sources: session, limits, retries."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
import stamina
from pydantic import BaseModel, ValidationError

from bot.errors import PayloadRefused, SourceDeclined, SourceUnreachable

ATTEMPTS = 4
LONGEST_WAIT = timedelta(seconds=60)
_CHUNK = 64 * 1024
_MILLISECONDS = 10**11
"""Moments since 1970 from here on are in milliseconds: in seconds it is the year 5138."""


@dataclass(frozen=True, slots=True)
class Body:
    """What came back: the bytes, decompressed, and the ETag they came with."""

    content: bytes
    etag: str | None


class _Fault(BaseModel):
    message: str


class _Trouble(BaseModel):
    """How the source words an error."""

    error: _Fault


class _Passing(Exception):
    """A fault that may pass by itself; `wait` is how long the server asked us to stay away."""

    def __init__(self, what: str, wait: timedelta | None = None) -> None:
        super().__init__(what)
        self.wait = wait


def _worth_retrying(error: Exception) -> bool | timedelta:
    if isinstance(error, _Passing):
        return error.wait if error.wait is not None else True
    return isinstance(
        error, aiohttp.ClientConnectionError | aiohttp.ClientPayloadError | TimeoutError
    )


class Http:
    """Fetch with conditional requests, time and size limits, and back-off on passing faults."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """Share one session; whoever made it closes it."""
        self._session = session

    async def get(
        self,
        url: str,
        *,
        limit: int,
        etag: str | None = None,
        headers: Mapping[str, str] | None = None,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> Body | None:
        """Return the body of at most `limit` bytes, or None when it still is the one of `etag`.

        `before` is awaited ahead of every attempt; what it raises ends the call. Retries 5xx, 429
        and connection faults; any other answer is final, a redirect too: no other host is asked
        than the one that was set. Raises SourceUnreachable when no good answer came
        (SourceDeclined with a final one), PayloadRefused when it is too large.
        """
        sent = {**(headers or {}), **({} if etag is None else {"If-None-Match": etag})}
        try:
            async for attempt in stamina.retry_context(
                on=_worth_retrying, attempts=ATTEMPTS, timeout=LONGEST_WAIT, wait_max=20.0
            ):
                with attempt:
                    if before is not None:
                        await before()
                    return await self._get_once(url, limit, sent)
        except (_Passing, aiohttp.ClientError, TimeoutError) as error:
            raise SourceUnreachable(f"{url}: {str(error) or type(error).__name__}") from error
        raise AssertionError("retry_context ends by a return or an exception")

    async def _get_once(self, url: str, limit: int, headers: Mapping[str, str]) -> Body | None:
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status == HTTPStatus.NOT_MODIFIED and "If-None-Match" in headers:
                return None
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise _Passing(f"answered {response.status}")
            if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise _Passing("answered 429", _asked_wait(response))
            if response.status != HTTPStatus.OK:
                raise SourceDeclined(url, response.status, await _said(response))
            return Body(await _read(response, url, limit), response.headers.get("ETag"))


def _asked_wait(response: aiohttp.ClientResponse) -> timedelta | None:
    asked = response.headers.get("Retry-After", "")
    if re.fullmatch(r"\d{1,9}", asked, re.ASCII):
        return min(timedelta(seconds=int(asked)), LONGEST_WAIT)
    return _until_reset(response.headers)


def _until_reset(headers: Mapping[str, str]) -> timedelta | None:
    """Return how far off `X-RateLimit-Reset` was when the answer left, by the server's own clock.

    None where either is missing or unreadable, or the moment is past: back off as ever then.
    """
    text = headers.get("X-RateLimit-Reset", "")
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
        return None
    number = int(text)
    try:
        seconds = number / 1000 if number >= _MILLISECONDS else number
        sent = parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
        wait = datetime.fromtimestamp(seconds, UTC) - sent
    except (ValueError, OverflowError, OSError):
        return None
    return min(wait, LONGEST_WAIT) if wait > timedelta() else None


async def _said(response: aiohttp.ClientResponse) -> str:
    """Return the source's words on what is wrong, "" where there are none to be read."""
    try:
        content = await _read(response, "", _CHUNK)
        return _Trouble.model_validate_json(content).error.message
    except (aiohttp.ClientError, TimeoutError, PayloadRefused, ValidationError):
        return ""


async def _read(response: aiohttp.ClientResponse, url: str, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise PayloadRefused(url, f"larger than {limit:,} bytes")
    return bytes(content)


@asynccontextmanager
async def open_http(user_agent: str) -> AsyncIterator[Http]:
    """Open the shared session: 30 s for a whole answer, 10 s to connect, no cookies kept."""
    timeout = aiohttp.ClientTimeout(total=30, connect=10)
    async with aiohttp.ClientSession(
        timeout=timeout,
        headers={"User-Agent": user_agent},
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        yield Http(session)
