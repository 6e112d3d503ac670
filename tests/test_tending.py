"""Every minute: digests and roundups, through a real store, across daylight-saving changes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.boards import MODELS
from bot.delivery import UNASKED, Delivery, DeliveryState, Form, Held
from bot.model import BOARD_MODELS, Openness, Severity
from bot.pipeline import poll
from bot.rules import discover
from bot.sources.replay import Replay
from bot.standings import newest_judged
from bot.subscription import Channel, Digest, Manner, QuietHours, Subscription, Wish
from bot.tending import tend
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.made import START, at, days, directory, verdict

HOUR = timedelta(hours=1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
OPEN, CLOSED = "a/open", "b/closed"
KNOWN = directory({OPEN: verdict(Openness.OPEN), CLOSED: verdict(Openness.CLOSED)})
LEADER = {"leader": discover()["leader"]}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def _posts(store: Store, channel_id: int = 7) -> Sequence[Delivery]:
    return [row for row in await store.posts() if row.channel_id == channel_id]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [2, 9])
async def test_a_digest_comes_once_a_local_week_over_a_year_of_changing_clocks(
    store: Store, zone: str, hour: int
) -> None:
    # Sunday: the clocks change on Sundays, at two or three o'clock.
    now = datetime(2026, 1, 1, tzinfo=UTC)
    digest = Digest(6, hour, zone, (BOARD_MODELS,), "en", now)
    await store.put_channel(Channel(7, 1, digest=digest))
    while now < datetime(2027, 1, 4, tzinfo=UTC):
        await tend(store, now)
        await tend(store, now)
        now += HOUR / 2
    local = [row.created_at.astimezone(ZoneInfo(zone)) for row in await _posts(store)]
    assert len(local) == 53
    assert {moment.weekday() for moment in local} == {6}
    assert {(b.date() - a.date()).days for a, b in pairwise(local)} == {7}
    skipped = [moment for moment in local if (moment.hour, moment.minute) != (hour, 0)]
    assert len(skipped) == (1 if hour == 2 else 0), "but where the clocks skip that hour"


async def _with_a_milestone(store: Store, channel: Channel, now: datetime) -> Delivery:
    """Let a leader change in the figures as seen at a moment, and return what is owed for it."""
    await store.subscribe(Subscription(7, 1, Wish(), START, at(START), 1))
    await store.put_channel(channel)
    newest = newest_judged(now)
    first = newest - timedelta(days=15)
    counts = [{CLOSED: 100, OPEN: 900 if n >= 11 else 90} for n in range(16)]
    source = Replay(tuple(days(counts, first).values()), "made up")
    done = await poll(MODELS, source, store, KNOWN, LEADER, now)
    assert done.milestones
    (owed,) = done.deliveries
    return owed


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Europe/Berlin", date(2026, 10, 25)),
        ("America/New_York", date(2026, 11, 1)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("Europe/Berlin", date(2027, 3, 28)),
        ("America/New_York", date(2027, 3, 14)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
    ],
)
async def test_what_falls_into_quiet_hours_comes_when_the_local_clock_says_that_they_are_over(
    store: Store, zone: str, changes: date
) -> None:
    local = datetime.combine(changes, datetime.min.time(), ZoneInfo(zone))
    now = local.astimezone(UTC) + HOUR / 2
    quiet = Channel(7, 1, quiet=QuietHours(22, 7, zone))
    owed = await _with_a_milestone(store, quiet, now)
    assert (owed.state, owed.held) == (DeliveryState.HELD, Held.QUIET)
    assert await store.open_deliveries() == ()
    while not await tend(store, now):
        now += timedelta(minutes=1)
    arrived = now.astimezone(ZoneInfo(zone))
    assert (arrived.date(), arrived.hour, arrived.minute) == (changes, 7, 0)
    (roundup,) = await store.open_deliveries()
    assert (roundup.form, roundup.milestones) == (Form.ROUNDUP, owed.milestones)
    (before, after) = await store.about(owed.milestones[0], 7)
    assert (before.state, before.about) == (DeliveryState.GATHERED, roundup.key)
    assert after == roundup
    assert await tend(store, now + HOUR) == 0


async def test_a_mute_that_is_ended_lets_go_of_what_it_held_back(store: Store) -> None:
    now = at(START + timedelta(days=40))
    muted = Channel(7, 1, muted_until=now + timedelta(days=7))
    owed = await _with_a_milestone(store, muted, now)
    assert owed.held is Held.MUTE
    assert await tend(store, now + HOUR) == 0
    await store.put_channel(replace(muted, muted_until=None))
    assert await tend(store, now + HOUR) == 1


async def test_what_yielded_to_a_budget_comes_when_the_message_before_is_seven_days_old(
    store: Store,
) -> None:
    sent_at = at(START + timedelta(days=40))
    owed = await _with_a_milestone(store, Channel(7, 1, budget=1), sent_at)
    held = replace(owed, key="7:en:held", state=DeliveryState.HELD, held=Held.BUDGET)
    await store.owe([held])
    assert await tend(store, sent_at) == 0, "what waits to be sent counts"
    await store.save_deliveries([replace(owed, state=DeliveryState.SENT, sent_at=sent_at)])
    assert await tend(store, sent_at + timedelta(days=7) - HOUR) == 0
    assert await tend(store, sent_at + timedelta(days=7)) == 1
    (roundup,) = await store.open_deliveries()
    assert (roundup.form, roundup.milestones) == (Form.ROUNDUP, owed.milestones)


async def test_what_was_held_back_is_told_if_a_running_subscription_still_asks_for_it(
    store: Store,
) -> None:
    now = at(START + timedelta(days=40))
    role = Manner(mentions=(5,))
    muted = Channel(7, 1, muted_until=now + HOUR)
    other = Subscription(7, 1, Wish(rules=("surge",)), START, at(START), 1, number=2)
    await store.subscribe(replace(other, manner=Manner(mentions=(6,))))
    await _with_a_milestone(store, muted, now)
    (one, _) = await store.subscriptions()
    await store.amend(replace(one, manner=role))
    assert await tend(store, now + 2 * HOUR) == 1
    (roundup,) = await store.open_deliveries()
    assert roundup.manner == role


async def test_what_was_held_back_for_a_subscription_that_is_paused_now_is_given_up(
    store: Store,
) -> None:
    now = at(START + timedelta(days=40))
    owed = await _with_a_milestone(store, Channel(7, 1, muted_until=now + HOUR), now)
    (one,) = await store.subscriptions()
    await store.amend(replace(one, stopped=now))
    assert await tend(store, now + 2 * HOUR) == 0
    assert await store.held() == ()
    (ended,) = await store.about(owed.milestones[0], 7)
    assert (ended.state, ended.reason) == (DeliveryState.DEAD, UNASKED)


async def test_while_somebody_decides_what_is_owed_nobody_else_does(store: Store) -> None:
    now = at(START + timedelta(days=40))
    await _with_a_milestone(store, Channel(7, 1, muted_until=now + HOUR), now)
    async with store.deciding():
        tick = asyncio.create_task(tend(store, now + 2 * HOUR))
        for _ in range(20):
            await asyncio.sleep(0)
        assert await store.open_deliveries() == ()
    assert await tick == 1


async def test_digests_that_are_due_at_once_are_all_owed(store: Store) -> None:
    now = at(START + timedelta(days=40))
    digest = Digest(now.weekday(), 3, "UTC", (BOARD_MODELS,), "en", now - 24 * HOUR)
    for number in range(20):
        await store.put_channel(Channel(100 + number, 1, digest=digest))
    assert await tend(store, now) == 20
    afters = {each.digest.after for each in await store.channels() if each.digest}
    assert afters == {now.replace(minute=0)}


async def test_what_was_held_back_for_a_subscription_that_ended_is_not_told(store: Store) -> None:
    now = at(START + timedelta(days=40))
    other = Subscription(7, 1, Wish(rules=("surge",)), START, at(START), 1, number=2)
    await store.subscribe(other)
    await _with_a_milestone(store, Channel(7, 1, muted_until=now + HOUR), now)
    await store.unsubscribe(7, 1)
    assert await tend(store, now + 2 * HOUR) == 0


async def test_what_was_held_back_is_told_in_its_language_where_the_new_one_has_nothing(
    store: Store,
) -> None:
    now = at(START + timedelta(days=40))
    owed = await _with_a_milestone(store, Channel(7, 1, muted_until=now + HOUR), now)
    (one,) = await store.subscriptions()
    await store.amend(replace(one, language="tr"))
    await store.owe([replace(owed, key="7:tr:held", language="tr")])
    assert await tend(store, now + 2 * HOUR) == 1
    (roundup,) = await store.open_deliveries()
    assert roundup.language == "tr"


async def test_a_digest_that_falls_into_a_mute_comes_after_it_with_what_was_held_back(
    store: Store,
) -> None:
    now = at(START + timedelta(days=40))
    digest = Digest(now.weekday(), 9, "UTC", (BOARD_MODELS,), "en", now)
    muted = Channel(7, 1, muted_until=now + timedelta(days=2), digest=digest)
    owed = await _with_a_milestone(store, muted, now)
    assert await tend(store, now + 12 * HOUR) == 0
    later = now + timedelta(days=2)
    assert await tend(store, later) == 1
    (told,) = await store.open_deliveries()
    assert (told.form, told.milestones) == (Form.DIGEST, owed.milestones)
    assert told.summary is not None
    assert told.summary.until == (await store.progress(BOARD_MODELS)).through
    (settings,) = await store.channels()
    assert settings.digest is not None
    assert settings.digest.after == now.replace(hour=9, minute=0)
    assert await tend(store, later + HOUR) == 0


async def test_a_digest_has_the_told_milestones_of_its_week_but_no_minor_ones(
    store: Store,
) -> None:
    now = at(START + timedelta(days=40))
    owed = await _with_a_milestone(store, Channel(7, 1), now)
    (milestone,) = await store.milestones_by_key(owed.milestones)
    progress = await store.progress(BOARD_MODELS)
    assert progress.through is not None
    others = [
        replace(milestone, key="models.week.a", date=progress.through - timedelta(days=6)),
        replace(milestone, key="models.old.a", date=progress.through - timedelta(days=7)),
        replace(milestone, key="models.held.a", held_by=("lab/x",)),
        replace(milestone, key="models.small.a", severity=Severity.MINOR),
    ]
    await store.record(BOARD_MODELS, progress, others, ())
    digest = Digest(now.weekday(), 3, "UTC", (BOARD_MODELS, "never-polled"), "en", now - 24 * HOUR)
    await store.put_channel(Channel(8, 1, digest=digest))
    assert await tend(store, now) == 1
    (told,) = await _posts(store, 8)
    assert told.milestones == ("models.week.a", milestone.key)
