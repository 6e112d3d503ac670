"""How long deliveries are kept, and what goes with a server, asked of every backend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import Delivery, DeliveryState, Form, Held, Kind, Summary
from bot.model import BOARD_MODELS
from bot.subscription import Channel, Manner
from storage.protocol import KEPT_SLIM, KEPT_WHOLE, Store
from tests.contract.conftest import StoreOpener
from tests.contract.nouns import (
    DIGEST,
    LATER,
    NOTHING,
    PAUSE,
    PERSON,
    changed,
    delivery,
    everything,
    gathered,
    held,
    keys,
    sent,
    subscription,
)
from tests.made import AS_OF, START

restarts = pytest.mark.parametrize("restart", [None, False, True], ids=["", "closed", "killed"])
TICK = timedelta(microseconds=1)
POSTED = Delivery(
    key="7:models.leader.é.2026-06-19",
    channel_id=7,
    guild_id=11,
    milestones=("models.leader.é.2026-06-19", "m1"),
    nonce="nonce",
    created_at=AS_OF,
    language="tr",
    state=DeliveryState.SENT,
    attempts=2,
    message_id=2**63,
    reason="slow",
    tried_at=LATER,
    manner=Manner(forum=True, publish=True, mentions=(8, 9)),
    form=Form.DIGEST,
    summary=Summary((BOARD_MODELS,), START),
    sent_at=LATER,
    held=Held.QUIET,
)
SLIM = Delivery(
    key=POSTED.key,
    channel_id=7,
    guild_id=11,
    milestones=POSTED.milestones,
    nonce="",
    created_at=datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC),
    language="tr",
    state=DeliveryState.SENT,
    message_id=2**63,
    manner=Manner(forum=True),
    form=Form.DIGEST,
    summary=Summary((BOARD_MODELS,), START),
)
OTHERS = (
    replace(delivery("dead", 7, DeliveryState.DEAD), guild_id=11),
    replace(sent("edit", 7), kind=Kind.EDIT),
    replace(sent("notice", 7), kind=Kind.NOTICE),
    gathered(held("gathered", 7), "r1"),
    delivery("pending", 7),
    delivery("sending", 7, DeliveryState.SENDING),
)


async def _again(open_store: StoreOpener, store: Store, restart: bool | None) -> Store:
    return store if restart is None else await open_store(killed=restart)


async def _with_all(open_store: StoreOpener) -> Store:
    store = await open_store()
    await store.record(BOARD_MODELS, NOTHING, [], [POSTED, *OTHERS])
    return store


@restarts
async def test_for_ninety_days_all_is_kept_as_it_was(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    before = await everything(store)
    await store.tidy(AS_OF + KEPT_WHOLE)
    store = await _again(open_store, store, restart)
    assert await everything(store) == before
    assert await store.deliveries(keys([POSTED, *OTHERS])) == (POSTED, *OTHERS)


@restarts
async def test_after_ninety_days_an_alert_that_was_sent_is_kept_as_its_edit_needs_it(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    for later in (TICK, timedelta(days=1), KEPT_SLIM - timedelta(days=1)):
        await store.tidy(AS_OF + KEPT_WHOLE + later)
        store = await _again(open_store, store, restart)
        assert await store.deliveries(keys([POSTED, *OTHERS])) == (SLIM, *OTHERS[-2:])
        assert SLIM in await store.alerts_with(["m1"])
        assert await store.open_deliveries() == OTHERS[-2:]


@restarts
async def test_a_year_later_it_is_gone_and_what_is_open_never_is(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    await store.tidy(AS_OF + KEPT_WHOLE + KEPT_SLIM + TICK)
    store = await _again(open_store, store, restart)
    assert await store.deliveries(keys([POSTED, *OTHERS])) == OTHERS[-2:]


async def test_each_goes_by_its_own_age(open_store: StoreOpener) -> None:
    store = await open_store()
    rows = [replace(sent(f"d{n}"), created_at=AS_OF + timedelta(days=n * 30)) for n in range(20)]
    await store.record(BOARD_MODELS, NOTHING, [], rows)
    await store.tidy(rows[-1].created_at)
    async for each in open_store.then(store, killed=True):
        found = await each.deliveries(keys(rows))
        assert keys(found) == keys(rows[4:])
        assert [row.key for row in found if row.nonce] == keys(rows[16:])


@restarts
async def test_a_slim_alert_is_known_and_stays_as_it_is(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await _with_all(open_store)
    await store.tidy(AS_OF + KEPT_WHOLE + TICK)
    store = await _again(open_store, store, restart)
    await store.record(BOARD_MODELS, NOTHING, [], [replace(POSTED, state=DeliveryState.PENDING)])
    assert await store.deliveries([POSTED.key]) == (SLIM,)
    assert await store.open_deliveries() == OTHERS[-2:]


async def test_what_a_person_changed_is_found_in_every_server(open_store: StoreOpener) -> None:
    store = await open_store()
    assert await store.changes_by(PERSON) == ()
    made = [changed(1, 10), changed(2, 11), changed(3, 11, who=PERSON + 1), changed(4, 12)]
    for each in made:
        await store.put_change(each)
    async for each in open_store.then(store, killed=True):
        found = await each.changes_by(PERSON)
        assert sorted(found, key=lambda one: one.when) == [made[0], made[1], made[3]]
        store = each
    await store.forget(PERSON)
    assert await store.changes_by(PERSON) == ()
    assert await store.changes_by(PERSON + 1) == (made[2],)


@restarts
async def test_a_server_that_is_purged_leaves_nothing(
    open_store: StoreOpener, restart: bool | None
) -> None:
    store = await open_store()
    rows = [replace(delivery(f"d{state}", 7, state), guild_id=11) for state in DeliveryState]
    rows += [delivery(f"x{state}", 8, state) for state in DeliveryState]
    for channel, guild in ((7, 11), (17, 11), (8, 10)):
        await store.subscribe(subscription(channel, guild))
    await store.put_channel(Channel(27, 11, digest=DIGEST), changed(1, 11))
    await store.put_change(changed(2))
    await store.record(BOARD_MODELS, NOTHING, [], rows[:8])
    await store.save_deliveries([replace(rows[0], state=DeliveryState.DEAD)])
    await store.record(BOARD_MODELS, NOTHING, [], rows[8:])
    await store.pause(17, PAUSE)
    await store.note_absences({11: AS_OF, 12: LATER}, ())
    store = await _again(open_store, store, restart)
    await store.purge(11)
    store = await _again(open_store, store, restart)
    assert await store.subscriptions() == (subscription(8, 10),)
    assert await store.channels() == (Channel(8, 10),)
    assert await store.changes(11) == ()
    assert await store.changes(10) == (changed(2),)
    assert await store.guilds() == {10}
    assert await store.deliveries(keys(rows)) == tuple(rows[6:])
    assert await store.absences() == {12: LATER}
    assert keys(await store.open_deliveries()) == ["xpending", "xsending"]


async def test_purging_an_unknown_server_changes_nothing(open_store: StoreOpener) -> None:
    store = await _with_all(open_store)
    before = await everything(store)
    await store.purge(1)
    assert await everything(store) == before
    assert await everything(await open_store()) == before


async def test_what_is_saved_of_a_purged_server_is_not_kept(open_store: StoreOpener) -> None:
    store = await _with_all(open_store)
    await store.purge(11)
    assert await store.save_deliveries([POSTED, OTHERS[0], OTHERS[-1]]) == {"sending"}
    async for each in open_store.then(store, killed=True):
        assert await each.deliveries([POSTED.key, OTHERS[0].key]) == ()


async def test_absences_are_noted_once_and_until_a_server_is_back(open_store: StoreOpener) -> None:
    store = await open_store()
    assert await store.absences() == {}
    await store.note_absences({2**63: AS_OF, 1: LATER}, ())
    await store.note_absences({1: AS_OF, 3: LATER}, (2**63, 4))
    store = await open_store(killed=True)
    assert await store.absences() == {1: LATER, 3: LATER}
    await store.note_absences({}, (1, 3))
    assert await store.absences() == {}
