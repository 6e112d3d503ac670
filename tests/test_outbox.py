"""The outbox: order, retries, refusals, and what a crash or a stop leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState
from bot.errors import NothingToSay, SendFailed, SendLater, SendRefused, TokenRefused
from bot.message import Message, Outgoing
from bot.outbox import Outbox, back_off
from bot.routing import nonce
from storage.protocol import Progress, Store
from storage.tinydb_store import TinyDBStore
from tests.waiting import until

BOARD = "models"


@dataclass
class Channel:
    """Discord as a value: what it was sent, and what it answers next."""

    sent: list[tuple[int, str, str]] = field(default_factory=list)
    answers: list[SendFailed | TokenRefused | None] = field(default_factory=list)
    gates: dict[int, asyncio.Event] = field(default_factory=dict)
    at_once: dict[int, int] = field(default_factory=dict)
    most_at_once: dict[int, int] = field(default_factory=dict)

    async def send(self, channel_id: int, outgoing: Outgoing, nonce: str) -> int:
        self.at_once[channel_id] = self.at_once.get(channel_id, 0) + 1
        most = self.most_at_once.get(channel_id, 0)
        self.most_at_once[channel_id] = max(most, self.at_once[channel_id])
        try:
            if channel_id in self.gates:
                await self.gates[channel_id].wait()
            answer = self.answers.pop(0) if self.answers else None
            if answer is not None:
                raise answer
            self.sent.append((channel_id, outgoing.message.title, nonce))
            return len(self.sent)
        finally:
            self.at_once[channel_id] -= 1

    async def find(self, *_: object) -> int | None:
        return None

    async def edit(self, channel_id: int, message_id: int, outgoing: Outgoing) -> None:
        channel, _, nonce = self.sent[message_id - 1]
        assert channel == channel_id
        self.sent[message_id - 1] = (channel, outgoing.message.title, nonce)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def title_only(delivery: Delivery) -> Outgoing:
    """Say the delivery's first milestone, and nothing else."""
    return Outgoing(Message(delivery.milestones[0], (), "", (), (), ""), None)


def owed(channel_id: int, milestone: str, now: datetime) -> Delivery:
    """Return a delivery."""
    key = f"{channel_id}:{milestone}"
    return Delivery(key, channel_id, 1, (milestone,), nonce(key), now)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def record(store: Store, *deliveries: Delivery) -> None:
    """Make deliveries owed."""
    await store.record(BOARD, Progress((), None), (), deliveries)


async def test_what_is_owed_to_a_channel_arrives_in_order_one_at_a_time(store: Store) -> None:
    channel, clock = Channel(), Clock()
    await record(store, *(owed(7, name, clock()) for name in "abc"), owed(8, "a", clock()))
    await Outbox(store, title_only, channel, clock).drain()
    assert [title for where, title, _ in channel.sent if where == 7] == ["a", "b", "c"]
    assert [title for where, title, _ in channel.sent if where == 8] == ["a"]
    assert channel.most_at_once == {7: 1, 8: 1}
    assert await store.open_deliveries() == ()


async def test_a_second_look_sends_nothing_again(store: Store) -> None:
    channel, clock = Channel(), Clock()
    await record(store, owed(7, "a", clock()))
    outbox = Outbox(store, title_only, channel, clock)
    await outbox.drain()
    await record(store, owed(7, "a", clock()))
    await outbox.drain()
    assert len(channel.sent) == 1


async def test_a_channel_that_hangs_holds_up_no_other(store: Store) -> None:
    channel, clock = Channel(), Clock()
    channel.gates[7] = asyncio.Event()
    await record(store, owed(7, "a", clock()), owed(8, "a", clock()))
    outbox = Outbox(store, title_only, channel, clock)
    draining = asyncio.create_task(outbox.drain())
    await until(lambda: channel.sent)
    assert channel.sent[0][0] == 8
    channel.gates[7].set()
    await draining
    assert len(channel.sent) == 2


async def test_a_passing_fault_is_retried_later_with_the_same_nonce_and_in_order(
    store: Store,
) -> None:
    channel, clock = Channel(), Clock()
    channel.answers = [SendLater("503")]
    first, second = owed(7, "a", clock()), owed(7, "b", clock())
    await record(store, first, second)
    outbox = Outbox(store, title_only, channel, clock)
    await outbox.drain()
    assert channel.sent == []
    (waiting, _) = await store.open_deliveries()
    assert waiting.retry_at == clock() + back_off(1)
    assert waiting.reason == "503"
    clock.now += back_off(1)
    await outbox.drain()
    assert [sent[1:] for sent in channel.sent] == [("a", first.nonce), ("b", second.nonce)]


