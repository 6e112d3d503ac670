"""What arrives in the channels of a server: in which order, by pages, and how it stands there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.managed import DIGEST, Which
from bot.delivery import Delivery, DeliveryState
from bot.queries.managed import entries, lately_tested, meant, part
from bot.subscription import (
    Change,
    Channel,
    Deed,
    Digest,
    Pause,
    PauseReason,
    QuietHours,
    Subscription,
    Wish,
)

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
GUILD = 1
PAUSE = Pause(PauseReason.FORBIDDEN, NOW, "no")
WEEKLY = Digest(0, 9, "Europe/Berlin", ("models",), "en", NOW)


def channel(number: int) -> Channel:
    """Return a channel that takes everything."""
    return Channel(number, GUILD)


def subscription(channel_id: int, number: int = 1) -> Subscription:
    """Return a subscription."""
    return Subscription(channel_id, GUILD, Wish(), date(2026, 6, 1), NOW, 5, number=number)


def sent(channel_id: int, days_ago: float, key: str) -> Delivery:
    """Return an alert that was sent."""
    when = NOW - timedelta(days=days_ago)
    one = Delivery(f"{channel_id}:{key}", channel_id, GUILD, (key,), "n", when)
    return replace(one, state=DeliveryState.SENT, message_id=len(key), sent_at=when)


def change(deed: Deed, channel_id: int, number: int | None, who: int, days_ago: float) -> Change:
    """Return a change of a channel."""
    return Change(NOW - timedelta(days=days_ago), who, GUILD, channel_id, deed, number)


def test_paused_channels_come_first_then_those_with_something_stopped_then_by_id() -> None:
    channels = [channel(1), replace(channel(4), paused=PAUSE), channel(2), channel(3)]
    held = [subscription(n) for n in (1, 2, 4)]
    held += [replace(subscription(3, 2), stopped=NOW), subscription(3, 1)]
    found = entries(channels, held, [], [], NOW)
    assert [(each.which.channel_id, each.which.number) for each in found] == [
        *[(4, 1), (3, 1), (3, 2)],
        *[(1, 1), (2, 1)],
    ]
    assert [each.several for each in found] == [False, True, True, False, False]


def test_a_digest_is_an_entry_of_its_own_after_the_subscriptions_of_its_channel() -> None:
    channels = [replace(channel(1), digest=WEEKLY), replace(channel(2), digest=WEEKLY)]
    found = entries(channels, [subscription(1)], [], [], NOW)
    assert [(each.which.channel_id, each.which.number) for each in found] == [
        *[(1, 1), (1, DIGEST), (2, DIGEST)],
    ]
    coming = datetime(2026, 6, 22, 7, tzinfo=UTC)  # Monday, nine o'clock in Berlin
    assert {each.coming for each in found} == {coming}


def test_a_digest_comes_when_its_channel_is_not_quiet_and_one_that_waits_at_once() -> None:
    dealt = replace(WEEKLY, after=NOW)
    muted, berlin = NOW + timedelta(days=9), "Europe/Berlin"
    settings = [
        replace(channel(1), digest=dealt, muted_until=muted),
        replace(channel(2), digest=dealt, quiet=QuietHours(8, 12, berlin)),
        replace(channel(3), digest=replace(WEEKLY, after=NOW - timedelta(days=9))),
        replace(channel(4), digest=dealt, paused=PAUSE),
    ]
    coming = {each.which.channel_id: each.coming for each in entries(settings, [], [], [], NOW)}
    noon = datetime(2026, 6, 22, 10, tzinfo=UTC)
    assert coming == {1: muted, 2: noon, 3: NOW, 4: None}


def test_the_last_alert_is_the_newest_that_went_out_in_the_channel() -> None:
    waiting = replace(sent(1, 0, "waiting"), state=DeliveryState.PENDING, message_id=None)
    posts = [sent(1, 3, "old"), sent(1, 2, "newest"), sent(2, 1, "elsewhere"), waiting]
    (found,) = entries([channel(1)], [subscription(1)], posts, [], NOW)
    assert found.last == posts[1]


def test_what_counts_against_a_budget_is_what_the_budget_itself_counts() -> None:
    waiting = replace(sent(1, 0, "waiting"), state=DeliveryState.PENDING, message_id=None)
    posts = [sent(1, 7.5, "old"), sent(1, 6.5, "new"), waiting, sent(2, 1, "elsewhere")]
    (found,) = entries([channel(1)], [subscription(1)], posts, [], NOW)
    assert found.used == 2


def test_who_stopped_a_subscription_is_who_did_so_last() -> None:
    stopped = replace(subscription(1, 2), stopped=NOW)
    changes = [
        change(Deed.STOPPED, 2, 2, 8, 0),
        change(Deed.STOPPED, 1, 1, 9, 0),
        change(Deed.STOPPED, 1, 2, 7, 1),
        change(Deed.STOPPED, 1, 2, 6, 2),
    ]
    held = [subscription(1), stopped]
    first, second = entries([channel(1)], held, [], changes, NOW)
    assert (first.stopped_by, second.stopped_by) == (None, 7)


def test_a_later_subscription_of_the_same_number_is_another_one() -> None:
    (old,) = entries([channel(1)], [subscription(1)], [], [], NOW)
    anew = replace(subscription(1), created_at=NOW + timedelta(seconds=1))
    found = entries([channel(1)], [anew], [], [], NOW)
    assert meant(found, old.which) is None
    assert meant(found, found[0].which) == found[0]
    assert meant(found, Which(1, DIGEST, 0)) is None


@settings(deadline=None)
@given(st.lists(st.integers(), max_size=30), st.integers(1, 7), st.integers(-3, 40))
def test_pages_together_show_all_and_no_page_is_beyond_the_last(
    items: list[int], size: int, page: int
) -> None:
    pages = [part(items, n, size) for n in range(part(items, 0, size).pages)]
    assert [each for one in pages for each in one.shown] == items
    assert all(len(each.shown) <= size for each in pages)
    assert part(items, page, size) in pages


def test_a_test_is_lately_for_one_minute_and_in_its_channel_alone() -> None:
    changes = [change(Deed.TESTED, 1, 1, 5, 0), change(Deed.STOPPED, 2, 1, 5, 0)]
    almost = NOW + timedelta(seconds=59)
    assert lately_tested(changes, 1, almost)
    assert not lately_tested(changes, 1, NOW + timedelta(minutes=1))
    assert not lately_tested(changes, 2, almost)
