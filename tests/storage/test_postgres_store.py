"""What only a database can get wrong: other processes, a server that is away, who may write."""

import asyncio
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from bot.delivery import DeliveryState
from bot.errors import StoreBusy, StoreError
from bot.model import BOARD_MODELS
from storage.postgres import connections, days, deliveries
from storage.postgres.schema import migrate
from storage.postgres_store import PostgresStore
from tests.contract.nouns import delivery, everything, fill, progress
from tests.made import AS_OF, day
from tests.postgres import Server, cut_off, emptied, running

NOTHING = progress(None)


@pytest.fixture
async def url(database: str) -> str:
    emptied(database)
    return database


async def test_one_process_at_a_time_writes_and_any_number_read(url: str) -> None:
    first = await PostgresStore.open(url, writable=True)
    with pytest.raises(StoreBusy, match="another rankshift writes to this database"):
        await PostgresStore.open(url, writable=True)
    await first.owe([delivery("a")])
    reading = await PostgresStore.open(url, writable=False)
    assert await reading.open_deliveries() == (delivery("a"),)
    await first.close()
    second = await PostgresStore.open(url, writable=True)
    await second.owe([delivery("b")])
    assert await reading.open_deliveries() == (delivery("a"), delivery("b"))
    for each in (second, reading):
        await each.close()


async def test_who_slept_while_another_began_to_write_cannot_write(url: str) -> None:
    asleep = await PostgresStore.open(url, writable=True)
    cut_off(url, 10)
    awake = await PostgresStore.open(url, writable=True)
    await awake.owe([delivery("a")])
    for ask in (
        lambda: asleep.owe([delivery("b")]),
        lambda: asleep.save_deliveries([delivery("a", 1, DeliveryState.SENDING)]),
        lambda: asleep.record(BOARD_MODELS, progress(1), [], []),
        lambda: asleep.put_days(BOARD_MODELS, [day(0, {"a/b": 1})]),
    ):
        with pytest.raises(StoreBusy, match="another rankshift is the poller now"):
            await ask()
    assert await asleep.open_deliveries() == (delivery("a"),)
    assert await awake.days(BOARD_MODELS) == {}
    for each in (asleep, awake):
        await each.close()


async def test_a_write_under_way_ends_before_another_begins_to_write(url: str) -> None:
    asleep = await PostgresStore.open(url, writable=True)
    async with asleep.connections.writing() as connection:
        await deliveries.owe(connection, [delivery("a")])
        cut_off(url, 10)
        opening = asyncio.create_task(PostgresStore.open(url, writable=True))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(opening), 0.3)
    awake = await opening
    assert await awake.open_deliveries() == (delivery("a"),)
    for each in (asleep, awake):
        await each.close()


async def test_what_another_process_puts_into_a_board_is_seen(url: str) -> None:
    writing = await PostgresStore.open(url, writable=True)
    reading = await PostgresStore.open(url, writable=False)
    put = [day(when, {"a/b": when + 1, "c/d": 2**70}) for when in range(10)]
    await writing.put_days(BOARD_MODELS, put[4:8])
    assert list((await reading.days(BOARD_MODELS, since=put[6].date)).values()) == put[6:8]
    assert list(reading._days._seen[BOARD_MODELS].days.values()) == put[6:8]  # and read no others
    assert list((await reading.days(BOARD_MODELS)).values()) == put[4:8]
    await writing.put_days(BOARD_MODELS, put)
    other = replace(put[5], rows=put[0].rows, as_of=AS_OF.replace(year=2030))
    await writing.put_days(BOARD_MODELS, [other])
    expected = [*put[:5], other, *put[6:]]
    assert list((await reading.days(BOARD_MODELS)).values()) == expected
    assert list((await writing.days(BOARD_MODELS)).values()) == expected
    assert await reading.versions(BOARD_MODELS, other.date) == (put[5],)
    for each in (writing, reading):
        await each.close()


async def test_an_older_answer_never_takes_the_place_of_a_newer_one(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await PostgresStore.open(url, writable=True)
    old = day(0, {"a/b": 1})
    new = replace(old, rows=day(0, {"a/b": 2}).rows, as_of=AS_OF.replace(year=2030))
    await store.put_days(BOARD_MODELS, [old])
    read, go_on, made = asyncio.Event(), asyncio.Event(), days.made

    async def slowly(make: Any, rows: Any) -> tuple[Any, ...]:
        if not read.is_set():
            read.set()
            await go_on.wait()
        return await made(make, rows)

    monkeypatch.setattr(days, "made", slowly)
    first = asyncio.create_task(store.days(BOARD_MODELS))
    await read.wait()
    await store.put_days(BOARD_MODELS, [new])
    second = asyncio.create_task(store.days(BOARD_MODELS))
    await asyncio.wait([second], timeout=0.2)
    go_on.set()
    await first
    assert await second == {new.date: new}
    assert await store.days(BOARD_MODELS) == {new.date: new}
    await store.close()


async def test_tokens_are_exact_numbers_in_the_database(url: str) -> None:
    store = await PostgresStore.open(url, writable=True)
    await store.put_days(BOARD_MODELS, [day(0, {"a/b": 10**30 + 1}, 2**64)])
    await store.close()
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT tokens[1] = 10::numeric ^ 30 + 1, pg_typeof(tokens)::text, other, "
            "pg_typeof(other)::text FROM readings"
        ).fetchone()
    assert row == (True, "numeric[]", 2**64, "numeric")


