"""The bot in a process that dies by SIGKILL when it passes a point for the n-th time."""

import asyncio
import os
import signal
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import discord.http

import bot.sender
from bot import service
from bot.alerts import Composer
from bot.logs import set_up_logs
from bot.render import Renderer
from bot.settings import read_settings
from bot.shards import Shards
from bot.sources.exports import Exports
from storage.postgres_store import PostgresStore
from storage.tinydb_store import TinyDBStore
from tests.chaos.plan import Life

DISK = ("fsync", "replace", "rename", "link", "unlink")

Passing = Callable[[], None]


def live(environment: Mapping[str, str], life: Life, log: Path, *options: str) -> None:
    """Run the bot until it dies, or until SIGTERM; what it logs is added to a file.

    Options: "forgetful" (no nonce is relied on), "draws" (real pictures), "shard 0 of 3".
    """
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    settings = read_settings(environment)
    set_up_logs(settings.log_format, settings.log_level, settings.secrets)
    take_over(life)
    if "forgetful" in options:
        bot.sender.NONCES_KEPT = timedelta(0)
    if "draws" not in options:
        Renderer.png = _tiny  # type: ignore[method-assign]
    assert settings.discord_token is not None
    asyncio.run(service.run(settings, settings.discord_token.get_secret_value(), _shard(options)))


def _shard(options: Sequence[str]) -> Shards | None:
    found = next((each.split() for each in options if each.startswith("shard ")), None)
    return None if found is None else Shards(int(found[1]), int(found[1]), int(found[3]))


def take_over(life: Life) -> None:
    """Stand at the points from now on."""
    passings = count(1)

    def passed() -> None:
        if next(passings) == life.passing:
            os.kill(os.getpid(), signal.SIGKILL)

    def at(point: str) -> Passing:
        return passed if life.point == point else _on

    _around(Exports, "fetch", at("poll"))
    for store in (TinyDBStore, PostgresStore):
        _around(store, "record", at("commit"))
        _around(store, "claim", at("settle"))
    _around(Composer, "__call__", at("render"))
    _around(discord.http.HTTPClient, "request", at("send"), _changes_something)
    _around(discord.http, "json_or_text", at("answer"), _answers_a_change)
    for name in DISK:
        setattr(os, name, _before(getattr(os, name), at("disk")))


def _on() -> None:
    """Pass."""


def _always(*_: Any) -> bool:
    return True


def _changes_something(_: object, route: discord.http.Route, *__: Any) -> bool:
    return route.method in {"POST", "PATCH"}


def _answers_a_change(response: Any) -> bool:
    return response.method in {"POST", "PATCH"}


def _around(where: Any, name: str, passed: Passing, counts: Callable[..., bool] = _always) -> None:
    """Pass a point when an async function is called, and again when it has returned."""
    real: Callable[..., Awaitable[Any]] = getattr(where, name)

    async def call(*args: Any, **kwargs: Any) -> Any:
        point = passed if counts(*args) else _on
        point()
        result = await real(*args, **kwargs)
        point()
        return result

    setattr(where, name, call)


def _before(real: Callable[..., Any], passed: Passing) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        passed()
        return real(*args, **kwargs)

    return call


async def _tiny(_: Renderer, __: str, ___: object) -> bytes:
    """Return a picture of one point, for which no worker is needed."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IEND", b"")]
    parts.insert(1, (b"IDAT", zlib.compress(b"\0\0")))
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
