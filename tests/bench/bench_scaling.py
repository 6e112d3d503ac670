"""A headline for a million subscriptions on PostgreSQL: routed, owed, claimed, on virtual time.

There is no Discord: what is claimed counts as sent at once, and the clock is moved by what Discord
would have needed at 45 messages a second. `SIZES` channels with a subscription each; per size:
`read_s` reads the subscriptions, `route_s` says who gets the headline, `owe_s` keeps that,
`stall_s` is the longest that the event loop stood still meanwhile, `waiting_s` asks which channels
have something open, `claim_ms` stores outcomes and claims the next 16 (median of some at the
begin, and of some at the end, when nearly all is sent). `busy_share` is what claiming takes of the
time that Discord takes, `virtual_h` how many hours those are; `database_mb` and `memory_mb` are
the database's size and the most memory that this process has had so far.

Beside that, in bytes with their indexes and without what an update left behind: `subscription_b`
with its channel, `delivery_b` of an alert that waits, `slim_b` of one sent 90 days ago, and
`day_b` of a board's day of 50 models, over ten years of them.
"""

import asyncio
import resource
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.delivery import Delivery
from bot.model import BOARD_MODELS, Memory, Severity
from bot.routing import route
from bot.settings import SENDS_PER_SECOND
from bot.subscription import Channel, Subscription, Wish
from bot.turns import sent
from storage.postgres.channel_rows import subscription_row
from storage.postgres.documents import text_of
from storage.postgres.schema import migrate
from storage.postgres_store import PostgresStore
from storage.protocol import Progress
from tests import postgres
from tests.bench.bench_routing import milestone
from tests.bench.bench_store import _day
from tests.bench.harness import Figures

SIZES = (10_000, 100_000, 1_000_000)
BATCH, BATCHES = 16, 200
DAYS = 3650
DAY = date(2026, 6, 7)
NOW = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)


def run() -> Figures:
    """Measure all sizes, each in a database of its own."""
    figures: dict[str, float | int | str] = {}
    with postgres.running(durable=True) as server:
        for size in SIZES:
            url = server.make(f"scaling-{size}")
            migrate(url)
            found = asyncio.run(_measured(url, size))
            figures |= {f"{size}_{name}": value for name, value in found.items()}
        url = server.make("sizes")
        migrate(url)
        return figures | asyncio.run(_sizes(url))


async def _sizes(url: str) -> dict[str, float]:
    store, size = await PostgresStore.open(url, writable=True), SIZES[0]
    try:
        await _subscribe(store, size)
        headline = milestone(BOARD_MODELS, "leader", Severity.HEADLINE)
        rows = route([headline], await store.subscriptions(), NOW)
        await store.owe(rows)
        waiting = await _bytes(store, "deliveries")
        await store.save_deliveries([sent(row, 1, NOW) for row in rows])
        await store.tidy(NOW + timedelta(days=91))
        for at in range(0, DAYS, 100):
            dates = [DAY - timedelta(days=n) for n in range(at, min(at + 100, DAYS))]
            await store.put_days(BOARD_MODELS, [_day(each) for each in dates])
        asked = await _bytes(store, "subscriptions") + await _bytes(store, "channels")
        return {
            "subscription_b": asked / size,
            "delivery_b": waiting / size,
            "slim_b": await _bytes(store, "deliveries") / size,
            "day_b": await _bytes(store, "readings") / DAYS,
        }
    finally:
        await store.close()


async def _bytes(store: PostgresStore, table: str) -> int:
    async with store.connections.reading() as connection:
        await connection.execute(f"VACUUM FULL {table}".encode())
        asked = "SELECT pg_total_relation_size(%s::regclass)"
        row = await (await connection.execute(asked, (table,))).fetchone()
    assert row is not None
    return int(row[0])


