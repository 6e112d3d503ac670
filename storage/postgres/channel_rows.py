"""Rows of channels, subscriptions and changes, within the transaction of whoever changes them."""

from collections.abc import Mapping
from typing import Any

from bot.subscription import CHANGES_KEPT, Change, Channel, Subscription
from storage.postgres import deliveries
from storage.postgres.connections import Connection
from storage.postgres.documents import noun_of, text_of

CHANNELS = "SELECT document::text FROM channels "
_PUT_CHANNEL = """
    INSERT INTO channels (channel_id, guild_id, paused, document) VALUES (%s, %s, %s, %s)
    ON CONFLICT (channel_id) DO UPDATE SET guild_id = excluded.guild_id,
        paused = excluded.paused, document = excluded.document"""
_TRIM = """
    DELETE FROM changes WHERE guild_id = %(guild)s AND id <= (
        SELECT id FROM changes WHERE guild_id = %(guild)s
        ORDER BY id DESC OFFSET %(kept)s LIMIT 1)"""


def subscription_row(one: Subscription) -> tuple[object, ...]:
    """Return a subscription's columns."""
    return one.channel_id, one.number, one.guild_id, one.created_by, text_of(one)


async def rows_of(connection: Connection, query: str, asked: Mapping[str, object]) -> list[Any]:
    """Return the rows of a query of ours."""
    found = await connection.execute(query, asked)
    return list(await found.fetchall())


async def lock_channel(connection: Connection, channel_id: int) -> None:
    """Let nobody else change what is set for a channel until the transaction ends."""
    signed = channel_id - (1 << 64 if channel_id >= 1 << 63 else 0)
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (signed,))


async def channel_of(connection: Connection, channel_id: int) -> Channel | None:
    """Return a channel's settings, None if it has none."""
    rows = await rows_of(connection, CHANNELS + "WHERE channel_id = %(at)s", {"at": channel_id})
    return noun_of(Channel, rows[0][0]) if rows else None


async def put_channel_row(connection: Connection, channel: Channel) -> None:
    """Keep a channel's settings, its pause too."""
    paused = channel.paused is not None
    row = (channel.channel_id, channel.guild_id, paused, text_of(channel))
    await connection.execute(_PUT_CHANNEL, row)


async def subscribed(connection: Connection, channel_id: int) -> bool:
    """Say whether a channel has a subscription."""
    asked = "SELECT 1 FROM subscriptions WHERE channel_id = %(at)s LIMIT 1"
    return bool(await rows_of(connection, asked, {"at": channel_id}))


async def drop_unless_subscribed(connection: Connection, channel_id: int) -> None:
    """Drop the settings of a channel that has no subscription."""
    await connection.execute(
        """DELETE FROM channels WHERE channel_id = %s
        AND channel_id NOT IN (SELECT channel_id FROM subscriptions)""",
        (channel_id,),
    )


async def end(connection: Connection, channel_id: int, change: Change | None) -> None:
    """Note a change; what is unsent goes with a channel that is gone."""
    await note(connection, change)
    if await channel_of(connection, channel_id) is None:
        await deliveries.drop_unsent(connection, channel_id)


async def note(connection: Connection, change: Change | None) -> None:
    """Keep a change, if there is one; the oldest of its server goes when there are too many."""
    if change is None:
        return
    await connection.execute(
        "INSERT INTO changes (guild_id, who, document) VALUES (%s, %s, %s)",
        (change.guild_id, change.who, text_of(change)),
    )
    await connection.execute(_TRIM, {"guild": change.guild_id, "kept": CHANGES_KEPT})
