"""Whether a subscription can be kept for a place as it is now."""

import discord

from bot.subscription import Manner
from bot.text import subscribing as told
from bot.text.say import Say
from cogs._drafts import Draft
from cogs._places import FORUMS, Known, lacking, our_permissions, permission_names


async def found(interaction: discord.Interaction, channel_id: int) -> Known | None:
    """Return a place of the server as it is known here, or else to Discord; None if we see none."""
    guild = interaction.guild
    if guild is None:
        return None
    known = guild.get_channel_or_thread(channel_id)
    if known is not None and known.type is not discord.ChannelType.private_thread:
        return known
    try:
        # Only Discord knows whether we are still in a private thread.
        return await guild.fetch_channel(channel_id)
    except (discord.Forbidden, discord.NotFound, discord.InvalidData):
        return None


def hindrance(place: Known, draft: Draft, say: Say) -> str:
    """Say what keeps a draft from being kept for a place; "" if nothing does."""
    missing = lacking(place, our_permissions(place))
    if missing:
        return told.closed(place.mention, permission_names(place, missing, say), say)
    if draft.role == place.guild.id:
        return told.not_everyone(say)
    if draft.role is not None and place.guild.get_role(draft.role) is None:
        return told.no_role(say)
    return ""


def manner_there(place: Known, draft: Draft) -> Manner:
    """Return how a draft's messages are put into a place."""
    news = place.type is discord.ChannelType.news
    mentions = (draft.role,) if draft.role else ()
    return Manner(place.type in FORUMS, bool(draft.publish) and news, mentions)


def unheard(place: Known, draft: Draft, say: Say) -> str:
    """Say that mentions will notify nobody there; "" if they will, or there are none."""
    role = place.guild.get_role(draft.role) if draft.role else None
    if role is None or role.mentionable or our_permissions(place).mention_everyone:
        return ""
    return told.unheard(role.mention, say)
