"""Known days, given as if they were published one by one."""

from datetime import UTC, datetime, timedelta

from bot.sources import Snapshot
from bot.sources.replay import Replay
from tests.made import START, at, day

DAYS = tuple(day(n, {"a/one": 10 + n}) for n in range(3))


def replay() -> Replay:
    """Give three days from START on."""
    return Replay(DAYS, "figures.csv")


async def test_only_days_that_are_over_are_given() -> None:
    given = [await replay().fetch(None, at(START + timedelta(days=n))) for n in range(5)]
    assert [snapshot.days for snapshot in given if snapshot] == [
        (),
        DAYS[:1],
        DAYS[:2],
        DAYS,
        DAYS,
    ]
    assert {snapshot.name for snapshot in given if snapshot} == {"figures.csv"}


async def test_a_day_is_over_with_its_last_moment_and_not_before() -> None:
    last = datetime(2026, 6, 1, 23, 59, 59, 999999, UTC)
    for now, days in ((last, ()), (last + timedelta(microseconds=1), DAYS[:1])):
        snapshot = await replay().fetch(None, now)
        assert snapshot is not None
        assert snapshot.days == days


async def test_what_is_marked_as_seen_comes_no_second_time_until_a_day_is_over() -> None:
    source = replay()
    first = await source.fetch(None, at(START + timedelta(days=1)))
    assert first is not None
    assert await source.fetch(first.mark, at(START + timedelta(days=1), hour=23)) is None
    second = await source.fetch(first.mark, at(START + timedelta(days=2), hour=0, minute=0))
    assert second == Snapshot("figures.csv", DAYS[:2], second.mark if second else None)
    assert second.mark != first.mark


async def test_what_was_given_once_is_given_again_to_one_who_has_not_seen_it() -> None:
    source, now = replay(), at(START + timedelta(days=9))
    assert await source.fetch(None, now) == await source.fetch(None, now)
    assert await source.fetch('"an etag"', now) == await source.fetch(None, now)


async def test_nothing_known_is_an_empty_snapshot_that_is_given_once() -> None:
    source = Replay((), "empty")
    snapshot = await source.fetch(None, at(START))
    assert snapshot is not None
    assert snapshot.days == ()
    assert await source.fetch(snapshot.mark, at(START)) is None
