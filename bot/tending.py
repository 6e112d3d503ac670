"""Every minute: digests that are due, and what was held back and may be told now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

from bot.delivery import UNASKED, Delivery, DeliveryState, Held, Summary
from bot.gathering import DueDigest, digests_due, gather
from bot.hours import due
from bot.hush import LOOKED_BACK, counted
from bot.model import Milestone, Severity
from bot.routing import still_asked
from bot.standings import ONE_DAY, WEEK, newest_judged
from bot.subscription import Channel
from storage.protocol import Store

_Week: TypeAlias = tuple[date, Sequence[Milestone]]


async def tend(store: Store, now: datetime) -> int:
    """Owe what may be told at `now` (UTC) and return how many messages. Raises StoreError.

    A repeat at the same moment owes nothing more.
    """
    if not await store.held() and not digests_due(await store.channels(), now):
        return 0
    async with store.deciding():
        return await _told(store, now)


async def _told(store: Store, now: datetime) -> int:
    lately = await _counted(store, now)
    channels, held = await store.channels(), await store.held()
    weeks = await _weeks(store, digests_due(channels, now))
    digests = [_due(each, weeks, now) for each in digests_due(channels, now)]
    ready = {key for one in gather(channels, held, digests, lately, now) for key in one.held}
    rows = [row for row in held if row.key in ready]
    asked = await _asked(store, rows)
    await _end(store, rows, asked)
    gatherings = gather(channels, asked, digests, lately, now)
    if gatherings:
        done = {each.channel.channel_id: each.moment for each in digests}
        await store.gather(gatherings, done)
    return len(gatherings)


async def _asked(store: Store, rows: Sequence[Delivery]) -> Sequence[Delivery]:
    """Return of these what somebody still asks for."""
    if not rows:
        return ()
    keys = list(dict.fromkeys(key for row in rows for key in row.milestones))
    found = {one.key: one for one in await store.milestones_by_key(keys)}
    return still_asked(rows, found, await store.subscriptions())


async def _counted(store: Store, now: datetime) -> Mapping[int, int]:
    """Return what counts against budgets, where anything waits for room in one."""
    if all(row.held is not Held.BUDGET for row in await store.held()):
        return {}
    return counted(await store.posts(now - LOOKED_BACK), now)


async def _end(store: Store, rows: Sequence[Delivery], asked: Sequence[Delivery]) -> None:
    """Give up what nobody asks for any more."""
    kept = {row.key for row in asked}
    ended = [row for row in rows if row.key not in kept]
    if ended:
        dead = DeliveryState.DEAD
        await store.save_deliveries([replace(row, state=dead, reason=UNASKED) for row in ended])


async def _weeks(store: Store, channels: Iterable[Channel]) -> Mapping[str, _Week]:
    """Return by board up to when it is judged, and what it told in the seven days that end then."""
    boards = {board for each in channels if each.digest for board in each.digest.boards}
    weeks: dict[str, _Week] = {}
    for board in boards:
        through = (await store.progress(board)).through
        if through is not None:
            stored = await store.milestones(board, through - (WEEK - 1) * ONE_DAY)
            told = [one for one in stored if one.told and one.severity is not Severity.MINOR]
            weeks[board] = through, told
    return weeks


def _due(channel: Channel, weeks: Mapping[str, _Week], now: datetime) -> DueDigest:
    digest = channel.digest
    moment = due(digest, now) if digest is not None else None
    if digest is None or moment is None:
        raise ValueError(f"no digest is due in channel {channel.channel_id}")
    known = [weeks[board] for board in digest.boards if board in weeks]
    found = sorted((one.date, one.key) for _, told in known for one in told)
    # Days that are stored and not judged yet are of the next digest, their standings too.
    until = max((through for through, _ in known), default=newest_judged(now))
    keys = tuple(key for _, key in found)
    return DueDigest(channel, moment, Summary(digest.boards, until), keys)
