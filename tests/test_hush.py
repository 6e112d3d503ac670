"""What holds a message back: quiet times, and the channel's budget with its rarities."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.delivery import Delivery, DeliveryState, Held, Kind
from bot.hush import Likes, Restraints, counted, likes_of
from bot.model import Milestone, Searched, Severity
from bot.routing import route
from bot.subscription import Channel, Manner, QuietHours, Subscription, Wish

DAY = date(2026, 6, 7)
NOW = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)
HEADLINE, NOTABLE, MINOR = Severity
OWED = (DeliveryState.PENDING, None)
WEEK = timedelta(days=7)


def _milestone(
    rule: str, severity: Severity = NOTABLE, when: date = DAY, board: str = "models"
) -> Milestone:
    return Milestone(
        key=f"{board}.{rule}.{when}",
        rule=rule,
        board=board,
        subject="a",
        began=when - timedelta(days=1),
        date=when,
        severity=severity,
        facts={},
        first=False,
        searched=Searched(when, 1),
        top=(),
        total=1,
        days_without_other=0,
        as_of=NOW,
    )


def _asks(wish: Wish | None = None, **more: object) -> Subscription:
    subscription = Subscription(1, 9, wish or Wish(least=MINOR), DAY - WEEK, NOW, 1)
    return replace(subscription, **more)


def _outcomes(
    milestones: Sequence[Milestone],
    channel: Channel,
    used: int = 0,
    likes: Mapping[tuple[str, Severity], int] | None = None,
    *subscriptions: Subscription,
    windows: int = 70,
) -> dict[str, Held | None]:
    seen = Likes(likes or {}, windows)
    restraints = Restraints({1: channel}, {1: used}, {"models": seen})
    found = route(milestones, subscriptions or [_asks()], NOW, restraints)
    return {key.split(".")[1]: row.held for row in found for key in row.milestones}


def _days(*rules: str) -> list[Milestone]:
    """Return a milestone of each rule, each on a day of its own: a message each."""
    return [_milestone(rule, when=DAY - timedelta(days=n)) for n, rule in enumerate(rules)]


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        (Channel(1, 9), None),
        (Channel(1, 9, muted_until=NOW + timedelta(seconds=1)), Held.MUTE),
        (Channel(1, 9, muted_until=NOW), None),
        (Channel(1, 9, quiet=QuietHours(22, 7, "Europe/Berlin")), Held.QUIET),
        (Channel(1, 9, quiet=QuietHours(22, 7, "Asia/Tokyo")), None),
        (Channel(1, 9, quiet=QuietHours(3, 4, "UTC"), budget=0), Held.QUIET),
        (Channel(2, 9, muted_until=NOW + timedelta(1)), None),
    ],
)
def test_what_falls_into_a_quiet_time_is_held_back_headlines_too(
    channel: Channel, why: Held | None
) -> None:
    restraints = Restraints({channel.channel_id: channel})
    milestones = [_milestone("leader", HEADLINE), _milestone("surge")]
    (found,) = route(milestones, [_asks()], NOW, restraints)
    expected = DeliveryState.PENDING if why is None else DeliveryState.HELD
    assert (found.state, found.held) == (expected, why)
    assert len(found.milestones) == 2


def test_what_is_held_back_is_not_published_and_keeps_whom_it_mentions() -> None:
    manner = Manner(publish=True, mentions=(5,))
    channel = Channel(1, 9, muted_until=NOW + WEEK)
    (found,) = route([_milestone("leader")], [_asks(manner=manner)], NOW, Restraints({1: channel}))
    assert found.manner == manner


def test_what_yields_to_a_budget_mentions_nobody() -> None:
    manner = Manner(publish=True, mentions=(5,))
    restraints = Restraints({1: Channel(1, 9, budget=0)})
    (found,) = route([_milestone("leader")], [_asks(manner=manner)], NOW, restraints)
    assert (found.held, found.manner) == (Held.BUDGET, Manner(publish=True))


@pytest.mark.parametrize(
    ("used", "why"), [(0, None), (2, None), (3, Held.BUDGET), (9, Held.BUDGET)]
)
def test_a_budget_lets_through_what_there_is_room_for(used: int, why: Held | None) -> None:
    assert _outcomes([_milestone("leader")], Channel(1, 9, budget=3), used) == {"leader": why}


@pytest.mark.parametrize("budget", [0, 1])
def test_a_message_with_a_headline_always_passes(budget: int) -> None:
    both = [_milestone("leader", HEADLINE), _milestone("surge")]
    found = _outcomes(both, Channel(1, 9, budget=budget), used=7)
    assert found == {"leader": None, "surge": None}


def test_of_several_the_rarer_pass_and_each_takes_from_the_room() -> None:
    likes = {("often", NOTABLE): 30, ("seldom", NOTABLE): 2, ("once", NOTABLE): 1}
    found = _outcomes(_days("often", "seldom", "once"), Channel(1, 9, budget=2), 0, likes)
    assert found == {"once": None, "seldom": None, "often": Held.BUDGET}


def test_a_headline_takes_its_room_before_the_rarest() -> None:
    apart = [_milestone("leader", HEADLINE), _milestone("never", when=DAY - timedelta(1))]
    outcomes = _outcomes(apart, Channel(1, 9, budget=1))
    assert outcomes == {"leader": None, "never": Held.BUDGET}


def test_room_is_kept_for_the_rarer_ones_to_be_expected_in_a_week() -> None:
    # 20 hits in 70 windows are two a week.
    likes = {("often", NOTABLE): 50, ("seldom", NOTABLE): 20}
    rare, common = [_milestone("seldom")], [_milestone("often")]
    assert _outcomes(rare, Channel(1, 9, budget=1), 0, likes) == {"seldom": None}
    assert _outcomes(common, Channel(1, 9, budget=3), 0, likes) == {"often": None}
    assert _outcomes(common, Channel(1, 9, budget=2), 0, likes) == {"often": Held.BUDGET}
    assert _outcomes(common, Channel(1, 9, budget=3), 1, likes) == {"often": Held.BUDGET}


def test_room_is_kept_for_headlines_however_often_they_are_seen() -> None:
    likes = {("leader", HEADLINE): 20, ("surge", NOTABLE): 3}
    surge = [_milestone("surge")]
    assert _outcomes(surge, Channel(1, 9, budget=2), 0, likes) == {"surge": Held.BUDGET}
    assert _outcomes(surge, Channel(1, 9, budget=3), 0, likes) == {"surge": None}


@pytest.mark.parametrize(
    "wish",
    [
        Wish(least=NOTABLE, rules=("often",)),
        Wish(("other",)),
    ],
)
def test_no_room_is_kept_for_what_the_channel_never_gets(wish: Wish) -> None:
    likes = {("often", NOTABLE): 50, ("seldom", NOTABLE): 20, ("minor", MINOR): 1}
    common, channel = [_milestone("often")], Channel(1, 9, budget=1)
    asks = _asks(Wish(rules=("often",)))
    more = _asks(wish, number=2)
    assert _outcomes(common, channel, 0, likes, asks, more) == {"often": None}
    everything = _asks(Wish(), number=2)
    assert _outcomes(common, channel, 0, likes, asks, everything) == {"often": Held.BUDGET}
    stopped = replace(everything, stopped=NOW)
    assert _outcomes(common, channel, 0, likes, asks, stopped) == {"often": None}


def test_the_rarest_of_a_message_counts_for_all_of_it() -> None:
    likes = {("often", NOTABLE): 50, ("seldom", NOTABLE): 20}
    both = [_milestone("often"), _milestone("seldom")]
    found = _outcomes(both, Channel(1, 9, budget=1), 0, likes)
    assert found == {"often": None, "seldom": None}


def test_quiet_comes_before_the_budget_and_takes_no_room() -> None:
    channel = Channel(1, 9, muted_until=NOW + WEEK, budget=1)
    found = _outcomes(_days("one", "two"), channel)
    assert found == {"one": Held.MUTE, "two": Held.MUTE}


def test_likes_are_of_a_rule_and_severity_and_of_told_ones_alone() -> None:
    held = replace(_milestone("surge", when=DAY - timedelta(3)), held_by=("lab/x",))
    found = [_milestone("surge"), _milestone("surge", MINOR), *_days("surge", "leader"), held]
    assert likes_of(found, 40, 1) == Likes(
        {("surge", NOTABLE): 2, ("surge", MINOR): 1, ("leader", NOTABLE): 1}, 40, 1
    )


def _post(state: DeliveryState, **more: object) -> Delivery:
    post = Delivery("k", 1, 9, (), "n", NOW - timedelta(days=8), state=state, kind=Kind.ALERT)
    return replace(post, **more)


@pytest.mark.parametrize(
    ("post", "counts"),
    [
        (_post(DeliveryState.SENT, sent_at=NOW), True),
        (_post(DeliveryState.SENT, sent_at=NOW - WEEK), False),
        (_post(DeliveryState.SENT, sent_at=NOW - WEEK + timedelta(seconds=1)), True),
        (_post(DeliveryState.SENT, sent_at=None), False),
        (_post(DeliveryState.SENT, sent_at=None, created_at=NOW - timedelta(1)), True),
        (_post(DeliveryState.PENDING), True),
        (_post(DeliveryState.SENDING), True),
        (_post(DeliveryState.HELD, created_at=NOW), False),
        (_post(DeliveryState.DEAD, created_at=NOW), False),
    ],
)
def test_what_was_sent_in_seven_days_or_is_on_its_way_counts(post: Delivery, counts: bool) -> None:
    assert counted([post], NOW).get(1, 0) == counts
