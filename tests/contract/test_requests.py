"""What storage/protocol.py promises of the moments of requests, asked of every backend."""

import asyncio
from datetime import timedelta

import pytest

from tests.contract.conftest import StoreOpener
from tests.made import AS_OF

MOMENTS = tuple(AS_OF + timedelta(seconds=n, microseconds=n) for n in range(3))


async def test_a_new_store_knows_of_no_requests(open_store: StoreOpener) -> None:
    assert await (await open_store()).requests() == ()


@pytest.mark.parametrize("killed", [False, True])
async def test_requests_are_there_after_a_restart_to_the_microsecond(
    open_store: StoreOpener, *, killed: bool
) -> None:
    await (await open_store()).put_requests(MOMENTS)
    found = await (await open_store(killed=killed)).requests()
    assert found == MOMENTS
    assert all(moment.utcoffset() == timedelta() for moment in found)


async def test_requests_take_the_place_of_those_before(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_requests(MOMENTS)
    await store.put_requests(MOMENTS[1:])
    assert await store.requests() == MOMENTS[1:]
    await store.put_requests([])
    assert await (await open_store(killed=True)).requests() == ()


async def test_requests_come_oldest_first_and_as_often_as_they_were(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.put_requests([MOMENTS[2], MOMENTS[0], MOMENTS[2], MOMENTS[1]])
    async for each in open_store.then(store):
        assert await each.requests() == (*MOMENTS, MOMENTS[2])


async def test_a_cancelled_call_keeps_all_or_nothing(open_store: StoreOpener) -> None:
    for steps in range(6):
        opener = await open_store.elsewhere()
        store = await opener()
        await store.put_requests(MOMENTS[:1])
        call = asyncio.ensure_future(store.put_requests(MOMENTS))
        for _ in range(steps):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait([call])
        held = await store.requests()
        assert held in (MOMENTS[:1], MOMENTS)
        assert await (await opener(killed=True)).requests() == held
        await opener.let_go()
