"""What changes by itself: catalogue, requests, states, and what Discord took of our commands."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.knowledge import CatalogueEntry
from bot.states import State
from storage.postgres.connections import Connections
from storage.postgres.documents import nouns, text_of

_COMMANDS = "commands"


class Besides:
    """Keep the catalogue, when the source was asked, states, and a note of the commands."""

    def __init__(self, connections: Connections) -> None:
        """Take the connections."""
        self._connections = connections

    async def catalogue(self) -> tuple[CatalogueEntry, ...]:
        """See Store."""
        async with self._connections.reading() as connection:
            found = await connection.execute("SELECT document::text FROM catalogue ORDER BY model")
            return await nouns(CatalogueEntry, await found.fetchall())

    async def put_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """See Store."""
        rows = [(entry.model, text_of(entry)) for entry in entries]
        async with self._connections.writing() as connection:
            await connection.execute("DELETE FROM catalogue")
            async with connection.cursor() as cursor:
                await cursor.executemany("INSERT INTO catalogue VALUES (%s, %s)", rows)

    async def synced_commands(self) -> str | None:
        """See Store."""
        async with self._connections.reading() as connection:
            found = await connection.execute("SELECT said FROM notes WHERE name = %s", (_COMMANDS,))
            row = await found.fetchone()
        return None if row is None else str(row[0])

    async def put_synced_commands(self, fingerprint: str) -> None:
        """See Store."""
        async with self._connections.writing() as connection:
            await connection.execute(
                """INSERT INTO notes VALUES (%s, %s)
                ON CONFLICT (name) DO UPDATE SET said = excluded.said""",
                (_COMMANDS, fingerprint),
            )

    async def requests(self) -> tuple[datetime, ...]:
        """See Store."""
        async with self._connections.reading() as connection:
            found = await connection.execute("SELECT moment FROM requests ORDER BY moment")
            return tuple(row[0].astimezone(UTC) for row in await found.fetchall())

    async def put_requests(self, moments: Sequence[datetime]) -> None:
        """See Store."""
        async with self._connections.writing() as connection:
            await connection.execute("DELETE FROM requests")
            async with connection.cursor() as cursor:
                rows = [(moment,) for moment in moments]
                await cursor.executemany("INSERT INTO requests VALUES (%s)", rows)

    async def states(self) -> tuple[State, ...]:
        """See Store."""
        async with self._connections.reading() as connection:
            found = await connection.execute("SELECT document::text FROM states ORDER BY id")
            return await nouns(State, await found.fetchall())

    async def put_states(self, board: str, states: Sequence[State]) -> None:
        """See Store."""
        rows = [(board, text_of(state)) for state in states]
        async with self._connections.writing() as connection:
            await connection.execute("DELETE FROM states WHERE board = %s", (board,))
            async with connection.cursor() as cursor:
                put = "INSERT INTO states (board, document) VALUES (%s, %s)"
                await cursor.executemany(put, rows)
