"""Whose turn it is in a channel, and how long a failed delivery waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import Delivery, DeliveryState, Kind
from bot.turns import GIVE_UP, after_fault, back_off, claimed, due_at, next_turn, sent, short
from tests.sending import owed

NOW = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)


def publish(alert: Delivery, retry_at: datetime | None = None) -> Delivery:
    """Return the publishing of an alert."""
    key = f"{alert.key}!publish"
    return replace(alert, key=key, kind=Kind.PUBLISH, about=alert.key, retry_at=retry_at)


def test_waits_double_from_two_seconds_to_ten_minutes() -> None:
    waits = [back_off(attempt).total_seconds() for attempt in (1, 2, 3, 9, 10, 10_000)]
    assert waits == [2, 4, 8, 512, 600, 600]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_chance_takes_up_to_half_of_a_wait_away(attempts: int, chance: float) -> None:
    assert back_off(attempts) / 2 <= back_off(attempts, chance) <= back_off(attempts)


def test_messages_keep_their_order_even_if_the_first_must_wait() -> None:
    first, second = owed(7, "a", NOW), owed(7, "b", NOW)
    waiting = replace(first, retry_at=NOW + timedelta(hours=1))
    assert next_turn([waiting, second]) == waiting


def test_a_publishing_waits_for_its_alert_and_holds_up_no_message() -> None:
    first, second = owed(7, "a", NOW), owed(7, "b", NOW)
    late = publish(first, NOW + timedelta(hours=1))
    assert next_turn([first, publish(first), second]) == first
    assert next_turn([late, second]) == second
    assert next_turn([late]) == late
    assert next_turn([publish(first), replace(second, retry_at=NOW)]) == publish(first)
    assert next_turn([]) is None


def test_an_edit_holds_up_no_alert() -> None:
    alert, other = owed(7, "a", NOW), owed(7, "b", NOW)
    edit = replace(publish(alert, NOW + timedelta(minutes=10)), kind=Kind.EDIT)
    assert next_turn([edit, other]) == other
    assert next_turn([replace(edit, retry_at=None), other]).kind is Kind.EDIT
    assert next_turn([alert, edit, other]) == alert


def test_what_waits_for_longer_than_anything_may_is_due() -> None:
    row = owed(7, "a", NOW)
    assert due_at(row, NOW) is None
    hour = NOW + timedelta(hours=1)
    assert due_at(replace(row, retry_at=hour), NOW) == hour
    assert due_at(replace(row, retry_at=hour), hour) is None
    set_back = NOW - timedelta(hours=20)
    assert due_at(replace(row, retry_at=hour), set_back) is None


def test_a_claim_keeps_the_moment_of_the_first_try() -> None:
    first = claimed(owed(7, "a", NOW), NOW)
    assert (first.state, first.attempts, first.tried_at) == (DeliveryState.SENDING, 1, NOW)
    again = claimed(replace(first, retry_at=NOW), NOW + GIVE_UP)
    assert (again.attempts, again.tried_at, again.retry_at) == (2, NOW, None)


def test_what_was_sent_says_when_and_keeps_no_reason() -> None:
    later = NOW + timedelta(minutes=3)
    row = sent(replace(claimed(owed(7, "a", NOW), NOW), reason="503"), 5, later)
    assert (row.state, row.message_id, row.reason) == (DeliveryState.SENT, 5, None)
    assert (row.tried_at, row.sent_at) == (NOW, later)


def test_a_test_keeps_its_place_among_messages() -> None:
    alert, test = owed(7, "a", NOW), replace(owed(7, "test", NOW), kind=Kind.TEST)
    assert next_turn([replace(alert, retry_at=NOW + GIVE_UP), test]).key == alert.key
    assert next_turn([test, alert]) == test


def test_discords_own_wait_counts_if_it_is_longer() -> None:
    row = claimed(owed(7, "a", NOW), NOW)
    asked = after_fault(row, "429", NOW, 1.0, timedelta(minutes=50))
    assert asked.retry_at == NOW + timedelta(minutes=50)
    assert after_fault(row, "429", NOW, 1.0, timedelta(seconds=1)).retry_at == NOW + back_off(1)


def test_after_a_day_a_fault_is_the_last() -> None:
    row = claimed(owed(7, "a", NOW), NOW)
    assert after_fault(row, "503", NOW + GIVE_UP, 1.0, None).state is DeliveryState.PENDING
    late = NOW + GIVE_UP + timedelta(seconds=1)
    dead = after_fault(row, "503", late, 1.0, None)
    assert (dead.state, dead.reason) == (DeliveryState.DEAD, "given up after a day: 503")


@given(st.text(st.characters(codec=None)))
def test_any_reason_can_be_stored(reason: str) -> None:
    assert len(short(reason).encode()) <= 500 * 10
