"""What comes late: days, an outage in between, subscriptions on the eve."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.boards import MODELS
from bot.errors import PayloadRefused
from bot.pipeline import poll
from bot.sources.catalogue import merge_catalogues
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.made import at
from tests.sources.test_catalogue import TODAY, entry
from tests.test_pipeline import (
    KNOWN,
    LEADER,
    Refusing,
    day_number,
    polled,
    story,
    subscription,
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store."""
    opened = TinyDBStore(tmp_path, writable=True)
    yield opened
    await opened.close()


async def test_an_old_day_that_comes_in_at_last_announces_nothing_of_the_past(
    store: Store,
) -> None:
    await store.subscribe(subscription(after=0))
    gap = tuple(day for day in story(23) if day.date != day_number(13))
    first = await polled(store, gap, at(day_number(23)))
    assert [one.date for one in first.milestones] == [day_number(21)]
    assert len(first.deliveries) == 1
    told = {one.key for one in first.milestones}
    filled = await polled(store, story(23), at(day_number(23), 9))
    assert filled.changes.added == (day_number(13),)
    late = [one for one in filled.milestones if one.key not in told]
    assert late, "it is found now where it began"
    assert filled.deliveries == ()
    assert {one.key for one in late} <= {m.key for m in await store.milestones("models")}


async def test_stored_days_settle_also_while_the_source_gives_nothing(store: Store) -> None:
    await polled(store, story(13), at(day_number(13)))
    low = tuple(story(14))
    await store.put_days("models", low[13:])
    before = await store.progress("models")
    with pytest.raises(PayloadRefused):
        await poll(MODELS, Refusing(), store, KNOWN, LEADER, at(day_number(15), 6))
    after = await store.progress("models")
    assert before.through == day_number(12)
    assert after.through == day_number(13)
    assert after.mark == before.mark


async def test_progress_keeps_how_far_was_ever_judged_when_memories_are_forgotten(
    store: Store,
) -> None:
    await polled(store, story(), at(day_number(16)))
    await store.put_days("models", [replace(story(1)[0], other=5, as_of=at(day_number(40)))])
    forgotten = await store.progress("models")
    assert (forgotten.memories, forgotten.through) == ((), day_number(15))


def test_an_older_reading_of_the_catalogue_says_nothing_new() -> None:
    model = "open/a"
    bare, named = entry(model, weights=None), entry(model, weights="open/weights")
    known = merge_catalogues(merge_catalogues((), (bare,), TODAY), (named,), TODAY + timedelta(30))
    assert merge_catalogues(known, (bare,), TODAY) == known
