"""The loopback Discord as a process of its own."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A Discord in another process, and what it said of itself."""

    process: asyncio.subprocess.Process
    told: dict[str, Any]
    session: aiohttp.ClientSession

    async def control(self, what: str, body: Any = None) -> Any:
        """Ask its control plane; with a body, tell it something."""
        method = "GET" if body is None else "POST"
        url = f"{self.told['control_url']}/{what}"
        async with self.session.request(method, url, json=body) as response:
            return await response.json()

    async def post(self, channel: int, text: str, nonce: str) -> int:
        """Post a message; return the status."""
        body = {"content": text, "nonce": nonce, "enforce_nonce": True}
        url = f"{self.told['api_url']}/channels/{channel}/messages"
        async with self.session.post(url, json=body) as response:
            return response.status


@asynccontextmanager
async def elsewhere(**plan: Any) -> AsyncIterator[Elsewhere]:
    """Start a Discord in a process of its own, and end it with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.wire.discord_process", json.dumps(plan)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        signed = {"Authorization": f"Bot {told['token']}"}
        async with aiohttp.ClientSession(headers=signed) as session:
            yield Elsewhere(process, told, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_says_what_there_is_and_counts_what_happens() -> None:
    async with elsewhere(guilds=2, channels=3, settings={"channel_limit": [3, 60.0]}) as discord:
        first, second, *rest = discord.told["channels"]
        assert (len(discord.told["guilds"]), len(rest)) == (2, 4)
        posts = [(first, "a", "1"), (first, "a", "1"), (first, "a", "2"), (second, "a", "3")]
        assert [await discord.post(*each) for each in posts] == [200] * 4
        assert await discord.post(first, "b", "4") == 429
        told = await discord.control("summary")
        assert told["messages"] == {str(first): 2, str(second): 1}
        assert told["repeated"] == {str(first): 1}
        assert (told["posted"], told["distinct_nonces"], told["requests"]) == (3, 3, 5)
        assert (told["statuses"], told["violations"]) == ({"200": 4, "429": 1}, [])
        assert 0 < told["span"] < 20


async def test_it_fails_and_forgets_as_it_is_told() -> None:
    async with elsewhere() as discord:
        (channel,) = discord.told["channels"]
        fault = {"pattern": "POST", "times": 2, "fault": {"status": 503, "accepted": True}}
        await discord.control("fail", fault)
        assert [await discord.post(channel, "a", "1") for _ in range(3)] == [503, 503, 200]
        await discord.control("nonces", {"span": 0})
        assert [await discord.post(channel, "a", "1") for _ in range(2)] == [200, 200]
        assert (await discord.control("summary"))["repeated"] == {str(channel): 2}
        await discord.control("reset", {})
        told = await discord.control("summary")
        assert (told["posted"], told["requests"], told["statuses"]) == (0, 0, {})


async def test_a_crowd_asks_what_is_registered_and_is_counted() -> None:
    async with elsewhere(guilds=2) as discord:
        commands = [{"name": "ask", "description": "Ask"}]
        url = f"{discord.told['api_url']}/applications/1/commands"
        async with discord.session.put(url, json=commands) as response:
            assert response.status == 200
        crowd = {"rate": 1000.0, "seconds": 0.01, "patience": 0.0, "mix": [{"name": "ask"}]}
        await discord.control("crowd", crowd)
        while not (told := await discord.control("crowd"))["over"]:
            continue
        assert (told["asked"], told["unanswered"], told["late"]) == (10, 10, 0)
        await discord.control("crowd", crowd | {"mix": [{"name": "unknown"}]})
        while "problem" not in (told := await discord.control("crowd")):
            continue
        assert "'unknown' is not among ['ask']" in told["problem"]


async def test_it_ends_with_its_stdin() -> None:
    async with elsewhere() as discord:
        assert discord.process.stdin is not None
        discord.process.stdin.close()
        assert await asyncio.wait_for(discord.process.wait(), 10) == 0


async def test_it_ends_on_sigterm() -> None:
    async with elsewhere() as discord:
        discord.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(discord.process.wait(), 10) == 0


async def test_it_ends_when_its_time_is_up() -> None:
    async with elsewhere(seconds=0.1) as discord:
        assert await asyncio.wait_for(discord.process.wait(), 10) == 0
