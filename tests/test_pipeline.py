"""One poll: what it takes in, finds, records; and that a repeated one finds nothing."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import rules
from bot.boards import MODELS
from bot.errors import PayloadRefused
from bot.model import BOARD_MODELS, Day, Openness, Severity
from bot.openness import Directory
from bot.pipeline import Poll, poll
from bot.rules import Rule
from bot.sources import Snapshot
from bot.sources.replay import Replay
from bot.subscription import Subscription, Wish
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.made import START, at, day, days, directory, verdict

OPEN, CLOSED = "a/open", "b/closed"
RULES = rules.discover()
LEADER = {"leader": RULES["leader"]}
KNOWN = directory({OPEN: verdict(Openness.OPEN), CLOSED: verdict(Openness.CLOSED)})


def story(length: int = 16, turn: int = 12) -> tuple[Day, ...]:
    """Return days in which OPEN overtakes CLOSED by trailing weeks soon after day `turn`."""
    counts = [{CLOSED: 100, OPEN: 900 if n >= turn else 90} for n in range(length)]
    return tuple(days(counts).values())


def day_number(number: int) -> date:
    """Return the date of a day of the story."""
    return START + timedelta(days=number)


def subscription(after: int, channel: int = 7) -> Subscription:
    """Return a subscription to what is dated after a day of the story."""
    return Subscription(channel, 1, Wish(), day_number(after), at(START), 1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def polled(
    store: Store,
    all_days: tuple[Day, ...],
    now: datetime,
    by: Mapping[str, Rule] = LEADER,
    known: Directory = KNOWN,
) -> Poll:
    """Poll a replay of days at a moment."""
    return await poll(MODELS, Replay(all_days, "made up"), store, known, by, now)


async def restated(store: Store, number: int, counts: Mapping[str, int]) -> Poll:
    """Poll again, a day of the story reading otherwise now."""
    changed = day(day_number(number), counts, as_of=at(day_number(30)))
    source = Marked(tuple(changed if d.date == changed.date else d for d in story()))
    return await poll(MODELS, source, store, KNOWN, LEADER, at(day_number(16), 5))


async def test_days_polled_one_by_one_bring_the_milestone_when_it_is_confirmed(
    store: Store,
) -> None:
    await store.subscribe(subscription(after=0))
    found = [await polled(store, story(), at(day_number(n + 1))) for n in range(16)]
    (hit,) = [result for result in found if result.milestones]
    (milestone,) = hit.milestones
    assert milestone.rule == "leader"
    assert (milestone.began, milestone.date) == (day_number(12), day_number(13))
    (delivery,) = hit.deliveries
    assert delivery.milestones == (milestone.key,)
    assert await store.open_deliveries() == (delivery,)


async def test_the_same_poll_again_finds_nothing_new(store: Store) -> None:
    await store.subscribe(subscription(after=0))
    first = await polled(store, story(), at(day_number(16)))
    again = await polled(store, story(), at(day_number(16)))
    assert first.milestones
    assert again.milestones == again.deliveries == ()
    assert again.snapshot is None


async def test_a_day_is_judged_from_three_oclock_on_and_stored_before(store: Store) -> None:
    early = await polled(store, story(14), at(day_number(14), 2, 59))
    assert day_number(13) in early.changes.added
    assert early.milestones == ()
    on_time = await polled(store, story(14), at(day_number(14), 3, 0))
    assert [milestone.date for milestone in on_time.milestones] == [day_number(13)]


async def test_history_found_at_once_is_recorded_but_old_news_is_sent_to_nobody(
    store: Store,
) -> None:
    await store.subscribe(subscription(after=0))
    late = await polled(store, story(30), at(day_number(30)))
    assert late.milestones
    assert late.deliveries == ()


@pytest.mark.parametrize(("now_day", "sent"), [(20, True), (21, False)])
async def test_a_milestone_is_sent_up_to_seven_days_after_its_date(
    store: Store, now_day: int, sent: bool
) -> None:
    await store.subscribe(subscription(after=0))
    result = await polled(store, story(20), at(day_number(now_day)))
    assert bool(result.deliveries) is sent


class Racing(TinyDBStore):
    """A store in which channel 7 is unsubscribed while a poll is under way."""

    async def record(self, *given: Any) -> None:
        """Keep it, just after somebody has unsubscribed."""
        await self.unsubscribe(7)
        await super().record(*given)


async def test_a_channel_unsubscribed_during_a_poll_gets_nothing(tmp_path: Path) -> None:
    store = Racing(tmp_path / "racing", writable=True)
    for channel in (7, 8):
        await store.subscribe(subscription(after=0, channel=channel))
    await polled(store, story(20), at(day_number(20)))
    assert {row.channel_id for row in await store.open_deliveries()} == {8}
    await store.close()


async def test_a_subscription_gets_nothing_dated_before_it_was_made(store: Store) -> None:
    await store.subscribe(subscription(after=13))
    await store.subscribe(subscription(after=12, channel=8))
    result = await polled(store, story(), at(day_number(16)))
    assert [delivery.channel_id for delivery in result.deliveries] == [8]


async def test_an_older_day_that_is_restated_has_history_judged_anew_without_repeats(
    store: Store,
) -> None:
    await store.subscribe(subscription(after=0))
    await polled(store, story(), at(day_number(16)))
    result = await restated(store, 11, {CLOSED: 101, OPEN: 91})
    assert result.changes.restated == (day_number(11),)
    assert result.milestones == ()
    assert (await store.progress(BOARD_MODELS)).memories[-1].through == day_number(15)


async def test_a_milestone_that_a_restatement_moves_by_a_day_is_not_told_again(
    store: Store,
) -> None:
    await store.subscribe(subscription(after=0))
    await polled(store, story(), at(day_number(16)))
    result = await restated(store, 12, {CLOSED: 100, OPEN: 90})
    assert result.changes.restated == (day_number(12),)
    assert result.milestones == ()
    (one,) = await store.milestones(BOARD_MODELS)
    assert one.key.endswith(str(day_number(13)))
    assert one.date == day_number(14), "its alert is edited to the day on which it is true"


async def test_every_milestone_is_proven_before_it_is_recorded(store: Store) -> None:
    result = await polled(store, story(), at(day_number(16)), RULES)
    assert len(result.milestones) > 5
    for one in result.milestones:
        assert one.receipt is not None
        assert (one.receipt.rule, one.receipt.version) == (one.rule, RULES[one.rule].version)
        assert one.receipt.searched == one.searched
    by_key = sorted(result.milestones, key=lambda one: (one.date, one.key))
    assert await store.milestones(BOARD_MODELS) == tuple(by_key)


async def test_a_silenced_milestone_is_recorded_and_posted_to_nobody(store: Store) -> None:
    await store.subscribe(replace(subscription(after=0), wish=Wish(least=Severity.MINOR)))
    result = await polled(store, story(14), at(day_number(14)), RULES)
    (leader,) = [m.key for m in result.milestones if m.rule == "leader"]
    silenced = {m.rule: m.inhibited_by for m in result.milestones if m.inhibited_by}
    assert silenced == {"author_leader": leader, "overtake": leader}
    (delivery,) = result.deliveries
    assert set(delivery.milestones) == {m.key for m in result.milestones if m.told}
    assert delivery.milestones[0] == leader


async def test_a_silencer_found_by_an_earlier_poll_is_obeyed(store: Store) -> None:
    await polled(store, story(14), at(day_number(14)))
    await store.subscribe(replace(subscription(after=0), wish=Wish(least=Severity.MINOR)))
    both = {**LEADER, "overtake": RULES["overtake"]}
    result = await polled(store, story(), at(day_number(16)), both)
    (overtake,) = result.milestones
    assert overtake.inhibited_by == f"models.leader.{OPEN}.{day_number(13)}"
    assert result.deliveries == ()


async def test_a_held_milestone_is_recorded_and_posted_to_nobody(store: Store) -> None:
    await store.subscribe(subscription(after=0))
    doubtful, by = (
        directory({CLOSED: verdict(Openness.CLOSED)}),
        {"open_share": RULES["open_share"]},
    )
    result = await polled(store, story(14), at(day_number(14)), by, doubtful)
    assert {(held.held_by, held.key[-5:]) for held in result.milestones} == {((OPEN,), ".held")}
    assert result.deliveries == ()
    released = await polled(store, story(16), at(day_number(16)), by)
    assert released.milestones
    assert not any(one.held_by for one in released.milestones)
    assert released.deliveries


async def test_one_new_day_is_judged_from_the_newest_memory(store: Store) -> None:
    for number in (14, 15, 16):
        await polled(store, story(), at(day_number(number)), RULES)
    found = await store.progress(BOARD_MODELS)
    ends = [memory.through for memory in found.memories]
    assert ends == [day_number(n) for n in (12, 13, 14, 15)]


async def test_a_changed_rule_has_history_judged_anew_without_repeats(store: Store) -> None:
    first = await polled(store, story(), at(day_number(16)))
    newer = {"leader": replace(RULES["leader"], version=99)}
    again = await polled(store, story(), at(day_number(16)), newer)
    assert first.milestones
    assert again.milestones == ()
    (*_, newest) = (await store.progress(BOARD_MODELS)).memories
    assert set(newest.rules) == {"leader@99"}


async def test_a_refused_payload_changes_nothing(store: Store) -> None:
    await polled(store, story(10), at(day_number(10)))
    before = await store.progress(BOARD_MODELS)
    with pytest.raises(PayloadRefused):
        await poll(MODELS, Refusing(), store, KNOWN, LEADER, at(day_number(11)))
    assert await store.progress(BOARD_MODELS) == before
    assert len(await store.days(BOARD_MODELS)) == 10


class Marked:
    """A source with one snapshot that was not seen before."""

    keyed = False

    def __init__(self, snapshot_days: tuple[Day, ...]) -> None:
        self._days = snapshot_days

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return the snapshot."""
        assert seen != "new"
        assert now > at(self._days[-1].date)
        return Snapshot("made up", self._days, "new")


class Refusing:
    """A source whose payload is refused."""

    keyed = False

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Refuse."""
        raise PayloadRefused("somewhere", f"is broken ({seen}, {now})")
