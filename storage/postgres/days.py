"""The days of every board, with all their readings, and how far detection is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from bot.model import Day, Row
from storage.postgres.connections import Connection, Connections
from storage.postgres.documents import made, noun_of, text_of
from storage.protocol import Changes, Progress

_KNOWN = """
    SELECT date, as_of, origin, other, models, tokens, id FROM readings
    WHERE board = %s AND current AND date = ANY(%s)"""
_NEWER = """
    SELECT date, as_of, origin, other, models, tokens, revision FROM readings
    WHERE board = %(board)s AND current
        AND (date >= %(floor)s AND revision > %(seen)s OR date >= %(since)s AND date < %(floor)s)"""
_VERSIONS = """
    SELECT date, as_of, origin, other, models, tokens, id FROM readings
    WHERE board = %s AND date = %s AND NOT current
    ORDER BY as_of, id"""
_PUT = """
    INSERT INTO readings (board, current, revision, date, as_of, origin, other, models, tokens)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(slots=True)
class _Seen:
    """What is at hand of a board: the days from `floor` on, as of a revision."""

    floor: date = date.max
    revision: int = 0
    days: dict[date, Day] = field(default_factory=dict)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Days:
    """Read days once, and again what changed: each change of a board has a number of its own."""

    def __init__(self, connections: Connections, seen: dict[str, _Seen] | None = None) -> None:
        """Take the connections, and what is at hand already."""
        self._connections = connections
        self._seen = {} if seen is None else seen

    def over(self, connections: Connections) -> "Days":
        """Return the same days over other connections to the same database."""
        return Days(connections, self._seen)

    async def between(
        self, board: str, since: date | None, until: date | None
    ) -> Mapping[date, Day]:
        """See Store's days."""
        seen = self._seen.setdefault(board, _Seen())
        first, last = since or date.min, until or date.max
        async with seen.asking:  # else an older answer could take the place of a newer one
            await self._renew(board, seen, first)
            return {when: day for when, day in seen.days.items() if first <= when <= last}

    async def _renew(self, board: str, seen: _Seen, first: date) -> None:
        asked = {"board": board, "seen": seen.revision, "since": first, "floor": seen.floor}
        async with self._connections.reading() as connection:
            rows = await (await connection.execute(_NEWER, asked)).fetchall()
        if rows or first < seen.floor:
            found = await made(_dated, rows)
            newest = max((row[-1] for row in rows), default=0)
            seen.revision = max(seen.revision, newest)
            seen.floor = min(seen.floor, first)
            days = seen.days | {day.date: day for day in found}
            seen.days = dict(sorted(days.items()))

    async def put(self, board: str, days: Sequence[Day]) -> Changes:
        """See Store's put_days."""
        async with self._connections.writing() as connection:
            putting = await _Putting.of(connection, board, days)
            for day in days:
                await putting.put(day)
            await putting.end()
            return putting.changes

    async def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """See Store."""
        async with self._connections.reading() as connection:
            rows = await (await connection.execute(_VERSIONS, (board, day))).fetchall()
        return tuple(map(_dated, rows))

    async def progress(self, board: str) -> Progress:
        """See Store."""
        async with self._connections.reading() as connection:
            return await _progress(connection, board)


