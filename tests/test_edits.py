"""From a poll to the channel: alerts that are edited, withdrawn and corrected, or never sent."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import DeliveryState, Kind
from bot.errors import SendLater, SendRefused
from bot.model import BOARD_MODELS, Cause
from bot.subscription import Subscription, Wish
from bot.text.say import english
from bot.turns import back_off
from storage.tinydb_store import TinyDBStore
from tests.following import (
    ALL_CLOSED,
    EDITED,
    FINAL,
    FIVE_LEADS,
    HIGHER,
    TOLD,
    World,
    corrected,
)
from tests.made import START, at
from tests.reviewing import AFTER, LEADER, LEVEL


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a subscribed channel, the days polled up to the one before the milestones'."""
    store = TinyDBStore(tmp_path, writable=True)
    found = World(store)
    await found.polled(TOLD - timedelta(1))
    await store.subscribe(Subscription(7, 1, Wish(), START, at(START), 1))
    yield found
    await store.close()


async def test_an_alert_is_edited_once_when_its_figures_are_final(world: World) -> None:
    await world.polled(TOLD)
    await world.sent()
    (before,) = world.channel.posts
    result = await world.polled(FINAL, **HIGHER)
    assert {one.key for one in result.revised} == {LEADER.key, LEVEL.key}
    await world.sent()
    (after,) = world.channel.posts
    assert before.message.ranking != after.message.ranking
    assert (before.message.title, before.message.key) == (after.message.title, after.message.key)
    assert EDITED in after.message.notes
    for hours in (1, 24, 48):
        again = await world.polled(FINAL + timedelta(hours=hours), **HIGHER)
        assert again.revised == ()
        assert [d for d in again.deliveries if d.kind is not Kind.ALERT] == []
    assert world.channel.edits == 1


async def test_without_a_printed_difference_nothing_is_edited(world: World) -> None:
    await world.polled(TOLD)
    await world.sent()
    result = await world.polled(FINAL, d10={"a/one": AFTER["a/one"] + 100})
    assert (result.changes.restated, result.revised, result.deliveries) == ((LEVEL.date,), (), ())
    assert all(one.final for one in await world.store.milestones(BOARD_MODELS))


async def test_of_a_groups_milestones_the_withdrawn_one_alone_is_said_to_be_so(
    world: World,
) -> None:
    await world.polled(TOLD)
    await world.sent()
    result = await world.polled(TOLD + timedelta(hours=1), corrected("c/three"))
    assert [(one.key, one.withdrawn) for one in result.revised] == [(LEVEL.key, Cause.REGISTRY)]
    assert [d.kind for d in result.deliveries] == [Kind.EDIT, Kind.CORRECTION]
    await world.sent()
    alert, correction = world.said()
    assert alert.title == "one is now the most-used model"
    assert alert.lead[0].startswith("one has taken first place by tokens")
    assert alert.lead[-1] == (
        "Withdrawn: Open models now hold three of the top five. It rested on what was believed of"
        " a model's weights, and that was wrong."
    )
    assert correction.title == "Correction"
    assert correction.lead == (
        (
            "Withdrawn: “Open models now hold three of the top five”, told for 11 June 2026. It"
            " rested on what was believed of a model's weights, and that was wrong."
        ),
    )
    assert correction.key == f"{LEVEL.key} correction", "no alert bears it"
    assert (await world.polled(TOLD + timedelta(hours=2), corrected("c/three"))).deliveries == ()


async def test_the_leading_milestone_may_be_withdrawn_and_the_list_shows_why(world: World) -> None:
    await world.polled(TOLD)
    await world.sent()
    result = await world.polled(FINAL, **FIVE_LEADS)
    assert [one.key for one in result.revised if one.withdrawn] == [LEADER.key]
    await world.sent()
    alert, correction = world.said()
    assert alert.title == "Withdrawn: one is now the most-used model"
    assert alert.lead[0] == "By the final figures of the day it is not true."
    assert alert.lead[1].startswith("Open models now hold three of the top five. Open among")
    assert alert.ranking[0].name == "five"
    assert EDITED in alert.notes
    assert "By the final figures of the day" in correction.lead[0]


async def test_a_groups_milestones_are_withdrawn_one_after_the_other(world: World) -> None:
    await world.polled(TOLD)
    await world.sent()
    await world.polled(TOLD + timedelta(hours=1), corrected("c/three"))
    await world.sent()
    result = await world.polled(FINAL, corrected("c/three"), **FIVE_LEADS)
    assert [d.kind for d in result.deliveries] == [Kind.EDIT, Kind.CORRECTION]
    await world.sent()
    alert, *corrections = world.said()
    assert alert.title == "Withdrawn: one is now the most-used model"
    assert alert.lead[-1].startswith("Withdrawn: Open models now hold three of the top five.")
    keys = [f"{one.key} correction" for one in (LEVEL, LEADER)]
    assert [one.key for one in corrections] == keys
    assert world.channel.edits == 2


