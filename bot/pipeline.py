"""One poll: from the source to deliveries in the store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.boards import Board
from bot.delivery import Delivery, Kind
from bot.detect import SAME, detect, oldest_needed, unseen, usable
from bot.errors import SourceError
from bot.hush import Likes
from bot.model import Day, Memory, Milestone
from bot.openness import Directory
from bot.proof import oldest_for_proof, prove
from bot.restraining import likes, restraints
from bot.review import corrected, review
from bot.routing import follow_up, route
from bot.rules import Rule
from bot.settling import oldest_compared, settled_until, sightings_after
from bot.silence import NEAR, silenced
from bot.sources import Snapshot, Source
from storage.protocol import Changes, Progress, Store

REVIEWED = timedelta(days=14)
"""How far back a poll looks for milestones whose final figures are still to be looked at."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll did: the snapshot it took in (None: nothing new), and what came of it.

    `revised` are earlier milestones that final figures or a correction changed.
    """

    snapshot: Snapshot | None
    changes: Changes
    milestones: tuple[Milestone, ...]
    deliveries: tuple[Delivery, ...]
    revised: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a board is at a moment (UTC), and whether its source is read again and again.

    Nothing after `until` is judged.
    """

    progress: Progress
    now: datetime
    keyed: bool
    until: date = date.max


async def poll(
    board: Board,
    source: Source,
    store: Store,
    directory: Directory,
    rules: Mapping[str, Rule],
    now: datetime,
) -> Poll:
    """Take in what the source has, judge the days that are settled at `now`, and record it all.

    Raises SourceError, with what is stored judged and recorded all the same, and StoreError;
    repeating it is safe and finds nothing twice.
    """
    before = await store.progress(board.name)
    snapshot, failed = await _fetched(source, before.mark, now)
    fresh = snapshot.days if snapshot else ()
    changes = await store.put_days(board.name, fresh)
    seen = replace(
        await store.progress(board.name),
        mark=snapshot.mark if snapshot else before.mark,
        sightings=sightings_after(before.sightings, fresh, now) if source.keyed else (),
    )
    judged_at = Moment(seen, now, keyed=source.keyed)
    memories, new = await judge(board, store, directory, rules, judged_at)
    revised = await _reviewed(board, store, directory, rules, now)
    changed = tuple(one for one in revised if one.revised == now)
    progress = replace(
        seen,
        memories=memories,
        registry=directory.registry.version,
        through=judged_through(seen, memories),
    )
    often = await likes(board, store, directory, rules) if new else None
    async with store.deciding():
        deliveries = [
            *await _alerts(board.name, store, often, _postable(new, seen), now),
            *await _follow_ups(store, changed, now),
        ]
        await store.record(board.name, progress, new, deliveries, revised)
    await _drop_unasked(store, deliveries)
    if failed is not None:
        raise failed
    return Poll(snapshot, changes, new, tuple(deliveries), changed)


async def _fetched(
    source: Source, mark: str | None, now: datetime
) -> tuple[Snapshot | None, SourceError | None]:
    try:
        return await source.fetch(mark, now), None
    except SourceError as error:
        # Stored days settle, and figures become final, also while the source is down.
        return None, error


def _postable(new: tuple[Milestone, ...], seen: Progress) -> tuple[Milestone, ...]:
    """Return what may be posted of what was found.

    A memory made anew may find what should have been found long ago: that is kept, not posted.
    """
    since = seen.through - SAME if seen.through else date.min
    return tuple(one for one in new if one.date >= since)


async def _alerts(
    board: str, store: Store, often: Likes | None, new: tuple[Milestone, ...], now: datetime
) -> tuple[Delivery, ...]:
    """Return the alerts of new milestones; `often` says how often their likes were seen."""
    if not new:
        return ()
    held_by = await restraints(board, often, store, now)
    # Of a million subscriptions it takes seconds, in which others have to be answered.
    return await asyncio.to_thread(route, new, await store.subscriptions(), now, held_by)


