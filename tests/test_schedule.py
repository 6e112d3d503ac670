"""What is done when: at once, again and again, and how many requests a day that makes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import utc_now
from bot.packaged import read_registry
from bot.polling import KEYED_DAILY, Source, schedule
from bot.schedule import HEARTBEAT, Work, start_schedule
from bot.settings import read_settings
from tests.keyed import BOARDS, KEY, Keyed, keyed
from tests.waiting import until

A_DAY = timedelta(days=1)
JUDGED = [board for board in BOARDS.values() if board.judged]
DAILY = [board.name for board in JUDGED if board.keyed and not board.weekly]
WEEKLY = [board.name for board in JUDGED if board.weekly]
SHORTEST = "0.01"
"""The fewest minutes between polls that may be set."""


class Noted:
    """Pieces of work that note when they begin and end."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def piece(self, name: str) -> Work:
        """Return a piece that lets others have a turn in between."""

        async def work() -> None:
            self.done.append(f"{name} begins")
            await asyncio.sleep(0)
            self.done.append(f"{name} ends")

        return work

    def pieces(self, *names: str) -> Sequence[Work]:
        """Return several."""
        return [self.piece(name) for name in names]


def whole(*names: str) -> list[str]:
    """Return what pieces note when each begins after the one before it ended."""
    return [f"{name} {what}" for name in names for what in ("begins", "ends")]


@contextmanager
def stopping(scheduler: AsyncIOScheduler) -> Iterator[AsyncIOScheduler]:
    """Stop it at the end."""
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)


def of(scheduler: AsyncIOScheduler, every: timedelta) -> Job:
    """Return what is done again after so long."""
    (job,) = [job for job in scheduler.get_jobs() if _every(job) == every]
    return job


def _every(job: Job) -> timedelta | None:
    return getattr(job.trigger, "interval", None)


async def test_what_is_first_is_done_at_once_in_order_and_what_comes_again_waits(
    tmp_path: Path,
) -> None:
    noted, heartbeat = Noted(), tmp_path / "heartbeat"
    again = [(timedelta(hours=1), noted.pieces("c", "d")), (A_DAY, noted.pieces("e"))]
    before = datetime.now(UTC)
    with stopping(start_schedule(noted.pieces("a", "b"), again, heartbeat.touch)) as scheduler:
        await until(lambda: len(noted.done) == 4)
        assert noted.done == whole("a", "b")
        await until(heartbeat.exists)
        for every in (timedelta(hours=1), A_DAY):
            assert of(scheduler, every).next_run_time > before + every - timedelta(minutes=1)
        assert of(scheduler, HEARTBEAT)
        assert len(scheduler.get_jobs()) == 3, "what is first is done once"


async def test_what_is_late_is_done_once_its_pieces_in_order(tmp_path: Path) -> None:
    noted, hour = Noted(), timedelta(hours=1)
    again = [(hour, noted.pieces("c", "d"))]
    with stopping(start_schedule((), again, lambda: None)) as scheduler:
        job, now = of(scheduler, hour), datetime.now(UTC)
        job.modify(next_run_time=now - timedelta(days=3))
        await until(lambda: len(noted.done) == 4)
        assert noted.done == whole("c", "d")
        assert job.next_run_time > now


async def test_a_group_does_not_begin_again_while_it_is_at_work(tmp_path: Path) -> None:
    begun, never = [], asyncio.Event()
    often = timedelta(milliseconds=1)

    async def work() -> None:
        begun.append(len(begun))
        await never.wait()

    with stopping(start_schedule((), [(often, [work])], lambda: None)) as scheduler:
        await until(lambda: begun)
        job = of(scheduler, often)
        due = job.next_run_time
        await until(lambda: job.next_run_time > due + 3 * often)
        assert begun == [0]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Keyed]:
    """Give a source that answers whoever has the key, and an empty store."""
    async with keyed(tmp_path / "data", utc_now()) as opened:
        yield opened


@contextmanager
def planned(world: Keyed, **environment: str) -> Iterator[AsyncIOScheduler]:
    """Plan as the bot does with these settings; nothing is done yet."""
    url, folder = world.server.base_url, str(world.folder)
    all_of_it = {"RANKSHIFT_OPENROUTER_URL": url, "RANKSHIFT_DATA_DIR": folder, **environment}
    source = Source(read_settings(all_of_it), world.http, read_registry())
    with stopping(start_schedule(*schedule(world.store, source, lambda: None))) as scheduler:
        scheduler.pause()
        yield scheduler


def pieces(job: Job) -> Sequence[Work]:
    """Return what a job does, in order."""
    (found,) = job.args
    return list(found)


def first(scheduler: AsyncIOScheduler) -> Sequence[Work]:
    """Return what is done at once."""
    (job,) = [job for job in scheduler.get_jobs() if _every(job) is None]
    return pieces(job)


async def asked(world: Keyed, piece: Work) -> list[str]:
    """Do a piece; return what it asked the source for: boards by name, or a path."""
    before = len(world.server.requests)
    await piece()
    queries = {tuple(sorted(board.query.items())): board.name for board in JUDGED}
    return [
        queries[tuple(sorted((k, v) for k, v in r.query.items() if not k.endswith("_date")))]
        if r.path == "/datasets/rankings-daily"
        else r.path
        for r in world.server.requests[before:]
    ]


@pytest.mark.parametrize(
    ("minutes", "requests"), [(SHORTEST, 190), ("15", 190), ("30", 142), ("1440", 95)]
)
async def test_with_a_key_fewer_than_300_requests_a_day_are_planned(
    world: Keyed, minutes: str, requests: int
) -> None:
    given = {"OPENROUTER_API_KEY": KEY, "RANKSHIFT_POLL_MINUTES": minutes}
    with planned(world, **given) as scheduler:
        at_once = first(scheduler)
        cost = {piece: await asked(world, piece) for piece in at_once}
        assert [name for piece in at_once for name in cost[piece]] == [
            "/models",
            *("models", *DAILY, *WEEKLY),
        ]
        a_day: Counter[str] = Counter()
        for job in scheduler.get_jobs():
            for piece in pieces(job) if (every := _every(job)) and job.args else ():
                asked_for = cost[piece] if piece in cost else await asked(world, piece)
                a_day.update(dict.fromkeys(asked_for, round(A_DAY / every)))
    assert a_day.pop("/models") == 1
    assert a_day.total() == requests < 300
    assert set(a_day) == {"models", *DAILY, *WEEKLY}
    assert {a_day[name] for name in DAILY} == {A_DAY / KEYED_DAILY}
    assert {a_day[name] for name in WEEKLY} == {1}


async def test_without_a_key_the_board_of_models_alone_is_asked_for_and_no_keyed_endpoint(
    world: Keyed,
) -> None:
    with planned(world, RANKSHIFT_POLL_MINUTES="30") as scheduler:
        found = [name for piece in first(scheduler) for name in await asked(world, piece)]
        assert found == ["/models", "/datasets/exports/rankings-daily/latest.manifest.json"]
        (piece,) = pieces(of(scheduler, timedelta(minutes=30)))
        assert piece == first(scheduler)[1]
