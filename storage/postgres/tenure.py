"""Who writes: one process at a time, by an advisory lock, for a term that every write names."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

import psycopg
import structlog

from bot.errors import StoreBusy, StoreError
from storage.postgres.connections import Connection, options, typed_errors

WRITER = "writer"

_LOOKED = timedelta(seconds=2)
"""How often the holder of the lock says that it lives."""

IDLE = timedelta(seconds=7)
"""After so long without a word from its holder the server takes the lock back."""

_LOCK = "SELECT pg_try_advisory_lock(7268, 2)"
_TAKE = """
    INSERT INTO offices (name, term, since) VALUES (%s, 1, now())
    ON CONFLICT (name) DO UPDATE SET term = offices.term + 1, since = now() RETURNING term"""
_WAIT = "SELECT 1 FROM offices WHERE name = %s FOR UPDATE"


class Tenure:
    """Hold the lock for as long as this process lives, and take it again where it was lost.

    A process that held the lock before, and was only asleep, finds that the term is another: what
    it writes then is refused.
    """

    def __init__(self, url: str) -> None:
        """Take the database's address."""
        self._url = url
        self._connection: Connection | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._away = False
        self._heard = 0.0
        self._log = structlog.get_logger()
        self.term = 0

    @property
    def held(self) -> bool:
        """Say whether nobody else can have the lock at this moment."""
        return (
            self._connection is not None and time.monotonic() < self._heard + IDLE.total_seconds()
        )

    async def begin(self) -> None:
        """Take the lock. Raises StoreBusy while another process has it, StoreError."""
        await self._take()
        self._keeping = asyncio.create_task(self._keep())

    async def end(self) -> None:
        """Give the lock back."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        await self._let_go()

    async def _take(self) -> None:
        asked = options(idle_session_timeout=str(IDLE // timedelta(milliseconds=1)))
        with typed_errors():
            began = time.monotonic()
            connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, **asked)
            try:
                self.term = await _term(connection)
            except BaseException:
                await connection.close()
                raise
        self._connection, self._heard = connection, began

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_LOOKED.total_seconds())
            try:
                if self._connection is None:
                    await self._take()
                else:
                    await self._say(self._connection)
            except StoreError as error:
                await self._let_go()
                self._note(str(error))
            else:
                self._note(None)

    async def _say(self, connection: Connection) -> None:
        # From before it is sent: the server hears it later, and waits from then on.
        began = time.monotonic()
        with typed_errors():
            async with asyncio.timeout(_LOOKED.total_seconds() * 2):
                await connection.execute("SELECT 1")
        self._heard = began

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _note(self, problem: str | None) -> None:
        if problem is not None and not self._away:
            self._log.error("the database's lock is lost", problem=problem)
        if problem is None and self._away:
            self._log.warning("the database's lock is ours again", term=self.term)
        self._away = problem is not None


async def _term(connection: Connection) -> int:
    row = await (await connection.execute(_LOCK)).fetchone()
    if row is None or not row[0]:
        raise StoreBusy("another rankshift writes to this database")
    async with connection.transaction():
        # Until whoever is in the middle of a write has ended it.
        await connection.execute(_WAIT, (WRITER,))
        row = await (await connection.execute(_TAKE, (WRITER,))).fetchone()
    return int(row[0]) if row is not None else 0
