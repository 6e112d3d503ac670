"""When what is held back comes, as far as clocks say, and what else keeps it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.reasons import Wait
from bot.delivery import LONGEST_HELD, Delivery, DeliveryState, Held, Summary
from bot.gathering import DueDigest, digests_due, gather
from bot.model import Severity
from bot.subscription import Channel, Digest, QuietHours, Subscription, Wish
from tests.queries.test_reasons import (
    ASKS,
    DAY,
    DIGEST,
    FOUND,
    FREE,
    NIGHT,
    NOW,
    PAUSED,
    WEEK,
    made,
    owed,
    why,
)

FULL = replace(FREE, budget=1)
DEALT = replace(DIGEST, after=NOW)
WAITS = replace(DIGEST, weekday=1, hour=20)  # Tuesday 20:00, an hour ago
EVENING = QuietHours(20, 23, "UTC")
MUTED = NOW + timedelta(days=9)
ZONES = ("UTC", "Asia/Kathmandu", "America/New_York")


@pytest.mark.parametrize(
    ("held", "channel", "opens"),
    [
        (Held.MUTE, replace(FREE, muted_until=NOW + WEEK), NOW + WEEK),
        (Held.MUTE, FREE, NOW),
        (Held.QUIET, replace(FREE, quiet=NIGHT), datetime(2026, 6, 10, 1, 15, tzinfo=UTC)),
        (
            Held.QUIET,
            replace(FREE, quiet=NIGHT, muted_until=NOW + timedelta(days=1, minutes=1)),
            datetime(2026, 6, 11, 1, 15, tzinfo=UTC),
        ),
        (Held.BUDGET, FREE, NOW),
        (Held.BUDGET, FULL, NOW),
        (Held.BUDGET, replace(FULL, muted_until=MUTED), MUTED),
        (Held.BUDGET, replace(FULL, digest=DEALT), datetime(2026, 6, 15, 9, tzinfo=UTC)),
        (Held.BUDGET, replace(FULL, digest=DEALT, muted_until=MUTED), MUTED),
        (
            Held.BUDGET,
            replace(FULL, digest=DEALT, quiet=QuietHours(8, 12, "UTC")),
            datetime(2026, 6, 15, 12, tzinfo=UTC),
        ),
        (Held.BUDGET, replace(FULL, digest=WAITS), NOW),
        (
            Held.BUDGET,
            replace(FULL, digest=WAITS, quiet=EVENING),
            datetime(2026, 6, 9, 23, tzinfo=UTC),
        ),
        (Held.MUTE, PAUSED, None),
        (Held.MUTE, None, None),
    ],
)
def test_when_what_is_held_back_comes_is_told_as_far_as_clocks_say(
    held: Held, channel: Channel | None, opens: datetime | None
) -> None:
    assert why(owed(DeliveryState.HELD, held=held), channel=channel).opens == opens


def gathered(row: Delivery, channel: Channel, room: int) -> datetime | None:
    """Return when, asked each quarter of an hour for ten days, what is held back is gathered."""
    quarter = timedelta(minutes=15)
    first = NOW.replace(minute=15, second=0)
    for now in (NOW, *(first + n * quarter for n in range(960))):
        summed = [
            DueDigest(each, now, Summary(("models",), DAY), ())
            for each in digests_due([channel], now)
        ]
        if any(one.held for one in gather([channel], [row], summed, {1: 5 - room}, now)):
            return now
    return None


@given(
    held=st.sampled_from(Held),
    muted=st.none() | st.integers(-9, 200).map(lambda hours: FOUND + timedelta(hours=hours)),
    quiet=st.none()
    | st.builds(QuietHours, st.integers(0, 11), st.integers(12, 23), st.sampled_from(ZONES))
    | st.builds(QuietHours, st.integers(12, 23), st.integers(0, 11), st.sampled_from(ZONES)),
    digest=st.none()
    | st.builds(
        Digest,
        st.integers(0, 6),
        st.integers(0, 23),
        st.sampled_from(ZONES),
        st.just(("models",)),
        st.just("en"),
        st.sampled_from([FOUND - WEEK, NOW]),
    ),
    budget=st.sampled_from([None, 5]),
    room=st.integers(0, 2),
)
def test_it_is_gathered_when_it_is_said_to_come(
    held: Held,
    muted: datetime | None,
    quiet: QuietHours | None,
    digest: Digest | None,
    budget: int | None,
    room: int,
) -> None:
    channel = Channel(1, 9, None, muted, quiet, budget, digest)
    row = owed(DeliveryState.HELD, held=held)
    found = why(row, channel=channel)
    when = gathered(row, channel, room)
    if found.waits is Wait.ROOM and not room:
        assert when is None
    else:
        assert when == found.opens


LOST = FOUND + LONGEST_HELD
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("held", "channel", "asking", "waits"),
    [
        (Held.QUIET, FREE, [ASKS], Wait.CLOCK),
        (Held.BUDGET, FREE, [ASKS], Wait.CLOCK),
        (Held.BUDGET, FULL, [ASKS], Wait.ROOM),
        (Held.MUTE, FULL, [ASKS], Wait.CLOCK),
        (Held.BUDGET, replace(FULL, digest=DIGEST), [ASKS], Wait.CLOCK),
        (Held.MUTE, replace(FREE, muted_until=LOST), [ASKS], Wait.CLOCK),
        (Held.MUTE, replace(FREE, muted_until=LOST + MINUTE), [ASKS], Wait.TOO_LONG),
        (Held.QUIET, FREE, [replace(ASKS, stopped=NOW)], Wait.UNASKED),
        (Held.QUIET, FREE, [replace(ASKS, wish=Wish(("apps",)))], Wait.UNASKED),
        (Held.QUIET, FREE, [replace(ASKS, language="tr")], Wait.CLOCK),
        (Held.QUIET, PAUSED, [ASKS], None),
    ],
)
def test_what_else_than_the_clock_keeps_what_is_held_back_is_told(
    held: Held, channel: Channel, asking: Sequence[Subscription], waits: Wait | None
) -> None:
    found = why(owed(DeliveryState.HELD, held=held), channel=channel, asking=asking)
    assert found.waits is waits


def test_what_waits_for_nothing_says_so() -> None:
    assert why(owed()).waits is None
    assert why().waits is None


COMING = Digest(2, 9, "UTC", ("models",), "en", FOUND)  # Wednesday, tomorrow


@pytest.mark.parametrize(
    ("channel", "more", "summed"),
    [
        (replace(FREE, digest=COMING), {}, True),
        (replace(FREE, digest=COMING), {"severity": Severity.MINOR}, False),
        (replace(FREE, digest=COMING), {"board": "apps"}, False),
        (replace(FREE, digest=COMING), {"when": DAY - timedelta(days=7)}, False),
        (replace(FREE, digest=COMING), {"inhibited_by": "models.other"}, False),
        (replace(PAUSED, digest=COMING), {}, False),
        (FREE, {}, False),
        (None, {}, False),
    ],
)
def test_the_next_digest_names_what_is_told_of_its_boards_and_week(
    channel: Channel | None, more: dict[str, object], summed: bool
) -> None:
    assert why(milestone=made(**more), channel=channel, asking=[]).summed is summed
