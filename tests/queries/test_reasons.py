"""Why a milestone was or was not posted: what is recorded decides, else settings as routing has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.reasons import Check, Forgotten, Outcome, Step, Why
from bot.delivery import MISSED, Delivery, DeliveryState, Form, Held
from bot.hush import Restraints
from bot.model import Cause, Milestone, Searched, Severity
from bot.queries.reasons import reasons
from bot.routing import route
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

DAY = date(2026, 6, 7)
FOUND = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)
NOW = datetime(2026, 6, 9, 21, 7, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
NIGHT = QuietHours(22, 7, "Asia/Kathmandu")  # 5:45 ahead: until 01:15 UTC
DIGEST = Digest(0, 9, "UTC", ("models",), "en", FOUND)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FREE = Channel(1, 9)
ASKS = Subscription(1, 9, Wish(least=Severity.MINOR), DAY - WEEK, FOUND - WEEK, 1)
PAUSED = replace(FREE, paused=Pause(PauseReason.FORBIDDEN, FOUND, "no"))
BOARDS, RULES = ("models", "coding", "apps"), ("leader", "streak", "surge")


def made(when: date = DAY, **more: object) -> Milestone:
    """Return a milestone of the models board found in the night after its day."""
    plain = Milestone(
        key=f"models.leader.a.{when}",
        rule="leader",
        board="models",
        subject="a/x",
        began=when - timedelta(days=1),
        date=when,
        severity=Severity.NOTABLE,
        facts={"model": "a/x"},
        first=False,
        searched=Searched(when, 1),
        top=(),
        total=1,
        days_without_other=0,
        as_of=FOUND,
    )
    return replace(plain, **more)


def owed(state: DeliveryState = DeliveryState.PENDING, **more: object) -> Delivery:
    """Return the alert of that milestone in channel 1."""
    alert = Delivery("1:en:k", 1, 9, (made().key,), "n", FOUND, state=state)
    return replace(alert, **more)


def why(
    *deliveries: Delivery,
    milestone: Milestone | None = None,
    channel: Channel | None = FREE,
    asking: Sequence[Subscription] = (ASKS,),
    changes: Sequence[Change] = (),
) -> Why:
    """Return what is answered now."""
    return reasons(milestone or made(), channel, asking, deliveries, changes, NOW)


def failed(steps: Sequence[Step]) -> list[Check]:
    """Return the checks that were not passed."""
    return [step.check for step in steps if step.passed is False]


days = st.integers(-10, 2).map(lambda n: DAY + timedelta(days=n))
wishes = st.builds(
    Wish,
    boards=st.lists(st.sampled_from(BOARDS), min_size=1, unique=True).map(tuple),
    least=st.sampled_from(Severity),
    rules=st.lists(st.sampled_from(RULES), max_size=2, unique=True).map(tuple),
    only=st.sampled_from([(), (), ("a/x",), ("a/", "c/z"), ("b/y",)]),
)
subscriptions = st.builds(
    Subscription,
    channel_id=st.just(1),
    guild_id=st.just(9),
    wish=wishes,
    after=days,
    created_at=st.just(FOUND),
    created_by=st.just(1),
    stopped=st.sampled_from([None, None, None, FOUND]),
)
milestones = st.builds(
    made,
    when=st.sampled_from([DAY, DAY - timedelta(days=6), DAY - timedelta(days=7)]),
    board=st.sampled_from(BOARDS),
    rule=st.sampled_from(RULES),
    severity=st.sampled_from(Severity),
    held_by=st.sampled_from([(), (), (), ("b/y",)]),
    inhibited_by=st.sampled_from([None, None, None, "models.other"]),
    withdrawn=st.sampled_from([None, None, None, Cause.FIGURES]),
    facts=st.sampled_from([{}, {"model": "a/x"}, {"model": "b/y", "passed": "c/z"}]),
)


@given(milestone=milestones, asking=st.lists(subscriptions, max_size=3))
def test_every_step_is_passed_for_a_subscription_if_and_only_if_routing_owes_an_alert(
    milestone: Milestone, asking: list[Subscription]
) -> None:
    found = why(milestone=milestone, asking=asking)
    passed = not failed(found.itself) and any(not failed(each.steps) for each in found.asked)
    assert passed is bool(route([milestone], asking, found.found))
    assert (found.outcome is Outcome.UNRECORDED) is passed


@given(
    asking=st.lists(subscriptions, min_size=1, max_size=3),
    muted=st.sampled_from([None, NOW, FOUND]),
    quiet=st.none()
    | st.builds(QuietHours, st.integers(0, 11), st.integers(12, 23), st.just("UTC")),
    budget=st.sampled_from([None, 1, 2]),
)
def test_what_routing_held_back_is_the_one_restraint_that_was_not_passed(
    asking: list[Subscription],
    muted: datetime | None,
    quiet: QuietHours | None,
    budget: int | None,
) -> None:
    channel = Channel(1, 9, muted_until=muted, quiet=quiet, budget=budget)
    rows = route([made()], [ASKS, *asking], FOUND, Restraints({1: channel}, {1: 1}))
    found = why(*rows, channel=channel)
    assert found.found == FOUND
    restrained = [each for each in failed(found.ways[0].steps) if each is not Check.GATHERED]
    assert restrained == ([Check(rows[0].held.value)] if rows[0].held else [])
    assert found.outcome is (Outcome.HELD if rows[0].held else Outcome.COMING)


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ({"wish": Wish(("coding",), Severity.MINOR)}, Check.BOARD),
        ({"wish": Wish(least=Severity.HEADLINE)}, Check.SEVERITY),
        ({"wish": Wish(rules=("streak",))}, Check.RULE),
        ({"wish": Wish(only=("b/",))}, Check.NAMES),
        ({"after": DAY}, Check.AFTER),
        ({"stopped": FOUND}, Check.RUNNING),
    ],
)
def test_a_subscription_that_does_not_ask_fails_the_step_that_says_why(
    more: dict[str, object], check: Check
) -> None:
    found = why(asking=[replace(ASKS, **more)])
    assert found.outcome is Outcome.UNASKED
    assert failed(found.asked[0].steps) == [check]


@pytest.mark.parametrize(("late", "expected"), [(7, []), (8, [Check.IN_TIME])])
def test_what_is_found_more_than_seven_days_late_is_asked_for_by_nobody(
    late: int, expected: list[Check]
) -> None:
    old = made(FOUND.date() - timedelta(days=late))
    found = why(milestone=old, asking=[replace(ASKS, after=date.min)])
    assert failed(found.asked[0].steps) == expected
    assert found.outcome is (Outcome.UNASKED if expected else Outcome.UNRECORDED)


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ({"held_by": ("b/y",)}, Check.KNOWN),
        ({"inhibited_by": "models.other"}, Check.HEARD),
        ({"withdrawn": Cause.FIGURES, "revised": NOW}, Check.STANDS),
    ],
)
def test_what_may_not_be_told_fails_the_step_that_says_why(
    more: dict[str, object], check: Check
) -> None:
    found = why(milestone=made(**more))
    assert found.outcome is Outcome.UNTOLD
    assert failed(found.itself) == [check]


@pytest.mark.parametrize(
    ("delivery", "channel", "outcome"),
    [
        (owed(DeliveryState.SENT), FREE, Outcome.POSTED),
        (owed(DeliveryState.SENT), PAUSED, Outcome.POSTED),
        (owed(), FREE, Outcome.COMING),
        (owed(DeliveryState.SENDING), FREE, Outcome.COMING),
        (owed(), PAUSED, Outcome.PAUSED),
        (owed(DeliveryState.DEAD, reason=MISSED), FREE, Outcome.GIVEN_UP),
        (owed(DeliveryState.HELD, held=Held.MUTE), FREE, Outcome.HELD),
        (owed(DeliveryState.SENT), None, Outcome.POSTED),
    ],
)
def test_what_is_recorded_decides_whatever_the_settings_are_now(
    delivery: Delivery, channel: Channel | None, outcome: Outcome
) -> None:
    assert why(delivery, channel=channel).outcome is outcome
    assert why(delivery, channel=channel, asking=[]).outcome is outcome


def test_what_was_gathered_is_where_the_message_is_that_tells_it() -> None:
    roundup = owed(DeliveryState.SENT, key="1:en:roundup", form=Form.ROUNDUP)
    alert = owed(DeliveryState.GATHERED, held=Held.QUIET, about=roundup.key)
    found = why(alert, roundup)
    assert [(way.alert, way.message) for way in found.ways] == [(alert, roundup)]
    assert found.outcome is Outcome.POSTED
    assert failed(found.ways[0].steps) == [Check.QUIET]
    steps = {step.check: step.passed for step in found.ways[0].steps}
    assert steps[Check.BUDGET] is None
    assert steps[Check.GATHERED] is True
    assert why(alert, replace(roundup, state=DeliveryState.PENDING)).outcome is Outcome.COMING


def test_an_alert_says_more_than_a_digest_and_a_post_more_than_what_waits() -> None:
    digest = owed(DeliveryState.SENT, key="1:en:digest", form=Form.DIGEST)
    waiting = owed(key="1:tr:k", language="tr")
    alert = owed(DeliveryState.SENT, created_at=NOW)
    found = why(waiting, digest, alert)
    assert [way.alert for way in found.ways] == [alert, digest, waiting]


@pytest.mark.parametrize(
    ("tried", "outcome"),
    [(timedelta(minutes=-1), Outcome.POSTED), (timedelta(minutes=1), Outcome.UNTOLD)],
)
def test_what_was_withdrawn_before_a_message_went_out_is_not_in_it(
    tried: timedelta, outcome: Outcome
) -> None:
    gone = made(withdrawn=Cause.FIGURES, revised=NOW)
    sent = owed(DeliveryState.SENT, tried_at=NOW + tried)
    assert why(sent, milestone=gone).outcome is outcome
    assert why(owed(), milestone=gone).outcome is Outcome.UNTOLD


def test_changes_of_settings_since_it_was_found_are_told_and_tests_are_none() -> None:
    def change(hours: int, deed: Deed = Deed.MUTED) -> Change:
        return Change(FOUND + timedelta(hours=hours), 5, 9, 1, deed)

    changes = [change(3, Deed.TESTED), change(2), change(1), change(-1)]
    assert why(owed(), changes=changes).changed == tuple(changes[1:3])
    earlier = made(as_of=FOUND - timedelta(days=3))
    assert why(milestone=earlier, changes=changes).found == datetime(2026, 6, 8, tzinfo=UTC)
    revised = made(as_of=FOUND + WEEK, revised=FOUND + WEEK)
    assert why(milestone=revised, changes=changes).changed == (*changes[1:3], changes[3])


@pytest.mark.parametrize(
    ("days", "forgotten"),
    [(90, Forgotten.NOTHING), (92, Forgotten.UNPOSTED), (457, Forgotten.ALL)],
)
def test_what_is_recorded_no_more_is_not_taken_for_what_never_was(
    days: int, forgotten: Forgotten
) -> None:
    day = NOW.date() - timedelta(days=days)
    assert why(milestone=made(day, as_of=LONG_AGO)).forgotten is forgotten


def test_the_subscription_that_comes_nearest_to_asking_stands_first() -> None:
    far = replace(ASKS, wish=Wish(("coding",), Severity.HEADLINE), number=1)
    near = replace(ASKS, wish=Wish(("models",), Severity.HEADLINE), number=2)
    found = why(asking=[far, near])
    assert [each.subscription.number for each in found.asked] == [2, 1]
    assert not found.asked[0].wanted