async def test_a_correction_of_the_registry_reaches_alerts_of_long_ago(world: World) -> None:
    await world.polled(TOLD)
    await world.sent()
    await world.polled(FINAL)
    result = await world.polled(FINAL + timedelta(days=200), corrected("c/three"))
    assert [one.key for one in result.revised] == [LEVEL.key]
    assert [d.kind for d in result.deliveries if d.kind is not Kind.ALERT] == [
        Kind.EDIT,
        Kind.CORRECTION,
    ]


async def test_a_channel_that_unsubscribed_has_its_alert_edited_and_gets_no_message(
    world: World,
) -> None:
    await world.polled(TOLD)
    await world.sent()
    await world.store.unsubscribe(7)
    await world.polled(FINAL, **FIVE_LEADS)
    assert await world.kinds() == ["edit"]
    await world.sent()
    (alert,) = world.channel.posts
    assert alert.message.title.startswith("Withdrawn: ")


# Alerts that are still to be sent


async def test_what_was_withdrawn_before_it_was_sent_is_not_sent_at_all(world: World) -> None:
    (alert,) = (await world.polled(TOLD)).deliveries
    assert (await world.polled(FINAL, **ALL_CLOSED)).deliveries == ()
    await world.sent()
    assert world.channel.posts == []
    (dead,) = await world.store.deliveries([alert.key])
    assert dead.state is DeliveryState.DEAD


async def test_an_alert_not_yet_sent_says_what_is_true_when_it_is(world: World) -> None:
    await world.polled(TOLD)
    await world.polled(FINAL, **FIVE_LEADS)
    await world.sent()
    (alert,) = world.said()
    assert (alert.title, alert.key) == ("Open models now hold three of the top five", LEVEL.key)
    assert alert.ranking[0].name == "five"
    assert EDITED not in alert.notes


async def test_what_was_composed_and_not_sent_is_composed_anew_after_a_change(
    world: World,
) -> None:
    await world.polled(TOLD)
    world.channel.answers = [SendLater("503")]
    await world.sent()
    await world.polled(TOLD + timedelta(hours=1), corrected("c/three"))
    world.channel.answers = [SendLater("503")]
    await world.sent()
    await world.polled(FINAL, corrected("c/three"), **HIGHER)
    await world.sent()
    (alert,) = world.said()
    assert (alert.key, EDITED in alert.notes) == (LEADER.key, False)
    (one, *_) = LEADER.top
    assert alert.ranking[0].tokens == english().tokens(one.tokens + 9_000)


# What the outbox does with an edit


async def test_an_edit_waits_for_its_alert(world: World) -> None:
    (alert,) = (await world.polled(TOLD)).deliveries
    claimed = replace(alert, state=DeliveryState.SENDING, attempts=1)
    await world.store.save_deliveries([claimed])
    await world.polled(FINAL, **HIGHER)
    assert await world.kinds() == ["alert", "edit"]
    world.channel.answers = [SendLater("503")]
    await world.sent()
    assert (world.channel.posts, world.channel.edits) == ([], 0)
    world.now += back_off(2)
    await world.sent()
    assert (len(world.channel.posts), world.channel.edits) == (1, 1)
    assert await world.kinds() == []


async def test_what_follows_an_alert_that_never_went_out_is_given_up(world: World) -> None:
    (alert,) = (await world.polled(TOLD)).deliveries
    await world.store.save_deliveries([replace(alert, state=DeliveryState.SENDING, attempts=1)])
    result = await world.polled(FINAL, **FIVE_LEADS)
    world.channel.answers = [SendRefused("no access")]
    await world.sent()
    followed = await world.store.deliveries([each.key for each in result.deliveries])
    reason = "the alert that this is about never went out"
    assert [each.kind for each in followed] == [Kind.EDIT, Kind.CORRECTION]
    assert {(each.state, each.reason) for each in followed} == {(DeliveryState.DEAD, reason)}
    assert (world.channel.posts, world.channel.edits) == ([], 0)


async def test_a_message_that_was_deleted_costs_its_edit_and_nothing_more(world: World) -> None:
    await world.polled(TOLD)
    await world.sent()
    result = await world.polled(FINAL, **FIVE_LEADS)
    world.channel.answers = [SendRefused("Discord answered 404 (code 10008): Unknown Message")]
    await world.sent()
    edit, correction = await world.store.deliveries([each.key for each in result.deliveries])
    assert (edit.state, correction.state) == (DeliveryState.DEAD, DeliveryState.SENT)
    assert "10008" in (edit.reason or "")
    assert [each.message.title for each in world.channel.posts[1:]] == ["Correction"]
