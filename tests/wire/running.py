"""The bot as people run it: a process of its own, between two loopback servers."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Click, Command
from tests.wire.discord_schema import EVERYDAY, Actor, Channel, Settings
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.openrouter_server import LoopbackOpenRouter

MANAGER = Actor(permissions=EVERYDAY | 1 << 5)
"""A member with Manage Server."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Both worlds that the bot lives between, and a channel in a server it is in."""

    discord: LoopbackDiscord
    openrouter: LoopbackOpenRouter
    channel: Channel
    data: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Return what the bot is told: everything on this machine, a poll a second."""
        return {
            **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}},
            "DISCORD_TOKEN": self.discord.settings.token,
            "RANKSHIFT_DATA_DIR": str(self.data),
            "RANKSHIFT_DISCORD_API_URL": self.discord.api_url,
            "RANKSHIFT_DISCORD_GATEWAY_URL": str(self.discord.gateway_url),
            "RANKSHIFT_OPENROUTER_URL": self.openrouter.base_url,
            "RANKSHIFT_HUGGINGFACE_URL": "http://127.0.0.1:9",  # nobody listens there
            "RANKSHIFT_POLL_MINUTES": "0.015",
            "RANKSHIFT_OPERATIONS_BIND": "127.0.0.1:0",  # bots side by side
            **more,
        }

    def polls(self) -> int:
        """Return how often the bot has asked for the newest snapshot."""
        return sum("latest.manifest" in request.path for request in self.openrouter.requests)

    async def more_polls(self, count: int) -> None:
        """Wait until the bot has polled so many times more."""
        wanted = self.polls() + count
        await self.openrouter.until(lambda: self.polls() >= wanted, within=30)


@asynccontextmanager
async def servers(data: Path, settings: Settings | None = None) -> AsyncIterator[Servers]:
    """Start both servers, and make a channel."""
    async with LoopbackDiscord(settings) as discord, LoopbackOpenRouter() as openrouter:
        guild = discord.add_guild("a community")
        yield Servers(discord, openrouter, discord.add_channel(guild, "model-news"), data)


class Running:
    """A process of the bot; its log ends up in `log` once it has ended."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._heard = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())
        self.log = ""

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.log += line.decode()
            async with self._heard:
                self._heard.notify_all()

    async def says(self, pattern: str, within: float = 20.0) -> str:
        """Wait until its log has a pattern, and return what its first group matches."""
        async with asyncio.timeout(within), self._heard:
            await self._heard.wait_for(lambda: re.search(pattern, self.log))
        found = re.search(pattern, self.log)
        assert found is not None
        return found[1]

    async def end(self, how: signal.Signals, within: float = 10.0) -> int:
        """Send a signal and return the exit code, or raise TimeoutError."""
        if self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(within):
            code = await self._process.wait()
            await self._reading
        return code

    async def wait(self, within: float = 20.0) -> int:
        """Wait until it ends by itself and return the exit code."""
        async with asyncio.timeout(within):
            code = await self._process.wait()
            await self._reading
        return code


@asynccontextmanager
async def running(environment: dict[str, str], *arguments: str) -> AsyncIterator[Running]:
    """Start `rankshift` (`run` if nothing is said), and kill it at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *(arguments or ("run",)),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    bot = Running(process)
    try:
        yield bot
    finally:
        await bot.end(signal.SIGKILL)
        sys.stderr.write(bot.log)  # shown where a test fails, and searched for secrets


async def subscribed(world: Servers) -> str:
    """Subscribe the channel as a person does, by the command's panel; return what it says then."""
    command = Command("subscribe", channel=world.channel)
    panel = await world.discord.interact(command, world.channel, MANAGER)
    assert panel.ephemeral
    controls = (each["custom_id"] for each in walk(panel.components) if "custom_id" in each)
    save = next(each for each in controls if each.startswith("panel-save|"))
    saved = await world.discord.interact(Click(panel.seen.id, save), world.channel, MANAGER)
    return "\n".join(texts(saved.seen.components))


def texts(components: list[dict[str, Any]]) -> list[str]:
    """Return every text of a message's components, top to bottom."""
    found: list[str] = []
    for component in components:
        found += [component["content"]] if "content" in component else []
        found += texts(component.get("components", []))
    return found
