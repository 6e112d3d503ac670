"""Roundups of what was held back, their edits, and tests, from the store to the message."""

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer, tell
from bot.delivery import Delivery, Form, Kind
from bot.detect import detect
from bot.errors import NothingToSay
from bot.model import BOARD_MODELS, Cause, Milestone
from bot.packaged import read_languages
from bot.render import Renderer
from bot.text.alert import alert
from storage.protocol import Progress, Store
from storage.tinydb_store import TinyDBStore
from tests.made import START, at
from tests.test_alerts import KNOWN, STORY, composer, owed

MOMENT = at(START + timedelta(days=12), 7)
ROUNDUP = "roundup.2026-06-13.070000"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store with the story's days and its milestones."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_days(BOARD_MODELS, tuple(STORY.values()))
    memories, found = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    await opened.record(BOARD_MODELS, Progress(memories, None), found, ())
    yield opened
    await opened.close()


def without_pictures(store: Store) -> Composer:
    """Return a composer whose pictures fail, for the words alone."""
    renderer = Renderer()
    renderer.close()
    return composer(store, renderer)


async def found(store: Store, *names: str) -> list[Milestone]:
    """Return the story's milestones of some rules, in their order."""
    by_rule = {one.rule: one for one in await store.milestones(BOARD_MODELS)}
    return [by_rule[name] for name in names]


def rounded(*milestones: Milestone, channel: int = 7, language: str = "en") -> Delivery:
    """Return a roundup."""
    plain = owed(*milestones)
    key = f"{channel}:{language}:{ROUNDUP}"
    return replace(plain, key=key, channel_id=channel, language=language, form=Form.ROUNDUP)


def edit_of(one: Delivery) -> Delivery:
    """Return an edit of what went out."""
    return replace(one, key=f"{one.key}!final", kind=Kind.EDIT, about=one.key)


async def revise(store: Store, *milestones: Milestone) -> None:
    """Keep milestones in place of those known."""
    progress = await store.progress(BOARD_MODELS)
    await store.record(BOARD_MODELS, progress, (), (), milestones)


def withdrawn(one: Milestone, when: timedelta = timedelta(0)) -> Milestone:
    """Return a milestone that was withdrawn so long after the roundup became owed."""
    return replace(one, withdrawn=Cause.FIGURES, revised=MOMENT + when)


async def two_days(store: Store) -> tuple[Milestone, Milestone]:
    """Return the story's new leader, and another milestone as if it were of the day before."""
    leader, overtake = await found(store, "leader", "overtake")
    earlier = replace(overtake, date=leader.date - timedelta(days=1))
    await revise(store, earlier)
    return leader, earlier


async def test_a_roundup_bears_its_own_key_and_the_picture_of_its_weightiest(store: Store) -> None:
    leader, earlier = await two_days(store)
    with closing(Renderer()) as renderer:
        compose = composer(store, renderer)
        outgoing = await compose(rounded(earlier, leader))
        as_alert = await compose(owed(leader))
    assert outgoing.message.title == "What happened meanwhile"
    assert [each.heading for each in outgoing.message.sections] == [
        "Open One has passed Closed One",
        "Open One is now the most-used model",
    ]
    assert outgoing.message.key == ROUNDUP
    assert outgoing.image == as_alert.image
    assert outgoing.image is not None


async def test_roundups_of_many_channels_share_one_message_and_no_other_form_does(
    store: Store,
) -> None:
    compose = without_pictures(store)
    (leader,) = await found(store, "leader")
    one, other = await compose(rounded(leader)), await compose(rounded(leader, channel=8))
    assert one is other
    tested = replace(owed(leader), key="7:test.2026-06-13.070000", kind=Kind.TEST)
    forms = (owed(leader), rounded(leader), edit_of(rounded(leader)), tested)
    made = [await compose(each) for each in (*forms, rounded(leader, language="tr"))]
    assert len({id(each) for each in made}) == 5
    assert [each.message.key for each in made] == [
        leader.key,
        ROUNDUP,
        ROUNDUP,
        "test.2026-06-13.070000",
        ROUNDUP,
    ]


async def test_the_same_milestones_told_again_later_bear_another_key(store: Store) -> None:
    compose = without_pictures(store)
    (leader,) = await found(store, "leader")
    later = replace(rounded(leader), key="7:en:roundup.2026-06-14.070000")
    assert (await compose(rounded(leader))).message.key == ROUNDUP
    assert (await compose(later)).message.key == "roundup.2026-06-14.070000"


