"""How the bot comes to Discord, stays there, and hears that it is to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

import aiohttp
import discord

from bot.client import RankshiftClient
from bot.errors import DiscordUnreachable, TokenRefused
from bot.poller import Watched
from bot.turns import back_off

_UNREACHABLE = (
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,
    ValueError,
)
"""What may end a log-in that another one follows; a ValueError is an answer cut short."""


Sending: TypeAlias = Callable[[], Awaitable[None]]
"""Sends what is owed until it is stopped; begun once we are logged in."""


def told_to_stop() -> asyncio.Event:
    """Return what is set once a signal says so."""
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C works there
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


async def serve(client: RankshiftClient, token: str, send: Sending) -> None:
    """Log in, answer and send until cancelled. Raises TokenRefused."""
    try:
        await _log_in(client, token)
        await asyncio.gather(send(), client.connect())
    except discord.LoginFailure as error:
        raise TokenRefused(f"Discord does not accept DISCORD_TOKEN: {error}") from error
    except discord.ConnectionClosed as error:
        raise TokenRefused(f"Discord's gateway sent us away for good: {error}") from error


async def _log_in(client: RankshiftClient, token: str) -> None:
    async def attempt() -> None:
        try:
            await client.login(token)
        except _UNREACHABLE as error:
            raise DiscordUnreachable(f"{type(error).__name__}: {error}") from error

    log_in, attempts = Watched("log-in to Discord", attempt), 0
    while not await log_in():
        attempts += 1
        await asyncio.sleep(back_off(attempts).total_seconds())


async def until_any(stopping: asyncio.Event, *services: asyncio.Task[None]) -> None:
    """Return when we are told to stop, or a service has ended; raises what it ended with."""
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([stop, *services], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    for service in services:
        if service.done():
            service.result()
