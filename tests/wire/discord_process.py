"""A loopback Discord as a process of its own: `python -m tests.wire.discord_process '{...}'`."""

import asyncio
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.wire.discord_control import Control
from tests.wire.discord_schema import Json, Settings
from tests.wire.discord_server import LoopbackDiscord


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for: `guilds` servers with `channels` each, for at most `seconds`.

    `settings` are those of `Settings`, pairs as lists; schema checks and kept files must be asked
    for here, as both cost more than all the rest.
    """

    guilds: int = 1
    channels: int = 1
    seconds: float = 600.0
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> Settings:
        """The settings as they are meant."""
        cheap: dict[str, Any] = {"checks_schema": False, "keeps_files": False}
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in self.settings.items()}
        return Settings(**(cheap | given))


def build(plan: Plan) -> LoopbackDiscord:
    """Make a Discord with its guilds and channels."""
    discord = LoopbackDiscord(plan.told)
    discord.extra_routes = Control(discord).routes()
    for number in range(plan.guilds):
        guild = discord.add_guild(f"guild {number}")
        for place in range(plan.channels):
            discord.add_channel(guild, f"channel-{place}")
    return discord


def introduction(discord: LoopbackDiscord) -> Json:
    """Say where everything is, and which channels there are, in the order they were made."""
    return {
        "port": discord.port,
        "api_url": discord.api_url,
        "gateway_url": discord.gateway_url,
        "control_url": f"http://127.0.0.1:{discord.port}/control",
        "token": discord.settings.token,
        "guilds": list(discord.world.guilds),
        "channels": list(discord.world.channels),
    }


async def serve(plan: Plan) -> None:
    """Serve until SIGTERM, the end of stdin, or the plan's time."""
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    threading.Thread(target=_watch_stdin, args=(loop, over), daemon=True).start()
    loop.call_later(plan.seconds, over.set)
    async with build(plan) as discord:
        sys.stdout.write(json.dumps(introduction(discord)) + "\n")
        sys.stdout.flush()
        await over.wait()


def _watch_stdin(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    while os.read(0, 65536):
        continue
    with suppress(RuntimeError):  # it has ended already
        loop.call_soon_threadsafe(over.set)


if __name__ == "__main__":
    asyncio.run(serve(Plan(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}"))))
