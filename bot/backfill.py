"""Read a board's past from the keyed Data API, in the fewest calls, and announce nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.boards import Board
from bot.model import Day
from bot.openness import Directory
from bot.pipeline import Moment, judge, judged_through
from bot.rules import Rule
from bot.sources import Snapshot
from bot.sources.data_api import BEGINNING, spans
from storage.protocol import Store

_ONE_DAY = timedelta(days=1)


class Api(Protocol):
    """Give any span of a board."""

    async def fetch(self, board: Board, since: date, until: date, now: datetime, /) -> Snapshot:
        """Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What a backfill brought: days new and changed, those the source has no rows of, calls."""

    added: int
    restated: int
    absent: tuple[date, ...]
    calls: int


def wanted(
    stored: Mapping[date, object], absent: tuple[date, ...], until: date, step: timedelta
) -> tuple[tuple[date, date], ...]:
    """Return the fewest spans that hold every day not stored and not known to be absent.

    `step` is a day or, for boards of weeks (stored by their Sundays), seven; a week is in the span
    that its Monday is in.
    """
    first = BEGINNING if step == _ONE_DAY else BEGINNING + timedelta(-BEGINNING.weekday() % 7 + 6)
    ends = (first + number * step for number in range((until - first) // step + 1))
    missing = [end for end in ends if end not in stored and end not in absent]
    found: list[tuple[date, date]] = []
    for end in missing:
        begin = end - step + _ONE_DAY
        if not found or begin > found[-1][1]:
            # A span is as long as the source allows, but ends where nothing more is missing.
            found.append(spans(begin, max(missing))[0])
    return tuple(found)


async def backfill(
    board: Board,
    api: Api,
    store: Store,
    now: datetime,
    progress: Callable[[int, int], None],
) -> Backfilled:
    """Read what is not stored from 2025-01-01 to yesterday; `progress` is told calls done and due.

    What a call brought is kept before the next one, so a later run goes on from there. Raises
    SourceError and StoreError; what was read stays.
    """
    until = now.date() - _ONE_DAY
    step = board.counting.step
    stored = await store.days(board.name)
    absent = set((await store.progress(board.name)).absent) - set(stored)
    due = wanted(stored, tuple(absent), until, step)
    added, restated = 0, 0
    for done, (since, last) in enumerate(due):
        progress(done, len(due))
        snapshot = await api.fetch(board, since, last, now)
        changes = await store.put_days(board.name, snapshot.days)
        added, restated = added + len(changes.added), restated + len(changes.restated)
        stored = await store.days(board.name, since=since, until=last + step)
        absent = (absent | _gaps(snapshot.days, step, until)) - set(stored)
        state = replace(await store.progress(board.name), absent=tuple(sorted(absent)))
        await store.record(board.name, state, (), ())
    progress(len(due), len(due))
    return Backfilled(added, restated, tuple(sorted(absent)), len(due))


def _gaps(days: Sequence[Day], step: timedelta, until: date) -> set[date]:
    """Return the ends of days or weeks that an answer leaves out between two that it has.

    An answer that is empty, or begins late, says nothing of what it lacks; the newest three may
    still come.
    """
    if not days:
        return set()
    first, last = days[0].date, days[-1].date
    ends = {first + step * number for number in range((last - first) // step + 1)}
    return {end for end in ends - {day.date for day in days} if end <= until - 3 * step}


async def rejudge(
    board: Board,
    store: Store,
    directory: Directory,
    rules: Mapping[str, Rule],
    now: datetime,
) -> int:
    """Judge anew what was judged before (all, if nothing was), and keep the milestones.

    Nothing is sent. Return how many there are.

    Raises StoreError.
    """
    state = await store.progress(board.name)
    # What no poll has judged yet is left to the next one, which may announce it.
    at = Moment(state, now, keyed=True, until=state.through or date.max)
    memories, new = await judge(board, store, directory, rules, at)
    state = replace(state, memories=memories, through=judged_through(state, memories))
    await store.record(board.name, state, new, ())
    return len(new)
