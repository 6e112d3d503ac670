"""Offices: what one process at a time does, for as long as it holds the office."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, TypeAlias

from storage.protocol import Store

IDENTIFY_GAP = timedelta(seconds=5.5)
"""Discord lets each bucket begin one session in five seconds (docs.discord.com, Gateway)."""


class Office(StrEnum):
    """The poller judges and owes, and keeps things tidy; the courier sends what is owed."""

    POLLER = "poller"
    COURIER = "courier"


@dataclass(frozen=True, slots=True)
class Term:
    """A time in office.

    What is written to `store` counts within it alone; `goes_on` says whether nobody else can hold
    the office at this moment.
    """

    store: Store
    goes_on: Callable[[], bool]


Work: TypeAlias = Callable[[Term], Awaitable[None]]


def nothing() -> None:
    """Do nothing when told."""


class Offices(Protocol):
    """The offices that processes which share a store run for."""

    @property
    def store(self) -> Store:
        """Return the store for what needs no office."""

    async def serve(self, office: Office, work: Work, told: Callable[[], None] = nothing) -> None:
        """Do an office's work whenever this process holds it, until the work ends by itself.

        It is cancelled when its term ends, and begun anew in the next one. `told` is called when
        any process may have owed something, at least while the office is held.
        """

    async def identify(self, bucket: int) -> None:
        """Return when a session with Discord's gateway may begin, one every IDENTIFY_GAP.

        Shards of different buckets do not wait for each other. Raises StoreError.
        """


class Alone:
    """The offices of one process that shares its store with no other."""

    def __init__(self, store: Store) -> None:
        """Take the store."""
        self._store = store
        self._free: dict[int, float] = {}

    @property
    def store(self) -> Store:
        """Return the store."""
        return self._store

    async def serve(
        self,
        office: Office,  # noqa: ARG002 — it holds all of them
        work: Work,
        told: Callable[[], None] = nothing,  # noqa: ARG002 — nobody else owes anything
    ) -> None:
        """See Offices: one term, which goes on."""
        await work(Term(self._store, lambda: True))

    async def identify(self, bucket: int) -> None:
        """See Offices."""
        now = time.monotonic()
        turn = max(now, self._free.get(bucket, now))
        self._free[bucket] = turn + IDENTIFY_GAP.total_seconds()
        await asyncio.sleep(turn - now)
