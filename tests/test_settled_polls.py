"""Polls that meet a day whose figures may still change: they wait, and not for ever."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.pipeline import Poll, poll
from bot.sources import Source
from bot.sources.exports import Exports
from tests.keyed import MODELS, Keyed, Rows, every_day, keyed
from tests.made import open_closed

DAY = date(2026, 7, 14)
OVER = datetime(2026, 7, 15, tzinfo=UTC)
"""When DAY is over."""

BEFORE = DAY - timedelta(days=1)
QUIET = [("closed/b", 1000), ("open/a", 900), ("other", 100)]
LOUD = [("closed/b", 1000), ("open/a", 90_000), ("other", 100)]
LOW = [("open/a", 1500), ("closed/b", 20), ("other", 10)]
"""As loud as LOUD would have it, in 1,530 of the usual 2,000 tokens: under 85 %."""

RULES = rules.discover()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Keyed]:
    """Give a source and an empty store."""
    async with keyed(tmp_path, OVER) as opened:
        yield opened


def export(world: Keyed, newest: date, rows: Rows, hours: float) -> None:
    """Publish thirty days with these rows on DAY, so many hours after it was over."""
    days = every_day(newest - timedelta(days=29), newest, QUIET)
    loud = {DAY - timedelta(days=1): LOUD, DAY: rows}
    read = OVER + timedelta(hours=hours)
    world.server.publish({**days, **loud}, newest + timedelta(days=1), read)


def publish(world: Keyed, rows: Rows) -> None:
    """Let the Data API have sixty days, with these rows on DAY."""
    days = every_day(DAY - timedelta(days=60), DAY, QUIET)
    world.server.keyed.publish({**days, BEFORE: LOUD, DAY: rows})


async def polled(world: Keyed, source: Source, hours: float) -> Poll:
    """Poll so many hours after DAY was over."""
    now = world.at(OVER + timedelta(hours=hours))
    return await poll(MODELS, source, world.store, open_closed(), RULES, now)


async def judged(world: Keyed) -> date:
    """Return the newest day that was judged."""
    return (await world.store.progress("models")).memories[-1].through


async def leaders(world: Keyed) -> list[date]:
    """Return when another model led, as far as it was found."""
    return [one.date for one in await world.store.milestones("models") if one.rule == "leader"]


async def test_without_a_key_a_day_that_is_low_for_its_weekday_waits_until_it_is_restated(
    world: Keyed,
) -> None:
    source = Exports(world.http, world.server.base_url)
    export(world, DAY, LOW, 1.77)
    early = await polled(world, source, 3)
    assert DAY in early.changes.added
    assert (await judged(world), early.milestones) == (BEFORE, ())
    assert (await polled(world, source, 20)).snapshot is None
    assert (await world.store.progress("models")).sightings == ()
    assert await judged(world) == BEFORE
    export(world, DAY + timedelta(days=1), LOUD, 25.77)
    late = await polled(world, source, 25.9)
    assert late.changes.restated == (DAY,)
    assert await judged(world) == DAY
    assert await leaders(world) == [DAY]


async def test_without_a_key_a_low_day_is_judged_once_it_is_over_for_26_hours(
    world: Keyed,
) -> None:
    source = Exports(world.http, world.server.base_url)
    export(world, DAY, LOW, 1.77)
    for hours in (3, 25.99):
        await polled(world, source, hours)
        assert (await judged(world), await leaders(world)) == (BEFORE, [])
    done = await polled(world, source, 26)
    assert done.snapshot is None
    assert (await judged(world), await leaders(world)) == (DAY, [DAY])


async def test_without_a_key_a_day_like_its_weekday_is_judged_at_three(world: Keyed) -> None:
    source = Exports(world.http, world.server.base_url)
    export(world, DAY, LOUD, 1.77)
    await polled(world, source, 2.99)
    assert await judged(world) == BEFORE
    await polled(world, source, 3)
    assert (await judged(world), await leaders(world)) == (DAY, [DAY])


async def test_with_a_key_two_readings_three_hours_apart_settle_a_day(world: Keyed) -> None:
    publish(world, LOUD)
    source = world.source()
    for hours in (2.99, 3, 5.98):
        await polled(world, source, hours)
        assert (await judged(world), await leaders(world)) == (BEFORE, [])
    await polled(world, source, 5.99)
    assert (await judged(world), await leaders(world)) == (DAY, [DAY])


async def test_with_a_key_readings_that_differ_do_not_settle_it_until_two_agree(
    world: Keyed,
) -> None:
    publish(world, [("open/a", 1500)])
    await polled(world, world.source(), 3)
    publish(world, LOUD)
    await polled(world, world.source(), 6.5)
    assert await judged(world) == BEFORE
    await world.restart()
    await polled(world, world.source(), 9.49)
    assert await judged(world) == BEFORE
    await polled(world, world.source(), 9.5)
    assert (await judged(world), await leaders(world)) == (DAY, [DAY])


async def test_with_a_key_a_low_day_that_nobody_restates_is_not_held_up(world: Keyed) -> None:
    publish(world, LOW)
    for hours in (3, 6):
        await polled(world, world.source(), hours)
    assert (await judged(world), await leaders(world)) == (DAY, [DAY])


async def test_with_a_key_a_day_read_once_is_judged_after_26_hours(world: Keyed) -> None:
    publish(world, LOUD)
    await polled(world, world.source(), 26)
    assert (await judged(world), await leaders(world)) == (DAY, [DAY])
    assert (await world.store.progress("models")).sightings == ()
