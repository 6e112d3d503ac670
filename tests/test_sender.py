"""What becomes of a delivery when sending it fails, by how it fails."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import MISSED, Delivery, DeliveryState, Kind, Manner, PauseReason
from bot.errors import BodyRefused, PlaceClosed, SendLater, SendRefused
from bot.sender import NONCES_KEPT
from bot.turns import back_off
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.sending import Channels, Clock, outbox, owed, record, subscribe

FORUM = Manner(forum=True)
PUBLISHING = Manner(publish=True)
NO_PERMISSION = PlaceClosed(PauseReason.FORBIDDEN, "403")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def row(store: Store, key: str) -> Delivery:
    """Return a delivery."""
    (found,) = await store.deliveries([key])
    return found


def about(alert: Delivery, kind: Kind, **more: object) -> Delivery:
    """Return what is owed besides an alert."""
    key = f"{alert.key}!{kind}"
    return replace(alert, key=key, kind=kind, about=alert.key, milestones=(str(kind),), **more)


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


async def test_a_closed_channel_is_paused_its_server_told_and_its_alerts_wait(
    store: Store,
) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()), owed(8, "a", clock()))
    box = outbox(store, channels, clock)
    await box.drain()
    (subscription,) = await store.subscriptions()
    assert subscription.paused is not None
    assert subscription.paused.reason is PauseReason.FORBIDDEN
    assert (subscription.paused.since, subscription.paused.said) == (clock(), "403")
    assert [where for where, _, _ in channels.sent] == [8], "another channel goes on"
    clock.now += timedelta(minutes=1)
    await box.drain()
    await box.drain()
    assert [sent[:2] for sent in channels.sent[1:]] == [(99, "99:paused.1.2026-06-08")]
    assert await store.resume(7, clock())
    await box.drain()
    assert [sent[:2] for sent in channels.sent[2:]] == [(7, "a"), (7, "b")]


async def test_what_waited_for_longer_than_a_day_is_missed(store: Store) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    await record(store, owed(7, "old", clock()))
    box = outbox(store, channels, clock)
    await box.drain()
    clock.now += timedelta(hours=24, seconds=1)
    await record(store, owed(7, "new", clock()))
    assert await store.resume(7, clock())
    await box.drain()
    assert [title for where, title, _ in channels.sent if where == 7] == ["new"]
    assert (await row(store, "7:old")).reason == MISSED


async def test_several_channels_closed_together_make_one_notice(store: Store) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION] * 3), Clock()
    for channel in (5, 6, 7):
        await subscribe(store, channel, clock())
    await record(store, *(owed(channel, "a", clock()) for channel in (5, 6, 7)))
    box = outbox(store, channels, clock)
    await box.drain()
    clock.now += timedelta(minutes=1)
    await box.drain()
    assert [where for where, _, _ in channels.sent] == [99]
    assert len([s for s in await store.subscriptions() if s.paused]) == 3


@pytest.mark.parametrize(("channel", "guild"), [(99, 1), (7, 2)])
async def test_nobody_is_told_where_nobody_can_be(store: Store, channel: int, guild: int) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, channel, clock(), guild)
    await record(store, replace(owed(channel, "a", clock()), guild_id=guild))
    box = outbox(store, channels, clock)
    await box.drain()
    clock.now += timedelta(minutes=1)
    await box.drain()
    assert channels.sent == []
    assert (await store.subscriptions())[0].paused is not None


async def test_a_closed_channel_that_nobody_subscribes_ends_its_edit(store: Store) -> None:
    channels, clock = Channels(answers=[None, NO_PERMISSION]), Clock()
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.EDIT))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!edit")).state is DeliveryState.DEAD


async def test_an_edit_of_a_message_that_is_gone_ends_alone(store: Store) -> None:
    channels, clock = Channels(answers=[None, SendRefused("10008")]), Clock()
    await subscribe(store, 7, clock())
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.EDIT), owed(7, "b", clock()))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!edit")).reason == "10008"
    assert [title for _, title, _ in channels.sent] == ["a", "b"]
    assert (await store.subscriptions())[0].paused is None


async def test_an_alert_is_published_after_it_stands_and_its_limit_holds_up_nothing(
    store: Store,
) -> None:
    clock, hour = Clock(), timedelta(hours=1)
    channels = Channels(answers=[None, None, SendLater("429", hour)])
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


async def test_a_publishing_that_is_not_allowed_pauses_nothing(store: Store) -> None:
    channels, clock = Channels(answers=[None, NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.PUBLISH))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!publish")).state is DeliveryState.DEAD
    assert (await store.subscriptions())[0].paused is None


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


async def test_a_post_that_is_gone_closes_no_forum(store: Store) -> None:
    gone = PlaceClosed(PauseReason.GONE, "10003")
    channels, clock = Channels(answers=[None, gone]), Clock()
    await subscribe(store, 7, clock())
    alert = replace(owed(7, "a", clock()), manner=FORUM)
    await record(store, alert, about(alert, Kind.CORRECTION))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!correction")).state is DeliveryState.DEAD
    assert (await store.subscriptions())[0].paused is None


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


async def test_an_unsubscribed_channels_unsent_alerts_are_dropped(store: Store) -> None:
    channels, clock = Channels(answers=[SendLater("503")]), Clock()
    await subscribe(store, 7, clock())
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()))
    box = outbox(store, channels, clock)
    await box.drain()
    assert await store.unsubscribe(7)
    clock.now += back_off(1)
    await box.drain()
    assert channels.sent == []
    assert await store.open_deliveries() == ()
