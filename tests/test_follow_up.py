"""What is owed to those who got an alert that has changed since: edits, and corrections."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import Delivery, DeliveryState, Form, Kind, Summary
from bot.model import BOARD_MODELS, Cause, Milestone
from bot.routing import follow_up, nonce, route
from bot.subscription import Channel, Digest, Subscription, Wish
from tests.made import START, at
from tests.reviewing import LEADER, LEVEL

NOW = at(LEVEL.date + timedelta(2))
BOTH = (LEADER, LEVEL)


def subscribed(channel: int, board: str = BOARD_MODELS) -> Subscription:
    """Return a channel's subscription."""
    return Subscription(channel, 100 + channel, Wish((board,)), START, at(START), 1, language="tr")


def alert(channel: int, *milestones: Milestone) -> Delivery:
    """Return the alert of some milestones, as it went out to a channel."""
    (owed,) = route(milestones, [subscribed(channel)], at(LEVEL.date + timedelta(1)))
    return replace(owed, state=DeliveryState.SENT, attempts=1, message_id=channel * 11)


def edited(one: Milestone) -> Milestone:
    """Return a milestone with new figures."""
    return replace(one, revised=NOW, final=True)


def withdrawn(one: Milestone) -> Milestone:
    """Return a milestone withdrawn."""
    return replace(edited(one), withdrawn=Cause.FIGURES)


def test_new_figures_owe_each_alert_one_edit_and_no_message() -> None:
    alerts = [alert(1, *BOTH), alert(2, LEVEL)]
    found = follow_up([edited(LEVEL)], alerts, [subscribed(1), subscribed(2)], [], NOW)
    assert [(d.kind, d.channel_id, d.about) for d in found] == [
        (Kind.EDIT, 1, alerts[0].key),
        (Kind.EDIT, 2, alerts[1].key),
    ]
    assert [d.milestones for d in found] == [each.milestones for each in alerts]


def test_an_edit_goes_where_its_alert_went_in_its_language_untried() -> None:
    sent = alert(3, LEVEL)
    (found,) = follow_up([edited(LEVEL)], [sent], [], [], NOW)
    assert found == Delivery(
        key=found.key,
        channel_id=3,
        guild_id=103,
        milestones=(LEVEL.key,),
        nonce=nonce(found.key),
        created_at=NOW,
        language="tr",
        kind=Kind.EDIT,
        about=sent.key,
        target=33,
    )
    assert found.nonce != sent.nonce


def test_a_withdrawal_owes_an_edit_and_then_a_correction_of_what_was_withdrawn_alone() -> None:
    sent = alert(1, *BOTH)
    found = follow_up([withdrawn(LEVEL)], [sent], [subscribed(1)], [], NOW)
    assert [(d.kind, d.milestones) for d in found] == [
        (Kind.EDIT, (LEADER.key, LEVEL.key)),
        (Kind.CORRECTION, (LEVEL.key,)),
    ]
    assert {d.about for d in found} == {sent.key}


def test_a_correction_goes_to_channels_still_subscribed_to_the_board_an_edit_to_all() -> None:
    alerts = [alert(1, LEVEL), alert(2, LEVEL), alert(3, LEVEL)]
    found = follow_up([withdrawn(LEVEL)], alerts, [subscribed(2), subscribed(3, "coding")], [], NOW)
    assert [d.channel_id for d in found if d.kind is Kind.EDIT] == [1, 2, 3]
    assert [d.channel_id for d in found if d.kind is Kind.CORRECTION] == [2]


@pytest.mark.parametrize("change", [edited, withdrawn])
def test_keys_and_nonces_stay_when_the_same_change_is_found_again(
    change: Callable[[Milestone], Milestone],
) -> None:
    sent, later = alert(1, *BOTH), NOW + timedelta(hours=1)
    one = follow_up([change(LEVEL)], [sent], [subscribed(1)], [], NOW)
    two = follow_up([replace(change(LEVEL), revised=later)], [sent], [subscribed(1)], [], later)
    assert [replace(d, created_at=later) for d in one] == list(two)
    assert len({d.key for d in one} | {sent.key}) == len(one) + 1


def test_new_figures_a_withdrawal_and_another_one_are_three_edits_of_one_alert() -> None:
    sent, here = alert(1, *BOTH), [subscribed(1)]
    changes: Mapping[str, list[Milestone]] = {
        "figures": [edited(LEADER), edited(LEVEL)],
        "one": [withdrawn(LEVEL)],
        "the other": [withdrawn(LEADER)],
    }
    found = [follow_up(change, [sent], here, [], NOW) for change in changes.values()]
    keys = [d.key for each in found for d in each]
    assert [len(each) for each in found] == [1, 2, 2]
    assert len(set(keys)) == 5


def test_figures_and_a_withdrawal_found_together_are_one_edit() -> None:
    found = follow_up([edited(LEADER), withdrawn(LEVEL)], [alert(1, *BOTH)], [], [], NOW)
    assert [d.kind for d in found] == [Kind.EDIT]


def test_without_a_change_or_an_alert_nothing_is_owed() -> None:
    assert follow_up([], [], [subscribed(1)], [], NOW) == ()
    assert follow_up([withdrawn(LEVEL)], [], [subscribed(1)], [], NOW) == ()


def test_a_digest_and_a_roundup_are_edited_as_what_they_are() -> None:
    summary = Summary((BOARD_MODELS,), LEVEL.date)
    digest = replace(alert(1, LEVEL), form=Form.DIGEST, summary=summary)
    roundup = replace(alert(2, LEVEL), form=Form.ROUNDUP)
    found = follow_up([edited(LEVEL)], [digest, roundup], [], [], NOW)
    assert [(d.form, d.summary) for d in found] == [(Form.DIGEST, summary), (Form.ROUNDUP, None)]


def test_a_channel_with_a_digest_of_the_board_alone_is_told_of_a_withdrawal() -> None:
    digest = Digest(0, 9, "UTC", (BOARD_MODELS,), "tr", at(START))
    channels = [Channel(1, 101, digest=digest), Channel(2, 102)]
    alerts = [alert(1, LEVEL), alert(2, LEVEL)]
    found = follow_up([withdrawn(LEVEL)], alerts, [], channels, NOW)
    assert [d.channel_id for d in found if d.kind is Kind.CORRECTION] == [1]
