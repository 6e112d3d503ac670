"""Who holds an office: one process at a time, by an advisory lock, for a term that writes name."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import psycopg
import structlog

from bot.errors import StoreError
from storage.offices import Office, nothing
from storage.postgres.connections import Connection, Fence, options, typed_errors
from storage.postgres.deliveries import OWED

_WORD = timedelta(seconds=1)
"""How often the holder says that it lives, and others try to take its place."""

LEASE = timedelta(seconds=3)
"""For so long after its last word a holder may act; whoever comes next waits for it."""

_IDLE = timedelta(seconds=4)
"""After so long without a word from its holder the server takes the lock back."""

_NUMBERS = {Office.POLLER: 10, Office.COURIER: 11}
_LOCK = "SELECT pg_try_advisory_lock(7268, %s)"
_BEFORE = "SELECT resigned FROM offices WHERE name = %s FOR UPDATE"
_TAKE = """
    INSERT INTO offices (name, term, since) VALUES (%s, 1, now())
    ON CONFLICT (name) DO UPDATE SET term = offices.term + 1, since = now(), resigned = false
    RETURNING term"""
_RESIGN = "UPDATE offices SET resigned = true WHERE name = %s AND term = %s"


class Seat:
    """Run for an office, hold it and give it back, on a connection of its own.

    A process that slept while another took its place finds that the term is another: what it
    writes then is refused, and what it does besides ended with its lease.
    """

    def __init__(self, url: str, office: Office, told: Callable[[], None] = nothing) -> None:
        """Take the database's address; who is `told` hears of what is owed."""
        self._url = url
        self._office = office
        self._told = told
        self._connection: Connection | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._heard = 0.0
        self._term = 0
        self._away = False
        self._alone = False
        self._log = structlog.get_logger()

    @property
    def fence(self) -> Fence:
        """Return what writes of this term name."""
        return Fence(self._office, self._term)

    def held(self, fence: Fence) -> bool:
        """Say whether it is still that term, and nobody else can hold the office at this moment."""
        heard = time.monotonic() < self._heard + LEASE.total_seconds()
        return self._connection is not None and heard and fence == self.fence

    async def win(self) -> None:
        """Return once the office is ours, and nobody who had it before acts any more."""
        while True:
            try:
                resigned = await self._taken()
                self._note(None)
                if resigned is not None:
                    await self._wait_for_the_last(resigned=resigned)
                    self._alone = True
                    self._log.info("office taken", office=self._office, term=self._term)
                    return
            except StoreError as error:
                await self._let_go()
                self._note(str(error))
            await asyncio.sleep(_WORD.total_seconds())

    async def take(self) -> bool:
        """Take the office if it is free, and keep it. Raises StoreError.

        Who only writes need not wait for the one before, whose writes do not count any more.
        """
        taken = await self._taken() is not None
        if taken:
            self._alone = True
            self._keeping = asyncio.create_task(self.keep())
        return taken

    async def keep(self) -> None:
        """Say that we live, again and again; return when the office is lost."""
        try:
            while self._connection is not None:
                await self._listen(self._connection)
                await self._say(self._connection)
        except StoreError as error:
            self._log.error("office lost", office=self._office, problem=str(error))
            await self._let_go()

    async def resign(self) -> None:
        """Give the office back; whoever comes next need not wait."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        # Who stops before the last one's lease has run out leaves the wait to whoever comes next.
        if self._connection is not None and self._alone:
            with suppress(StoreError), typed_errors():
                async with asyncio.timeout(_WORD.total_seconds()):
                    await self._connection.execute(_RESIGN, (self._office, self._term))
        await self._let_go()

    async def _taken(self) -> bool | None:
        """Take the lock and begin a term; say whether the one before was given back.

        None while another process has the lock.
        """
        with typed_errors():
            connection = self._connection or await self._connected()
            began = time.monotonic()
            row = await (await connection.execute(_LOCK, (_NUMBERS[self._office],))).fetchone()
            if row is None or not row[0]:
                return None
            async with connection.transaction():
                # Until whoever is in the middle of a write has ended it.
                before = await (await connection.execute(_BEFORE, (self._office,))).fetchone()
                term = await (await connection.execute(_TAKE, (self._office,))).fetchone()
            self._term, self._alone = int(term[0]) if term is not None else 0, False
            self._heard = began
        return before is None or bool(before[0])

    async def _connected(self) -> Connection:
        asked = options(idle_session_timeout=str(_IDLE // timedelta(milliseconds=1)))
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, **asked)
        self._connection = connection
        if self._told is not nothing:
            await connection.execute(f"LISTEN {OWED}".encode())
        return connection

    async def _wait_for_the_last(self, *, resigned: bool) -> None:
        ends = time.monotonic() + (0.0 if resigned else LEASE.total_seconds())
        while self._connection is not None and (left := ends - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _WORD.total_seconds()))
            await self._say(self._connection)

    async def _listen(self, connection: Connection) -> None:
        with typed_errors():
            waited = _WORD.total_seconds()
            async for _ in connection.notifies(timeout=waited, stop_after=1):
                self._told()

    async def _say(self, connection: Connection) -> None:
        # From before it is sent: the server hears it later, and waits from then on.
        began = time.monotonic()
        with typed_errors():
            async with asyncio.timeout(LEASE.total_seconds()):
                await connection.execute("SELECT 1")
        self._heard = began

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _note(self, problem: str | None) -> None:
        if problem is not None and not self._away:
            self._log.error("office cannot be run for", office=self._office, problem=problem)
        if problem is None and self._away:
            self._log.warning("office can be run for again", office=self._office)
        self._away = problem is not None
