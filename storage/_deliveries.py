"""Deliveries: the unsettled in the state and in memory, with a log of what happens to them."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import structlog

from bot.delivery import Delivery, DeliveryState
from bot.errors import StoreError
from bot.turns import next_claims
from storage._codec import to_line, to_short_document
from storage._files import KeyedTinyDB, ReplacedFile
from storage._journal import Journal
from storage._logged import read_deliveries
from storage._rows import (
    OPEN,
    UNSETTLED,
    Place,
    Rows,
    alerts,
    ended_if_missed,
    ended_if_too_old,
    oldest_first,
    unsettled,
)
from storage._settled import Settled
from storage.protocol import Claimed

_WENT = (DeliveryState.SENDING, DeliveryState.SENT)
_OWED = (*OPEN, DeliveryState.SENT)
_TABLE = "deliveries"
_TRIES = 20

Change: TypeAlias = Callable[[Delivery], Delivery | None]
"""What a commit makes of a delivery that is at hand; None drops it."""


def _as_it_is(row: Delivery) -> Delivery:
    return row


def open_together(
    folder: Path, *, writable: bool, warn: Callable[[str], None]
) -> "tuple[ReplacedFile, Deliveries]":
    """Return the state and the deliveries, also while another process writes: of one moment."""
    path, tries = folder / "state.json", _TRIES
    while True:
        before, tries = _stamp(path), tries - 1
        state = ReplacedFile(path, writable=writable, warn=warn)
        deliveries = Deliveries(folder, state, writable=writable, warn=warn)
        # What left the log meanwhile joined a state that was saved meanwhile.
        if writable or tries == 0 or _stamp(path) == before:
            return state, deliveries


class Deliveries:
    """Keep the deliveries that are not settled, and those settled since the last commit, at hand.

    A settled one is put aside before the state that no longer holds it is saved, so that it may be
    in both and never is in neither.
    """

    def __init__(
        self, folder: Path, state: ReplacedFile, *, writable: bool, warn: Callable[[str], None]
    ) -> None:
        """Read what is not settled; a writing store lets what the log says join the state.

        Raises StoreDamaged when a delivery is something else, StoreError for trouble with the disk.
        """
        self._state = state
        self._settled = Settled(folder / "deliveries", writable=writable, warn=warn)
        self._journal = Journal(folder / "outbox.jsonl")
        self._hold(read_deliveries(state, _TABLE, self._journal, warn))
        if writable and (self._journal.path.exists() or state.recovered):
            # After a recovery the copy beside shall be as good as the file.
            self._save(state.draft(), self._rows, alone=state.recovered)
            self._hold(unsettled(self._rows))

    def open(self, channel_id: int | None, paused: Container[int]) -> tuple[Delivery, ...]:
        """Return what is open (for a channel), in the order it was recorded, if not paused."""
        keys = self._rows if channel_id is None else self._channels.get(channel_id, ())
        rows = (self._rows[key] for key in keys)
        return tuple(row for row in rows if row.state in OPEN and row.channel_id not in paused)

    def waiting(self, paused: Container[int]) -> tuple[int, ...]:
        """Return the channels with something open, but for paused ones, the oldest first."""
        return tuple(dict.fromkeys(row.channel_id for row in self.open(None, paused)))

    def held(self, paused: Container[int] = ()) -> tuple[Delivery, ...]:
        """Return what is held back, in the order it was recorded, but for paused channels."""
        rows = (row for row in self._rows.values() if row.state is DeliveryState.HELD)
        return tuple(row for row in rows if row.channel_id not in paused)

    def unsettled(self) -> tuple[Delivery, ...]:
        """Return what is open or held back, paused or not, in the order it was recorded."""
        return tuple(unsettled(self._rows).values())

    def unsent(self, channel_id: int) -> bool:
        """Say whether anything is open, or held back, for a channel."""
        keys = self._channels.get(channel_id, ())
        return any(self._rows[key].state in UNSETTLED for key in keys)

    async def known(self, keys: Sequence[str]) -> frozenset[str]:
        """Return which of these keys are those of deliveries, whatever their state."""
        aside = await self._aside(keys)
        return aside | {key for key in keys if key in self._rows}

    async def find(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """Return the deliveries of these keys, in their order; unknown keys are left out."""
        found = {key: self._rows[key] for key in keys if key in self._rows}
        others = [key for key in keys if key not in found]
        if others:
            found |= await asyncio.to_thread(self._settled.find, others)
        return tuple(found[key] for key in keys if key in found)

    async def alerts_with(
        self, milestones: Sequence[str], guild_id: int | None
    ) -> tuple[Delivery, ...]:
        """Return the alerts (of one server) with any of these that were or are being sent."""
        at_hand, wanted = dict(self._rows), frozenset(milestones)
        aside = await asyncio.to_thread(self._settled.with_any, wanted, guild_id)
        return tuple(
            row
            for row in alerts(aside | at_hand, guild_id)
            if row.state in _WENT and not wanted.isdisjoint(row.milestones)
        )

    async def posts(self, since: datetime | None, guild_id: int | None) -> tuple[Delivery, ...]:
        """Return the alerts (of one server) owed since then that wait or went, oldest first."""
        at_hand = dict(self._rows)
        aside = await asyncio.to_thread(self._settled.since, since, guild_id)
        rows = (row for row in alerts(aside | at_hand, guild_id) if row.state in _OWED)
        return oldest_first(row for row in rows if since is None or row.created_at >= since)

    async def about(self, milestone: str, channel_id: int) -> tuple[Delivery, ...]:
        """Return the alerts of a channel with a milestone, whatever their state, oldest first."""
        at_hand = dict(self._rows)
        aside = await asyncio.to_thread(self._settled.about, milestone, channel_id)
        rows = (row for row in alerts(aside | at_hand, None) if row.channel_id == channel_id)
        return oldest_first(row for row in rows if milestone in row.milestones)

    async def kept(self, place: Place) -> tuple[Delivery, ...]:
        """Return what there is of a place, whatever it is, oldest first."""
        at_hand = {key: row for key, row in self._rows.items() if place.has(row)}
        return oldest_first((await asyncio.to_thread(self._settled.of, place) | at_hand).values())

    async def guilds(self) -> frozenset[int]:
        """Return the servers that any delivery is of."""
        aside = await asyncio.to_thread(self._settled.guilds)
        return aside | {row.guild_id for row in self._rows.values()}

    async def save(self, deliveries: Sequence[Delivery]) -> frozenset[str]:
        """Keep the new states of what was not dropped and return its keys. Raises StoreError."""
        lines = {row.key: to_line(row) for row in deliveries}
        # What is settled and put aside is not opened again.
        aside = await self._aside([row.key for row in deliveries if row.state not in UNSETTLED])
        known = {d.key: d for d in deliveries if d.key in self._rows or d.key in aside}
        if not known:
            return frozenset()
        before = {key: self._rows.get(key) for key in known}
        # Known here before it is durable: a commit in between then writes it, and never loses it.
        self._add(known.values())
        try:
            await self._journal.append(lines[key] for key in known)
        except StoreError:
            self._restore(known, before)
            raise
        gone = known.keys() - self._rows.keys()
        return frozenset((known.keys() - gone) | await self._aside(gone))

    async def claim(
        self,
        channels: Collection[int],
        paused: Container[int],
        now: datetime,
        outcomes: Sequence[Delivery],
    ) -> Claimed:
        """Keep outcomes, and claim what is next in channels, in one go. Raises StoreError."""
        after = {row.key: row for row in outcomes}
        rows = {at: [after.get(r.key, r) for r in self.open(at, paused)] for at in channels}
        claims, later = next_claims(
            {at: [row for row in there if row.state in OPEN] for at, there in rows.items()}, now
        )
        kept = await self.save([*outcomes, *claims])
        dropped = frozenset(row.channel_id for row in claims if row.key not in kept)
        return Claimed(tuple(row for row in claims if row.key in kept), later, dropped)

    async def commit(
        self,
        draft: KeyedTinyDB,
        new: Iterable[Delivery] = (),
        change: Change = _as_it_is,
        *,
        alone: bool = False,
    ) -> None:
        """Save a draft of the state with new deliveries, unless known, and others as changed.

        `alone`: no copy of what was before is left. Raises StoreError; nothing is kept then.
        """
        async with self._journal.paused():
            fresh = {row.key: row for row in new if row.key not in self._rows}
            known = await self._aside(fresh)
            before = dict(self._rows)
            changed = {key: change(row) for key, row in before.items()}
            rows = {key: row for key, row in changed.items() if row is not None}
            rows |= {key: row for key, row in fresh.items() if key not in known}
            await asyncio.to_thread(self._save, draft, rows, alone=alone)
            # Meanwhile rows may have been claimed or settled here: those are newer than `rows`.
            newer = {k: row for k, row in self._rows.items() if row is not before.get(k)}
            self._hold(unsettled(rows) | {k: r for k, r in newer.items() if change(r) is not None})

    async def tidy(self, now: datetime, paused: Container[int]) -> None:
        """Make slim, or drop, settled ones that are old by `now` (UTC), and end what is missed.

        Missed is what waits for a paused channel, or is held back, for too long. Raises StoreError.
        """

        def as_of_now(row: Delivery) -> Delivery:
            kept = ended_if_missed(row, now) if row.channel_id in paused else row
            return ended_if_too_old(kept, now)

        rows = self._rows.values()
        if any(row.state not in UNSETTLED or as_of_now(row) is not row for row in rows):
            await self.commit(self._state.draft(), change=as_of_now)
        await asyncio.to_thread(self._settled.tidy, now)

    async def purge(self, place: Place, draft: KeyedTinyDB) -> None:
        """Save a draft without what there is of a place, and drop what is put aside of it.

        A line of the log may still name it, until a commit that is `alone`.
        """
        await self.commit(draft, change=place.without, alone=True)
        await self._journal.settle()
        await asyncio.to_thread(self._settled.purge, place)

    async def settle(self) -> None:
        """Wait until nothing is being saved."""
        await self._journal.settle()

    async def _aside(self, keys: Collection[str]) -> frozenset[str]:
        """Return which of these keys are put aside, and not at hand."""
        looked: set[str] = set()
        found: frozenset[str] = frozenset()
        # While somebody looks, others may be put aside.
        while missing := {key for key in keys if key not in self._rows} - looked:
            found |= await asyncio.to_thread(self._settled.known, missing)
            looked |= missing
        return found

    def _save(self, draft: KeyedTinyDB, rows: Rows, *, alone: bool) -> None:
        self._settled.put(row for row in rows.values() if row.state not in UNSETTLED)
        draft.fill(_TABLE, {k: to_short_document(r) for k, r in unsettled(rows).items()})
        self._state.save(draft)
        if alone:
            self._state.save(draft)
            self._journal.forget()
            return
        try:
            self._journal.rotate()
        except StoreError as error:
            # Its lines stand in the state now: read again they say nothing new.
            structlog.get_logger().warning("outbox log not put aside", problem=str(error))

    def _hold(self, rows: Rows) -> None:
        self._rows: Rows = {}
        self._channels: dict[int, dict[str, None]] = defaultdict(dict)
        self._add(rows.values())

    def _add(self, rows: Iterable[Delivery]) -> None:
        for row in rows:
            self._rows[row.key] = row
            self._channels[row.channel_id][row.key] = None

    def _restore(self, failed: Rows, before: Mapping[str, Delivery | None]) -> None:
        for key, row in failed.items():
            if self._rows.get(key) is not row:
                continue
            if (earlier := before[key]) is not None:
                self._rows[key] = earlier
            else:
                del self._rows[key], self._channels[row.channel_id][key]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