class _Putting:
    """Days that are put into a board within one transaction."""

    def __init__(
        self, connection: Connection, board: str, revision: int, known: dict[date, tuple[Day, int]]
    ) -> None:
        self._connection = connection
        self._board = board
        self._revision = revision
        self._known = known
        self.added: set[date] = set()
        self.restated: set[date] = set()

    @classmethod
    async def of(cls, connection: Connection, board: str, days: Sequence[Day]) -> "_Putting":
        """Begin: nobody else puts days into the board until the transaction ends."""
        revision = await lock_board(connection, board) + 1
        dates = [day.date for day in days]
        rows = await (await connection.execute(_KNOWN, (board, dates))).fetchall()
        known = {row[0]: (_dated(row), row[-1]) for row in rows}
        return cls(connection, board, revision, known)

    @property
    def changes(self) -> Changes:
        """Return the dates, ascending."""
        return Changes(tuple(sorted(self.added)), tuple(sorted(self.restated - self.added)))

    async def put(self, day: Day) -> None:
        """Put a day: as it is, in place of another reading, beside a newer one, or not at all."""
        stored = self._known.get(day.date)
        if stored is None:
            await self._insert(day, current=True)
            self.added.add(day.date)
        elif (day.rows, day.other) == (stored[0].rows, stored[0].other):
            return
        elif day.as_of < stored[0].as_of:
            await self._keep_beside(day)
        else:
            await self._drop_beside(stored[0])
            await self._connection.execute(
                "UPDATE readings SET current = false WHERE id = %s", (stored[1],)
            )
            await self._drop_beside(day, but=stored[1])
            await self._insert(day, current=True)
            self.restated.add(day.date)

    async def end(self) -> None:
        """Note that the board changed, and forget the memories from the first change on."""
        oldest = min(self.added | self.restated, default=None)
        if oldest is None:
            return
        progress = await _progress(self._connection, self._board)
        kept = tuple(m for m in progress.memories if m.through < oldest)
        if kept != progress.memories:
            await keep_progress(self._connection, self._board, replace(progress, memories=kept))
        await self._connection.execute(
            "UPDATE boards SET revision = %s WHERE name = %s", (self._revision, self._board)
        )

    async def _insert(self, day: Day, *, current: bool) -> None:
        values = values_of(day)
        row = (self._board, current, self._revision, *values)
        found = await (await self._connection.execute(_PUT + " RETURNING id", row)).fetchone()
        if current and found is not None:
            self._known[day.date] = (day, found[0])

    async def _keep_beside(self, day: Day) -> None:
        if all(other != day for other, _ in await self._beside(day.date)):
            await self._insert(day, current=False)

    async def _drop_beside(self, day: Day, but: int | None = None) -> None:
        same = [at for other, at in await self._beside(day.date) if other == day and at != but]
        await self._connection.execute("DELETE FROM readings WHERE id = ANY(%s)", (same,))

    async def _beside(self, day: date) -> list[tuple[Day, int]]:
        rows = await (await self._connection.execute(_VERSIONS, (self._board, day))).fetchall()
        return [(_dated(row), row[-1]) for row in rows]


async def lock_board(connection: Connection, board: str) -> int:
    """Let nobody else change a board until the transaction ends; return its revision."""
    name = (board,)
    await connection.execute("INSERT INTO boards (name) VALUES (%s) ON CONFLICT DO NOTHING", name)
    found = await connection.execute("SELECT revision FROM boards WHERE name = %s FOR UPDATE", name)
    row = await found.fetchone()
    return int(row[0]) if row is not None else 0


async def keep_progress(connection: Connection, board: str, progress: Progress) -> None:
    """Keep how far a board is."""
    await connection.execute(
        "UPDATE boards SET progress = %s WHERE name = %s", (text_of(progress), board)
    )


async def _progress(connection: Connection, board: str) -> Progress:
    asked = "SELECT progress::text FROM boards WHERE name = %s AND progress IS NOT NULL"
    row = await (await connection.execute(asked, (board,))).fetchone()
    return Progress((), None) if row is None else noun_of(Progress, row[0])


def values_of(day: Day) -> tuple[Any, ...]:
    """Return a day's columns, from its date to its tokens."""
    models = [row.model for row in day.rows]
    tokens = [Decimal(row.tokens) for row in day.rows]
    other = None if day.other is None else Decimal(day.other)
    return day.date, day.as_of, day.origin, other, models, tokens


def _dated(row: Sequence[Any]) -> Day:
    when, as_of, origin, other, models, tokens, *_ = row
    rows = tuple(Row(model, int(count)) for model, count in zip(models, tokens, strict=True))
    left = None if other is None else int(other)
    return Day(when, rows, left, as_of.astimezone(UTC), origin)
