"""What the scheduler calls: polls that never raise, and say once when they fail."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.boards import Board
from bot.errors import (
    BudgetSpent,
    KeyRefused,
    PayloadRefused,
    RankshiftError,
    SourceError,
    StoreError,
)
from bot.metrics import PollResult
from bot.openness import Directory
from bot.pipeline import Poll, poll
from bot.rules import Rule
from bot.settling import oldest_compared
from bot.sources import Source
from bot.standings import ONE_DAY, WEEK, standings
from bot.states import (
    State,
    StateKind,
    day_states,
    held_states,
    merge,
    source_states,
    still_held,
    unknown_states,
)
from storage.protocol import Store


class Watched:
    """Run a piece of work again and again; log an outage when it begins and when it ends."""

    def __init__(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Name the work for the log."""
        self._name = name
        self._work = work
        self._failing: str | None = None
        self._one_at_a_time = asyncio.Lock()
        self._log = structlog.get_logger()

    async def __call__(self) -> bool:
        """Do the work once; False if it failed with an error that we know.

        Every line that comes of it, ours or a library's, bears the same `run`.
        """
        with structlog.contextvars.bound_contextvars(run=secrets.token_hex(4)):
            return await self._once()

    async def _once(self) -> bool:
        try:
            async with self._one_at_a_time:
                await self._work()
        except RankshiftError as error:
            # Another trouble than before is news; the same one again is not. One that may pass by
            # itself changes its words from try to try.
            trouble = type(error).__name__ if error.retry else str(error)
            if trouble != self._failing:
                self._log.error(
                    f"{self._name} fails", kind=type(error).__name__, problem=str(error)
                )
            self._failing = trouble
            return False
        if self._failing is not None:
            self._log.info(f"{self._name} works again")
            self._failing = None
        return True


def log_poll(poll: Poll) -> None:
    """Log what a poll brought, if it brought anything."""
    log = structlog.get_logger()
    if poll.changes.added or poll.changes.restated:
        log.info(
            "rankings taken in",
            snapshot=poll.snapshot.name if poll.snapshot else None,
            added=len(poll.changes.added),
            restated=[str(day) for day in poll.changes.restated],
        )
    for milestone in poll.milestones:
        log.info("milestone", key=milestone.key)
    for milestone in poll.revised:
        if milestone.withdrawn is None:
            log.info("milestone revised", key=milestone.key)
        else:
            log.warning("milestone withdrawn", key=milestone.key, cause=milestone.withdrawn.value)
    if poll.deliveries:
        log.info("alerts to send", count=len(poll.deliveries))


LATELY = timedelta(days=60)
"""How far back held milestones are looked for that were not known to be held before."""

_LOGGED_AS_OUTAGE = (StateKind.UNREACHABLE, StateKind.REFUSED)


class BoardPoll:
    """Poll one board, and keep what is out of the ordinary there; log that once each way."""

    def __init__(
        self,
        board: Board,
        source: Source,
        store: Store,
        directory: Callable[[], Awaitable[Directory]],
        rules: Mapping[str, Rule],
    ) -> None:
        """Take the board, where its days come from, and what judging them needs."""
        self.board = board
        self._source = source
        self._store = store
        self._directory = directory
        self._rules = rules
        self._looked = False
        self._log = structlog.get_logger()

    async def __call__(self, now: datetime) -> Poll:
        """Poll at `now` (UTC). Raises SourceError and StoreError."""
        known = await self._directory()
        try:
            done = await poll(self.board, self._source, self._store, known, self._rules, now)
        except SourceError as error:
            await self._keep_states(known, error, now)
            raise
        await self._keep_states(known, None, now)
        log_poll(done)
        return done

    async def _keep_states(
        self, known: Directory, error: SourceError | None, now: datetime
    ) -> None:
        before = [s for s in await self._store.states() if s.board == self.board.name]
        kept, began, ended = merge(before, await self._states(before, known, error, now))
        for state in (each for each in began if each.kind not in _LOGGED_AS_OUTAGE):
            self._log.warning(state.kind, board=state.board, about=state.subject, why=state.detail)
        for state in (each for each in ended if each.kind not in _LOGGED_AS_OUTAGE):
            self._log.info(f"no longer: {state.kind}", board=state.board, about=state.subject)
        if kept != tuple(before):
            await self._store.put_states(self.board.name, kept)

    async def _states(
        self, before: Sequence[State], known: Directory, error: SourceError | None, now: datetime
    ) -> list[State]:
        name, store = self.board.name, self._store
        found = [*source_states(name, type(self._source).__name__, error, now)]
        progress = await store.progress(name)
        if not self.board.weekly:
            days = await store.days(name, since=oldest_compared(now))
            found += day_states(name, days, progress.sightings, now, keyed=self._source.keyed)
        if progress.memories:
            newest = progress.memories[-1]
            keys = [state.subject for state in before if state.kind is StateKind.HELD]
            # Once a start all are looked at: a backfill may have found what is held for long.
            since = newest.through - LATELY if self._looked else None
            stored = await store.milestones(name, since)
            held = still_held([*await store.milestones_by_key(keys), *stored], newest)
            self._looked = True
            week = await store.days(name, since=newest.through - (WEEK - 1) * ONE_DAY)
            ranking = standings(name, week, newest.through, self.board.counting)
            found += [*held_states(held, now), *unknown_states(ranking, known, now)]
        return found


CountPoll = Callable[[str, PollResult, datetime], None]
"""Told how a poll of a board ended, and when (UTC)."""

_ENDS: tuple[tuple[type[RankshiftError], PollResult], ...] = (
    (PayloadRefused, PollResult.REFUSED),
    (KeyRefused, PollResult.KEY),
    (BudgetSpent, PollResult.BUDGET),
    (SourceError, PollResult.UNREACHABLE),
    (StoreError, PollResult.STORE),
)


async def poll_all(
    polls: Sequence[BoardPoll], clock: Callable[[], datetime], count: CountPoll | None = None
) -> None:
    """Poll boards one after the other, and `count` how each poll ends.

    What one board's payload is refused for does not keep the others back; what cannot be reached
    for one cannot for the next. Raises the first SourceError, and StoreError.
    """
    refused: PayloadRefused | None = None
    for poll_board in polls:
        try:
            await _counted(poll_board, clock, count)
        except PayloadRefused as error:
            refused = refused or error
    if refused is not None:
        raise refused


async def _counted(
    poll_board: BoardPoll, clock: Callable[[], datetime], count: CountPoll | None
) -> None:
    result = PollResult.FAILED
    try:
        await poll_board(clock())
        result = PollResult.OK
    except RankshiftError as error:
        result = next((end for kind, end in _ENDS if isinstance(error, kind)), result)
        raise
    finally:
        if count is not None:
            count(poll_board.board.name, result, clock())
