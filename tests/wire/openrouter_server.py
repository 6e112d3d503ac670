"""An OpenRouter on 127.0.0.1 for tests: its daily exports, catalogue and keyed endpoints."""

import asyncio
import gzip
import hashlib
import json
import re
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web
from multidict import CIMultiDict

from tests.wire.openrouter_keyed import Keyed, Refusal

Day = Sequence[tuple[str, int]]
Spoil = Literal["truncated", "html", "wrong bytes", "reset"]

COLUMNS = ("date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens")
EXPORTS = "/api/v1/datasets/exports/rankings-daily"
OTHER = "other"
TYPES = {"csv": "text/csv", "json": "application/json", "manifest.json": "application/json"}


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived; the path starts after /api/v1, headers know no case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One injected failure."""

    status: int | None = None
    retry_after: float | None = None
    spoil: Spoil | None = None
    gate: asyncio.Event | None = None

    @classmethod
    def answer(cls, status: int, *, retry_after: float | None = None) -> Self:
        """Answer with a status and, if given, `Retry-After` in seconds."""
        return cls(status=status, retry_after=retry_after)

    @classmethod
    def spoilt(cls, how: Spoil) -> Self:
        """Answer 200, but cut short, in HTML, or with a byte changed; or reset the connection."""
        return cls(spoil=how)

    @classmethod
    def slow(cls, gate: asyncio.Event) -> Self:
        """Hold the answer until the gate is set."""
        return cls(gate=gate)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published export, as its files' bytes by ending."""

    day: date
    retrieved_at: datetime
    row_count: int
    files: Mapping[str, bytes]


