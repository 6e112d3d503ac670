"""Places where alerts can be posted, and what we must be allowed there."""

import discord
from discord import ChannelType, app_commands
from discord.abc import GuildChannel

from bot.text.say import Say

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "manage_threads": "Manage Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
}
"""What we must be allowed, in one place or another, before we post there; as Discord names it."""

FORUMS = (ChannelType.forum, ChannelType.media)
THREADS = (ChannelType.public_thread, ChannelType.private_thread, ChannelType.news_thread)
PLACES = (ChannelType.text, ChannelType.news, *THREADS, *FORUMS)

Named = app_commands.AppCommandChannel | app_commands.AppCommandThread
Known = GuildChannel | discord.Thread


def lacking(place: Named | Known, ours: discord.Permissions) -> list[str]:
    """Return the flags of NEEDED, in its order, that we lack for posting in a place."""
    needed = _needed(place)
    return [flag for flag in NEEDED if flag in needed and not getattr(ours, flag)]


def _needed(place: Named | Known) -> set[str]:
    needed = {"view_channel", "embed_links", "attach_files"}
    if place.type not in THREADS:
        needed.add("send_messages")
    if place.type in (*THREADS, *FORUMS):
        needed.add("send_messages_in_threads")
    if isinstance(place, discord.Thread | app_commands.AppCommandThread) and place.locked:
        needed.add("manage_threads")
    return needed


def permission_names(place: Named | Known, flags: list[str], say: Say) -> list[str]:
    """Return permissions as Discord names them for such a place."""
    return [_name(place, flag, say) for flag in flags]


def _name(place: Named | Known, flag: str, say: Say) -> str:
    if flag == "send_messages" and place.type in FORUMS:
        return say("Create Posts")
    name = NEEDED[flag]
    return say(name)


def our_permissions(place: Known | None) -> discord.Permissions:
    """Return what we may do in a place as far as is known here; nothing where it is not.

    What only follows from another permission's lack is not counted as lacking itself.
    """
    channel = place.parent if isinstance(place, discord.Thread) else place
    if channel is None or channel.guild.me is None:
        return discord.Permissions.none()
    return GuildChannel.permissions_for(channel, channel.guild.me)
