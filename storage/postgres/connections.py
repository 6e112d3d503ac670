"""Connections to a PostgreSQL server: pooled, limited in time, made anew when they broke."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import psycopg
import structlog
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from bot.errors import StoreBusy, StoreError

Connection: TypeAlias = psycopg.AsyncConnection[TupleRow]

MOST = 8
"""Connections of one process."""

PATIENCE = timedelta(seconds=5)
"""How long a piece of work waits for a connection while the server is away."""

_STATEMENT = timedelta(seconds=30)
_IDLE = timedelta(seconds=5)
_CHECKED = timedelta(seconds=1)


def options(**more: str) -> Mapping[str, Any]:
    """Return how a connection of ours behaves: all limits, whatever the server's defaults are.

    Dead peers are noticed within about ten seconds on both sides.
    """
    said = {
        "statement_timeout": _milliseconds(_STATEMENT),
        "idle_in_transaction_session_timeout": _milliseconds(_IDLE),
        "client_connection_check_interval": _milliseconds(_CHECKED),
        "timezone": "UTC",
        **more,
    }
    return {
        "options": " ".join(f"-c {name}={value}" for name, value in said.items()),
        "application_name": "rankshift",
        "connect_timeout": int(PATIENCE.total_seconds()),
        "keepalives_idle": 3,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    }


@dataclass(frozen=True, slots=True)
class Fence:
    """The office and the term that a write belongs to."""

    office: str
    term: int


_FENCE = "SELECT 1 FROM offices WHERE name = %s AND term = %s FOR KEY SHARE"


class Connections:
    """Lend connections, and turn what goes wrong with them into StoreError.

    A connection that broke is made anew with back-off, by the pool; whoever asks meanwhile waits
    for PATIENCE.
    """

    def __init__(self, url: str, fence: Fence | None = None, pool: "_Pool | None" = None) -> None:
        """Take the server's address, a `postgresql://` URL, and the term that writes belong to."""
        self._url = url
        self._fence = fence
        self._pool = pool or _Pool(url)

    def within(self, fence: Fence) -> "Connections":
        """Return the same connections, whose writes count within a term alone."""
        return Connections(self._url, fence, self._pool)

    async def open(self) -> None:
        """Connect. Raises StoreError, which says why, when the server does not let us."""
        with typed_errors():
            # The pool would try again and again, and say nothing but that it was too late.
            await (await psycopg.AsyncConnection.connect(self._url, **options())).close()
            await self._pool.lent_from.open()

    async def close(self) -> None:
        """Disconnect."""
        await self._pool.lent_from.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection on which each statement stands for itself. Raises StoreError."""
        with typed_errors():
            async with self._pool.lent() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Lend a connection for one transaction: all of it or nothing.

        Raises StoreError, StoreBusy when the term is over that the write belongs to.
        """
        with typed_errors():
            async with self._pool.lent() as connection, connection.transaction():
                if self._fence is not None:
                    await _check_term(connection, self._fence)
                yield connection


class _Pool:
    """The connections of a process; that the server is away is logged once each way."""

    def __init__(self, url: str) -> None:
        self.lent_from: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=MOST,
            timeout=PATIENCE.total_seconds(),
            kwargs={**options(), "autocommit": True},
            check=AsyncConnectionPool.check_connection,
            open=False,
        )
        self._away = False
        self._log = structlog.get_logger()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Connection]:
        try:
            connection = await self.lent_from.getconn()
        except (psycopg.OperationalError, PoolTimeout) as error:
            self._note_away(str(error))
            raise
        self._note_back()
        try:
            yield connection
        finally:
            await self.lent_from.putconn(connection)

    def _note_away(self, problem: str) -> None:
        if not self._away:
            self._away = True
            self._log.error("database away", problem=problem)

    def _note_back(self) -> None:
        if self._away:
            self._away = False
            self._log.warning("database back")


async def _check_term(connection: Connection, fence: Fence) -> None:
    # Whoever begins a term waits until the transaction has ended, and no later one gets past here.
    asked = (fence.office, fence.term)
    if await (await connection.execute(_FENCE, asked)).fetchone() is None:
        raise StoreBusy(f"another rankshift is the {fence.office} now")


@contextmanager
def typed_errors() -> Iterator[None]:
    """Turn what the driver raises into StoreError, which says what PostgreSQL said."""
    try:
        yield
    except (psycopg.Error, PoolClosed, PoolTimeout, TooManyRequests, TimeoutError) as error:
        raise StoreError(f"PostgreSQL: {_one_line(error)}") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"PostgreSQL: cannot be written: {error}") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _milliseconds(span: timedelta) -> str:
    return str(span // timedelta(milliseconds=1))