class LoopbackOpenRouter:
    """Serves what was published last, and every dated export before it."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.keyed = Keyed()
        self._snapshots: dict[date, Snapshot] = {}
        self._catalogue: list[Mapping[str, Any]] = []
        self._faults: list[tuple[re.Pattern[str], Fault]] = []
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; `port` holds the real one afterwards."""
        app = web.Application()
        app.add_routes([web.get("/api/v1/{path:.*}", self._handle)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def base_url(self) -> str:
        """What stands for `https://openrouter.ai/api/v1`."""
        return f"http://127.0.0.1:{self.port}/api/v1"

    def publish(
        self, days: Mapping[date, Day], snapshot_date: date, retrieved_at: datetime
    ) -> None:
        """Publish an export: per day (model, tokens) in rank order, 'other' last if at all.

        Raise ValueError for a date that is out already: dated exports never change.
        """
        if snapshot_date in self._snapshots:
            raise ValueError(f"the export of {snapshot_date} is out already")
        rows = [row for day in sorted(days) for row in _rows(day, days[day])]
        files = {"csv": _csv(rows), "json": _json(_twin(rows))}
        self._snapshots[snapshot_date] = Snapshot(snapshot_date, retrieved_at, len(rows), files)

    def catalogue(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Serve these rows as the list of models."""
        self._catalogue = list(rows)

    def fail_next(self, pattern: str, fault: Fault, *, times: int = 1) -> None:
        """Fail the next requests in whose path (after /api/v1) the pattern is found."""
        self._faults.extend([(re.compile(pattern), fault)] * times)

    async def until(self, condition: Callable[[], object], within: float = 5.0) -> None:
        """Wait until something holds, looked at whenever a request arrives; or TimeoutError."""
        async with asyncio.timeout(within):
            while not condition():
                await self._changed.wait()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        headers = CIMultiDict(request.headers)
        query = dict(request.query)
        self.requests.append(Request(request.method, path, query, headers, time.time()))
        self._changed.set()
        self._changed = asyncio.Event()
        fault = self._take(path)
        if fault.gate is not None:
            await fault.gate.wait()
        if fault.status is not None:
            return _error(fault.status, "injected", fault.retry_after)
        try:
            found = self._find(path, request)
        except Refusal as no:
            return web.Response(status=no.status, body=no.body, headers=no.headers)
        if found is None:
            return _error(404, "Export not found")
        kind, body = found
        if fault.spoil is not None:
            return await _spoil(request, fault.spoil, kind, body)
        return _serve(request, kind, body)

    def _take(self, path: str) -> Fault:
        for place, (pattern, fault) in enumerate(self._faults):
            if pattern.search(path):
                del self._faults[place]
                return fault
        return Fault()

    def _find(self, path: str, request: web.Request) -> tuple[str, bytes] | None:
        authorization = request.headers.get("Authorization", "")
        keyed = self.keyed.answer(path, request.query, authorization)
        if keyed is not None:
            return "application/json", keyed
        if path == "/models":
            return "application/json", _json({"data": self._catalogue})
        prefix = EXPORTS.removeprefix("/api/v1") + "/"
        stem, _, ending = path.removeprefix(prefix).partition(".")
        snapshot = self._snapshot(stem)
        if not path.startswith(prefix) or snapshot is None or ending not in TYPES:
            return None
        if ending == "manifest.json":
            return TYPES[ending], _json(self._manifest(snapshot))
        return TYPES[ending], snapshot.files[ending]

    def _snapshot(self, stem: str) -> Snapshot | None:
        if stem == "latest":
            return self._snapshots[max(self._snapshots)] if self._snapshots else None
        dated = re.fullmatch(r"\d{4}-\d\d-\d\d", stem)
        return self._snapshots.get(date.fromisoformat(stem)) if dated else None

    def _manifest(self, snapshot: Snapshot) -> dict[str, Any]:
        """Describe an export, with every field that OpenRouter's own manifests have."""
        folder = f"http://127.0.0.1:{self.port}{EXPORTS}"
        at = snapshot.retrieved_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return {
            "dataset": "rankings-daily",
            "schema_version": "v1",
            "snapshot_date": snapshot.day.isoformat(),
            "retrieved_at": at,
            "row_count": snapshot.row_count,
            "update_cadence": "daily",
            "license": {
                "name": "CC BY 4.0",
                "url": "https://creativecommons.org/licenses/by/4.0/",
            },
            "attribution": f"Source: OpenRouter (openrouter.ai/rankings), as of {at}.",
            "readme_url": f"{folder}/README.md",
            "files": {
                ending: {
                    "url": f"{folder}/{snapshot.day}.{ending}",
                    "encoding_format": TYPES[ending],
                    "bytes": len(body),
                    "sha256": hashlib.sha256(body).hexdigest(),
                }
                for ending, body in snapshot.files.items()
            },
            "latest": {
                "csv": f"{folder}/latest.csv",
                "json": f"{folder}/latest.json",
                "manifest": f"{folder}/latest.manifest.json",
            },
        }


def _rows(day: date, models: Day) -> list[tuple[str, ...]]:
    total = sum(tokens for _, tokens in models) or 1
    return [
        (
            day.isoformat(),
            model,
            "" if model == OTHER else str(place),
            str(tokens),
            f"{tokens / total:.6f}",
        )
        for place, (model, tokens) in enumerate(models, start=1)
    ]


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    lines = [",".join(row) for row in (COLUMNS, *rows)]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _twin(rows: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    data = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    columns = [{"name": name} for name in COLUMNS]
    return {"columns": columns, "row_count": len(rows), "data": data}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _error(status: int, message: str, retry_after: float | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    body = _json({"error": {"message": message, "code": status}})
    return web.Response(status=status, body=body, headers=headers, content_type="application/json")


def _serve(request: web.Request, kind: str, body: bytes) -> web.Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    return web.Response(body=body, headers=headers, content_type=kind)


async def _spoil(request: web.Request, how: Spoil, kind: str, body: bytes) -> web.StreamResponse:
    if how == "html":
        page = "<!doctype html><title>Just a moment…</title>"
        return web.Response(text=page, content_type="text/html")
    if how == "wrong bytes":
        middle = len(body) // 2
        body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        return web.Response(body=body, content_type=kind)
    transport = request.transport
    assert transport is not None
    if how == "truncated":
        response = web.StreamResponse(headers={"Content-Type": kind})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        transport.close()
        return response
    no_linger = struct.pack("ii", 1, 0)
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
    transport.abort()
    return web.Response(status=499)
