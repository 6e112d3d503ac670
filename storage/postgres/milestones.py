"""Milestones, by board and date."""

from collections.abc import Sequence
from datetime import date

from bot.model import Milestone
from storage.postgres.connections import Connection, Connections
from storage.postgres.documents import nouns, text_of

_PUT = "INSERT INTO milestones (key, board, date, document) VALUES (%s, %s, %s, %s)"
_STAYS = " ON CONFLICT (key) DO NOTHING"
_GIVES_WAY = """ ON CONFLICT (key) DO UPDATE
    SET board = excluded.board, date = excluded.date, document = excluded.document"""
_SINCE = """
    SELECT document::text FROM milestones WHERE board = %s AND date >= %s ORDER BY date, key"""
_OF_KEYS = """
    SELECT document::text FROM milestones JOIN unnest(%s::text[]) WITH ORDINALITY AS asked (key, at)
    USING (key) ORDER BY at"""


class Milestones:
    """Read milestones."""

    def __init__(self, connections: Connections) -> None:
        """Take the connections."""
        self._connections = connections

    async def since(self, board: str, since: date | None) -> tuple[Milestone, ...]:
        """See Store's milestones."""
        async with self._connections.reading() as connection:
            found = await connection.execute(_SINCE, (board, since or date.min))
            rows = await found.fetchall()
        return await nouns(Milestone, rows)

    async def by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """See Store's milestones_by_key."""
        async with self._connections.reading() as connection:
            rows = await (await connection.execute(_OF_KEYS, (list(keys),))).fetchall()
        return await nouns(Milestone, rows)


async def put_milestones(
    connection: Connection, new: Sequence[Milestone], revised: Sequence[Milestone]
) -> None:
    """Keep new ones, unless their keys are known, and `revised` ones whatever is known."""
    async with connection.cursor() as cursor:
        await cursor.executemany(_PUT + _STAYS, map(_values, new))
        await cursor.executemany(_PUT + _GIVES_WAY, map(_values, revised))


def _values(one: Milestone) -> tuple[object, ...]:
    return one.key, one.board, one.date, text_of(one)
