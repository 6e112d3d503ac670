"""Deliveries, whatever their state, in one table."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.delivery import LATE, LONGEST_HELD, Delivery
from bot.turns import next_claims
from storage._rows import Place, ended_if_missed, ended_if_too_old
from storage._settled import aged
from storage.postgres.connections import Connection, Connections
from storage.postgres.documents import noun_of, nouns, text_of
from storage.protocol import KEPT_SLIM, KEPT_WHOLE, Claimed

_GET = "SELECT document::text FROM deliveries "
_OPEN = _GET + "WHERE state IN ('pending', 'sending') "
_NOT_PAUSED = "AND channel_id NOT IN (SELECT channel_id FROM channels WHERE paused) "
_PAUSED = "AND channel_id IN (SELECT channel_id FROM channels WHERE paused) "
_IN_ORDER = "ORDER BY number"
_OLDEST_FIRST = "ORDER BY created_at, key"
_OF_KEYS = """
    SELECT document::text FROM deliveries JOIN unnest(%s::text[]) WITH ORDINALITY AS asked (key, at)
    USING (key) ORDER BY at"""
_PLACE = """(%(guild)s::numeric IS NULL OR guild_id = %(guild)s)
    AND (%(channel)s::numeric IS NULL OR channel_id = %(channel)s) """
_OWE = """
    INSERT INTO deliveries
        (key, channel_id, guild_id, kind, state, created_at, milestones, slim, document)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING"""
_SAVE = """
    UPDATE deliveries SET channel_id = %s, guild_id = %s, kind = %s, state = %s, created_at = %s,
        milestones = %s, slim = %s, document = %s
    WHERE key = %s RETURNING key"""
_OPEN_OR_LOCKED = """
    WITH mine AS (
        SELECT key, document::text AS text FROM deliveries
        WHERE channel_id = ANY(%(channels)s) AND state IN ('pending', 'sending')
        FOR UPDATE SKIP LOCKED)
    SELECT channel_id, text FROM deliveries LEFT JOIN mine USING (key)
    WHERE channel_id = ANY(%(channels)s) AND state IN ('pending', 'sending') """
_AT_ONCE = 1000

OWED = "rankshift_owed"
"""On what channel of the server is told that there is something new to send."""


class Deliveries:
    """Read deliveries, keep what becomes of them, and let go of old ones."""

    def __init__(self, connections: Connections) -> None:
        """Take the connections."""
        self._connections = connections

    async def open(self, channel_id: int | None) -> tuple[Delivery, ...]:
        """See Store's open_deliveries."""
        if channel_id is None:
            return await self._all(_OPEN + _NOT_PAUSED + _IN_ORDER)
        there = "AND channel_id = %(channel)s "
        return await self._all(_OPEN + _NOT_PAUSED + there + _IN_ORDER, channel=channel_id)

    async def held(self) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._all(_GET + "WHERE state = 'held' " + _NOT_PAUSED + _IN_ORDER)

    async def find(self, keys: Sequence[str]) -> tuple[Delivery, ...]:
        """See Store's deliveries."""
        async with self._connections.reading() as connection:
            rows = await (await connection.execute(_OF_KEYS, (list(keys),))).fetchall()
        return await nouns(Delivery, rows)

    async def posts(self, since: datetime | None, guild_id: int | None) -> tuple[Delivery, ...]:
        """See Store."""
        wanted = "WHERE kind = 'alert' AND state IN ('pending', 'sending', 'sent') AND " + _PLACE
        if since is not None:
            wanted += "AND created_at >= %(since)s "
        return await self._all(
            _GET + wanted + _OLDEST_FIRST, guild=guild_id, channel=None, since=since
        )

    async def about(self, milestone: str, channel_id: int) -> tuple[Delivery, ...]:
        """See Store."""
        wanted = "WHERE kind = 'alert' AND channel_id = %(channel)s AND milestones @> %(told)s "
        return await self._all(_GET + wanted + _OLDEST_FIRST, channel=channel_id, told=[milestone])

    async def alerts_with(
        self, milestones: Sequence[str], guild_id: int | None
    ) -> tuple[Delivery, ...]:
        """See Store."""
        wanted = "WHERE kind = 'alert' AND state IN ('sending', 'sent') AND milestones && %(told)s "
        return await self._all(
            _GET + wanted + "AND " + _PLACE + _IN_ORDER,
            told=list(milestones),
            guild=guild_id,
            channel=None,
        )

    async def kept(self, place: Place) -> tuple[Delivery, ...]:
        """See Store."""
        return await self._all(
            _GET + "WHERE " + _PLACE + _OLDEST_FIRST, guild=place.guild_id, channel=place.channel_id
        )

    async def save(self, deliveries: Sequence[Delivery]) -> frozenset[str]:
        """See Store's save_deliveries."""
        async with self._connections.writing() as connection:
            return await save(connection, deliveries)

    async def waiting(self) -> tuple[int, ...]:
        """See Store."""
        asked = "SELECT channel_id FROM deliveries WHERE state IN ('pending', 'sending') "
        asked += _NOT_PAUSED + "GROUP BY channel_id ORDER BY min(number)"
        async with self._connections.reading() as connection:
            rows = await (await connection.execute(asked.encode())).fetchall()
        return tuple(int(row[0]) for row in rows)

    async def claim(
        self, channels: Collection[int], now: datetime, outcomes: Sequence[Delivery]
    ) -> Claimed:
        """See Store."""
        async with self._connections.writing() as connection:
            await save(connection, outcomes)
            rows, again = await _locked(connection, channels)
            claims, later = next_claims(rows, now)
            await save(connection, claims)
        return Claimed(tuple(claims), later, again)

    async def tidy(self, now: datetime) -> None:
        """See Store: first what waits for too long, then what is old."""
        late = {"late": now - LATE, "held": now - LONGEST_HELD}
        missed = _GET + "WHERE state IN ('pending', 'sending') AND created_at < %(late)s "
        too_old = _GET + "WHERE state = 'held' AND created_at < %(held)s FOR UPDATE"
        async with self._connections.writing() as connection:
            found = await _nouns(connection, missed + _PAUSED + "FOR UPDATE", late)
            rows = [ended_if_missed(row, now) for row in found]
            found = await _nouns(connection, too_old, late)
            await save(connection, [*rows, *(ended_if_too_old(row, now) for row in found)])
        while await self._aged(now):
            pass
        async with self._connections.writing() as connection:
            ended = now - KEPT_WHOLE - KEPT_SLIM
            await connection.execute(
                "DELETE FROM deliveries WHERE slim AND created_at < %s", (ended,)
            )

    async def _aged(self, now: datetime) -> bool:
        """Make slim, or drop, some of what is old; say whether there was any."""
        old = """WHERE NOT slim AND state IN ('sent', 'dead', 'gathered')
            AND created_at < %(since)s ORDER BY created_at LIMIT %(most)s FOR UPDATE"""
        async with self._connections.writing() as connection:
            asked = {"since": now - KEPT_WHOLE, "most": _AT_ONCE}
            found = await _nouns(connection, _GET + old, asked)
            after = {row.key: aged(row, now) for row in found}
            await save(connection, [row for row in after.values() if row is not None], slim=True)
            gone = [key for key, row in after.items() if row is None]
            await connection.execute("DELETE FROM deliveries WHERE key = ANY(%s)", (gone,))
        return bool(found)

    async def _all(self, query: str, **asked: object) -> tuple[Delivery, ...]:
        async with self._connections.reading() as connection:
            return await _nouns(connection, query, asked)


