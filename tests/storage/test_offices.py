"""Offices on a database: one holder at a time, and another one when it is gone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.errors import StoreBusy
from storage.offices import Alone, Office, Term
from storage.postgres.offices import PostgresOffices
from storage.postgres.schema import migrate
from storage.postgres.seat import LEASE, Seat
from storage.postgres_store import PostgresStore
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import delivery
from tests.postgres import cut_off, emptied, running

MOST = 10.0
"""Seconds that a take-over may take."""


@pytest.fixture
async def url(database: str) -> str:
    emptied(database)
    return database


class Process:
    """One that runs for an office, as a process of its own would."""

    def __init__(self, url: str, store: PostgresStore) -> None:
        self.store = store
        self.terms: asyncio.Queue[Term] = asyncio.Queue()
        self.told = asyncio.Event()
        self.in_office = False
        self.stopped = asyncio.Event()
        self.serving = asyncio.create_task(
            PostgresOffices(url, store).serve(Office.COURIER, self._work, self.told.set)
        )

    async def _work(self, term: Term) -> None:
        self.in_office = True
        try:
            self.terms.put_nowait(term)
            await self.stopped.wait()
        finally:
            self.in_office = False

    async def elected(self) -> Term:
        async with asyncio.timeout(MOST):
            return await self.terms.get()


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Process]:
    store = await PostgresStore.open(url, writable=False)
    found = Process(url, store)
    try:
        yield found
    finally:
        found.serving.cancel()
        with suppress(asyncio.CancelledError):
            await found.serving
        await store.close()


async def test_one_process_serves_and_who_waits_takes_over_at_once_from_one_that_stops(
    url: str,
) -> None:
    async with process(url) as second, process(url) as first:
        one, other = (first, second) if await _first(first, second) else (second, first)
        assert not other.in_office
        one.stopped.set()
        await one.serving
        assert not one.in_office
        began = time.monotonic()
        await (await other.elected()).store.owe([delivery("a")])
        assert time.monotonic() - began < LEASE.total_seconds()
        assert [row.key for row in await second.store.open_deliveries()] == ["a"]


async def _first(first: Process, second: Process) -> bool:
    """Return once one of them is elected; say whether it is the first."""
    elected = [asyncio.create_task(each.elected()) for each in (first, second)]
    done, waiting = await asyncio.wait(elected, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    return elected[0] in done


async def test_another_takes_over_when_the_holder_is_cut_off_and_after_its_lease(url: str) -> None:
    async with process(url) as first:
        before = await first.elected()
        assert before.goes_on()
        async with process(url) as second:
            await before.store.owe([delivery("a")])
            began = time.monotonic()
            cut_off(url, 11)
            _, waiting = await asyncio.wait(
                [asyncio.create_task(each.elected()) for each in (first, second)],
                return_when=asyncio.FIRST_COMPLETED,
            )
            took = time.monotonic() - began
            for each in waiting:
                each.cancel()
            assert LEASE.total_seconds() - 1.1 < took < MOST
            assert not before.goes_on()
            with pytest.raises(StoreBusy, match="another rankshift is the courier now"):
                await before.store.owe([delivery("b")])
            await second.store.owe([delivery("c")])  # what people set needs no office
            assert [row.key for row in await first.store.open_deliveries()] == ["a", "c"]


async def test_who_stops_while_it_waits_for_the_last_one_leaves_the_wait_to_the_next(
    url: str,
) -> None:
    async with process(url) as first:
        before = await first.elected()
        cut_off(url, 11)
        first.serving.cancel()  # and it is never seen again
        began = time.monotonic()
        async with process(url) as second:
            async with asyncio.timeout(MOST):
                while await _term_now(second.store) == 1:
                    await asyncio.sleep(0.05)
        async with process(url) as third:
            await third.elected()
            assert time.monotonic() - began > LEASE.total_seconds()
            assert not before.goes_on()


async def _term_now(store: PostgresStore) -> int:
    async with store.connections.reading() as connection:
        found = await connection.execute("SELECT term FROM offices WHERE name = 'courier'")
        row = await found.fetchone()
    assert row is not None
    return int(row[0])


async def test_who_sleeps_loses_the_office_before_anybody_else_has_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, asleep = Seat.keep, asyncio.Event()

    async def sleep_once(seat: Seat) -> None:
        if not asleep.is_set():
            asleep.set()
            await asyncio.Event().wait()
        await keep(seat)

    monkeypatch.setattr(Seat, "keep", sleep_once)
    async with process(url) as first:
        before = await first.elected()
        async with process(url) as second:
            began = time.monotonic()
            after = await second.elected()
            assert time.monotonic() - began < MOST
            assert not before.goes_on()
            assert after.goes_on()
            with pytest.raises(StoreBusy, match="the courier now"):
                await before.store.owe([delivery("b")])
            await after.store.owe([delivery("a")])


async def test_a_write_under_way_ends_before_another_term_begins(url: str) -> None:
    async with process(url) as first:
        before = await first.elected()
        assert isinstance(before.store, PostgresStore)
        async with process(url) as second, before.store.connections.writing() as connection:
            cut_off(url, 11)
            await connection.execute("SELECT pg_sleep(5)")
            assert first.terms.empty()
            assert second.terms.empty()
            await connection.execute("INSERT INTO notes VALUES ('a', 'b')")
        assert await _first(first, second) in {True, False}


async def test_the_courier_is_told_within_a_second_of_what_any_process_owes(url: str) -> None:
    async with process(url) as first:
        await first.elected()
        other = await PostgresStore.open(url, writable=False)
        for key in ("a", "b", "c"):
            first.told.clear()
            await other.owe([delivery(key)])
            async with asyncio.timeout(1):
                await first.told.wait()
        await other.close()


async def test_the_office_is_taken_again_after_the_server_restarts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running(durable=True) as server:
        url = server.make("offices")
        migrate(url)
        async with process(url) as alone:
            before = await alone.elected()
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(1.5)
            await asyncio.to_thread(server.start)
            after = await alone.elected()
            assert not before.goes_on()
            await after.store.owe([delivery("a")])
            with pytest.raises(StoreBusy):
                await before.store.owe([delivery("b")])
    said = capsys.readouterr().out
    assert said.count("office lost") == said.count("office cannot be run for") == 1
    assert said.count("office can be run for again") == 1


async def test_what_the_work_fails_with_is_told_and_the_office_is_free(url: str) -> None:
    store = await PostgresStore.open(url, writable=False)

    async def fail(_: Term) -> None:
        raise StoreBusy("no luck")

    with pytest.raises(StoreBusy, match="no luck"):
        await PostgresOffices(url, store).serve(Office.POLLER, fail)
    polling = await PostgresStore.open(url, writable=True)
    for each in (polling, store):
        await each.close()


async def test_tables_are_not_changed_while_somebody_is_in_office(url: str) -> None:
    async with process(url) as first:
        await first.elected()
        with pytest.raises(StoreBusy, match="a bot is running on this database"):
            await asyncio.to_thread(migrate, url)


async def test_one_process_with_a_folder_holds_every_office_for_good(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    offices, terms = Alone(store), list[Term]()

    async def work(term: Term) -> None:
        terms.append(term)

    for office in Office:
        await offices.serve(office, work)
    assert all(term.store is offices.store is store and term.goes_on() for term in terms)
    assert len(terms) == 2
    await store.close()
