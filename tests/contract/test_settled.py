"""What was sent or given up is known for long, asked of every backend."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import DeliveryState
from bot.model import BOARD_MODELS
from storage.protocol import Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import NOTHING, delivery, everything, keys, progress, sent
from tests.made import AS_OF

SHAPES = (
    "m1",
    "1:m1",
    "1:models.leader.lab/x.2026-06-19",
    "1:models.leader.lab/x-2020-01-01.2026-06-19",
    "1:models.leader.lab/x-2099-12-31.2026-06-19",
    "1:models.leader.x.2026-05-31+models.open_top5.3.2026-06-19",
    "1:models.leader.x.2026-06-19.held!withdrawn:models.leader.x.2026-06-19",
    '1:naïve "模型\\🦊"\n\u2028.2026-06-19',
    '1:","channel_id":2,"key":"',
    "1:",
    ":",
    "",
)


async def _settled(store: Store) -> Store:
    """Settle a delivery of each of these keys, and change something else after each."""
    for number, key in enumerate(SHAPES):
        await store.record(BOARD_MODELS, progress(number), [], [delivery(key)])
        await store.save_deliveries([sent(key)])
    await store.record(BOARD_MODELS, progress(50), [], [delivery("open")])
    return store


@pytest.mark.parametrize("key", SHAPES)
async def test_a_settled_delivery_is_found_and_its_key_known_whatever_its_shape(
    open_store: StoreOpener, key: str
) -> None:
    store = await _settled(await open_store())
    async for each in open_store.then(store, killed=True):
        await each.record(BOARD_MODELS, NOTHING, [], [delivery(key)])
        assert await each.deliveries(["?", key, key[:-1] + "?"]) == (sent(key),)
        assert keys(await each.open_deliveries()) == ["open"]


async def test_many_settled_keys_are_known_at_once(open_store: StoreOpener) -> None:
    store = await _settled(await open_store())
    rows = [delivery(f"{n}:models.leader.x.2026-06-19", n) for n in range(2, 50)]
    await store.record(BOARD_MODELS, NOTHING, [], rows[:40])
    await store.save_deliveries([sent(row.key, row.channel_id) for row in rows[:40]])
    await store.record(BOARD_MODELS, NOTHING, [], [*rows, *map(delivery, SHAPES)])
    assert keys(await store.open_deliveries()) == ["open", *keys(rows[40:])]
    assert keys(await store.deliveries([*SHAPES, *keys(rows)])) == [*SHAPES, *keys(rows)]


async def test_a_settled_delivery_may_be_settled_otherwise_later(open_store: StoreOpener) -> None:
    store = await _settled(await open_store())
    dead = delivery("m1", 1, DeliveryState.DEAD)
    assert await store.save_deliveries([dead]) == {"m1"}
    assert await store.deliveries(["m1"]) == (dead,)
    assert "m1" not in keys(await store.alerts_with(["m1"]))
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["m1"]) == (dead,)
        assert "m1" not in keys(await each.alerts_with(["m1"]))
        await each.record(BOARD_MODELS, NOTHING, [], [delivery("another")])
        assert await each.deliveries(["m1"]) == (dead,)


_ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""Signs that a key may have: the source's names have none that no backend takes."""


async def test_several_are_saved_at_once_and_those_kept_are_said(open_store: StoreOpener) -> None:
    store = await open_store()
    assert await store.save_deliveries([]) == frozenset()
    await store.record(BOARD_MODELS, NOTHING, [], [delivery("a"), delivery("b"), delivery("c")])
    rows = [sent("c"), sent("?"), delivery("a", 1, DeliveryState.SENDING)]
    assert await store.save_deliveries(rows) == {"a", "c"}
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries(["a", "b", "c", "?"]) == (rows[2], delivery("b"), sent("c"))
        assert keys(await each.open_deliveries(1)) == ["a", "b"]


@settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=st.lists(st.text(_ANY, max_size=8), min_size=1, max_size=12, unique=True))
async def test_any_keys_are_known(open_store: StoreOpener, found: list[str]) -> None:
    opener = await open_store.elsewhere()
    store, half = await opener(), found[: len(found) // 2]
    await store.record(BOARD_MODELS, NOTHING, [], [sent(key) for key in half])
    await store.record(BOARD_MODELS, NOTHING, [], [delivery(key) for key in found])
    assert keys(await store.open_deliveries()) == found[len(half) :]
    assert keys(await store.deliveries(found)) == found
    await opener.let_go()


async def test_alerts_of_many_months_are_found(open_store: StoreOpener) -> None:
    store = await open_store()
    names = [f"1:models.leader.x.{AS_OF.date() + timedelta(days=n * 20)}" for n in range(9)]
    for number, name in enumerate(names):
        made = AS_OF + timedelta(days=number * 20, hours=23)
        row = replace(sent(name), created_at=made, milestones=(name[2:], "all"))
        await store.record(BOARD_MODELS, progress(number), [], [row])
    before = await everything(store)
    async for each in open_store.then(store, killed=True):
        assert sorted(keys(await each.alerts_with(["all"]))) == names
        assert keys(await each.deliveries(names)) == names
        assert keys(await each.alerts_with([names[8][2:], names[0][2:]])) == [names[0], names[8]]
        for name in names:
            assert keys(await each.alerts_with([name[2:]])) == [name]
            assert keys(await each.deliveries([name])) == [name]
        assert await everything(each) == before
