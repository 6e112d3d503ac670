"""What servers and shards cost a process in memory: the real client in a loopback Discord.

Each measurement is a process of its own, connected to so many shards and servers of ten channels
each, and measured when it is ready: `base_mb` with one shard and no server; `guild_kb` and
`shard_kb` what each further one adds (over 2,000 servers, and over 15 shards); `ready_s` how long
2,000 servers take from the log-in until the bot is ready.
"""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.app import open_folder
from bot.client import RankshiftClient, point_at
from bot.packaged import read_languages
from bot.shards import Sessions
from tests.bench.harness import Figures, discord_process

GUILDS, CHANNELS, SHARDS = 2_000, 10, 16
_PAGE_KB = 4


def run() -> Figures:
    """Measure all of it."""
    base, _ = _measured(0, 1)
    guilds, seconds = _measured(GUILDS, 1)
    shards, _ = _measured(0, SHARDS)
    return {
        "base_mb": base / 1000,
        "guild_kb": (guilds - base) / GUILDS,
        "shard_kb": (shards - base) / (SHARDS - 1),
        "ready_s": seconds,
    }


def _measured(guilds: int, shards: int) -> tuple[float, float]:
    """Return how many kB a bot has when it is ready, and the seconds until then."""
    plan = {"guilds": guilds, "channels": CHANNELS, "settings": {"shards": shards}}
    spawned = get_context("spawn")
    with discord_process(plan) as told, ProcessPoolExecutor(1, mp_context=spawned) as pool:
        return pool.submit(_connect, told).result()


def _connect(told: Mapping[str, Any]) -> tuple[float, float]:
    return asyncio.run(_connected(told))


async def _connected(told: Mapping[str, Any]) -> tuple[float, float]:
    point_at(told["api_url"], told["gateway_url"])
    with TemporaryDirectory() as folder:
        async with open_folder(Path(folder), writable=True) as store:
            sessions = Sessions(None, _at_once)
            client = RankshiftClient(store, read_languages(), lambda: (), sessions=sessions)
            begin = time.perf_counter()
            await client.login(told["token"])
            connecting = asyncio.create_task(client.connect())
            await client.wait_until_ready()
            ready = time.perf_counter() - begin
            assert len(client.guilds) == len(told["guilds"])
            resident = _resident()
            await client.close()
            await connecting
    return resident, ready


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return float(pages * _PAGE_KB)


async def _at_once(_: int) -> None:
    """Let every shard begin its session at once."""
