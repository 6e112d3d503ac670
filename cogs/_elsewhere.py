"""Servers that the gateway tells another process of: what Discord answers when it is asked."""

import discord
from discord.abc import GuildChannel

_NOT_FOR_US = (403, 404)


async def system_channel(client: discord.Client, guild_id: int) -> int | None:
    """Return the channel where a server wants to be told things, if we may write there.

    Raises what discord.py does, but where Discord says that we have no business there.
    """
    try:
        found = (await client.http.get_guild(guild_id, with_counts=False))["system_channel_id"]
        if found is None:
            return None
        allowed = await _permissions(client, guild_id, int(found))
    except discord.HTTPException as error:
        if error.status not in _NOT_FOR_US:
            raise
        return None
    may = allowed is not None and allowed.view_channel and allowed.send_messages
    return int(found) if may else None


async def may_read_history(client: discord.Client, place: object) -> bool:
    """Say whether we may read what stands in a place; between two of us, we may.

    Raises what discord.py does.
    """
    if not isinstance(place, GuildChannel | discord.Thread):
        return True
    where = place.parent_id if isinstance(place, discord.Thread) else place.id
    allowed = await _permissions(client, place.guild.id, where)
    return allowed is not None and allowed.read_message_history


async def _permissions(
    client: discord.Client, guild_id: int, channel_id: int
) -> discord.Permissions | None:
    """Return what we may do in a channel, None where there is none that we see."""
    guild = await client.fetch_guild(guild_id, with_counts=False)
    us = client.user
    me = await guild.fetch_member(us.id) if us is not None else None
    channel = next((each for each in await guild.fetch_channels() if each.id == channel_id), None)
    return channel.permissions_for(me) if channel is not None and me is not None else None
