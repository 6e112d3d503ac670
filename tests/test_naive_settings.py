"""Who gets what, and when, is what a naive reading of docs/subscriptions.md says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise, permutations, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from bot.delivery import LONGEST_HELD, Delivery, DeliveryState, Form, Held, Kind, Summary
from bot.gathering import DueDigest, digests_due, gather
from bot.hours import due as due_at
from bot.hush import Restraints, counted, likes_of
from bot.model import Milestone, Severity
from bot.routing import route, still_asked
from bot.subscription import Channel, Digest, Subscription
from tests.naive.held_settings import Joined, Still, due, joined, still
from tests.naive.settings import Said, Settings, said
from tests.naive.worlds_of_settings import (
    BOARDS,
    ZONES,
    Life,
    lives,
    moments,
    rations,
    second_thoughts,
    waits,
)

SHOWN = ("models.leader.shown.2026-03-01",)
DAY = timedelta(days=1)


def _restraints(known: Settings, now: datetime) -> Restraints:
    likes = {board: likes_of(*past) for board, past in known.pasts.items()}
    return Restraints(known.channels, counted(known.posts, now), likes)


def _routed(found: Sequence[Milestone], known: Settings, now: datetime) -> tuple[Delivery, ...]:
    return route(found, known.subscriptions, now, _restraints(known, now))


def _published(routed: Sequence[Delivery]) -> set[str]:
    """Return the keys of the alerts that are published: each is, right after it is posted."""
    both = [(one, after) for one, after in pairwise(routed) if after.kind is Kind.PUBLISH]
    assert all(after.about == one.key for one, after in both)
    assert len(both) == sum(each.kind is Kind.PUBLISH for each in routed)
    return {one.key for one, _ in both}


def _projected(routed: Sequence[Delivery], found: Sequence[Milestone]) -> set[Said]:
    """Return what the naive reading says of deliveries, each of which is of one board and day."""
    by_key, published, told = {one.key: one for one in found}, _published(routed), []
    for each in routed:
        if each.kind is Kind.PUBLISH:
            continue
        assert (each.kind, each.form, each.guild_id) == (Kind.ALERT, Form.ALERT, _guild(each))
        assert each.state is (DeliveryState.HELD if each.held else DeliveryState.PENDING)
        ((board, day),) = {(by_key[key].board, by_key[key].date) for key in each.milestones}
        weights = [list(Severity).index(by_key[key].severity) for key in each.milestones]
        assert weights == sorted(weights)
        roles = () if each.held is Held.BUDGET else each.manner.mentions
        goes_on = each.manner.publish if each.held else each.key in published
        place = (each.channel_id, each.language, board, day, frozenset(each.milestones))
        told.append(Said(*place, each.held, roles, goes_on))
    assert len({each.key for each in routed}) == len(routed)
    assert len({one[:4] for one in told}) == len(told)
    return set(told)


def _guild(delivery: Delivery) -> int:
    return 100 + delivery.channel_id


def _assert_told(
    found: Sequence[Milestone], known: Settings, now: datetime
) -> tuple[Delivery, ...]:
    """Assert that what is owed is what is read; what the reading leaves open may be either."""
    routed = _routed(found, known, now)
    told = _projected(routed, found)
    either = [said(found, known, now, order) for order in permutations(BOARDS)]
    assert told in either, (told - either[0], either[0] - told)
    return routed


@settings(max_examples=400, deadline=None)
@given(moments())
def test_any_mix_of_settings_is_told_what_a_naive_reading_says(
    moment: tuple[Sequence[Milestone], Settings, datetime],
) -> None:
    _assert_told(*moment)


@settings(max_examples=800, deadline=None)
@given(rations())
def test_any_small_budget_is_kept_as_a_naive_reading_says(
    moment: tuple[Sequence[Milestone], Settings, datetime],
) -> None:
    _assert_told(*moment)


@dataclass
class _Bot:
    """A bot that tends its channels: what is held back, and what was ever owed and told."""

    known: Settings
    held: list[Delivery] = field(default_factory=list)
    ever: list[Delivery] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)

    def want(self, channel: Channel) -> None:
        """Change what a channel wants; its digest stays dealt with."""
        self.known = replace(
            self.known, channels={**self.known.channels, channel.channel_id: channel}
        )

    def find(self, found: Sequence[Milestone], now: datetime) -> None:
        """Tell or hold back what is found."""
        alerts = [one for one in _assert_told(found, self.known, now) if one.kind is Kind.ALERT]
        self.ever += alerts
        self.held += [one for one in alerts if one.held]
        self.told += [one.key for one in alerts if not one.held]
        self._post([one for one in alerts if not one.held], now)

    def tidy(self, now: datetime) -> None:
        """Let go of what is held back for too long, as the store does."""
        self.late |= {one.key for one in self.held if now - one.created_at > LONGEST_HELD}
        self.held = [one for one in self.held if one.key not in self.late]

    def tend(self, now: datetime) -> set[Joined]:
        """Tell what was held back, as far as it is time, and return it."""
        channels = tuple(self.known.channels.values())
        due_now = [_due(each, now) for each in digests_due(channels, now)]
        gathered = gather(channels, self.held, due_now, counted(self.known.posts, now), now)
        alerts = [one for one in gathered if one.delivery.kind is Kind.ALERT]
        assert len({one.delivery.key for one in alerts}) == len(alerts)
        self._post([one.delivery for one in alerts], now)
        gone = [key for one in gathered for key in one.held]
        self.told += gone
        self.held = [one for one in self.held if one.key not in gone]
        for one in due_now:
            self.want(_dealt_with(one))
        return {_join(one.delivery, one.held) for one in alerts}

    def _post(self, alerts: Sequence[Delivery], now: datetime) -> None:
        """Send what is owed, except to paused channels, where it waits."""
        posts = [*self.known.posts, *alerts]
        sent = [one if self._waits(one) else _sent(one, now) for one in posts]
        self.known = replace(self.known, posts=sent)

    def _waits(self, alert: Delivery) -> bool:
        channel = self.known.channels[alert.channel_id]
        return alert.state is DeliveryState.SENT or channel.paused is not None


def _sent(alert: Delivery, now: datetime) -> Delivery:
    return replace(alert, state=DeliveryState.SENT, sent_at=now)


def _due(channel: Channel, now: datetime) -> DueDigest:
    assert channel.digest is not None
    at = due_at(channel.digest, now)
    assert at is not None
    assert at == due(channel.digest, now)
    return DueDigest(channel, at, Summary(channel.digest.boards, at.date()), SHOWN)


def _dealt_with(one: DueDigest) -> Channel:
    assert one.channel.digest is not None
    return replace(one.channel, digest=replace(one.channel.digest, after=one.moment))


def _join(delivery: Delivery, held: Sequence[str]) -> Joined:
    assert (delivery.state, delivery.guild_id) == (DeliveryState.PENDING, _guild(delivery))
    assert len(set(delivery.milestones)) == len(delivery.milestones)
    keys = frozenset(delivery.milestones)
    place = (delivery.channel_id, delivery.form, delivery.language)
    return Joined(*place, frozenset(held), keys, delivery.manner.mentions)


def _read(bot: _Bot, now: datetime) -> set[Joined]:
    """Return what must be told now by a naive reading."""
    posts, wants = bot.known.posts, bot.known.channels.values()
    return {one for each in wants for one in joined(each, bot.held, SHOWN, posts, now)}


def _assert_tended(bot: _Bot, now: datetime) -> None:
    """Assert that what is told is what is read, which does not know that the store tidies."""
    read = _read(bot, now)
    bot.tidy(now)
    assert bot.tend(now) == read


@settings(max_examples=500, deadline=None)
@given(waits())
def test_whatever_waits_is_told_together_as_a_naive_reading_says(
    waiting: tuple[list[Delivery], Settings, datetime],
) -> None:
    held, known, now = waiting
    _assert_tended(_Bot(known, held), now)


@settings(max_examples=300, deadline=None)
@given(second_thoughts())
def test_held_back_is_told_as_far_as_it_is_still_asked_for(
    changed: tuple[Sequence[Milestone], Settings, datetime, Sequence[Subscription]],
) -> None:
    found, known, now, asking = changed
    held = _routed(found, known, now)
    half = [replace(row, held=Held.BUDGET) for row in held[::2]] + list(held[1::2])
    by_key = {one.key: one for one in found}
    told = still_asked(half, by_key, asking)
    projected = [Still(row.key, frozenset(row.milestones), row.manner.mentions) for row in told]
    assert len(set(projected)) == len(projected)
    assert set(projected) == still(half, by_key, asking)


def _assert_all_told_once(bot: _Bot) -> None:
    """Assert that each was told once, if it was not held back for too long."""
    assert not bot.held
    told, ever = Counter(bot.told), {one.key: one for one in bot.ever}
    assert max(told.values(), default=1) == 1
    assert told.keys() | bot.late == ever.keys()
    assert not told.keys() & bot.late


@settings(max_examples=250, deadline=None)
@given(lives())
def test_what_was_held_back_is_told_once_as_a_naive_reading_says(life: Life) -> None:
    bot, now = _Bot(life.settings), life.steps[0].now
    for step in life.steps:
        now = step.now
        if step.channel is not None:
            bot.want(step.channel)
        bot.find(step.found, now)
        _assert_tended(bot, now)
        _assert_tended(bot, now + timedelta(minutes=1))
    now += timedelta(minutes=2)
    for number in bot.known.channels:
        bot.want(Channel(number, 100 + number))
    for _ in range(2):
        _assert_tended(bot, now)
    _assert_all_told_once(bot)


@pytest.mark.parametrize("zone", ZONES)
def test_a_digest_is_due_when_walking_through_the_hours_says(zone: str) -> None:
    around = [timedelta(minutes=n) for n in (-61, -60, -31, -30, -1, 0, 1, 29, 30, 59, 60, 61, 121)]
    for now in [change + off for change in ZONES[zone] for off in around]:
        for weekday, hour in product(range(7), (22, 23, 0, 1, 2, 3)):
            digest = Digest(weekday, hour, zone, BOARDS, "en", now - 20 * DAY)
            assert due_at(digest, now) == due(digest, now), (digest, now)


def _weekly(zone: str, start: datetime) -> Mapping[int, Channel]:
    """Return a channel for each hour and the two weekdays on which clocks change."""
    return {
        weekday * 24 + hour: Channel(
            weekday * 24 + hour,
            100 + weekday * 24 + hour,
            digest=Digest(weekday, hour, zone, BOARDS, "en", start),
        )
        for weekday in (5, 6)
        for hour in range(24)
    }


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll"]
)
def test_a_digest_comes_once_a_week_through_the_changes_of_the_clocks(zone: str) -> None:
    for change in ZONES[zone]:
        start = change - timedelta(days=10, hours=change.hour, minutes=change.minute)
        bot = _Bot(Settings((), _weekly(zone, start)))
        came: dict[int, list[datetime]] = {number: [] for number in bot.known.channels}
        now = start
        while now < start + 21 * DAY:
            read = _read(bot, now)
            told = bot.tend(now)
            assert told == read
            for one in told:
                came[one.channel].append(now)
            now += timedelta(minutes=30)
        for times in came.values():
            days = [each.astimezone(ZoneInfo(zone)).date() for each in times]
            assert len(days) == 3
            assert {after - before for before, after in pairwise(days)} == {7 * DAY}