async def _measured(url: str, size: int) -> dict[str, float]:
    store = await PostgresStore.open(url, writable=True)
    try:
        await _subscribe(store, size)
        found, stalls = dict[str, float](), list[float]()
        watching = asyncio.create_task(_watch(stalls))
        begin = time.perf_counter()
        subscriptions = await store.subscriptions()
        found["read_s"] = time.perf_counter() - begin
        headline = milestone(BOARD_MODELS, "leader", Severity.HEADLINE)
        begin = time.perf_counter()
        rows = await asyncio.to_thread(route, [headline], subscriptions, NOW)
        found["route_s"] = time.perf_counter() - begin
        assert len(rows) == size
        progress = Progress((Memory(DAY, DAY, (), {}),), "mark", through=DAY)
        begin = time.perf_counter()
        await store.record(BOARD_MODELS, progress, [headline], rows)
        found["owe_s"] = time.perf_counter() - begin
        watching.cancel()
        found["stall_s"] = max(stalls)
        return found | await _sent(store, rows)
    finally:
        await store.close()


async def _sent(store: PostgresStore, rows: Sequence[Delivery]) -> dict[str, float]:
    """Send the first and the last of what waits, as the outbox does; the rest is sent at once."""
    begin = time.perf_counter()
    channels = await store.waiting()
    waiting = time.perf_counter() - begin
    assert len(channels) == len(rows)
    first = await _claims(store, channels[: BATCH * BATCHES])
    left = frozenset(channels[-BATCH * BATCHES :])
    async with store.connections.writing() as connection:
        await connection.execute(
            """UPDATE deliveries SET state = 'sent'
            WHERE state = 'pending' AND channel_id <> ALL(%s::numeric[])""",
            (list(left),),
        )
    last = await _claims(store, [each for each in channels if each in left])
    assert await store.waiting() == ()
    async with store.connections.reading() as connection:
        asked = "SELECT pg_database_size(current_database())"
        row = await (await connection.execute(asked)).fetchone()
    assert row is not None
    claim = statistics.median(first + last)
    return {
        "waiting_s": waiting,
        "claim_ms_begin": statistics.median(first) * 1000,
        "claim_ms_end": statistics.median(last) * 1000,
        "busy_share": claim * SENDS_PER_SECOND / BATCH,
        "virtual_h": len(rows) / SENDS_PER_SECOND / 3600,
        "database_mb": row[0] / 1e6,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }


async def _claims(store: PostgresStore, channels: Sequence[int]) -> list[float]:
    times, done, now = list[float](), list[Delivery](), NOW
    for at in range(0, len(channels), BATCH):
        begin = time.perf_counter()
        claimed = (await store.claim(channels[at : at + BATCH], now, done)).deliveries
        times.append(time.perf_counter() - begin)
        assert len(claimed) == BATCH
        now += timedelta(seconds=BATCH / SENDS_PER_SECOND)
        done = [sent(row, 1, now) for row in claimed]
    await store.claim([], now, done)
    return times


async def _subscribe(store: PostgresStore, size: int) -> None:
    """Let every channel subscribe to headlines; by ten in a server."""
    async with store.connections.writing() as connection, connection.cursor() as cursor:
        columns = "(channel_id, number, guild_id, created_by, document)"
        async with cursor.copy(f"COPY subscriptions {columns} FROM STDIN".encode()) as copy:
            for at in range(1, size + 1):
                wish = Wish(least=Severity.HEADLINE)
                one = Subscription(at, at // 10, wish, DAY - timedelta(days=9), NOW, 1)
                await copy.write_row(subscription_row(one))
        async with cursor.copy(b"COPY channels FROM STDIN") as copy:
            for at in range(1, size + 1):
                await copy.write_row((at, at // 10, False, text_of(Channel(at, at // 10))))
        await cursor.execute("ANALYZE subscriptions")


async def _watch(stalls: list[float]) -> None:
    """Note how long nothing else could be done."""
    while True:
        begin = time.perf_counter()
        await asyncio.sleep(0.01)
        stalls.append(time.perf_counter() - begin - 0.01)
