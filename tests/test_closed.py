"""Channels that are closed to us: paused, told of, and gone on with."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import MISSED, DeliveryState, Form, Kind
from bot.errors import PlaceClosed, SendLater
from bot.subscription import Channel, Digest, Manner, PauseReason
from bot.turns import back_off
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.sending import GUILD, Channels, Clock, about, outbox, owed, record, row, subscribe

FORUM = Manner(forum=True)
NO_PERMISSION = PlaceClosed(PauseReason.FORBIDDEN, "403")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def test_a_closed_channel_is_paused_its_server_told_and_its_alerts_wait(
    store: Store,
) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    await record(store, owed(7, "a", clock()), owed(7, "b", clock()), owed(8, "a", clock()))
    box = outbox(store, channels, clock)
    await box.drain()
    (channel,) = await store.channels()
    assert channel.paused is not None
    assert channel.paused.reason is PauseReason.FORBIDDEN
    assert (channel.paused.since, channel.paused.said) == (clock(), "403")
    assert [where for where, _, _ in channels.sent] == [8], "another channel goes on"
    clock.now += timedelta(minutes=1)
    await box.drain()
    await box.drain()
    assert [sent[:2] for sent in channels.sent[1:]] == [(99, "99:paused.7.2026-06-08.033000")]
    assert await store.resume(7, clock())
    await box.drain()
    assert [sent[:2] for sent in channels.sent[2:]] == [(7, "a"), (7, "b")]


async def test_a_test_that_is_refused_pauses_its_channel_as_an_alert_does(store: Store) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    await record(store, replace(owed(7, "test", clock()), kind=Kind.TEST))
    box = outbox(store, channels, clock)
    await box.drain()
    assert (await store.channels())[0].paused is not None
    clock.now += timedelta(hours=24)
    assert await store.resume(7, clock())
    await box.drain()
    assert (7, "test") in [sent[:2] for sent in channels.sent]


async def test_a_test_is_missed_as_others_are(store: Store) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    await record(store, replace(owed(7, "test", clock()), kind=Kind.TEST))
    await outbox(store, channels, clock).drain()
    clock.now += timedelta(hours=24, seconds=1)
    assert await store.resume(7, clock())
    assert (await row(store, "7:test")).reason == MISSED


async def test_a_channel_with_nothing_but_a_digest_is_paused_too(store: Store) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    digest = Digest(0, 9, "UTC", ("models",), "tr", clock())
    await store.put_channel(Channel(7, GUILD, digest=digest))
    await record(store, replace(owed(7, "d", clock()), form=Form.DIGEST, language="tr"))
    await outbox(store, channels, clock).drain()
    assert (await store.channels())[0].paused is not None
    (notice,) = await store.open_deliveries(99)
    assert notice.language == "tr", "as the message that met the closed channel"


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
    assert len([each for each in await store.channels() if each.paused]) == 3


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
    assert (await store.channels())[0].paused is not None


async def test_a_closed_channel_that_nobody_subscribes_ends_its_edit(store: Store) -> None:
    channels, clock = Channels(answers=[None, NO_PERMISSION]), Clock()
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.EDIT))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!edit")).state is DeliveryState.DEAD


async def test_a_channel_closed_later_is_told_of_later(store: Store) -> None:
    channels, clock = Channels(answers=[NO_PERMISSION]), Clock()
    for channel in (6, 7):
        await subscribe(store, channel, clock())
    await record(store, owed(6, "a", clock()))
    box = outbox(store, channels, clock)
    for _ in range(2):
        await box.drain()
        clock.now += timedelta(minutes=1)
        await box.drain()
        channels.answers = [NO_PERMISSION]
        await record(store, owed(7, "a", clock()))
    assert [where for where, _, _ in channels.sent] == [99, 99]


async def test_an_error_while_pausing_leaves_the_channel_to_be_tried_again(store: Store) -> None:
    class Broken(Channels):
        async def system_channel(self, guild_id: int) -> int | None:
            raise KeyError(guild_id)

    channels, clock = Broken(answers=[NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    await record(store, owed(7, "a", clock()))
    box = outbox(store, channels, clock)
    await box.drain()
    clock.now += back_off(1)
    await box.drain()
    assert (await row(store, "7:a")).state is DeliveryState.SENT


async def test_a_publishing_that_is_not_allowed_pauses_nothing(store: Store) -> None:
    channels, clock = Channels(answers=[None, NO_PERMISSION]), Clock()
    await subscribe(store, 7, clock())
    alert = owed(7, "a", clock())
    await record(store, alert, about(alert, Kind.PUBLISH))
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!publish")).state is DeliveryState.DEAD
    assert (await store.channels())[0].paused is None


@pytest.mark.parametrize(
    ("reason", "state"),
    [(PauseReason.GONE, DeliveryState.DEAD), (PauseReason.FORBIDDEN, DeliveryState.PENDING)],
)
async def test_a_post_that_is_gone_or_locked_closes_no_forum_and_holds_up_nothing(
    store: Store, reason: PauseReason, state: DeliveryState
) -> None:
    channels, clock = Channels(answers=[None, PlaceClosed(reason, "no")]), Clock()
    await subscribe(store, 7, clock())
    alert, other = (replace(owed(7, name, clock()), manner=FORUM) for name in "ab")
    await record(store, alert, about(alert, Kind.CORRECTION), other)
    await outbox(store, channels, clock).drain()
    assert (await row(store, "7:a!correction")).state is state
    assert (await store.channels())[0].paused is None
    assert (await row(store, "7:b")).state is DeliveryState.SENT


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
