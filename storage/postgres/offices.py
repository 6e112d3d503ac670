"""The offices of processes that share a database."""

import asyncio
from collections.abc import Callable
from functools import partial

from storage.offices import IDENTIFY_GAP, Office, Term, Work, nothing
from storage.postgres.seat import Seat
from storage.postgres_store import PostgresStore

_TURN = """
    INSERT INTO identify_slots AS slot VALUES (%(bucket)s, now() + %(gap)s)
    ON CONFLICT (bucket) DO UPDATE SET free_at = greatest(now(), slot.free_at) + %(gap)s
    RETURNING extract(epoch FROM free_at - %(gap)s - now())"""


class PostgresOffices:
    """Run for offices by advisory locks; the others take over when their holder is gone."""

    def __init__(self, url: str, store: PostgresStore) -> None:
        """Take the database's address and a store on it."""
        self._url = url
        self._store = store

    @property
    def store(self) -> PostgresStore:
        """Return the store for what needs no office."""
        return self._store

    async def serve(self, office: Office, work: Work, told: Callable[[], None] = nothing) -> None:
        """See Offices."""
        seat = Seat(self._url, office, told)
        try:
            await seat.win()
            while not await self._term(seat, work):
                await seat.win()
        finally:
            await seat.resign()

    async def identify(self, bucket: int) -> None:
        """See Offices; over all processes, by the server's clock."""
        asked = {"bucket": bucket, "gap": IDENTIFY_GAP}
        async with self._store.connections.writing() as connection:
            row = await (await connection.execute(_TURN, asked)).fetchone()
        await asyncio.sleep(float(row[0]) if row is not None else 0.0)

    async def _term(self, seat: Seat, work: Work) -> bool:
        """Say whether the work ended, rather than the term. Raises what the work does."""
        term = Term(self._store.within(seat.fence), partial(seat.held, seat.fence))
        working = asyncio.ensure_future(work(term))
        keeping = asyncio.create_task(seat.keep())
        try:
            await asyncio.wait([working, keeping], return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
            return working.done()
        finally:
            await _ended(working)  # in office until that has ended
            await _ended(keeping)


async def _ended(task: asyncio.Future[None]) -> None:
    """Cancel a task and wait for it; what it fails with then is of no use to anybody."""
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
