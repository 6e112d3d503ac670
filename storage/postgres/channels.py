"""What people set for channels, with what is owed to these: each change one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.delivery import Delivery, DeliveryState, Gathering
from bot.subscription import (
    DIRECT,
    NOBODY,
    Change,
    Channel,
    Pause,
    Subscription,
    Wish,
)
from storage._gathered import gathered
from storage.postgres import deliveries
from storage.postgres.channel_rows import (
    CHANNELS,
    channel_of,
    drop_unless_subscribed,
    end,
    lock_channel,
    note,
    put_channel_row,
    rows_of,
    subscribed,
    subscription_row,
)
from storage.postgres.connections import Connection, Connections
from storage.postgres.documents import made, noun_of, nouns, text_of

_SUBSCRIPTIONS = "SELECT document::text FROM subscriptions "
_BY_CHANNEL = "ORDER BY channel_id, number"
_PUT_SUBSCRIPTION = """
    INSERT INTO subscriptions (channel_id, number, guild_id, created_by, document)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING number"""
_AMEND = """
    UPDATE subscriptions SET guild_id = %(guild)s, created_by = %(by)s, document = %(text)s
    WHERE channel_id = %(channel)s AND number = %(number)s RETURNING number"""
_GUILDS = """
    SELECT guild_id FROM subscriptions UNION SELECT guild_id FROM channels
    UNION SELECT guild_id FROM changes UNION SELECT guild_id FROM deliveries"""
_WISHES = 100_000
"""Different ones that are known again."""


class Channels:
    """Change subscriptions, channels, the trail of changes, and deliveries together."""

    def __init__(self, connections: Connections) -> None:
        """Take the connections."""
        self._connections = connections
        self._first_like = lru_cache(_WISHES)(_itself)

    async def subscriptions(self, guild_id: int | None) -> tuple[Subscription, ...]:
        """See Store. Equal wishes are the same object: routing looks at each of them once."""
        where = "" if guild_id is None else "WHERE guild_id = %(guild)s "
        async with self._connections.reading() as connection:
            query = _SUBSCRIPTIONS + where + _BY_CHANNEL
            rows = await rows_of(connection, query, {"guild": guild_id})
        return await made(self._subscription, rows)

    def _subscription(self, row: Sequence[Any]) -> Subscription:
        found = noun_of(Subscription, row[0])
        return replace(found, wish=self._first_like(found.wish))

    async def channels(self, guild_id: int | None) -> tuple[Channel, ...]:
        """See Store."""
        where = "" if guild_id is None else "WHERE guild_id = %(guild)s "
        async with self._connections.reading() as connection:
            query = CHANNELS + where + "ORDER BY channel_id"
            return await nouns(Channel, await rows_of(connection, query, {"guild": guild_id}))

    async def subscribe(self, one: Subscription, change: Change | None, *, new: bool) -> bool:
        """See Store; not `new`: amend."""
        text = text_of(one)
        async with self._connections.writing() as connection:
            await lock_channel(connection, one.channel_id)
            if new:
                done = await connection.execute(_PUT_SUBSCRIPTION, subscription_row(one))
            else:
                found = {"guild": one.guild_id, "by": one.created_by, "text": text}
                which = {"channel": one.channel_id, "number": one.number}
                done = await connection.execute(_AMEND, found | which)
            if await done.fetchone() is None:
                return False
            if await channel_of(connection, one.channel_id) is None:
                await put_channel_row(connection, Channel(one.channel_id, one.guild_id))
            await note(connection, change)
            return True

    async def unsubscribe(self, channel_id: int, number: int | None, change: Change | None) -> bool:
        """See Store."""
        async with self._connections.writing() as connection:
            await lock_channel(connection, channel_id)
            ended = await connection.execute(
                """DELETE FROM subscriptions WHERE channel_id = %(channel)s
                AND (%(number)s::int IS NULL OR number = %(number)s)""",
                {"channel": channel_id, "number": number},
            )
            channel = await channel_of(connection, channel_id)
            if channel is not None and channel.digest is None:
                await drop_unless_subscribed(connection, channel_id)
            await end(connection, channel_id, change if ended.rowcount else None)
            return ended.rowcount > 0

    async def put(self, channel: Channel, change: Change | None) -> None:
        """See Store's put_channel."""
        async with self._connections.writing() as connection:
            await lock_channel(connection, channel.channel_id)
            before = await channel_of(connection, channel.channel_id)
            after: Channel | None = replace(channel, paused=before.paused if before else None)
            if channel.digest is None and not await subscribed(connection, channel.channel_id):
                after = None
                await drop_unless_subscribed(connection, channel.channel_id)
            elif after is not None and after != before:
                await put_channel_row(connection, after)
            await end(connection, channel.channel_id, change if after != before else None)

    async def pause(self, channel_id: int, pause: Pause, notices: Sequence[Delivery]) -> bool:
        """See Store."""
        async with self._connections.writing() as connection:
            done = await _put_pause(connection, channel_id, pause)
            if done:
                await deliveries.owe(connection, notices)
            return done

    async def resume(self, channel_id: int, now: datetime) -> bool:
        """See Store; whoever sends is told."""
        async with self._connections.writing() as connection:
            done = await _put_pause(connection, channel_id, None)
            if done:
                await deliveries.end_missed(connection, channel_id, now)
                await deliveries.tell(connection)
            return done

    async def changes(self, guild_id: int) -> tuple[Change, ...]:
        """See Store."""
        asked = "SELECT document::text FROM changes WHERE guild_id = %(guild)s ORDER BY id DESC"
        async with self._connections.reading() as connection:
            return await nouns(Change, await rows_of(connection, asked, {"guild": guild_id}))

    async def changes_by(self, person: int) -> tuple[Change, ...]:
        """See Store."""
        asked = "SELECT document::text FROM changes WHERE who = %(who)s ORDER BY id"
        async with self._connections.reading() as connection:
            return await nouns(Change, await rows_of(connection, asked, {"who": person}))

    async def put_change(self, change: Change) -> None:
        """See Store."""
        async with self._connections.writing() as connection:
            await note(connection, change)

    async def gather(
        self, gatherings: Sequence[Gathering], digests: Mapping[int, datetime]
    ) -> None:
        """See Store."""
        touched = {each.delivery.channel_id for each in gatherings} | digests.keys()
        keys = [each.delivery.key for each in gatherings]
        wanted = [key for each in gatherings for key in each.held]
        async with self._connections.writing() as connection:
            for channel_id in sorted(touched):
                await lock_channel(connection, channel_id)
            found = {at: await channel_of(connection, at) for at in touched}
            there = {at: channel for at, channel in found.items() if channel is not None}
            await _put_dealt_with(connection, there, digests)
            known = await deliveries.known(connection, keys)
            held = await deliveries.held_among(connection, wanted)
            owed, told = gathered(gatherings, known, held, there)
            await deliveries.owe(connection, owed)
            await deliveries.save(connection, [_told(held[key], by) for key, by in told.items()])

    async def absences(self) -> Mapping[int, datetime]:
        """See Store."""
        asked = "SELECT guild_id, since FROM absences"
        async with self._connections.reading() as connection:
            rows = await rows_of(connection, asked, {})
        return {int(guild): since.astimezone(UTC) for guild, since in rows}

    async def note_absences(self, absent: Mapping[int, datetime], back: Collection[int]) -> None:
        """See Store."""
        put = "INSERT INTO absences VALUES (%s, %s) ON CONFLICT DO NOTHING"
        async with self._connections.writing() as connection:
            async with connection.cursor() as cursor:
                await cursor.executemany(put, sorted(absent.items()))
            await connection.execute(
                "DELETE FROM absences WHERE guild_id = ANY(%s::numeric[])", (list(back),)
            )

    async def guilds(self) -> frozenset[int]:
        """See Store."""
        async with self._connections.reading() as connection:
            return frozenset(int(row[0]) for row in await rows_of(connection, _GUILDS, {}))

    async def purge(self, guild_id: int) -> None:
        """See Store."""
        async with self._connections.writing() as connection:
            for statement in (
                "DELETE FROM subscriptions WHERE guild_id = %s",
                "DELETE FROM channels WHERE guild_id = %s",
                "DELETE FROM changes WHERE guild_id = %s",
                "DELETE FROM deliveries WHERE guild_id = %s",
                "DELETE FROM absences WHERE guild_id = %s",
            ):
                await connection.execute(statement, (guild_id,))

    async def purge_channel(self, channel_id: int) -> None:
        """See Store."""
        async with self._connections.writing() as connection:
            await lock_channel(connection, channel_id)
            for statement in (
                "DELETE FROM subscriptions WHERE channel_id = %s",
                "DELETE FROM channels WHERE channel_id = %s",
                "DELETE FROM deliveries WHERE channel_id = %s",
            ):
                await connection.execute(statement, (channel_id,))

    async def forget(self, person: int) -> None:
        """See Store; what the person watches stays theirs."""
        theirs = _SUBSCRIPTIONS + "WHERE created_by = %(who)s AND guild_id <> %(direct)s FOR UPDATE"
        made_by = "SELECT document::text, id FROM changes WHERE who = %(who)s FOR UPDATE"
        asked = {"who": person, "direct": DIRECT}
        async with self._connections.writing() as connection:
            found = await nouns(Subscription, await rows_of(connection, theirs, asked))
            for one in (replace(each, created_by=NOBODY) for each in found):
                which = {"channel": one.channel_id, "number": one.number}
                text = {"guild": one.guild_id, "by": NOBODY, "text": text_of(one)}
                await connection.execute(_AMEND, which | text)
            for text, number in await rows_of(connection, made_by, asked):
                change = replace(noun_of(Change, text), who=NOBODY)
                await connection.execute(
                    "UPDATE changes SET who = %s, document = %s WHERE id = %s",
                    (NOBODY, text_of(change), number),
                )


def _itself(wish: Wish) -> Wish:
    return wish


async def _put_pause(connection: Connection, channel_id: int, pause: Pause | None) -> bool:
    await lock_channel(connection, channel_id)
    channel = await channel_of(connection, channel_id)
    if channel is None or (channel.paused is None) is (pause is None):
        return False
    await put_channel_row(connection, replace(channel, paused=pause))
    return True


async def _put_dealt_with(
    connection: Connection, there: Mapping[int, Channel], digests: Mapping[int, datetime]
) -> None:
    for channel_id, moment in digests.items():
        channel = there.get(channel_id)
        if channel is not None and channel.digest and moment > channel.digest.after:
            digest = replace(channel.digest, after=moment)
            await put_channel_row(connection, replace(channel, digest=digest))


def _told(row: Delivery, by: str) -> Delivery:
    return replace(row, state=DeliveryState.GATHERED, about=by)