async def owe(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Owe these, unless their keys are known, and tell whoever sends once that is kept."""
    async with connection.cursor() as cursor:
        # Some at a time: of a million, all at once would keep everything else waiting for seconds.
        for at in range(0, len(deliveries), _AT_ONCE):
            some = deliveries[at : at + _AT_ONCE]
            await cursor.executemany(
                _OWE, [(row.key, *_values(row), False, text_of(row)) for row in some]
            )
    if deliveries:
        await tell(connection)


async def take(connection: Connection, deliveries: Iterable[Delivery]) -> None:
    """Keep these as another store had them; slim ones have no nonce any more."""
    rows = [(row.key, *_values(row), not row.nonce, text_of(row)) for row in deliveries]
    async with connection.cursor() as cursor:
        await cursor.executemany(_OWE, rows)


async def tell(connection: Connection) -> None:
    """Tell whoever sends, once the transaction is kept, that there may be something to send."""
    await connection.execute("SELECT pg_notify(%s, '')", (OWED,))


async def save(
    connection: Connection, deliveries: Sequence[Delivery], *, slim: bool = False
) -> frozenset[str]:
    """Keep the new states of what is there, and return its keys."""
    if not deliveries:
        return frozenset()
    rows = [(*_values(row), slim, text_of(row), row.key) for row in deliveries]
    kept: set[str] = set()
    async with connection.cursor() as cursor:
        await cursor.executemany(_SAVE, rows, returning=True)
        async for result in cursor.results():
            kept.update(row[0] for row in await result.fetchall())
    return frozenset(kept)


async def drop_unsent(connection: Connection, channel_id: int) -> None:
    """Drop what is open, or held back, for a channel."""
    await connection.execute(
        """DELETE FROM deliveries
        WHERE channel_id = %s AND state IN ('pending', 'sending', 'held')""",
        (channel_id,),
    )


async def known(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Return which of these keys are those of deliveries, whatever their state."""
    asked = "SELECT key FROM deliveries WHERE key = ANY(%s)"
    rows = await (await connection.execute(asked, (list(keys),))).fetchall()
    return frozenset(row[0] for row in rows)


async def held_among(connection: Connection, keys: Sequence[str]) -> dict[str, Delivery]:
    """Return by key which of these are held back; they stay so until the transaction ends."""
    asked = _GET + "WHERE state = 'held' AND key = ANY(%(keys)s) FOR UPDATE"
    found = await _nouns(connection, asked, {"keys": list(keys)})
    return {row.key: row for row in found}


async def end_missed(connection: Connection, channel_id: int, now: datetime) -> None:
    """Give up what waited for a channel for too long by `now` (UTC)."""
    asked = _OPEN + "AND channel_id = %(channel)s FOR UPDATE"
    found = await _nouns(connection, asked, {"channel": channel_id})
    await save(connection, [ended_if_missed(row, now) for row in found])


async def _locked(
    connection: Connection, channels: Collection[int]
) -> tuple[dict[int, list[Delivery]], frozenset[int]]:
    """Return by channel what is open there, locked, and the channels that others have locked."""
    rows: dict[int, list[Delivery]] = {channel: [] for channel in channels}
    busy: set[int] = set()
    if channels:
        asked = _OPEN_OR_LOCKED + _NOT_PAUSED + _IN_ORDER
        found = await connection.execute(asked.encode(), {"channels": list(channels)})
        for channel, text in await found.fetchall():
            if text is None:
                busy.add(int(channel))
            else:
                rows[int(channel)].append(noun_of(Delivery, text))
    return {at: there for at, there in rows.items() if at not in busy}, frozenset(busy)


async def _nouns(
    connection: Connection, query: str, asked: Mapping[str, object]
) -> tuple[Delivery, ...]:
    found = await connection.execute(query, asked)
    return await nouns(Delivery, await found.fetchall())


def _values(row: Delivery) -> tuple[object, ...]:
    told = list(row.milestones)
    return row.channel_id, row.guild_id, str(row.kind), str(row.state), row.created_at, told
