"""What a delivery says and shows, and what it does without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import rules
from bot.alerts import Composer
from bot.app import read_languages
from bot.detect import detect
from bot.errors import NothingToSay
from bot.model import BOARD_MODELS, Delivery, Milestone, Openness
from bot.openness import Directory
from bot.render import Renderer
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
    """Return a store with the story's days and its one milestone."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_days(BOARD_MODELS, tuple(STORY.values()))
    memory, found = detect(BOARD_MODELS, STORY, KNOWN, rules.discover())
    await opened.record(BOARD_MODELS, Progress(memory, None), found, ())
    yield opened
    await opened.close()


async def delivery(store: Store) -> Delivery:
    """Return a delivery of the story's milestone."""
    (milestone,) = await store.milestones(BOARD_MODELS)
    return owed(milestone)


def owed(milestone: Milestone) -> Delivery:
    """Return a delivery."""
    return Delivery("k", 7, 1, (milestone.key,), "n", at(START + timedelta(days=12)))


def composer(store: Store, renderer: Renderer) -> Composer:
    """Return a composer over a store."""
    return Composer(store, renderer, rules.discover(), known, read_languages())


async def test_an_alert_has_its_text_its_picture_and_the_picture_in_words(store: Store) -> None:
    with closing(Renderer()) as renderer:
        outgoing = await composer(store, renderer)(await delivery(store))
    assert outgoing.message.title == "Open One is now the most-used model"
    assert outgoing.image is not None
    assert outgoing.image.content.startswith(b"\x89PNG")
    assert "1 Open One (open); 2 Closed One (closed)." in outgoing.image.alt


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
