"""The bot that answers a crowd while it sends to many channels: see `bench_commands`.

A process of its own. What it needs comes as JSON on standard input: where its Discord is, the crowd
to be asked for, the channels that are owed an alert; what was measured goes out as JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from discord.ext import commands

from bot import rules
from bot.alerts import Composer
from bot.app import open_folder, stored_directory
from bot.backtest import backtest
from bot.client import RankshiftClient, point_at
from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.logs import set_up_logs
from bot.model import BOARD_MODELS, Severity
from bot.openness import directory
from bot.outbox import Outbox
from bot.pace import Pace
from bot.packaged import read_boards, read_languages, read_registry
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from bot.render import Renderer
from bot.routing import route
from bot.service import asking
from bot.subscription import Subscription, Wish
from bot.trace import traced
from cogs._answers import Answers
from cogs.delivery import DiscordMessenger
from cogs.servers import Servers
from cogs.subscriptions import Subscriptions
from cogs.watching import Watching
from storage.protocol import Progress, Store
from tests.bench.bench_path import LAST, MODELS, made_days
from tests.wire.discord_crowd import percentile

NOW = datetime.combine(LAST + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=4)
HISTORY = 600
CATALOGUE = 700
PROBE = 0.005
NEWS = f"{BOARD_MODELS}.news.author-0/model-0.{LAST}"
"""The key of the milestone that goes out to all channels."""

Told = dict[str, Any]


async def measure(told: Told) -> Told:
    """Answer the crowd in peace and quiet first, then nobody, then the crowd amid a fan-out."""
    async with _bot(told) as (store, outbox), aiohttp.ClientSession() as session:
        await _fill(store)
        ask = partial(_ask, session, told["control_url"])
        await ask(told["warm_up"])
        before = _resident_mb()
        async with probed() as idle:
            await asyncio.sleep(told["idle_seconds"])
        await _owe(store, told["channels"])
        outbox.wake()
        begun, used = time.perf_counter(), time.process_time()
        async with probed() as busy:
            asked = await ask(told["crowd"])
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
        after = _resident_mb()
        sent = len(told["channels"]) - len(await store.open_deliveries())
    return {
        "crowd": asked,
        "idle_stall_p999_ms": percentile(idle, 999) * 1000,
        "loop_stall_p999_ms": percentile(busy, 999) * 1000,
        "loop_stall_max_ms": max(busy) * 1000,
        "memory_mb": after,
        "memory_growth_mb": after - before,
        "cpu_share": cpu / seconds,
        "sent_a_second": sent / seconds,
    }


@asynccontextmanager
async def _bot(told: Told) -> AsyncIterator[tuple[Store, Outbox]]:
    """Run the bot as the service does, but for polls; its store is new and its clock stands."""
    point_at(told["api_url"], told["gateway_url"])
    registry, languages = read_registry(), read_languages()
    with (
        TemporaryDirectory() as folder,
        closing(Renderer()) as renderer,
        ExitStack() as stack,
    ):
        async with open_folder(Path(folder), writable=True) as store:
            known, pace = partial(stored_directory, store, registry), Pace()

            reference = Reference(store, registry, read_boards())
            backtests = stack.enter_context(closing(Backtests(store, reference)))
            answers = Answers(languages, renderer, _now)

            def cogs() -> Sequence[commands.Cog]:
                return (
                    *asking(store, reference, answers, backtests, composer),
                    Subscriptions(store, reference, answers, outbox.wake),
                    Servers(client, store, _now, outbox.wake),
                    Watching(store, reference, languages, _now, outbox.wake),
                )

            trace = traced(pace, _now)
            client = RankshiftClient(store, languages, cogs, http_trace=trace)
            composer = Composer(store, renderer, rules.discover(), known, languages)
            outbox = Outbox(store, composer, DiscordMessenger(client), _now, pace)
            await client.login(told["token"])
            serving = asyncio.gather(client.connect(), outbox.run())
            await client.wait_until_ready()
            yield store, outbox
            await outbox.stop()
            await client.close()
            await serving


def _now() -> datetime:
    return NOW


async def _fill(store: Store) -> None:
    """Store a history, its milestones, news, and a catalogue of more models than are ranked."""
    days = made_days(HISTORY)
    await store.put_days(BOARD_MODELS, list(days.values()))
    found = backtest(BOARD_MODELS, days, directory(read_registry(), ()), rules.discover())
    milestone = next(one for one in found if one.told and one.severity is not Severity.MINOR)
    news = replace(milestone, date=LAST, key=NEWS)
    await store.record(BOARD_MODELS, Progress((), None), [*found, news], ())
    others = [f"author-{n % 60}/other-{n}" for n in range(CATALOGUE - len(MODELS))]
    await store.put_catalogue([_entry(model) for model in sorted([*MODELS, *others])])


def _entry(model: str) -> CatalogueEntry:
    name = model.replace("/", ": ").replace("-", " ").title()
    listed, price = LAST - timedelta(days=HISTORY), Price(Decimal("0.2"), Decimal("0.85"))
    scores = (Score(Rater.ARTIFICIAL_ANALYSIS, "intelligence", Decimal("41.5")),)
    return CatalogueEntry(
        model, name, listed, None, None, LAST, context=131_072, price=price, scores=scores
    )


async def _owe(store: Store, channels: Sequence[int]) -> None:
    """Owe the news to every channel."""
    news = await store.milestones_by_key([NEWS])
    asked = [Subscription(each, 1, Wish(), date.min, NOW, 1) for each in channels]
    await store.record(BOARD_MODELS, Progress((), "new"), (), route(news, asked, NOW))


async def _ask(session: aiohttp.ClientSession, control_url: str, crowd: Told) -> Told:
    """Let a crowd come, and return what it waited once it is over."""
    url = f"{control_url}/crowd"
    async with session.post(url, json=crowd, raise_for_status=True):
        pass
    await asyncio.sleep(crowd["seconds"])
    while True:
        async with session.get(url) as answer:
            told: Told = await answer.json()
        if "problem" in told:
            raise LookupError(told["problem"])
        if told["over"]:
            return told
        await asyncio.sleep(0.2)


@asynccontextmanager
async def probed() -> AsyncIterator[list[float]]:
    """Note by how many seconds a task that sleeps 5 ms again and again wakes too late."""
    late: list[float] = []
    probe = asyncio.create_task(_probe(late))
    try:
        yield late
    finally:
        probe.cancel()


async def _probe(late: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(PROBE)
        late.append(time.perf_counter() - begun - PROBE)


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    set_up_logs("json", "info")
    sys.stdout.write(json.dumps(asyncio.run(measure(json.load(sys.stdin)))) + "\n")
