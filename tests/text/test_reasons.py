"""Why something was or was not posted, in words: the conclusion first, each step with its mark."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.reasons import Outcome, Way, Why
from bot.delivery import MISSED, TOO_OLD, UNASKED, Delivery, DeliveryState, Form, Held
from bot.message import Link, Message
from bot.model import Cause
from bot.packaged import read_languages
from bot.subscription import DIRECT, Change, Deed, Digest, Pause, PauseReason, Wish
from bot.text.reasons import why_message
from bot.text.say import Say
from bot.text.steps import given_up
from cogs._message import plain_text
from tests.queries.test_reasons import (
    ASKS,
    FOUND,
    FREE,
    LONG_AGO,
    NIGHT,
    NOW,
    PAUSED,
    made,
    owed,
    why,
)
from tests.queries.test_reasons import milestones as any_milestone
from tests.queries.test_reasons import subscriptions as any_subscription

LANGUAGES = read_languages()
ENGLISH, TURKISH = LANGUAGES["en"], LANGUAGES["tr"]
SUMMED = replace(FREE, digest=Digest(2, 9, "UTC", ("models",), "en", FOUND))
HELD = owed(DeliveryState.HELD, held=Held.QUIET)
SENT = owed(DeliveryState.SENT, sent_at=NOW, attempts=1, message_id=5)
LATE = "It is dated 7 June 2026, and alerts begin only after 7 June 2026."


def told(found: Why, say: Say = ENGLISH, place: str = "") -> Message:
    """Return the answer, with a way to each message that was sent."""
    links = {
        way.message.key: Link("its alert", f"https://discord.invalid/{way.message.key}")
        for way in found.ways
        if way.message is not None and way.message.message_id is not None
    }
    return why_message(found, "A headline", place, str.upper, links, say)


def conclusion(found: Why, say: Say = ENGLISH) -> str:
    """Return the sentence that stands first."""
    return told(found, say).sections[0].lines[0].text


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (why(SENT), "Posted on 9 June 2026, 21:07 UTC."),
        (
            why(replace(SENT, form=Form.DIGEST)),
            "Posted on 9 June 2026, 21:07 UTC, in the weekly digest.",
        ),
        (why(owed()), "Not posted. It waits to be sent."),
        (
            why(owed(attempts=2, retry_at=NOW)),
            (
                "Not posted. It waits to be sent: 2 tries failed, the next is on 9 June 2026, 21:07"
                " UTC."
            ),
        ),
        (
            why(owed(), channel=PAUSED),
            (
                "Not posted. The channel has been paused since 8 June 2026: Discord does not let me"
                " post there."
            ),
        ),
        (
            why(HELD, channel=replace(FREE, quiet=NIGHT)),
            "Held back: quiet hours. It comes with others on 10 June 2026, 01:15 UTC.",
        ),
        (
            why(replace(HELD, held=Held.MUTE)),
            "Held back: the channel was muted. It comes with others within a minute or two.",
        ),
        (
            why(replace(HELD, held=Held.BUDGET), channel=replace(FREE, budget=1)),
            (
                "Held back: the message limit. It comes with others as soon as there is room for a"
                " message."
            ),
        ),
        (
            why(replace(HELD, held=Held.BUDGET), channel=replace(FREE, budget=1, quiet=NIGHT)),
            (
                "Held back: the message limit. It comes with others on 10 June 2026, 01:15 UTC, or"
                " later if there is no room for a message then."
            ),
        ),
        (
            why(replace(HELD, held=Held.BUDGET)),
            "Held back: the message limit. It comes with others within a minute or two.",
        ),
        (
            why(HELD, channel=replace(FREE, muted_until=FOUND + timedelta(days=36))),
            (
                "Held back: quiet hours. It will not be told: by then it is held back for more than"
                " 35 days."
            ),
        ),
        (
            why(HELD, asking=[replace(ASKS, stopped=NOW)]),
            "Held back: quiet hours. No subscription here asks for it any more.",
        ),
        (
            why(HELD, asking=[replace(ASKS, stopped=NOW)], channel=SUMMED),
            (
                "Held back: quiet hours. No subscription here asks for it any more; the weekly"
                " digest tells of it."
            ),
        ),
        (
            why(asking=[], channel=SUMMED),
            "Not posted. No subscription asks for alerts here; the weekly digest tells of it.",
        ),
        (
            why(owed(DeliveryState.DEAD, reason=MISSED)),
            "Not posted. Given up: the channel was paused for too long.",
        ),
        (
            why(milestone=made(held_by=("b/y",))),
            "Not posted. It depends on models whose openness is unknown: B/Y.",
        ),
        (why(asking=[]), "Not posted. Nobody has asked for alerts here."),
        (why(asking=[replace(ASKS, after=made().date)]), f"Not posted. {LATE}"),
        (
            why(),
            "Not posted. By today’s settings it would be posted; why it was not is not recorded.",
        ),
        (
            why(milestone=made(LONG_AGO.date(), as_of=LONG_AGO)),
            "Nothing is recorded of it any more.",
        ),
    ],
)
def test_the_conclusion_comes_first_and_names_the_first_reason(found: Why, expected: str) -> None:
    assert conclusion(found) == expected
    assert conclusion(found, TURKISH) != expected


def test_every_step_has_its_mark_and_the_message_its_way() -> None:
    roundup = replace(SENT, key="1:en:roundup", form=Form.ROUNDUP, attempts=2)
    alert = owed(DeliveryState.GATHERED, held=Held.QUIET, about=roundup.key)
    message = told(why(alert, roundup))
    last = message.sections[-1]
    assert [line.text for line in last.lines] == [
        "✓ The channel was not muted.",
        "✗ It was found in quiet hours, and held back.",
        "– The message limit did not matter: it was held back already.",
        "✓ It went into one message with others.",
        "✓ Sent on 9 June 2026, 21:07 UTC, after 2 tries.",
    ]
    assert message.sections[0].lines[0].link == last.lines[-1].link
    assert last.lines[-1].link is not None


def test_subscriptions_that_have_no_room_are_counted_and_not_judged() -> None:
    asking = [replace(ASKS, number=number) for number in range(1, 7)]
    text = plain_text(told(why(asking=asking)))
    assert "2 more subscriptions of this channel are not shown." in text


def test_what_was_withdrawn_after_it_was_posted_is_posted_and_says_so() -> None:
    gone = made(withdrawn=Cause.FIGURES, revised=NOW + timedelta(days=1))
    message = told(why(SENT, milestone=gone))
    assert message.sections[0].lines[0].text.startswith("Posted on")
    assert "It was withdrawn on 10 June 2026: by the final figures it is not true." in message.notes


def test_changes_since_are_told_without_saying_who_or_what_was_before() -> None:
    values = {"boards": "models", "role": "77", "until": "2026-06-10"}
    changes = [Change(NOW, 424242, 9, 1, Deed.AMENDED, 2, values)] * 7
    text = plain_text(told(why(SENT, changes=changes)))
    assert "9 June 2026, 21:07 UTC · subscription 2: changed · All models" in text
    assert "and 2 more" in text
    assert "how they were then is not kept" in text
    assert "424242" not in text
    assert "77" not in text
    assert "how they were then" not in plain_text(told(why(SENT)))


def test_what_a_person_watches_is_called_so() -> None:
    watches = replace(ASKS, guild_id=DIRECT, wish=Wish(only=("b/",)))
    message = told(why(asking=[watches]))
    assert message.sections[2].heading == "What you watch"
    assert "✗ It names no model and no author that is watched." in plain_text(message)
    assert "watched" not in plain_text(told(why()))


def test_a_channel_that_is_not_the_one_where_somebody_asks_is_named() -> None:
    assert told(why(), place="model-news").lead == ("Channel: model-news",)
    assert told(why()).lead == ()


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (TOO_OLD, "Given up: it was held back for too long."),
        (UNASKED, "Given up: no subscription here asked for it any more."),
        (
            "given up after a day: Discord answered 503 (code 0): busy",
            "Given up after a day of tries: Discord could not be reached, or had a fault.",
        ),
        (
            "Discord answered 400 (code 50035): Invalid <body>",
            "Given up: Discord did not take it (code 50035).",
        ),
        (
            "none of these milestones is stored and stands: models.x",
            "Given up: nothing of what it was to tell stands any more.",
        ),
        ("KeyError: 'secret'", "Given up: something went wrong on our side."),
    ],
)
def test_why_a_message_was_given_up_is_said_in_plain_words(reason: str, expected: str) -> None:
    assert given_up(reason, ENGLISH) == expected


deliveries = st.builds(
    owed,
    state=st.sampled_from(DeliveryState),
    key=st.sampled_from(["1:en:k", "1:tr:k", "1:en:r"]),
    about=st.sampled_from([None, "1:en:r"]),
    form=st.sampled_from(Form),
    held=st.none() | st.sampled_from(Held),
    attempts=st.integers(0, 3),
    retry_at=st.sampled_from([None, NOW]),
    sent_at=st.sampled_from([None, NOW]),
    reason=st.sampled_from([None, MISSED, TOO_OLD, "x" * 500]),
)
channels = st.builds(
    replace,
    st.just(FREE),
    paused=st.none() | st.builds(Pause, st.sampled_from(PauseReason), st.just(FOUND), st.just("")),
    muted_until=st.sampled_from([None, NOW + timedelta(days=3)]),
    quiet=st.sampled_from([None, NIGHT]),
    digest=st.sampled_from([None, Digest(0, 9, "Europe/Berlin", ("models",), "en", FOUND)]),
)
changed = st.builds(
    Change, st.just(NOW), st.just(5), st.just(9), st.just(1), st.sampled_from(list(Deed))
)


@given(
    milestone=any_milestone,
    rows=st.lists(deliveries, max_size=5, unique_by=lambda row: row.key),
    channel=st.none() | channels,
    asking=st.lists(any_subscription, max_size=50),
    changes=st.lists(changed, max_size=100),
)
def test_whatever_happened_is_said_in_both_languages_and_fits(
    milestone: object,
    rows: list[Delivery],
    channel: object,
    asking: list[object],
    changes: Sequence[Change],
) -> None:
    found = why(*rows, milestone=milestone, channel=channel, asking=asking, changes=changes)
    for say in LANGUAGES.values():
        message = told(found, say)
        lines = [line.text for section in message.sections for line in section.lines]
        assert all(lines)
        assert sum(map(len, lines)) + sum(len(each.heading) for each in message.sections) < 3500
    assert found.outcome is not Outcome.POSTED or sent(found.ways[0])


def sent(way: Way) -> bool:
    """Say whether a message went out."""
    return way.message is not None and way.message.state is DeliveryState.SENT
