"""The courier sends in its terms, and in no other time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.courier import Courier, Leased
from bot.delivery import DeliveryState
from bot.errors import SendLater
from bot.outbox import Outbox
from storage.offices import Alone, Office, Term, Work, nothing
from storage.tinydb_store import TinyDBStore
from tests.sending import Channels, Clock, outbox, owed, record, title_only


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


class Elections(Alone):
    """Offices whose terms begin and end when a test says so."""

    def __init__(self, store: TinyDBStore) -> None:
        super().__init__(store)
        self.working: asyncio.Task[None] | None = None
        self.lease = True
        self._begin = asyncio.Event()

    async def serve(self, office: Office, work: Work, _: Callable[[], None] = nothing) -> None:
        assert office is Office.COURIER
        while True:
            await self._begin.wait()
            self._begin.clear()
            self.working = asyncio.ensure_future(work(Term(self.store, lambda: self.lease)))
            with suppress(asyncio.CancelledError):
                return await self.working

    def begin(self) -> None:
        self._begin.set()

    async def end(self) -> None:
        assert self.working is not None
        self.working.cancel()
        await asyncio.wait([self.working])


async def test_what_is_owed_goes_out_in_a_term_and_waits_between_two(store: TinyDBStore) -> None:
    clock, discord, offices = Clock(), Channels(), Elections(store)
    made: list[Outbox] = []

    def make(_: Term) -> Outbox:
        made.append(outbox(store, discord, clock))
        return made[-1]

    courier = Courier(offices, make)
    running = asyncio.create_task(courier.run())
    await record(store, owed(7, "a", clock()))
    courier.wake()
    assert discord.sent == []
    offices.begin()
    await _until(lambda: len(discord.sent) == 1)
    await offices.end()
    await record(store, owed(7, "b", clock()))
    courier.wake()
    assert len(discord.sent) == 1
    offices.begin()
    await _until(lambda: len(discord.sent) == 2)
    assert len(made) == 2
    await courier.stop()
    await running
    assert await store.open_deliveries() == ()


async def test_what_was_under_way_when_a_term_ended_is_cut_short_and_still_claimed(
    store: TinyDBStore,
) -> None:
    clock, offices = Clock(), Elections(store)
    discord = Channels(gates={7: asyncio.Event()})
    courier = Courier(offices, lambda _: outbox(store, discord, clock))
    running = asyncio.create_task(courier.run())
    row = owed(7, "a", clock())
    await record(store, row)
    offices.begin()
    await _until(lambda: discord.at_once.get(7) == 1)
    await offices.end()
    await _until(lambda: discord.at_once[7] == 0)
    (left,) = await store.deliveries([row.key])
    assert (left.state, discord.sent) == (DeliveryState.SENDING, [])
    await courier.stop()
    running.cancel()
    await asyncio.wait([running])


async def test_who_stops_is_in_office_until_what_is_under_way_has_settled(
    store: TinyDBStore,
) -> None:
    clock, offices, gate = Clock(), Elections(store), asyncio.Event()
    discord = Channels(gates={7: gate})
    courier = Courier(offices, lambda _: outbox(store, discord, clock))
    running = asyncio.create_task(courier.run())
    await record(store, owed(7, "a", clock()))
    offices.begin()
    await _until(lambda: discord.at_once.get(7) == 1)
    stopping = asyncio.create_task(courier.stop())
    await asyncio.wait([running, stopping], timeout=0.05)
    assert not running.done()
    gate.set()
    await stopping
    await running
    assert await store.open_deliveries() == ()


@pytest.mark.parametrize("what", ["send", "edit", "publish"])
async def test_nothing_is_sent_once_the_lease_has_run_out(store: TinyDBStore, what: str) -> None:
    discord, goes_on = Channels(), True
    leased, row = Leased(discord, lambda: goes_on), owed(7, "a", Clock()())
    outgoing = await title_only(row)
    ask = {
        "send": lambda: leased.send(row, outgoing, 7),
        "edit": lambda: leased.edit(7, 1, outgoing),
        "publish": lambda: leased.publish(7, 1),
    }[what]
    await leased.send(row, outgoing, 7)
    await ask()
    before = (list(discord.sent), list(discord.published))
    goes_on = False
    with pytest.raises(SendLater):
        await ask()
    assert (discord.sent, discord.published) == before


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.005)