async def _follow_ups(
    store: Store, changed: tuple[Milestone, ...], now: datetime
) -> tuple[Delivery, ...]:
    """Return what follows alerts that have changed."""
    if not changed:
        return ()
    posted = await store.alerts_with([one.key for one in changed])
    return follow_up(changed, posted, await store.subscriptions(), await store.channels(), now)


async def _drop_unasked(store: Store, owed: Sequence[Delivery]) -> None:
    """Drop alerts for channels that were unsubscribed while a poll was under way."""
    alerted = {row.channel_id for row in owed if row.kind is Kind.ALERT}
    known = {one.channel_id for one in await store.channels()} if alerted else set()
    for channel in alerted - known:
        await store.unsubscribe(channel)


async def judge(
    board: Board,
    store: Store,
    directory: Directory,
    rules: Mapping[str, Rule],
    at: Moment,
) -> tuple[tuple[Memory, ...], tuple[Milestone, ...]]:
    """Return what detection knows after the settled days, and the milestones that are new, proven.

    Nothing is recorded.
    """
    allowed = board.among(rules)
    memories = usable(at.progress.memories, allowed)
    days = await _settled(board, store, memories, at)
    # In a thread: judging years of days anew takes seconds, and gateway heartbeats cannot wait.
    memories, found = await asyncio.to_thread(
        detect, board.name, days, directory, allowed, memories, board.counting
    )
    if not found:
        return memories, ()
    known = await store.milestones(board.name, since=found[0].date - max(SAME, NEAR))
    new = silenced(unseen(found, known), known)
    return memories, await _proven(new, board, store, directory, rules)


async def _settled(
    board: Board, store: Store, memories: tuple[Memory, ...], at: Moment
) -> Mapping[date, Day]:
    """Return the days that going on needs, up to the newest settled one."""
    if board.weekly:  # weeks are not even given before they are settled
        return await store.days(board.name, since=oldest_needed(memories), until=at.until)
    needed = oldest_needed(memories)
    since = None if needed is None else min(needed, oldest_compared(at.now))
    days = await store.days(board.name, since=since, until=at.now.date())
    until = settled_until(days, at.progress.sightings, at.now, keyed=at.keyed)
    last = min(until or date.min, at.until)
    return {when: day for when, day in days.items() if when <= last}


def judged_through(progress: Progress, memories: tuple[Memory, ...]) -> date | None:
    """Return the end of the newest window ever judged, these memories' newest among them."""
    ends = [progress.through, memories[-1].through if memories else None]
    return max((end for end in ends if end is not None), default=None)


async def _proven(
    milestones: tuple[Milestone, ...],
    board: Board,
    store: Store,
    directory: Directory,
    rules: Mapping[str, Rule],
) -> tuple[Milestone, ...]:
    if not milestones:
        return ()
    oldest = oldest_for_proof(milestones, rules)
    days = await store.days(board.name, since=oldest, until=milestones[-1].date)

    def prove_all() -> tuple[Milestone, ...]:
        return tuple(
            prove(one, days, directory, rules[one.rule], board.counting) for one in milestones
        )

    return await asyncio.to_thread(prove_all)


async def _reviewed(
    board: Board,
    store: Store,
    directory: Directory,
    rules: Mapping[str, Rule],
    now: datetime,
) -> tuple[Milestone, ...]:
    """Return the told milestones that have to stand otherwise than they are stored."""
    known = (await store.progress(board.name)).registry == directory.registry.version
    stored = await store.milestones(board.name, now.date() - REVIEWED if known else None)
    due = [
        one
        for one in stored
        if one.told and one.rule in rules
        if not one.final or (not known and corrected(one, directory))
    ]
    if not due:
        return ()
    # A milestone may have moved by so much, either way.
    oldest, latest = oldest_for_proof(due, rules), max(one.date for one in due) + SAME
    days = await store.days(board.name, since=oldest and oldest - SAME, until=latest)

    def review_all() -> tuple[Milestone, ...]:
        pairs = (
            (one, review(one, days, directory, rules[one.rule], now, board.counting)) for one in due
        )
        return tuple(after for before, after in pairs if after is not before)

    return await asyncio.to_thread(review_all)