async def test_what_was_withdrawn_before_a_roundup_was_sent_is_left_out(store: Store) -> None:
    leader, earlier = await two_days(store)
    await revise(store, withdrawn(earlier))
    outgoing = await without_pictures(store)(rounded(earlier, leader))
    assert outgoing.message.title == "Open One is now the most-used model"
    await revise(store, withdrawn(leader))
    with pytest.raises(NothingToSay):
        await without_pictures(store)(rounded(earlier, leader))


async def test_an_edit_of_a_roundup_marks_what_was_withdrawn_or_revised_since(
    store: Store,
) -> None:
    leader, earlier = await two_days(store)
    sent = replace(rounded(earlier, leader), tried_at=MOMENT)
    await store.owe([sent])
    an_hour = timedelta(hours=1)
    revised = replace(leader, revised=MOMENT + an_hour)
    await revise(store, withdrawn(earlier, an_hour), revised)
    message = (await without_pictures(store)(edit_of(sent))).message
    first, second = message.sections
    assert first.heading == "Withdrawn: Open One has passed Closed One"
    assert "edited: these are its final figures" in second.lines[-2].text
    assert message.key == ROUNDUP


async def test_an_edit_of_a_roundup_says_nothing_of_changes_before_it_was_sent(
    store: Store,
) -> None:
    leader, earlier = await two_days(store)
    sent = replace(rounded(earlier, leader), tried_at=MOMENT)
    await store.owe([sent])
    an_hour = timedelta(hours=1)
    await revise(store, withdrawn(earlier, -an_hour), replace(leader, revised=MOMENT - an_hour))
    message = (await without_pictures(store)(edit_of(sent))).message
    assert message.title == "Open One is now the most-used model"
    assert not any("dited" in line for line in message.notes)


async def test_what_is_revised_before_a_roundup_goes_out_is_no_edit(store: Store) -> None:
    leader, earlier = await two_days(store)
    await revise(store, replace(leader, revised=MOMENT))
    message = (await without_pictures(store)(rounded(earlier, leader))).message
    lines = [line.text for each in message.sections for line in each.lines]
    assert not any("edited" in line for line in lines)


async def test_a_withdrawal_in_a_roundup_is_corrected_as_any_other(store: Store) -> None:
    leader, earlier = await two_days(store)
    await revise(store, withdrawn(earlier))
    about = rounded(earlier, leader)
    one = replace(about, milestones=(earlier.key,), kind=Kind.CORRECTION, about=about.key)
    message = (await without_pictures(store)(one)).message
    assert (message.title, message.key) == ("Correction", f"{earlier.key} correction")


async def test_a_test_shows_the_alert_with_its_picture(store: Store) -> None:
    (leader,) = await found(store, "leader")
    one = replace(owed(leader), key="7:test.2026-06-13.070000", kind=Kind.TEST)
    with closing(Renderer()) as renderer:
        compose = composer(store, renderer)
        outgoing, as_alert = await compose(one), await compose(owed(leader))
    assert outgoing.message.lead == (as_alert.message.title, *as_alert.message.lead)
    assert outgoing.image == as_alert.image
    assert outgoing.image is not None


@pytest.mark.parametrize("asked", [True, False])
async def test_a_test_with_nothing_that_stands_says_so(store: Store, *, asked: bool) -> None:
    (leader,) = await found(store, "leader")
    await revise(store, withdrawn(leader))
    keys = (leader.key,) if asked else ()
    one = Delivery("7:test.2026", 7, 1, keys, "n", MOMENT, language="tr", kind=Kind.TEST)
    outgoing = await without_pictures(store)(one)
    assert outgoing.message.title == "Deneme: bildirimler buraya gelecek"
    assert (outgoing.message.key, outgoing.image) == ("test.2026", None)


async def test_a_single_held_alert_reads_as_it_would_have_in_both_languages(store: Store) -> None:
    (leader,) = await found(store, "leader")
    languages = read_languages()
    for language in ("en", "tr"):
        say = languages[language]
        as_alert = alert([tell(leader, rules.discover(), KNOWN, say)], say)
        message = (await without_pictures(store)(rounded(leader, language=language))).message
        assert message.lead[1:] == as_alert.lead
        assert message.title == as_alert.title
