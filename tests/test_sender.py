"""What becomes of a delivery when sending it fails, by how it fails."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import DeliveryState, Kind
from bot.errors import BodyRefused, SendLater, SendRefused
from bot.sender import NONCES_KEPT
from bot.subscription import Manner
from bot.turns import back_off
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.sending import Channels, Clock, about, outbox, owed, record, row, subscribe

FORUM = Manner(forum=True)
PUBLISHING = Manner(publish=True)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def test_a_body_that_is_not_taken_goes_out_as_text_once(store: Store) -> None:
    channels, clock = Channels(answers=[BodyRefused("50035 (card: 12 characters)")]), Clock()
    await record(store, owed(7, "a", clock()))
    with capture_logs() as logged:
        await outbox(store, channels, clock).drain()
    assert channels.plain == ["a"]
    assert (await row(store, "7:a")).state is DeliveryState.SENT
    (said,) = [line for line in logged if line["log_level"] == "error"]
    assert said["problem"] == "50035 (card: 12 characters)"


async def test_a_body_that_is_not_taken_as_text_either_is_given_up(store: Store) -> None:
    channels, clock = Channels(answers=[BodyRefused("50035")] * 2), Clock()
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a")).reason == "50035"
    assert [title for _, title, _ in channels.sent] == ["b"]


async def test_an_odd_answer_after_passing_faults_is_no_end(store: Store) -> None:
    channels, clock = Channels(), Clock()
    odd: list[Exception | None] = [SendLater("503"), SendLater("503"), KeyError("id"), None]
    channels.answers = odd  # type: ignore[assignment]
    await record(store, owed(7, "a", clock()))
    box = outbox(store, channels, clock)
    for attempt in (1, 2, 3, 4):
        await box.drain()
        clock.now += back_off(attempt)
    assert (await row(store, "7:a")).state is DeliveryState.SENT


async def test_a_day_of_faults_counts_from_the_first_try(store: Store) -> None:
    channels, clock = Channels(answers=[SendLater("503")]), Clock()
    await record(store, owed(7, "a", clock()))
    clock.now += timedelta(days=2)  # the bot was down, or its token refused
    box = outbox(store, channels, clock)
    await box.drain()
    clock.now += back_off(1)
    await box.drain()
    assert (await row(store, "7:a")).state is DeliveryState.SENT


async def test_where_nobody_can_look_for_an_hour_a_repeat_is_preferred(store: Store) -> None:
    channels, clock = Channels(), Clock()
    await record(store, owed(7, "a", clock()))
    claimed = replace(
        owed(7, "a", clock()), state=DeliveryState.SENDING, attempts=1, tried_at=clock()
    )
    await store.save_deliveries([claimed])
    box = outbox(store, channels, clock)
    for minutes in (59, 2):
        clock.now += timedelta(minutes=minutes)
        channels.unseen = [SendLater("no gateway")]
        await box.drain()
    assert (await row(store, "7:a")).state is DeliveryState.SENT


async def test_an_alert_that_says_less_by_now_is_found_by_what_it_said_first(
    store: Store,
) -> None:
    channels, clock = Channels(sent=[(7, "a b", "left by the first try")]), Clock()
    alert = replace(owed(7, "a", clock()), milestones=("a", "b"))
    await record(store, alert)
    tried = replace(alert, state=DeliveryState.SENDING, attempts=1, tried_at=clock())
    await store.save_deliveries([tried])
    clock.now += NONCES_KEPT * 2
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a")).message_id == 1


async def test_an_edit_of_a_message_that_is_gone_ends_alone(store: Store) -> None:
    channels, clock = Channels(answers=[None, SendRefused("10008")]), Clock()
    await subscribe(store, 7, clock())
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.EDIT), owed(7, "b", clock()))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!edit")).reason == "10008"
    assert [title for _, title, _ in channels.sent] == ["a", "b"]
    assert (await store.channels())[0].paused is None


async def test_an_alert_is_published_after_it_stands_and_its_limit_holds_up_nothing(
    store: Store,
) -> None:
    clock, hour = Clock(), timedelta(hours=1)
    channels = Channels(answers=[None, SendLater("429", hour)])
    alert = replace(owed(7, "a", clock()), manner=PUBLISHING)
    await record(store, alert, about(alert, Kind.PUBLISH), owed(7, "b", clock()))
    box = outbox(store, channels, clock)
    await box.drain()
    assert [title for _, title, _ in channels.sent] == ["a", "b"]
    assert channels.published == []
    clock.now += hour
    await box.drain()
    assert channels.published == [1]
    assert await store.open_deliveries() == ()


async def test_an_alert_that_never_went_out_is_neither_edited_nor_published(store: Store) -> None:
    channels, clock = Channels(answers=[SendRefused("no")]), Clock()
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.PUBLISH), about(alert, Kind.EDIT))
    await outbox(store, channels, clock).drain()
    states = [(await row(store, f"7:a!{kind}")).state for kind in (Kind.PUBLISH, Kind.EDIT)]
    assert states == [DeliveryState.DEAD] * 2


async def test_what_follows_a_forums_alert_goes_into_its_post(store: Store) -> None:
    channels, clock = Channels(), Clock()
    await record(store, *(owed(4, name, clock()) for name in "xyz"))
    box = outbox(store, channels, clock)
    await box.drain()
    alert = replace(owed(7, "a", clock()), manner=FORUM)
    channels.sent += [(4, "a", "")]  # its post is number 5, and where its messages stand
    await record(store, alert, about(alert, Kind.CORRECTION), about(alert, Kind.EDIT, target=None))
    await box.drain()
    assert channels.sent[4][:2] == (7, "a")
    assert channels.sent[5][:2] == (5, "correction")


@pytest.mark.parametrize(
    ("manner", "after", "looked"),
    [
        (Manner(), NONCES_KEPT, False),
        (Manner(), NONCES_KEPT + timedelta(seconds=1), True),
        (FORUM, timedelta(seconds=1), True),
    ],
)
async def test_a_repeat_is_looked_for_once_no_nonce_guards_it(
    store: Store, manner: Manner, after: timedelta, *, looked: bool
) -> None:
    channels, clock = Channels(), Clock()
    channels.sent.append((7, "a", "made before a crash"))
    alert = replace(owed(7, "a", clock()), manner=manner)
    await record(store, alert)
    claimed = replace(alert, state=DeliveryState.SENDING, attempts=1, tried_at=clock())
    await store.save_deliveries([claimed])
    clock.now += after
    await outbox(store, channels, clock).drain()
    assert channels.looked == (["7:a"] if looked else [])
    assert (await row(store, "7:a")).message_id == (1 if looked else 2)


async def test_a_first_try_looks_for_nothing(store: Store) -> None:
    channels, clock = Channels(), Clock()
    await record(store, replace(owed(7, "a", clock()), manner=FORUM))
    clock.now += timedelta(hours=3)
    await outbox(store, channels, clock).drain()
    assert channels.looked == []
    assert len(channels.sent) == 1
