"""The outbox: order, retries, refusals, and what a crash or a stop leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState
from bot.errors import NothingToSay, SendLater, SendRefused, TokenRefused
from bot.message import Outgoing
from bot.outbox import Outbox
from bot.turns import back_off
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.sending import Channels, Clock, outbox, owed, record
from tests.waiting import until


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def test_what_is_owed_to_a_channel_arrives_in_order_one_at_a_time(store: Store) -> None:
    channel, clock = Channels(), Clock()
    await record(store, *(owed(7, name, clock()) for name in "abc"), owed(8, "a", clock()))
    await outbox(store, channel, clock).drain()
    assert [title for where, title, _ in channel.sent if where == 7] == ["a", "b", "c"]
    assert [title for where, title, _ in channel.sent if where == 8] == ["a"]
    assert channel.most_at_once == {7: 1, 8: 1}
    assert await store.open_deliveries() == ()


async def test_a_second_look_sends_nothing_again(store: Store) -> None:
    channel, clock = Channels(), Clock()
    await record(store, owed(7, "a", clock()))
    box = outbox(store, channel, clock)
    await box.drain()
    await record(store, owed(7, "a", clock()))
    await box.drain()
    assert len(channel.sent) == 1


async def test_a_channel_that_hangs_holds_up_no_other(store: Store) -> None:
    channel, clock = Channels(), Clock()
    channel.gates[7] = asyncio.Event()
    await record(store, owed(7, "a", clock()), owed(8, "a", clock()))
    box = outbox(store, channel, clock)
    draining = asyncio.create_task(box.drain())
    await until(lambda: channel.sent)
    assert channel.sent[0][0] == 8
    channel.gates[7].set()
    await draining
    assert len(channel.sent) == 2


async def test_a_passing_fault_is_retried_later_with_the_same_nonce_and_in_order(
    store: Store,
) -> None:
    channel, clock = Channels(), Clock()
    channel.answers = [SendLater("503")]
    first, second = owed(7, "a", clock()), owed(7, "b", clock())
    await record(store, first, second)
    box = outbox(store, channel, clock)
    await box.drain()
    assert channel.sent == []
    (waiting, _) = await store.open_deliveries()
    assert waiting.retry_at == clock() + back_off(1)
    assert waiting.reason == "503"
    clock.now += back_off(1)
    await box.drain()
    assert [sent[1:] for sent in channel.sent] == [("a", first.nonce), ("b", second.nonce)]


async def test_after_a_day_of_faults_a_delivery_is_given_up_with_its_reason(store: Store) -> None:
    channel, clock = Channels(), Clock()
    await record(store, owed(7, "a", clock()))
    box = outbox(store, channel, clock)
    for _ in range(2):
        channel.answers = [SendLater("503")]
        await box.drain()
        clock.now += timedelta(days=1, seconds=1)
    (dead,) = await store.deliveries(["7:a"])
    assert dead.state is DeliveryState.DEAD
    assert dead.reason == "given up after a day: 503"


async def test_a_refusal_is_final_for_this_message_alone(store: Store) -> None:
    channel, clock = Channels(), Clock()
    channel.answers = [SendRefused("no access")]
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    await outbox(store, channel, clock).drain()
    (dead,) = await store.deliveries(["7:a"])
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "no access")
    assert [title for _, title, _ in channel.sent] == ["b"]


async def test_what_a_crash_left_claimed_is_sent_again_with_its_nonce(
    store: Store, tmp_path: Path
) -> None:
    clock = Clock()
    claimed = owed(7, "a", clock())
    await record(store, claimed)
    await store.save_deliveries(
        [replace(claimed, state=DeliveryState.SENDING, attempts=1, tried_at=clock())]
    )
    await store.close()
    channel, again = Channels(), TinyDBStore(tmp_path, writable=True)
    await outbox(again, channel, clock).drain()
    await again.close()
    assert channel.sent == [(7, "a", claimed.nonce)]


async def test_a_refused_token_stops_all_sending_is_said_once_and_loses_nothing(
    store: Store,
) -> None:
    channel, clock = Channels(), Clock()
    channel.answers = [TokenRefused("401")] * 2
    channel.gates = {7: asyncio.Event(), 8: asyncio.Event()}
    await record(store, *(owed(n, name, clock()) for n in (7, 8) for name in "ab"))
    box = outbox(store, channel, clock)
    with capture_logs() as logged:
        draining = asyncio.create_task(box.drain())
        await until(lambda: channel.at_once == {7: 1, 8: 1})
        for gate in channel.gates.values():
            gate.set()
        await draining
        await box.drain()
    assert box.refused
    assert channel.sent == []
    waiting = await store.open_deliveries()
    assert [row.state for row in waiting] == [DeliveryState.PENDING] * 4
    assert [line["log_level"] for line in logged] == ["critical"]


async def test_a_delivery_with_nothing_left_to_say_is_given_up(store: Store) -> None:
    async def nothing(delivery: Delivery) -> Outgoing:
        raise NothingToSay(f"nothing for {delivery.key}")

    channel, clock = Channels(), Clock()
    await record(store, owed(7, "a", clock()))
    await Outbox(store, nothing, channel, clock).drain()
    (dead,) = await store.deliveries(["7:a"])
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "nothing for 7:a")


async def test_a_stop_lets_the_send_under_way_settle_and_keeps_the_rest(store: Store) -> None:
    channel, clock = Channels(), Clock()
    channel.gates[7] = asyncio.Event()
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    box = outbox(store, channel, clock)
    running = asyncio.create_task(box.run())
    await until(lambda: channel.at_once.get(7) == 1)
    stopping = asyncio.create_task(box.stop())
    await asyncio.sleep(0)
    channel.gates[7].set()
    await asyncio.gather(stopping, running)
    assert [title for _, title, _ in channel.sent] == ["a"]
    (left,) = await store.open_deliveries()
    assert (left.key, left.state) == ("7:b", DeliveryState.PENDING)


async def test_waking_a_running_outbox_makes_it_look_at_once(store: Store) -> None:
    channel, clock = Channels(), Clock()
    box = outbox(store, channel, clock)
    running = asyncio.create_task(box.run())
    await asyncio.sleep(0)
    await record(store, owed(7, "a", clock()))
    box.wake()
    await until(lambda: channel.sent)
    await box.stop()
    await running


async def test_a_refusal_in_odd_words_is_kept_in_words_that_can_be_stored(store: Store) -> None:
    channel, clock = Channels(), Clock()
    channel.answers = [SendRefused("\ud800" + "x" * 1000)]
    await record(store, owed(7, "a", clock()))
    await outbox(store, channel, clock).drain()
    (dead,) = await store.deliveries(["7:a"])
    assert dead.reason is not None
    assert dead.reason.startswith("\\ud800xxx")
    assert len(dead.reason) < 600


async def test_an_error_nobody_foresaw_is_tried_thrice_and_holds_up_nothing_else(
    store: Store,
) -> None:
    clock, posted = Clock(), []

    class Odd(Channels):
        async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
            assert where == 7
            posted.append((outgoing.message.title, delivery.nonce))
            if outgoing.message.title == "a":
                raise KeyError("edited_timestamp")
            return len(posted)

    first, second = owed(7, "a", clock()), owed(7, "b", clock())
    await record(store, first, second)
    box = outbox(store, Odd(), clock)
    with capture_logs() as logged:
        for attempt in (1, 2, 3, 4):
            await box.drain()
            clock.now += back_off(attempt)
    assert posted == [("a", first.nonce)] * 3 + [("b", second.nonce)]
    (dead,) = await store.deliveries(["7:a"])
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "KeyError: 'edited_timestamp'")
    assert [line["event"] for line in logged].count("sender failed") == 3
