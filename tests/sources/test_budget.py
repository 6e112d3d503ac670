"""The budget: never more than is allowed, in any stretch of time, whatever happens in between."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BudgetSpent, StoreError
from bot.sources.budget import DAY, MINUTE, Budget, counted, next_wait
from storage.tinydb_store import TinyDBStore

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NOTHING = timedelta()


class Clock:
    """A time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Kept:
    """A ledger in memory, which outlives the budgets that use it."""

    def __init__(self, moments: Sequence[datetime] = ()) -> None:
        self.moments = tuple(moments)
        self.full = False

    async def requests(self) -> tuple[datetime, ...]:
        await asyncio.sleep(0)
        return self.moments

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        await asyncio.sleep(0)
        if self.full:
            raise StoreError("no space left")
        self.moments = tuple(moments)


def most_in(span: timedelta, moments: Sequence[datetime]) -> int:
    """Return the most moments in any stretch of this length; they ascend."""
    ends = (bisect_left(moments, moment + span) for moment in moments)
    return max((end - start for start, end in enumerate(ends)), default=0)


def before(*seconds: float) -> tuple[datetime, ...]:
    """Return moments so many seconds before NOW."""
    return tuple(NOW - timedelta(seconds=each) for each in seconds)


async def take_many(budget: Budget, count: int) -> int:
    """Take up to so many requests; return how many there were."""
    for taken in range(count):
        try:
            await budget.take()
        except BudgetSpent:
            return taken
    return count


def test_the_allowances_are_the_sources() -> None:
    assert (MINUTE.requests, MINUTE.span) == (30, timedelta(seconds=60))
    assert (DAY.requests, DAY.span) == (500, timedelta(hours=24))


@pytest.mark.parametrize(
    ("past", "seconds"),
    [
        ((), 0),
        (before(*[9] * 29), 0),
        (before(*[9] * 30), 51),
        (before(60, *[9] * 29), 0),
        (before(59.5, *[9] * 29), 0.5),
        (before(*[59] * 20, *[9] * 30), 51),
        (before(59, *[9] * 28, 0), 1),
        (before(*[3600] * 499), 0),
    ],
)
def test_the_thirty_first_request_of_a_minute_waits_for_the_first_to_be_a_minute_old(
    past: tuple[datetime, ...], seconds: float
) -> None:
    assert next_wait(past, NOW) == timedelta(seconds=seconds)


def test_the_day_is_spent_with_five_hundred_and_says_when_it_frees() -> None:
    past = before(80000, *[3600] * 499)
    with pytest.raises(BudgetSpent) as spent:
        next_wait(past, NOW)
    assert spent.value.retry
    assert spent.value.frees == NOW + timedelta(seconds=6400)
    said = "the 500 requests of 24 hours are spent, the next is at 2026-07-01 13:46:40 UTC"
    assert str(spent.value) == said
    assert next_wait(past, spent.value.frees) == NOTHING
    with pytest.raises(BudgetSpent):
        next_wait(past, spent.value.frees - timedelta(microseconds=1))


def test_only_the_last_day_counts_and_the_future_counts_as_now() -> None:
    ahead = NOW + timedelta(days=3)
    past = (*before(86400, 86399, 5), ahead)
    assert counted(past, NOW) == (*before(86399, 5), NOW)


async def test_a_request_is_kept_as_made_before_it_is_allowed() -> None:
    clock, kept = Clock(), Kept(before(86400, 7))
    await Budget(kept, clock, clock.sleep).take()
    assert kept.moments == (*before(7), NOW)


async def test_what_cannot_be_kept_is_not_allowed() -> None:
    clock, kept = Clock(), Kept()
    kept.full = True
    budget = Budget(kept, clock, clock.sleep)
    with pytest.raises(StoreError):
        await budget.take()
    kept.full = False
    await budget.take()
    assert kept.moments == (NOW,)


async def test_a_burst_of_callers_gets_thirty_at_once_and_the_rest_a_minute_later() -> None:
    clock, kept = Clock(), Kept()
    budget = Budget(kept, clock, clock.sleep)
    await asyncio.gather(*(budget.take() for _ in range(45)))
    assert kept.moments == (NOW,) * 30 + (NOW + MINUTE.span,) * 15
    assert clock.slept == [60.0]


async def test_a_spent_day_is_said_at_once_without_waiting() -> None:
    clock, kept = Clock(), Kept(before(*[20] * 500))
    with pytest.raises(BudgetSpent):
        await Budget(kept, clock, clock.sleep).take()
    assert clock.slept == []
    assert len(kept.moments) == 500


async def test_a_sleep_that_ends_too_early_is_slept_on() -> None:
    clock, kept = Clock(), Kept(before(*[30] * 30))

    async def restless(seconds: float) -> None:
        await clock.sleep(max(seconds / 2, 0.001))

    await Budget(kept, clock, restless).take()
    assert clock.now >= NOW + timedelta(seconds=30)
    assert len(clock.slept) > 1


async def test_a_caller_that_gives_up_waiting_takes_nothing_and_blocks_nobody() -> None:
    clock, kept = Clock(), Kept(before(*[30] * 30))
    asleep = asyncio.Event()

    async def endless(_: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    budget = Budget(kept, clock, endless)
    waiting = asyncio.create_task(budget.take())
    await asleep.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert len(kept.moments) == 30
    clock.now += timedelta(seconds=30)
    await budget.take()
    assert len(kept.moments) == 31


async def test_a_clock_that_was_set_back_holds_nobody_up_longer_than_a_minute() -> None:
    clock, kept = Clock(), Kept()
    budget = Budget(kept, clock, clock.sleep)
    await take_many(budget, 30)
    clock.now -= timedelta(days=2)
    await budget.take()
    assert sum(clock.slept) == 60.0
    assert len(kept.moments) == 31
    assert kept.moments[-1] == clock.now


async def test_a_real_store_keeps_the_budget_over_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    store = TinyDBStore(tmp_path, writable=True)
    await take_many(Budget(store, clock, clock.sleep), 30)
    await store.close()
    store = TinyDBStore(tmp_path, writable=True)
    await Budget(store, clock, clock.sleep).take()
    assert clock.slept == [60.0]
    await store.close()


PAUSE = st.floats(0, 70) | st.floats(0, 6000) | st.floats(20_000, 90_000)
BURSTS = st.lists(st.tuples(PAUSE, st.integers(0, 250), st.booleans()), min_size=1, max_size=8)


@given(BURSTS)
@settings(deadline=None, max_examples=60)
def test_never_more_than_allowed_in_any_stretch_of_time_across_restarts(
    bursts: list[tuple[float, int, bool]],
) -> None:
    made: list[datetime] = []
    clock, kept = Clock(), Kept()

    async def run() -> None:
        budget = Budget(kept, clock, clock.sleep)
        for pause, count, restarted in bursts:
            clock.now += timedelta(seconds=pause)
            budget = Budget(kept, clock, clock.sleep) if restarted else budget
            for _ in range(count):
                if not await take_many(budget, 1):
                    # Refused only when it has to be.
                    assert sum(clock.now - DAY.span < at for at in made) == 500
                    break
                made.append(clock.now)

    asyncio.run(run())
    assert most_in(MINUTE.span, made) <= 30
    assert most_in(DAY.span, made) <= 500
    assert all(seconds <= 60 for seconds in clock.slept)
    assert len(kept.moments) <= 500
