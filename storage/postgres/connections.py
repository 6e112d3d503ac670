"""Connections to a PostgreSQL server: pooled, limited in time, made anew when they broke."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
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


TermNow: TypeAlias = Callable[[], int]
"""Says what term whoever writes believes to be in."""

_FENCE = "SELECT 1 FROM offices WHERE name = 'writer' AND term = %s FOR KEY SHARE"


class Connections:
    """Lend connections, and turn what goes wrong with them into StoreError.

    A connection that broke is made anew with back-off, by the pool; whoever asks meanwhile waits
    for PATIENCE. That the server is away is logged when it begins and when it ends.
    """

    def __init__(self, url: str, term: TermNow | None = None) -> None:
        """Take the server's address, a `postgresql://` URL, and the term if writes name one."""
        self._term = term
        self._url = url
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
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

    async def open(self) -> None:
        """Connect. Raises StoreError, which says why, when the server does not let us."""
        with typed_errors():
            # The pool would try again and again, and say nothing but that it was too late.
            await (await psycopg.AsyncConnection.connect(self._url, **options())).close()
            await self._pool.open()

    async def close(self) -> None:
        """Disconnect."""
        await self._pool.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection on which each statement stands for itself. Raises StoreError."""
        with typed_errors():
            async with self._lent() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Lend a connection for one transaction: all of it or nothing.

        Raises StoreError, StoreBusy when another process has begun a term meanwhile.
        """
        with typed_errors():
            async with self._lent() as connection, connection.transaction():
                if self._term is not None:
                    await _check_term(connection, self._term())
                yield connection

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        try:
            connection = await self._pool.getconn()
        except (psycopg.OperationalError, PoolTimeout) as error:
            self._note_away(str(error))
            raise
        self._note_back()
        try:
            yield connection
        finally:
            await self._pool.putconn(connection)

    def _note_away(self, problem: str) -> None:
        if not self._away:
            self._away = True
            self._log.error("database away", problem=problem)

    def _note_back(self) -> None:
        if self._away:
            self._away = False
            self._log.warning("database back")


async def _check_term(connection: Connection, term: int) -> None:
    # Whoever begins a term waits until the transaction has ended, and no later one gets past here.
    if await (await connection.execute(_FENCE, (term,))).fetchone() is None:
        raise StoreBusy("another rankshift has begun to write to this database")


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
