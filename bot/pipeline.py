"""One poll: from the source to deliveries in the store."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.detect import SAME, detect, oldest_needed, unseen, usable
from bot.model import Delivery, Milestone
from bot.openness import Directory
from bot.routing import route
from bot.rules import Rule
from bot.sources import Snapshot, Source
from bot.standings import newest_judged
from storage.protocol import Changes, Progress, Store


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll did: the snapshot it took in (None: nothing new), and what came of it."""

    snapshot: Snapshot | None
    changes: Changes
    milestones: tuple[Milestone, ...]
    deliveries: tuple[Delivery, ...]


async def poll(
    board: str,
    source: Source,
    store: Store,
    directory: Directory,
    rules: Mapping[str, Rule],
    now: datetime,
) -> Poll:
    """Take in what the source has, judge the days that are over at `now`, and record it all.

    Raises SourceError, with nothing changed, and StoreError; repeating it is safe and finds
    nothing twice.
    """
    before = await store.progress(board)
    snapshot = await source.fetch(before.mark, now)
    changes = await store.put_days(board, snapshot.days if snapshot else ())
    mark = snapshot.mark if snapshot else before.mark

    memory = usable((await store.progress(board)).memory, rules)
    days = await store.days(board, since=oldest_needed(memory), until=newest_judged(now))
    # In a thread: judging years of days anew takes seconds, and gateway heartbeats cannot wait.
    memory, found = await asyncio.to_thread(detect, board, days, directory, rules, memory)
    new = await _unseen(found, board, store)
    deliveries = route(new, await store.subscriptions(), now)
    await store.record(board, Progress(memory, mark), new, deliveries)
    return Poll(snapshot, changes, new, deliveries)


async def _unseen(found: tuple[Milestone, ...], board: str, store: Store) -> tuple[Milestone, ...]:
    if not found:
        return ()
    return unseen(found, await store.milestones(board, since=found[0].date - SAME))
