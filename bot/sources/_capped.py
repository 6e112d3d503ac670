"""The door to the Hugging Face Hub: its client's own, with limits on what comes back."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2

from bot.errors import PayloadRefused

LIMIT = 8 * 1024 * 1024
"""Bytes of an answer; those of large models with every file named have less than 1 MB."""

_REDIRECTS = 3
"""A repository that was renamed is answered by one."""


class Capped(httpx2.BaseTransport):
    """Ask one host, and take no more of its answers than LIMIT, as they are sent."""

    def __init__(self, endpoint: str) -> None:
        """Take the address whose host alone is asked, whatever redirects say."""
        self._inner = httpx2.HTTPTransport()
        self._host = urlsplit(endpoint).netloc

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return an answer that stops being read when it is too long. Raises PayloadRefused."""
        where = f"{request.url.scheme}://{request.url.netloc.decode()}{request.url.path}"
        if request.url.netloc.decode() != self._host:
            raise PayloadRefused(where, "is another host than the one that was asked")
        # Packed, a few bytes may become more than memory holds.
        request.headers["Accept-Encoding"] = "identity"
        response = self._inner.handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise PayloadRefused(where, "answered packed, unasked")
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Counted(response, where),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class _Counted(httpx2.SyncByteStream):
    def __init__(self, response: httpx2.Response, where: str) -> None:
        self._response = response
        self._where = where

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces. Raises PayloadRefused."""
        read = 0
        for piece in self._response.iter_raw():
            read += len(piece)
            if read > LIMIT:
                raise PayloadRefused(self._where, f"larger than {LIMIT:,} bytes")
            yield piece

    def close(self) -> None:
        self._response.close()


def capped_client(endpoint: str) -> httpx2.Client:
    """Return a client that asks one host, within limits."""
    return httpx2.Client(
        transport=Capped(endpoint), follow_redirects=True, max_redirects=_REDIRECTS, timeout=None
    )
