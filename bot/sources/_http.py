"""The one door to the network for sources: session, limits, retries."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import aiohttp
import stamina

from bot.errors import PayloadRefused, SourceUnreachable

ATTEMPTS = 4
LONGEST_WAIT = timedelta(seconds=60)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What came back: the bytes, decompressed, and the ETag they came with."""

    content: bytes
    etag: str | None


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

    async def get(self, url: str, *, limit: int, etag: str | None = None) -> Body | None:
        """Return the body of at most `limit` bytes, or None when it still is the one of `etag`.

        Retries 5xx, 429 and connection faults; any other answer is final, a redirect too: no other
        host is asked than the one that was set. Raises SourceUnreachable when no good answer
        came, PayloadRefused when it is too large.
        """
        try:
            async for attempt in stamina.retry_context(
                on=_worth_retrying, attempts=ATTEMPTS, timeout=LONGEST_WAIT, wait_max=20.0
            ):
                with attempt:
                    return await self._get_once(url, limit, etag)
        except (_Passing, aiohttp.ClientError, TimeoutError) as error:
            raise SourceUnreachable(f"{url}: {str(error) or type(error).__name__}") from error
        raise AssertionError("retry_context ends by a return or an exception")

    async def _get_once(self, url: str, limit: int, etag: str | None) -> Body | None:
        headers = {} if etag is None else {"If-None-Match": etag}
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status == HTTPStatus.NOT_MODIFIED and etag is not None:
                return None
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise _Passing(f"answered {response.status}")
            if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise _Passing("answered 429", _asked_wait(response))
            if response.status != HTTPStatus.OK:
                raise SourceUnreachable(f"{url}: answered {response.status}")
            return Body(await _read(response, url, limit), response.headers.get("ETag"))


def _asked_wait(response: aiohttp.ClientResponse) -> timedelta | None:
    asked = response.headers.get("Retry-After", "")
    if not re.fullmatch(r"\d{1,9}", asked, re.ASCII):
        return None
    return min(timedelta(seconds=int(asked)), LONGEST_WAIT)


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
