"""What another store held, put into empty tables as it was."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot.knowledge import CatalogueEntry
from bot.model import Day
from bot.states import State
from bot.subscription import Change, Channel, Subscription
from storage.postgres.channel_rows import note, put_channel_row, subscription_row
from storage.postgres.connections import Connection
from storage.postgres.days import lock_board, values_of
from storage.postgres.documents import text_of

_MOVED = "moved"
_TABLES = (
    *("readings", "milestones", "deliveries", "subscriptions", "channels", "changes"),
    *("absences", "catalogue", "states", "requests"),
)


async def moved_at(connection: Connection) -> datetime | None:
    """Return when (UTC) a folder was moved here, None if that never happened."""
    found = await connection.execute("SELECT said FROM notes WHERE name = %s", (_MOVED,))
    row = await found.fetchone()
    return None if row is None else datetime.fromisoformat(row[0])


async def note_moved(connection: Connection, now: datetime) -> None:
    """Note that a folder was moved here at `now` (UTC)."""
    said = now.astimezone(UTC).isoformat()
    await connection.execute("INSERT INTO notes VALUES (%s, %s)", (_MOVED, said))


async def filled(connection: Connection) -> str | None:
    """Return the name of a table that holds anything, None if all are empty."""
    for table in _TABLES:
        found = await connection.execute(f"TABLE {table} LIMIT 1".encode())
        if await found.fetchone() is not None:
            return table
    return None


async def take_days(
    connection: Connection, board: str, days: Sequence[Day], versions: Sequence[Day]
) -> None:
    """Keep days, and other readings of them."""
    revision = await lock_board(connection, board) + 1
    put = """
        INSERT INTO readings
            (board, revision, current, date, as_of, origin, other, models, tokens)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
    async with connection.cursor() as cursor:
        rows = [(board, revision, True, *values_of(day)) for day in days]
        rows += [(board, revision, False, *values_of(day)) for day in versions]
        await cursor.executemany(put, rows)
    await connection.execute("UPDATE boards SET revision = %s WHERE name = %s", (revision, board))


async def take_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Keep changes, oldest first."""
    for change in changes:
        await note(connection, change)


async def take_settings(
    connection: Connection, subscriptions: Sequence[Subscription], channels: Sequence[Channel]
) -> None:
    """Keep subscriptions and channels."""
    put = """
        INSERT INTO subscriptions (channel_id, number, guild_id, created_by, document)
        VALUES (%s, %s, %s, %s, %s)"""
    async with connection.cursor() as cursor:
        await cursor.executemany(put, map(subscription_row, subscriptions))
    for channel in channels:
        await put_channel_row(connection, channel)


async def take_catalogue(connection: Connection, entries: Sequence[CatalogueEntry]) -> None:
    """Keep the catalogue."""
    async with connection.cursor() as cursor:
        rows = [(entry.model, text_of(entry)) for entry in entries]
        await cursor.executemany("INSERT INTO catalogue VALUES (%s, %s)", rows)


async def take_others(
    connection: Connection,
    absences: Mapping[int, datetime],
    requests: Sequence[datetime],
    states: Sequence[State],
    commands: str | None,
) -> None:
    """Keep the rest."""
    async with connection.cursor() as cursor:
        await cursor.executemany("INSERT INTO absences VALUES (%s, %s)", absences.items())
        moments = [(moment,) for moment in requests]
        await cursor.executemany("INSERT INTO requests VALUES (%s)", moments)
        put = "INSERT INTO states (board, document) VALUES (%s, %s)"
        await cursor.executemany(put, [(state.board, text_of(state)) for state in states])
    if commands is not None:
        await connection.execute("INSERT INTO notes VALUES ('commands', %s)", (commands,))
