"""What a poll costs, whatever the length of history, and what a backtest costs.

`poll_ms` is the median time of one poll that brings a new day: manifest and 30-day export over
loopback HTTP, checked, stored, judged, routed to one channel and recorded. `poll_ratio` is that
time with ten years of stored history divided by the same with one. `backtest_s` is detection over
600 days with all rules there are.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import rules
from bot.app import open_folder
from bot.backtest import backtest
from bot.boards import MODELS as MODELS_BOARD
from bot.model import BOARD_MODELS, Day, Row
from bot.openness import directory
from bot.packaged import read_registry
from bot.pipeline import poll
from bot.sources._http import open_http
from bot.sources.exports import Exports
from bot.subscription import Subscription, Wish
from storage.protocol import Store
from tests.bench.harness import Figures
from tests.wire.openrouter_server import LoopbackOpenRouter

SEED = 1
MODELS = [f"author-{n % 20}/model-{n}" for n in range(50)]
POLLS = 15
LAST = date(2026, 6, 30)
YEAR = 365


def made_days(count: int, end: date = LAST) -> dict[date, Day]:
    """Return days of 50 models whose counts wander, and the rest."""
    chance = random.Random(SEED)
    levels = [10**12 // (n + 1) for n in range(len(MODELS))]
    days = {}
    for back in range(count - 1, -1, -1):
        levels = [max(10**8, int(level * chance.uniform(0.93, 1.08))) for level in levels]
        rows = sorted(zip(MODELS, levels, strict=True), key=lambda row: (-row[1], row[0]))
        when = end - timedelta(days=back)
        as_of = datetime.combine(when + timedelta(days=1), datetime.min.time(), UTC)
        days[when] = Day(when, tuple(Row(*row) for row in rows), 10**11, as_of)
    return days


def run() -> Figures:
    """Measure all of it."""
    one, ten = (asyncio.run(_poll_ms(years * YEAR)) for years in (1, 10))
    return {
        "poll_ms": one,
        "poll_ms_ten_years": ten,
        "poll_ratio": ten / one,
        "backtest_s": _backtest_s(600),
    }


async def _poll_ms(history: int) -> float:
    days = made_days(history + POLLS, LAST + timedelta(days=POLLS))
    with TemporaryDirectory() as folder:
        async with (
            open_folder(Path(folder), writable=True) as store,
            LoopbackOpenRouter() as server,
            open_http("bench") as http,
        ):
            stored = [day for when, day in days.items() if when <= LAST]
            await store.put_days(BOARD_MODELS, stored)
            moment = _moment(LAST)
            await store.subscribe(Subscription(1, 1, Wish(), LAST, moment, 1))
            source = Exports(http, server.base_url)
            await _timed_poll(store, source, server, days, LAST)  # judges the whole history once
            times = [
                await _timed_poll(store, source, server, days, LAST + timedelta(days=n + 1))
                for n in range(POLLS)
            ]
    return statistics.median(times) * 1000


async def _timed_poll(
    store: Store,
    source: Exports,
    server: LoopbackOpenRouter,
    days: Mapping[date, Day],
    newest: date,
) -> float:
    window = [newest - timedelta(days=n) for n in range(30)]
    rows = {
        when: [*((row.model, row.tokens) for row in days[when].rows), ("other", 10**11)]
        for when in window
    }
    moment = _moment(newest)
    server.publish(rows, moment.date(), moment - timedelta(hours=2))
    known, found = directory(read_registry(), ()), rules.discover()
    begin = time.perf_counter()
    await poll(MODELS_BOARD, source, store, known, found, moment)
    return time.perf_counter() - begin


def _moment(newest: date) -> datetime:
    return datetime.combine(newest + timedelta(days=1), datetime.min.time(), UTC) + timedelta(
        hours=3, minutes=30
    )


def _backtest_s(count: int) -> float:
    days, known = made_days(count), directory(read_registry(), ())
    begin = time.perf_counter()
    backtest(BOARD_MODELS, days, known, rules.discover())
    return time.perf_counter() - begin
