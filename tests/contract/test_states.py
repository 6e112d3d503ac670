"""What storage/protocol.py promises of states and sightings, asked of every backend."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import BOARD_MODELS
from bot.settling import Sighting
from bot.states import State, StateKind
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import OTHER_BOARD, progress
from tests.made import AS_OF, START, day

STATES = tuple(
    State(
        kind,
        board,
        "öpen/модель",
        AS_OF + timedelta(seconds=number, microseconds=number),
        "place 3 ◆ 模型",
    )
    for number, (kind, board) in enumerate(
        (kind, board) for kind in reversed(StateKind) for board in (OTHER_BOARD, BOARD_MODELS)
    )
)
SIGHTINGS = tuple(
    Sighting(START + timedelta(days=n), 2**70 + n, AS_OF + timedelta(microseconds=n))
    for n in range(3)
)


async def test_a_new_store_knows_of_no_states(open_store: StoreOpener) -> None:
    assert await (await open_store()).states() == ()


MINE = tuple(state for state in STATES if state.board == BOARD_MODELS)
THEIRS = tuple(state for state in STATES if state.board == OTHER_BOARD)


@pytest.mark.parametrize("killed", [False, True])
async def test_states_are_there_after_a_restart_as_they_were_and_in_their_order(
    open_store: StoreOpener, *, killed: bool
) -> None:
    await (await open_store()).put_states(BOARD_MODELS, MINE)
    found = await (await open_store(killed=killed)).states()
    assert found == MINE
    assert all(state.since.utcoffset() == timedelta() for state in found)


async def test_states_take_the_place_of_those_before(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.put_states(BOARD_MODELS, MINE)
    fewer = (replace(MINE[2], detail="otherwise"), MINE[1])
    await store.put_states(BOARD_MODELS, list(fewer))
    assert await store.states() == fewer
    await store.put_states(BOARD_MODELS, fewer)
    assert await (await open_store()).states() == fewer
    await (await open_store()).put_states(BOARD_MODELS, [])
    assert await (await open_store(killed=True)).states() == ()


async def test_the_states_of_other_boards_stay_also_when_put_at_once(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    puts = ((BOARD_MODELS, MINE), (OTHER_BOARD, THEIRS))
    await asyncio.gather(*(store.put_states(board, states) for board, states in puts))
    assert set(await store.states()) == set(STATES)
    await store.put_states(OTHER_BOARD, [])
    assert await store.states() == MINE


async def test_a_cancelled_call_keeps_all_or_nothing(open_store: StoreOpener) -> None:
    for steps in range(6):
        opener = await open_store.elsewhere()
        store = await opener()
        await store.put_states(BOARD_MODELS, MINE[:1])
        call = asyncio.ensure_future(store.put_states(BOARD_MODELS, MINE))
        for _ in range(steps):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait([call])
        held = await store.states()
        assert held in (MINE[:1], MINE)
        assert await (await opener(killed=True)).states() == held
        await opener.let_go()


async def test_sightings_are_kept_with_the_progress_of_their_board(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    reached = replace(progress(3), sightings=SIGHTINGS)
    await store.record(BOARD_MODELS, reached, [], [])
    await store.record(OTHER_BOARD, progress(3), [], [])
    async for each in open_store.then(store, killed=True):
        assert await each.progress(BOARD_MODELS) == reached
        assert (await each.progress(OTHER_BOARD)).sightings == ()


async def test_sightings_that_change_alone_are_kept(open_store: StoreOpener) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, replace(progress(3), sightings=SIGHTINGS), [], [])
    await store.record(BOARD_MODELS, replace(progress(3), sightings=SIGHTINGS[1:]), [], [])
    found = await (await open_store(killed=True)).progress(BOARD_MODELS)
    assert found.sightings == SIGHTINGS[1:]


async def test_sightings_stay_when_a_changed_day_makes_memories_forgotten(
    open_store: StoreOpener,
) -> None:
    store = await open_store()
    await store.record(BOARD_MODELS, replace(progress(3), sightings=SIGHTINGS), [], [])
    await store.put_days(BOARD_MODELS, [day(3, {"a": 1})])
    found = await store.progress(BOARD_MODELS)
    assert len(found.memories) < len(progress(3).memories)
    assert found.sightings == SIGHTINGS
