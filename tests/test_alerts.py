"""What a delivery says and shows, and what it does without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import rules
from bot.alerts import Composer, pictured, tell
from bot.delivery import Delivery, Kind
from bot.detect import detect
from bot.errors import NothingToSay
from bot.model import BOARD_MODELS, Milestone, Openness
from bot.openness import Directory
from bot.packaged import read_languages
from bot.pictures.milestone import Ways
from bot.proof import prove
from bot.render import Renderer
from bot.subscription import Manner, Pause, PauseReason, Subscription, Wish
from bot.text.alert import alert
from bot.wishes import subjects
from storage.protocol import Progress, Store
from storage.tinydb_store import TinyDBStore
from tests.made import START, at, days, directory, verdict

KNOWN = directory(
    {"a/open": verdict(Openness.OPEN), "b/closed": verdict(Openness.CLOSED)},
    names={"a/open": "Open One", "b/closed": "Closed One"},
)
STORY = days([{"b/closed": 100, "a/open": 90 if n < 10 else 900} for n in range(13)])


async def known() -> Directory:
    """Return what is known of the two models."""
    return KNOWN


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store with the story's days and its milestones."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_days(BOARD_MODELS, tuple(STORY.values()))
    memories, found = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    await opened.record(BOARD_MODELS, Progress(memories, None), found, ())
    yield opened
    await opened.close()


async def delivery(store: Store) -> Delivery:
    """Return a delivery of the story's new leader."""
    (milestone,) = [m for m in await store.milestones(BOARD_MODELS) if m.rule == "leader"]
    return owed(milestone)


def owed(*milestones: Milestone) -> Delivery:
    """Return a delivery."""
    keys = tuple(milestone.key for milestone in milestones)
    return Delivery("k", 7, 1, keys, "n", at(START + timedelta(days=12)))


def composer(store: Store, renderer: Renderer) -> Composer:
    """Return a composer over a store."""
    return Composer(store, renderer, rules.discover(), known, read_languages())


async def test_an_alert_has_its_text_its_picture_and_the_picture_in_words(store: Store) -> None:
    with closing(Renderer()) as renderer:
        outgoing = await composer(store, renderer)(await delivery(store))
    assert outgoing.message.title == "Open One is now the most-used model"
    assert outgoing.image is not None
    assert outgoing.image.content.startswith(b"\x89PNG")
    assert outgoing.image.name == "milestone-2026-06-12.png"
    assert "1 Open One (open); 2 Closed One (closed)." in outgoing.image.alt
    assert "12 Jun: First place. Open One (open): number 1." in outgoing.image.alt


async def test_each_milestone_has_the_picture_of_its_rule(store: Store) -> None:
    found = {one.rule: one for one in await store.milestones(BOARD_MODELS)}
    known_rules, say = rules.discover(), read_languages()["tr"]
    for name, milestone in found.items():
        lead = tell(milestone, known_rules, KNOWN, say)
        drawing = await pictured(store, lead, known_rules, KNOWN, say)
        assert drawing.picture.title == alert([lead], say).title
        assert drawing.picture.language == "tr"
        assert drawing.picture.citation == alert([lead], say).citation
        assert isinstance(drawing.picture, Ways) == (name not in {"open_top5", "open_top5_lost"})


async def test_all_milestones_of_a_delivery_are_told_in_its_one_message(store: Store) -> None:
    found = {m.rule: m for m in await store.milestones(BOARD_MODELS)}
    with closing(Renderer()) as renderer:
        outgoing = await composer(store, renderer)(
            owed(found["leader"], found["author_leader"], found["overtake"])
        )
    message = outgoing.message
    assert message.title == "Open One is now the most-used model"
    assert message.notes[1].endswith("Closed One, in second place, has 1.55 K fewer tokens.")
    assert message.lead[-2].startswith("a is now the most-used author. ")
    assert message.lead[-1].startswith("Open One has passed Closed One. ")
    assert (message.key or "").split() == [
        found[rule].key for rule in ("leader", "author_leader", "overtake")
    ]


