"""What makes the loopback Discord refuse: limits of rate, and injected faults."""

import asyncio
import math
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.wire.discord_schema import Json, Settings

Scope = Literal["user", "global", "shared"]
Ending = Literal["reset", "hangup", "short", "cut"]


class ApiError(Exception):
    """A refusal with Discord's own code."""

    def __init__(self, status: int, code: int, text: str, errors: Json | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.body: Json = {"code": code, "message": text} | ({"errors": errors} if errors else {})
        self.headers: Mapping[str, str] = {}


class TooManyError(ApiError):
    """A 429, with the `Via` header without which discord.py takes it for Cloudflare's."""

    def __init__(self, retry_after: float, scope: Scope, headers: Mapping[str, str]) -> None:
        super().__init__(429, 0, "You are being rate limited.")
        every = scope == "global"
        self.body |= {"retry_after": retry_after, "global": every}
        named = {"Via": "1.1 loopback", "Retry-After": str(retry_after), "X-RateLimit-Scope": scope}
        self.headers = {**headers, **named, **({"X-RateLimit-Global": "true"} if every else {})}


class BannedError(Exception):
    """Too many invalid requests: Cloudflare answers instead of Discord."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One injected failure; `accepted` ones strike after the request has taken effect.

    `html` answers as Cloudflare does, without a code; `via` is what tells Discord's 429 from its.
    """

    status: int | None = None
    retry_after: float | None = None
    ending: Ending | None = None
    gate: asyncio.Event | None = None
    accepted: bool = False
    code: int = 0
    scope: Scope = "user"
    via: bool = True
    html: bool = False

    @classmethod
    def answer(
        cls, status: int, *, retry_after: float | None = None, accepted: bool = False, code: int = 0
    ) -> "Fault":
        """Answer with a status and a code; a 429 asks for `retry_after` seconds."""
        return cls(status=status, retry_after=retry_after, accepted=accepted, code=code)

    @classmethod
    def limited(cls, retry_after: float, scope: Scope = "user", *, via: bool = True) -> "Fault":
        """Answer with a 429 of a scope, which asks for so many seconds."""
        return cls(status=429, retry_after=retry_after, scope=scope, via=via)

    @classmethod
    def cloudflare(cls, status: int) -> "Fault":
        """Answer with a page of HTML."""
        return cls(status=status, html=True)

    @classmethod
    def reset(cls, *, accepted: bool = False) -> "Fault":
        """Reset the connection (TCP RST)."""
        return cls(ending="reset", accepted=accepted)

    @classmethod
    def hangup(cls, *, accepted: bool = False) -> "Fault":
        """Close the connection without an answer (TCP FIN)."""
        return cls(ending="hangup", accepted=accepted)

    @classmethod
    def truncated(cls, *, says_so: bool = True) -> "Fault":
        """Take the request and send half the answer; its length tells of that, or does not."""
        return cls(ending="short" if says_so else "cut", accepted=True)

    @classmethod
    def slow(cls, gate: asyncio.Event, *, accepted: bool = False) -> "Fault":
        """Hold the request until the gate is set."""
        return cls(gate=gate, accepted=accepted)

    @property
    def error(self) -> ApiError:
        """What it answers where it has a status."""
        if self.status == 429:
            return TooManyError(self.retry_after or 0.0, self.scope, {})
        return ApiError(self.status or 500, self.code, f"{self.status}: injected")


class Faults:
    """Faults waiting for a request whose "METHOD /path" their pattern is found in."""

    def __init__(self) -> None:
        self._waiting: list[tuple[re.Pattern[str], Fault]] = []

    def add(self, pattern: str, fault: Fault, times: int) -> None:
        """Queue a fault for the next `times` requests that match."""
        self._waiting.extend([(re.compile(pattern), fault)] * times)

    def clear(self) -> None:
        """Let go of every fault that still waits."""
        self._waiting.clear()

    def take(self, line: str) -> Fault | None:
        """Take the first fault that matches off the queue."""
        for place, (pattern, fault) in enumerate(self._waiting):
            if pattern.search(line):
                del self._waiting[place]
                return fault
        return None


@dataclass(slots=True)
class Window:
    """A route's limit of `limit` requests in `span` seconds from the first of them."""

    limit: int
    span: float
    until: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        """Count a request; say whether it may pass."""
        if now >= self.until:
            self.until, self.used = now + self.span, 0
        self.used += 1
        return self.used <= self.limit

    def wait(self, now: float) -> float:
        """Seconds until the window opens anew."""
        return _milliseconds(self.until - now)

    def headers(self, now: float, unix: float, bucket: str) -> dict[str, str]:
        """Tell the client where it stands; `unix` is `now` in Unix seconds."""
        return {
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Reset": f"{unix + self.wait(now):.3f}",
            "X-RateLimit-Reset-After": str(self.wait(now)),
        }


class Sliding:
    """A limit of so many in any `span` seconds; what is refused does not count."""

    def __init__(self, limit: int, span: float) -> None:
        self.limit, self.span = limit, span
        self._taken: deque[float] = deque()

    def full(self, now: float) -> bool:
        """Say whether nothing more may pass."""
        while self._taken and self._taken[0] <= now - self.span:
            self._taken.popleft()
        return len(self._taken) >= self.limit

    def take(self, now: float) -> bool:
        """Count what may pass; say whether it may."""
        if self.full(now):
            return False
        self._taken.append(now)
        return True

    def wait(self, now: float) -> float:
        """Seconds after which the oldest is forgotten, a millisecond more than it takes."""
        return _milliseconds(self._taken[0] + self.span - now + 0.001)


class Limits:
    """Every limit of rate: over all, by route and channel, on publishing, on invalid requests."""

    def __init__(self, settings: Settings) -> None:
        post, edit = settings.channel_limit, settings.edit_limit
        read, thread = settings.read_limit, settings.thread_limit
        place = "/channels/{channel}"
        self._routes = {
            ("POST", f"{place}/messages"): ("post", post),
            ("GET", f"{place}/messages"): ("history", read),
            ("GET", f"{place}/messages/{{message}}"): ("read", read),
            ("PATCH", f"{place}/messages/{{message}}"): ("edit", edit),
            ("DELETE", f"{place}/messages/{{message}}"): ("delete", edit),
            ("POST", f"{place}/messages/{{message}}/crosspost"): ("crosspost", edit),
            ("POST", f"{place}/threads"): ("threads", thread),
            ("GET", place): ("channel", read),
            ("PATCH", place): ("change", edit),
        }
        self._settings = settings
        self._windows: dict[tuple[str, str], Window] = {}
        self._published: dict[int, Sliding] = {}
        self._global = Sliding(*settings.global_limit)
        self._invalid = Sliding(*settings.invalid_limit)

    def over_all(self, now: float) -> None:
        """Count a request; raise TooManyError over the global limit."""
        if not self._global.take(now):
            raise TooManyError(self._global.wait(now), "global", {})

    def on_route(self, line: tuple[str, str], channel: str, now: float, unix: float) -> Json:
        """Count a request on its route; return headers, or raise TooManyError over the limit."""
        if line not in self._routes:
            return {}
        bucket, limit = self._routes[line]
        window = self._windows.setdefault((bucket, channel), Window(*limit))
        passed = window.take(now)
        headers = window.headers(now, unix, f"bucket-{bucket}")
        if not passed:
            raise TooManyError(window.wait(now), "user", headers)
        return headers

    def on_publishing(self, channel_id: int, now: float) -> None:
        """Count what is published in a channel; no header tells of this limit beforehand."""
        limit = Sliding(*self._settings.crosspost_limit)
        published = self._published.setdefault(channel_id, limit)
        if not published.take(now):
            raise TooManyError(published.wait(now), "user", {})

    def count(self, status: int, scope: str | None, now: float) -> None:
        """Count an answer where it was to an invalid request."""
        if status in {401, 403, 429} and scope != "shared":
            self._invalid.take(now)

    def check_ban(self, now: float) -> None:
        """Raise BannedError after too many invalid requests."""
        if self._invalid.full(now):
            raise BannedError


def _milliseconds(seconds: float) -> float:
    """Round up, so that nobody who waits so long comes too early."""
    return math.ceil(max(seconds, 0.0) * 1000) / 1000
