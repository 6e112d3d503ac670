"""What a start costs with 600 days of history, 1,000 subscriptions and what they were told.

The bot is `rankshift run` as people run it, a process of its own, between a loopback Discord (a
process too) and a loopback OpenRouter. Each of the rounds has the same data folder anew, in which
no commands are synced yet, and a new day to be polled.

`ready_s` is from the process's start until it says that it is connected to Discord: all servers
heard of, commands synced. `resident_mb` is its memory after the first poll, no chart drawn;
`worker_mb` is that of a drawing worker after its first picture, `drawn_mb` the main process's then.
All are medians. `folder_mb` says how large the data folder is.
"""

import asyncio
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot import rules
from bot.app import open_folder
from bot.boards import MODELS
from bot.delivery import Delivery, DeliveryState
from bot.knowledge import CatalogueEntry, Price
from bot.model import Day, Milestone
from bot.openness import directory
from bot.packaged import read_registry
from bot.pipeline import poll
from bot.routing import route
from bot.sources.replay import Replay
from bot.subscription import Subscription, Wish
from storage.protocol import Progress, Store
from tests.bench.bench_path import MODELS as NAMED
from tests.bench.bench_path import made_days
from tests.bench.harness import Figures, discord_process
from tests.wire.openrouter_server import LoopbackOpenRouter

HISTORY = 600
SUBSCRIPTIONS = 1_000
SERVERS = 200
CATALOGUE = 700
TOLD = 100
"""Milestones, the newest, that every channel was told."""

ROUNDS = int(os.environ.get("ROUNDS", "5"))
DAY = timedelta(days=1)
READY, POLLED = "connected to Discord", "rankings taken in"
"""What the log says then."""

