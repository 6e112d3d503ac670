"""What a store costs while history grows 1, 10 and 100 times, on both backends.

History is `DAYS` days of a board with `MODELS` models and `SENT` deliveries that were sent, and ten
and a hundred times as many: at the end ten years. For each backend and size: `poll_ms` commits one
poll (a new day, its progress, three milestones, ten deliveries), the median of several; `settle_s`
claims and settles `OPEN` open deliveries, 32 at a time, as the outbox does; `first_since_s` opens
the store anew and finds since when the first model of the last window leads, for which all days are
read; `again_ms` asks that of the days a second time. `poll_growth` and `settle_growth` are what a
hundred times the history costs over one time.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.boards import MODELS as BOARD
from bot.delivery import Delivery
from bot.model import BOARD_MODELS, Day, Memory, Row, Severity
from bot.queries.almanac import almanac
from bot.turns import claimed, sent
from storage.postgres.schema import migrate
from storage.postgres_store import PostgresStore
from storage.protocol import Progress, Store
from storage.tinydb_store import TinyDBStore
from tests import postgres
from tests.bench.bench_routing import milestone
from tests.bench.harness import Figures

SIZES = (1, 10, 100)
DAYS, MODELS, SENT = 36, 50, 1_000
OPEN, BATCH = 10_000, 32
POLLS = 7
_AT_ONCE = 20_000
LAST = date(2026, 6, 7)
NOW = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)
OPENED = Callable[[], Awaitable[Store]]
PLACE = Callable[[], AbstractAsyncContextManager[OPENED]]


def run() -> Figures:
    """Measure all of it."""
    figures: dict[str, float | int] = {"open": OPEN, "days": DAYS, "sent": SENT}
    for backend, place in (("tinydb", _folder), ("postgresql", _database)):
        for size in SIZES:
            found = asyncio.run(_measured(place, size))
            figures |= {f"{backend}_{size}x_{name}": each for name, each in found.items()}
        for name, figure in (("poll", "poll_ms"), ("settle", "settle_s")):
            most, least = (figures[f"{backend}_{size}x_{figure}"] for size in (SIZES[-1], SIZES[0]))
            figures[f"{backend}_{name}_growth"] = most / least
    return figures


@asynccontextmanager
async def _folder() -> AsyncIterator[OPENED]:
    folder = Path(tempfile.mkdtemp(prefix="bench-store-"))

    async def opened() -> Store:
        return TinyDBStore(folder, writable=True)

    try:
        yield opened
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def _database() -> AsyncIterator[OPENED]:
    with postgres.running(durable=True) as server:
        url = server.make("bench")
        migrate(url)
        yield partial(PostgresStore.open, url, writable=True)


async def _measured(place: PLACE, size: int) -> dict[str, float]:
    async with place() as opened:
        store = await opened()
        try:
            await _fill(store, size)
            found = {"poll_ms": 1000 * await _polls(store), "settle_s": await _settle(store)}
        finally:
            await store.close()
        store = await opened()
        try:
            found["first_since_s"] = await _timed(partial(_first_since, store))
            found["again_ms"] = 1000 * await _timed(partial(store.days, BOARD_MODELS))
        finally:
            await store.close()
        return found


async def _fill(store: Store, size: int) -> None:
    count = DAYS * size
    for at in range(0, count, 100):
        made = [_day(LAST - timedelta(days=count - n)) for n in range(at, min(at + 100, count))]
        await store.put_days(BOARD_MODELS, made)
    for at in range(0, SENT * size, _AT_ONCE):
        # Owed over the days of history, at most 90 of them: older ones are made slim.
        numbers = range(at, min(at + _AT_ONCE, SENT * size))
        span = min(count, 89)
        rows = [_owed("old", n, NOW - timedelta(days=n % span)) for n in numbers]
        await store.owe([sent(claimed(row, NOW), 1, NOW) for row in rows])
    await store.tidy(NOW)


async def _polls(store: Store) -> float:
    times = []
    for number in range(POLLS):
        day = LAST + timedelta(days=number)
        kinds = ("leader", "surge", "top_entry")
        found = [milestone(BOARD_MODELS, rule, Severity.NOTABLE) for rule in kinds]
        found = [replace(one, key=f"{one.key}.{number}", date=day) for one in found]
        rows = [_owed(f"poll-{number}", n, NOW) for n in range(10)]
        progress = Progress((Memory(LAST, day, (), {}),), f"mark-{number}", through=day)
        begin = time.perf_counter()
        await store.put_days(BOARD_MODELS, [_day(day)])
        await store.record(BOARD_MODELS, progress, found, rows)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


async def _settle(store: Store) -> float:
    await store.owe([_owed("open", n, NOW) for n in range(OPEN)])
    begin, done = time.perf_counter(), list[Delivery]()
    channels = await store.waiting()
    assert len(channels) == OPEN
    for at in range(0, OPEN, BATCH):
        batch = channels[at : at + BATCH]
        claims = (await store.claim(batch, NOW, done)).deliveries
        assert len(claims) == len(batch)
        done = [sent(row, 1, NOW) for row in claims]
    await store.claim([], NOW, done)
    return time.perf_counter() - begin


async def _first_since(store: Store) -> None:
    days = await store.days(BOARD_MODELS)
    windows = almanac(BOARD_MODELS, days, BOARD.counting).windows
    ends = sorted(windows, reverse=True)
    leader = windows[ends[0]].places[0].model
    next((end for end in ends if windows[end].places[0].model != leader), None)


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    begin = time.perf_counter()
    await work()
    return time.perf_counter() - begin


def _day(when: date) -> Day:
    first = 1_000_000_000 + when.toordinal()
    ranked: Sequence[Row] = [Row(f"author/m-{n}", (first - n) * 1_000) for n in range(MODELS)]
    return Day(when, tuple(ranked), first, NOW, f"made of {when}")


def _owed(name: str, channel: int, when: datetime) -> Delivery:
    told = f"{BOARD_MODELS}.leader.{name}.{when:%Y-%m-%d}"
    return Delivery(f"{channel}:{told}", channel + 1, channel // 10, (told,), "n", when)
