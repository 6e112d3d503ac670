"""One way to send an alert to many channels, as a process of its own: see `bench_delivery`.

What is to be done comes as JSON on standard input, and what was measured goes out as JSON.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord
from discord.http import Route

from bot import rules
from bot.alerts import Composer
from bot.app import open_folder, stored_directory
from bot.backtest import backtest
from bot.client import RankshiftClient
from bot.delivery import Delivery
from bot.logs import set_up_logs
from bot.message import Outgoing
from bot.model import BOARD_MODELS, Milestone, Severity
from bot.openness import directory
from bot.outbox import Outbox
from bot.pace import Pace
from bot.packaged import read_languages, read_registry
from bot.render import Renderer
from bot.routing import route
from bot.sender import Compose
from bot.subscription import Subscription, Wish
from cogs._message import file, layout
from cogs.delivery import DiscordMessenger
from storage.protocol import Progress, Store
from tests.bench.bench_path import LAST, made_days

NOW = datetime.combine(LAST + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=4)
GUILD = 1

Way = Callable[[list[int]], Awaitable[None]]


async def measure(told: dict[str, Any]) -> dict[str, float]:
    """Send to all channels in the way that is asked for, and return what it took."""
    Route.BASE = told["api_url"]
    registry = read_registry()
    with TemporaryDirectory() as folder, closing(Renderer()) as renderer:
        async with open_folder(Path(folder), writable=True) as store:
            milestone = await _fill(store)
            known = partial(stored_directory, store, registry)
            compose = Composer(store, renderer, rules.discover(), known, read_languages())
            drawn = await compose(_owed([told["channels"][0]], milestone)[0])
            client = RankshiftClient(store, read_languages(), tuple)
            await client.login(told["token"])
            ways: dict[str, Way] = {
                "outbox": partial(_by_outbox, client, store, compose, milestone),
                "bare": partial(_bare, client, drawn),
                "sequential": partial(_one_by_one, client, drawn),
                "gather": partial(_all_at_once, client, drawn),
            }
            begun, used = time.perf_counter(), time.process_time()
            await ways[told["way"]](told["channels"])
            seconds, cpu = time.perf_counter() - begun, time.process_time() - used
            await client.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak}


async def _fill(store: Store) -> Milestone:
    """Store a history, and return a milestone of it."""
    days = made_days(60)
    await store.put_days(BOARD_MODELS, list(days.values()))
    found = backtest(BOARD_MODELS, days, directory(read_registry(), ()), rules.discover())
    milestone = next(one for one in found if one.told and one.severity is not Severity.MINOR)
    milestone = replace(milestone, date=NOW.date() - timedelta(days=1))
    await store.record(BOARD_MODELS, Progress((), None), [milestone], ())
    return milestone


def _owed(channels: list[int], milestone: Milestone) -> tuple[Delivery, ...]:
    subscriptions = [Subscription(channel, GUILD, Wish(), date.min, NOW, 1) for channel in channels]
    return route([milestone], subscriptions, NOW)


async def _by_outbox(
    client: discord.Client,
    store: Store,
    compose: Compose,
    milestone: Milestone,
    channels: list[int],
) -> None:
    messenger = DiscordMessenger(client)
    await store.record(BOARD_MODELS, Progress((), "seen"), (), _owed(channels, milestone))
    outbox = Outbox(store, compose, messenger, lambda: NOW)
    await outbox.drain()


async def _bare(client: discord.Client, outgoing: Outgoing, channels: list[int]) -> None:
    view, pace = layout(outgoing), Pace()
    for channel in channels:
        await pace.turn()
        await _send(client, outgoing, view, channel)


async def _one_by_one(client: discord.Client, outgoing: Outgoing, channels: list[int]) -> None:
    view = layout(outgoing)
    for channel in channels:
        await _send(client, outgoing, view, channel)


async def _all_at_once(client: discord.Client, outgoing: Outgoing, channels: list[int]) -> None:
    view = layout(outgoing)
    await asyncio.gather(*(_send(client, outgoing, view, channel) for channel in channels))


async def _send(
    client: discord.Client, outgoing: Outgoing, view: discord.ui.LayoutView, channel: int
) -> None:
    files = [file(outgoing.image)] if outgoing.image else []
    with suppress(discord.DiscordException):  # counted as lost where the message is missing
        await client.get_partial_messageable(channel).send(view=view, files=files)


if __name__ == "__main__":
    set_up_logs("json", "info")
    sys.stdout.write(json.dumps(asyncio.run(measure(json.load(sys.stdin)))) + "\n")