async def test_after_a_day_of_faults_a_delivery_is_given_up_with_its_reason(store: Store) -> None:
    channel, clock = Channel(), Clock()
    await record(store, owed(7, "a", clock()))
    outbox = Outbox(store, title_only, channel, clock)
    for _ in range(2):
        channel.answers = [SendLater("503")]
        await outbox.drain()
        clock.now += timedelta(days=1, seconds=1)
    (dead,) = await store.deliveries(["7:a"])
    assert dead.state is DeliveryState.DEAD
    assert dead.reason == "given up after a day: 503"


async def test_a_refusal_is_final_for_this_message_alone(store: Store) -> None:
    channel, clock = Channel(), Clock()
    channel.answers = [SendRefused("no access")]
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    await Outbox(store, title_only, channel, clock).drain()
    (dead,) = await store.deliveries(["7:a"])
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "no access")
    assert [title for _, title, _ in channel.sent] == ["b"]


async def test_what_a_crash_left_claimed_is_sent_again_with_its_nonce(
    store: Store, tmp_path: Path
) -> None:
    clock = Clock()
    claimed = owed(7, "a", clock())
    await record(store, claimed)
    await store.save_delivery(replace(claimed, state=DeliveryState.SENDING, attempts=1))
    await store.close()
    channel, again = Channel(), TinyDBStore(tmp_path, writable=True)
    await Outbox(again, title_only, channel, clock).drain()
    await again.close()
    assert channel.sent == [(7, "a", claimed.nonce)]


async def test_a_refused_token_ends_the_outbox_and_loses_nothing(store: Store) -> None:
    channel, clock = Channel(), Clock()
    channel.answers = [TokenRefused("401")]
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    with pytest.raises(TokenRefused):
        await Outbox(store, title_only, channel, clock).run()
    assert len(await store.open_deliveries()) == 2


async def test_a_delivery_with_nothing_left_to_say_is_given_up(store: Store) -> None:
    async def nothing(delivery: Delivery) -> Outgoing:
        raise NothingToSay(f"nothing for {delivery.key}")

    channel, clock = Channel(), Clock()
    await record(store, owed(7, "a", clock()))
    await Outbox(store, nothing, channel, clock).drain()
    (dead,) = await store.deliveries(["7:a"])
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "nothing for 7:a")


async def test_a_stop_lets_the_send_under_way_settle_and_keeps_the_rest(store: Store) -> None:
    channel, clock = Channel(), Clock()
    channel.gates[7] = asyncio.Event()
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    outbox = Outbox(store, title_only, channel, clock)
    running = asyncio.create_task(outbox.run())
    await until(lambda: channel.at_once.get(7) == 1)
    stopping = asyncio.create_task(outbox.stop())
    await asyncio.sleep(0)
    channel.gates[7].set()
    await asyncio.gather(stopping, running)
    assert [title for _, title, _ in channel.sent] == ["a"]
    (left,) = await store.open_deliveries()
    assert (left.key, left.state) == ("7:b", DeliveryState.PENDING)


async def test_waking_a_running_outbox_makes_it_look_at_once(store: Store) -> None:
    channel, clock = Channel(), Clock()
    outbox = Outbox(store, title_only, channel, clock)
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0)
    await record(store, owed(7, "a", clock()))
    outbox.wake()
    await until(lambda: channel.sent)
    await outbox.stop()
    await running


def test_waits_double_from_two_seconds_to_ten_minutes() -> None:
    waits = [back_off(attempt).total_seconds() for attempt in (1, 2, 3, 9, 10, 10_000)]
    assert waits == [2, 4, 8, 512, 600, 600]


async def test_a_refusal_in_odd_words_is_kept_in_words_that_can_be_stored(store: Store) -> None:
    channel, clock = Channel(), Clock()
    channel.answers = [SendRefused("\ud800" + "x" * 1000)]
    await record(store, owed(7, "a", clock()))
    await Outbox(store, title_only, channel, clock).drain()
    (dead,) = await store.deliveries(["7:a"])
    assert dead.reason is not None
    assert dead.reason.startswith("\\ud800xxx")
    assert len(dead.reason) < 600


async def test_an_error_nobody_foresaw_is_tried_thrice_and_holds_up_nothing_else(
    store: Store,
) -> None:
    clock, posted = Clock(), []

    class Odd(Channel):
        async def send(self, channel_id: int, outgoing: Outgoing, nonce: str) -> int:
            assert channel_id == 7
            posted.append((outgoing.message.title, nonce))
            if outgoing.message.title == "a":
                raise KeyError("edited_timestamp")
            return len(posted)

    first, second = owed(7, "a", clock()), owed(7, "b", clock())
    await record(store, first, second)
    outbox = Outbox(store, title_only, Odd(), clock)
    with capture_logs() as logged:
        for attempt in (1, 2, 3, 4):
            await outbox.drain()
            clock.now += back_off(attempt)
    assert posted == [("a", first.nonce)] * 3 + [("b", second.nonce)]
    (dead,) = await store.deliveries(["7:a"])
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "KeyError: 'edited_timestamp'")
    assert [line["event"] for line in logged].count("sender failed") == 3