async def test_one_process_decides_at_a_time(url: str) -> None:
    here = await PostgresStore.open(url, writable=True)
    there = await PostgresStore.open(url, writable=False)
    said: list[str] = []

    async def decide(store: PostgresStore, name: str) -> None:
        async with store.deciding():
            said.append(f"{name} begins")
            await asyncio.sleep(0.05)
            await store.held()
            said.append(f"{name} ends")

    await asyncio.gather(*(decide(one, name) for one in (here, there) for name in "abcdefghijkl"))
    begins, ends = said[::2], said[1::2]
    assert [each.split()[0] for each in begins] == [each.split()[0] for each in ends]
    for each in (here, there):
        await each.close()


async def test_who_is_interrupted_while_deciding_lets_the_others_decide(url: str) -> None:
    here = await PostgresStore.open(url, writable=True)
    there = await PostgresStore.open(url, writable=False)
    with pytest.raises(ZeroDivisionError):
        async with here.deciding():
            raise ZeroDivisionError

    async def decide() -> None:
        async with here.deciding():
            await asyncio.Event().wait()

    for pause in (0.0, 0.001, 0.002, 0.005, 0.01, 0.05):
        deciding = asyncio.create_task(decide())
        await asyncio.sleep(pause)
        deciding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await deciding
        async with asyncio.timeout(10), there.deciding():
            pass
    for each in (here, there):
        await each.close()


async def test_who_listens_is_told_at_once_of_what_is_owed(url: str) -> None:
    store = await PostgresStore.open(url, writable=True)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listening:
        await listening.execute(f"LISTEN {deliveries.OWED}".encode())
        await store.owe([delivery("a"), delivery("b")])
        told = [each async for each in listening.notifies(timeout=5, stop_after=1)]
        assert [each.channel for each in told] == [deliveries.OWED]
        await store.save_deliveries([delivery("a", 1, DeliveryState.SENDING)])
        assert [each async for each in listening.notifies(timeout=0.2)] == []
    await store.close()


async def test_a_channel_that_somebody_changes_is_not_waited_for_and_keeps_its_order(
    url: str,
) -> None:
    store = await PostgresStore.open(url, writable=True)
    await store.owe([delivery("a", 1), delivery("b", 1), delivery("c", 2)])
    async with store.connections.writing() as connection:
        await connection.execute("SELECT 1 FROM deliveries WHERE key = 'a' FOR UPDATE")
        found = await store.claim([1, 2], AS_OF)
    assert [row.key for row in found.deliveries] == ["c"]
    assert found.again == {1}
    assert [row.key for row in (await store.claim([1], AS_OF)).deliveries] == ["a"]
    await store.close()


async def test_more_work_than_connections_is_done(url: str) -> None:
    store = await PostgresStore.open(url, writable=True)
    rows = [delivery(f"d{number}", number) for number in range(20 * connections.MOST)]
    await asyncio.gather(*(store.owe([row]) for row in rows))
    assert {row.key for row in await store.open_deliveries()} == {row.key for row in rows}
    await store.close()


async def test_a_server_that_restarts_makes_the_store_wait_and_loses_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running(durable=True) as server:
        url = _made(server)
        store = await PostgresStore.open(url, writable=True)
        await fill(store)
        before = await everything(store)
        await asyncio.to_thread(server.kill)
        with pytest.raises(StoreError, match="PostgreSQL: "):
            await store.owe([delivery("lost")])
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(60):
            while (held := await _held(store)) is None:
                await asyncio.sleep(0.1)
        assert held == before
        await store.owe([delivery("new", 7)])
        assert await store.open_deliveries(7) == (delivery("new", 7),)
        await store.close()
    said = capsys.readouterr().out
    assert said.count("database away") == said.count("database back") == 1


async def _held(store: PostgresStore) -> dict[str, object] | None:
    try:
        return await everything(store)
    except StoreError:
        return None


def _made(server: Server) -> str:
    url = server.make("restarted")
    migrate(url)
    return url
