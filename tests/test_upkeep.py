"""What is let go of in time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState
from bot.model import BOARD_MODELS
from bot.subscription import Channel, Digest, Pause, PauseReason, Subscription, Wish
from bot.upkeep import GRACE, ended, overdue, upkeep
from storage.protocol import KEPT_SLIM, KEPT_WHOLE, Progress, Store
from storage.tinydb_store import TinyDBStore
from tests.made import AS_OF, START

MOMENT = timedelta(microseconds=1)
SPANS = st.timedeltas(timedelta(0), timedelta(days=30))
RECENT = AS_OF - timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store with nothing in it."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


def subscription(channel: int, guild: int = 10) -> Subscription:
    """Return a channel's subscription."""
    return Subscription(channel, guild, Wish(), START, AS_OF, 1)


def sent(key: str, guild: int, when: datetime) -> Delivery:
    """Return an alert that was sent at a moment, to the channel with the server's number."""
    made = Delivery(key, guild, guild, ("m",), f"nonce-{key}", when)
    return replace(made, state=DeliveryState.SENT, message_id=5)


async def put(store: Store, *rows: Delivery) -> None:
    """Put deliveries into a store."""
    await store.record(BOARD_MODELS, Progress((), "mark"), [], rows)


@given(st.dictionaries(st.integers(1, 9), SPANS))
def test_a_server_is_purged_once_it_has_been_without_us_for_the_grace_time(
    spans: dict[int, timedelta],
) -> None:
    absences = {guild: AS_OF - span for guild, span in spans.items()}
    assert set(overdue(absences, AS_OF)) == {g for g, span in spans.items() if span >= GRACE}


@given(st.lists(st.tuples(st.sampled_from(PauseReason), SPANS), max_size=9))
def test_only_channels_that_are_gone_end_and_after_the_grace_time(
    pauses: list[tuple[PauseReason, timedelta]],
) -> None:
    found = [
        Channel(n, 10, Pause(why, AS_OF - span, "said")) for n, (why, span) in enumerate(pauses)
    ]
    late = [n for n, (why, s) in enumerate(pauses) if why is PauseReason.GONE and s >= GRACE]
    assert [each.channel_id for each in ended([*found, Channel(99, 10)], AS_OF)] == late


async def test_a_server_that_removed_us_leaves_nothing_behind_after_seven_days(
    store: Store,
) -> None:
    await store.subscribe(subscription(1, guild=1))
    await store.subscribe(subscription(2, guild=2))
    await put(store, sent("one", 1, RECENT), sent("two", 2, RECENT))
    await store.note_absences({1: AS_OF - GRACE, 2: AS_OF - GRACE + MOMENT}, ())
    await upkeep(store, AS_OF)
    assert [each.guild_id for each in await store.subscriptions()] == [2]
    assert [each.key for each in await store.deliveries(["one", "two"])] == ["two"]
    assert set(await store.absences()) == {2}
    await upkeep(store, AS_OF + MOMENT)
    assert await store.subscriptions() == ()
    assert await store.deliveries(["one", "two"]) == ()
    assert await store.absences() == {}


async def test_what_a_deleted_channel_asked_for_ends_after_seven_days(store: Store) -> None:
    digest = Digest(0, 9, "UTC", ("models",), "en", AS_OF)
    for channel, why in enumerate(PauseReason):
        await store.subscribe(subscription(channel))
        await store.subscribe(replace(subscription(channel), number=2))
        await store.put_channel(Channel(channel, 10, digest=digest))
        await store.pause(channel, Pause(why, AS_OF - GRACE, "said"))
    await upkeep(store, AS_OF - MOMENT)
    assert len(await store.subscriptions()) == 2 * len(PauseReason)
    await upkeep(store, AS_OF)
    left = {each.paused.reason for each in await store.channels() if each.paused}
    assert left == set(PauseReason) - {PauseReason.GONE}
    assert len(await store.subscriptions()) == 2 * len(left)


async def test_old_deliveries_are_let_go_of(store: Store) -> None:
    await put(
        store, sent("old", 1, AS_OF - KEPT_WHOLE - KEPT_SLIM - MOMENT), sent("new", 1, RECENT)
    )
    await upkeep(store, AS_OF)
    assert [each.key for each in await store.deliveries(["old", "new"])] == ["new"]


async def test_upkeep_twice_is_as_upkeep_once(store: Store) -> None:
    await store.subscribe(subscription(1))
    await store.note_absences({10: AS_OF - GRACE}, ())
    await upkeep(store, AS_OF)
    await upkeep(store, AS_OF)
    assert await store.subscriptions() == ()


async def test_a_server_that_we_may_be_in_is_not_purged(store: Store) -> None:
    await store.subscribe(subscription(1))
    await store.note_absences({10: AS_OF - GRACE}, ())
    await upkeep(store, AS_OF, lambda guild: guild == 10)
    assert await store.subscriptions() == (subscription(1),)
    await upkeep(store, AS_OF, lambda guild: guild == 11)
    assert await store.subscriptions() == ()