async def test_a_milestone_is_set_beside_six_months_before_or_says_that_nothing_is_stored(
    store: Store,
) -> None:
    (leader,) = [m for m in await store.milestones(BOARD_MODELS) if m.rule == "leader"]
    said = tell(leader, rules.discover(), KNOWN, read_languages()["en"])
    assert said.beside == (
        "No complete week of six months before is stored: we watch since 1 June 2026."
    )
    then = days([{"a/open": 1, "b/closed": 3}] * 7, date(2025, 12, 6))
    proven = prove(leader, STORY | then, KNOWN, rules.discover()["leader"])
    said = tell(proven, rules.discover(), KNOWN, read_languages()["en"])
    assert said.beside == (
        "Six months before, in the seven days to 12 December 2025, Open One was number 2 with"
        " 1.0 % of all tokens."
    )


def test_what_a_milestone_is_about_are_the_models_that_it_names() -> None:
    _, found = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    about = {m.rule: subjects(m) for m in found}
    assert about["leader"] == about["overtake"] == {"a/open"}
    assert about["author_leader"] == frozenset()
    streak = replace(found[0], facts={"subject": "open_top5:4", "windows": 30})
    opens = {each.model for each in streak.top if each.openness is Openness.OPEN}
    assert subjects(streak) == opens != frozenset()
    assert subjects(replace(streak, facts={"subject": "x/y", "windows": 30})) == {"x/y"}


async def test_the_text_goes_without_a_picture_that_cannot_be_drawn(store: Store) -> None:
    renderer = Renderer()
    renderer.close()
    with capture_logs() as logged:
        outgoing = await composer(store, renderer)(await delivery(store))
    assert outgoing.message.title == "Open One is now the most-used model"
    assert outgoing.image is None
    assert [line["event"] for line in logged] == ["message without its picture"]


async def test_deliveries_of_the_same_milestones_share_one_message_and_picture(
    store: Store,
) -> None:
    with closing(Renderer()) as renderer:
        compose = composer(store, renderer)
        one = await delivery(store)
        first, second = await asyncio.gather(compose(one), compose(one))
        third = await compose(one)
    assert first is second is third


async def test_a_delivery_whose_milestones_are_gone_has_nothing_to_say(store: Store) -> None:
    lost = Delivery("k", 7, 1, ("models.leader.x.2026-01-01",), "n", at(START))
    with closing(Renderer()) as renderer:
        compose = composer(store, renderer)
        for _ in range(2):
            with pytest.raises(NothingToSay, match=r"models\.leader\.x"):
                await compose(lost)


async def test_a_composition_that_failed_is_made_anew(store: Store) -> None:
    failing = [RuntimeError("a passing fault")]

    async def known_at_last() -> Directory:
        if failing:
            raise failing.pop()
        return KNOWN

    with closing(Renderer()) as renderer:
        compose = Composer(store, renderer, rules.discover(), known_at_last, read_languages())
        one = await delivery(store)
        with pytest.raises(RuntimeError):
            await compose(one)
        assert (await compose(one)).message.title == "Open One is now the most-used model"


async def test_a_notice_tells_of_the_channels_that_are_paused(store: Store) -> None:
    one = Delivery("9:paused.7.2026", 9, 1, (), "n", at(START), kind=Kind.NOTICE)
    for channel in (7, 8):
        asked = Subscription(channel, 1, Wish(), START, at(START), 5, manner=Manner())
        await store.subscribe(asked)
    renderer = Renderer()
    renderer.close()
    compose = composer(store, renderer)
    with pytest.raises(NothingToSay):
        await compose(one)
    await store.pause(7, Pause(PauseReason.FORBIDDEN, at(START), "403"))
    message = (await compose(one)).message
    assert message.lead[0].startswith("I cannot post in one channel of this server")
    assert message.key == "paused.7.2026"