_LONGEST = 60.0
_PLAN = {"guilds": SERVERS, "channels": SUBSCRIPTIONS // SERVERS, "seconds": 900.0}
_RANKINGS = {"name": "rankings", "options": {}, "focused": None, "expects": "", "locale": "en-US"}
_QUESTION = {"rate": 1.0, "seconds": 1.0, "patience": 30.0, "mix": [{**_RANKINGS, "weight": 1}]}


def run() -> Figures:
    """Measure all rounds."""
    with TemporaryDirectory() as folder, discord_process(_PLAN) as discord:
        filled = Path(folder) / "filled"
        last = datetime.now(UTC).date() - 2 * DAY
        asyncio.run(_fill(filled, last, discord["channels"]))
        rounds = [
            asyncio.run(_round(filled, Path(folder) / f"round-{n}", last, discord))
            for n in range(ROUNDS)
        ]
        size = sum(path.stat().st_size for path in filled.rglob("*") if path.is_file())
    medians = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    return {**medians, "folder_mb": size / 2**20, "rounds": ROUNDS}


async def _fill(folder: Path, last: date, channels: list[int]) -> None:
    """Store a history with its milestones, who asks for them, and what they were told."""
    days, now = made_days(HISTORY, last), datetime.now(UTC)
    asked = [
        Subscription(channel, number // (SUBSCRIPTIONS // SERVERS) + 1, Wish(), last, now, 1)
        for number, channel in enumerate(channels[:SUBSCRIPTIONS])
    ]
    async with open_folder(folder, writable=True) as store:
        await store.put_catalogue(_catalogue(last))
        for each in asked:
            await store.subscribe(each)
        known, then = directory(read_registry(), ()), _morning(last + DAY)
        await poll(MODELS, Replay(tuple(days.values()), ""), store, known, rules.discover(), then)
        found = [one for one in await store.milestones(MODELS.name) if one.told][-TOLD:]
        await _tell(store, found, asked)


def _models() -> list[str]:
    """Return more models than are ranked."""
    return sorted([*NAMED, *(f"author-{n % 60}/other-{n}" for n in range(CATALOGUE - len(NAMED)))])


def _hint(number: int, model: str) -> str | None:
    """Return where the weights of every other model are said to be: it will be looked up."""
    return model if number % 2 else None


def _catalogue(last: date) -> list[CatalogueEntry]:
    price = Price(Decimal("0.2"), Decimal("0.85"))
    return [
        CatalogueEntry(m, m.title(), last, _hint(n, m), last, last, context=2**17, price=price)
        for n, m in enumerate(_models())
    ]


def _listed() -> list[dict[str, Any]]:
    """Return the source's own catalogue, which says the same."""
    return [
        {"id": m, "canonical_slug": m, "name": m, "created": 1, "hugging_face_id": _hint(n, m)}
        for n, m in enumerate(_models())
    ]


async def _tell(store: Store, found: list[Milestone], asked: list[Subscription]) -> None:
    """Have told all of it to all of them, each on its day."""
    at_once = await store.progress(MODELS.name)
    everybody = [replace(each, after=date.min) for each in asked]
    for one in found:
        told = [_sent(row) for row in route([one], everybody, _morning(one.date + DAY))]
        await store.record(MODELS.name, _marked(at_once, one), (), told)


def _marked(progress: Progress, one: Milestone) -> Progress:
    return replace(progress, mark=one.key)


def _sent(row: Delivery) -> Delivery:
    state, number = DeliveryState.SENT, int(row.nonce[:12], 16)
    return replace(row, state=state, attempts=1, message_id=number, sent_at=row.created_at)


def _morning(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=3, minutes=30)


async def _round(
    filled: Path, folder: Path, last: date, discord: dict[str, Any]
) -> dict[str, float]:
    """Start the bot on a copy of a data folder, look at it, ask it something, look again."""
    shutil.copytree(filled, folder)
    async with LoopbackOpenRouter() as source:
        _publish(source, last)
        source.catalogue(_listed())
        begun = time.perf_counter()
        async with _started(_environment(folder, discord, source)) as bot:
            assert bot.stderr is not None
            heard = await _heard(bot.stderr, READY, POLLED)
            await asyncio.sleep(2)  # what the first poll and the catalogue leave to do
            assert not _children(bot.pid)
            resident = _resident_mb(bot.pid)
            await _ask(discord["control_url"])
            workers = [_resident_mb(child) for child in _children(bot.pid)]
            drawn = _resident_mb(bot.pid)
    shutil.rmtree(folder)
    return {
        "ready_s": heard[READY] - begun,
        "resident_mb": resident,
        "worker_mb": max(workers),
        "drawn_mb": drawn,
    }


def _publish(source: LoopbackOpenRouter, last: date) -> None:
    """Publish thirty days, the newest of which is new and like the one before."""
    days = made_days(HISTORY, last)
    window = {when: day for when, day in days.items() if when > last - 29 * DAY}
    window[last + DAY] = replace(window[last], date=last + DAY)
    snapshot = last + 2 * DAY
    source.publish({w: _rows(day) for w, day in window.items()}, snapshot, _morning(snapshot))


def _rows(day: Day) -> list[tuple[str, int]]:
    return [*((row.model, row.tokens) for row in day.rows), ("other", day.other or 0)]


def _environment(
    folder: Path, discord: dict[str, Any], source: LoopbackOpenRouter
) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}},
        "DISCORD_TOKEN": discord["token"],
        "RANKSHIFT_DATA_DIR": str(folder),
        "RANKSHIFT_DISCORD_API_URL": discord["api_url"],
        "RANKSHIFT_DISCORD_GATEWAY_URL": discord["gateway_url"],
        "RANKSHIFT_OPENROUTER_URL": source.base_url,
        "RANKSHIFT_HUGGINGFACE_URL": "http://127.0.0.1:9",  # nobody listens there
        "RANKSHIFT_OPERATIONS_BIND": "127.0.0.1:0",
        "RANKSHIFT_LOG_FORMAT": "json",
    }


@asynccontextmanager
async def _started(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the bot, and end it."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.terminate()
        await bot.communicate()


async def _heard(log: asyncio.StreamReader, *wanted: str) -> dict[str, float]:
    """Read the log until all of these events were in it, and return when each was."""
    heard: dict[str, float] = {}
    lines: list[str] = []
    async with asyncio.timeout(_LONGEST):
        async for line in log:
            lines.append(line.decode())
            event = json.loads(line).get("event") if line.startswith(b"{") else None
            if event in wanted:
                heard[event] = time.perf_counter()
            if len(heard) == len(wanted):
                return heard
    raise RuntimeError(f"the bot ended too early: {''.join(lines[-20:])}")


async def _ask(control_url: str) -> None:
    """Have one person ask for the rankings, and wait for the picture."""
    url = f"{control_url}/crowd"
    async with aiohttp.ClientSession() as session, asyncio.timeout(_LONGEST):
        async with session.post(url, json=_QUESTION, raise_for_status=True):
            pass
        while True:
            async with session.get(url) as answer:
                if (await answer.json())["over"]:
                    return
            await asyncio.sleep(0.2)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text(encoding="ascii").split()]


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
