"""A keyed board as the bot asks it again and again: which days, and what that costs."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import BudgetSpent
from bot.model import Day
from bot.sources.budget import DAY
from bot.sources.data_api import BEGINNING
from tests.keyed import BOARDS, Keyed, every_day, keyed
from tests.made import day
from tests.wire.openrouter_server import Fault

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
"""A Wednesday."""

YESTERDAY = date(2026, 7, 14)
LEGAL = BOARDS["category-legal"]
ROWS = [("a/one", 900), ("other", 5)]
ONE_DAY = timedelta(days=1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Keyed]:
    """Give a source with every day and week, and an empty store."""
    async with keyed(tmp_path, NOW) as opened:
        opened.server.keyed.publish(every_day(BEGINNING, YESTERDAY, ROWS))
        weeks = every_day(date(2025, 1, 6), date(2026, 7, 13), ROWS, step=7)
        opened.server.keyed.publish(weeks, **LEGAL.query)
        yield opened


async def fetched(world: Keyed, *stored: date) -> tuple[Day, ...]:
    """Return the days of the board of models that come when these are stored."""
    await world.store.put_days("models", [day(each, {"a/one": 1}) for each in stored])
    snapshot = await world.source().fetch(None, world.clock())
    assert snapshot is not None
    assert snapshot.mark is None
    return snapshot.days


@pytest.mark.parametrize(
    ("newest", "since"),
    [
        pytest.param("2026-07-14", "2026-07-12", id="up to date: the last three days"),
        pytest.param("2026-07-13", "2026-07-11", id="a day is over: it, and three before it"),
        pytest.param("2026-07-04", "2026-07-02", id="days are missing: from before the gap"),
        pytest.param("2025-07-16", "2025-07-14", id="a year less a day"),
        pytest.param("2025-07-15", "2025-07-14", id="a year: no more can be asked for"),
        pytest.param("2025-01-01", "2025-07-14", id="longer: the last year"),
        pytest.param("2026-07-15", "2026-07-12", id="a clock that was ahead"),
    ],
)
async def test_one_call_asks_from_the_newest_stored_day_on_and_rereads_a_little(
    world: Keyed, newest: str, since: str
) -> None:
    days = await fetched(world, date.fromisoformat(newest))
    assert world.asked() == [(since, "2026-07-14")]
    assert (days[0].date, days[-1].date) == (date.fromisoformat(since), YESTERDAY)


async def test_with_nothing_stored_it_is_the_last_year(world: Keyed) -> None:
    assert len(await fetched(world)) == 366
    assert world.asked() == [("2025-07-14", "2026-07-14")]


async def test_a_year_that_began_before_the_source_did_is_cut(world: Keyed) -> None:
    world.at(datetime(2025, 3, 1, 12, tzinfo=UTC))
    assert (await fetched(world))[0].date == BEGINNING
    assert world.asked() == [("2025-01-01", "2025-02-28")]


async def test_it_is_the_newest_stored_day_that_counts_not_the_first_gap(world: Keyed) -> None:
    await fetched(world, date(2026, 7, 14), date(2026, 7, 1))
    assert world.asked() == [("2026-07-12", "2026-07-14")]


@pytest.mark.parametrize(
    ("now", "newest", "sundays"),
    [
        ("2026-07-14", "2026-07-05", ["2026-06-21", "2026-06-28", "2026-07-05"]),
        ("2026-07-15", "2026-07-05", ["2026-06-21", "2026-06-28", "2026-07-05", "2026-07-12"]),
        ("2026-07-15", "2026-07-12", ["2026-06-28", "2026-07-05", "2026-07-12"]),
    ],
)
async def test_of_weeks_the_last_three_are_read_again_and_new_ones_from_their_wednesday(
    world: Keyed, now: str, newest: str, sundays: list[str]
) -> None:
    moment = world.at(datetime.fromisoformat(f"{now}T00:00:00+00:00"))
    await world.store.put_days(LEGAL.name, [day(date.fromisoformat(newest), {"a/one": 1})])
    snapshot = await world.source(LEGAL).fetch(None, moment)
    assert snapshot is not None
    assert [str(each.date) for each in snapshot.days] == sundays


async def test_a_year_of_weeks_comes_with_one_call(world: Keyed) -> None:
    snapshot = await world.source(LEGAL).fetch(None, NOW)
    assert snapshot is not None
    assert len(snapshot.days) == 52
    assert len(world.server.requests) == 1


async def test_a_board_asks_for_its_own_and_keeps_to_its_own_newest_day(world: Keyed) -> None:
    await fetched(world, YESTERDAY)
    await world.source(LEGAL).fetch(None, NOW)
    (query,) = [r.query for r in world.server.requests if "category" in r.query]
    assert query["category"] == "legal"
    assert query["period"] == "week"
    assert query["start_date"] == "2025-07-14"


async def test_every_request_counts_also_a_retried_one_and_across_a_restart(world: Keyed) -> None:
    await fetched(world, YESTERDAY)
    world.server.fail_next("/rankings-daily", Fault.answer(503), times=2)
    world.at(NOW + timedelta(hours=1))
    await fetched(world, YESTERDAY)
    await world.restart()
    world.at(NOW + timedelta(hours=2))
    await fetched(world, YESTERDAY)
    hours = [moment.hour - NOW.hour for moment in await world.store.requests()]
    assert hours == [0, 1, 1, 1, 2]
    assert len(world.server.requests) == 5


async def test_a_restart_gives_no_request_more_than_the_day_has(world: Keyed) -> None:
    await world.store.put_requests([NOW - timedelta(hours=23)] * (DAY.requests - 1))
    await fetched(world, YESTERDAY)
    await world.restart()
    with pytest.raises(BudgetSpent):
        await fetched(world, YESTERDAY)
    assert len(world.server.requests) == 1
    world.at(NOW + timedelta(hours=1))
    assert await fetched(world, YESTERDAY)
    assert len(world.server.requests) == 2
