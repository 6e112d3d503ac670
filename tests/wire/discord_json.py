"""How Discord shows what it keeps, over REST and gateway alike."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.wire.discord_schema import (
    DM,
    FORUM,
    MEDIA,
    VIEW,
    Actor,
    Attachment,
    Channel,
    Guild,
    Json,
    Message,
    Role,
    Thread,
)
from tests.wire.discord_world import World

REQUIRE_TAG = 1 << 4


def user_json(user_id: int, name: str) -> Json:
    """Show a user."""
    shown = {"id": str(user_id), "username": name, "global_name": name}
    return {**shown, "discriminator": "0", "avatar": None}


def bot_json(world: World) -> Json:
    """Show the bot's user."""
    return {**user_json(world.settings.bot_id, world.settings.bot_name), "bot": True}


def application_json(world: World) -> Json:
    """Show the application as the bot sees its own."""
    return {
        "id": str(world.settings.bot_id),
        "name": world.settings.bot_name,
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": user_json(Actor().id, Actor().name),
        "team": None,
        "integration_types_config": {"0": {}, "1": {}},
    }


def guild_json(world: World, guild: Guild) -> Json:
    """Show a guild as GUILD_CREATE does."""
    places = world.places(guild.id)
    shown = settings_json(guild)
    return shown | {
        "member_count": 2,
        "members": [member_json(world, guild)],
        "channels": [channel_json(each) for each in places if each.thread is None],
        "threads": [channel_json(each) for each in active_threads(world, guild)],
    }


def active_threads(world: World, guild: Guild) -> list[Channel]:
    """List a guild's active threads that the bot may see, oldest first."""
    threads = [each for each in world.places(guild.id) if each.thread and not each.thread.archived]
    return [each for each in threads if world.bot_permissions(each) & VIEW]


def settings_json(guild: Guild) -> Json:
    """Show a guild as GUILD_UPDATE does."""
    system = guild.system_channel_id
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "preferred_locale": guild.locale,
        "system_channel_id": None if system is None else str(system),
        "system_channel_flags": 0,
        "roles": [role_json(guild, role) for role in guild.roles],
        "features": [],
    }


def member_json(world: World, guild: Guild) -> Json:
    """Show the bot as a member of a guild."""
    ours = [str(each) for each in guild.ours]
    return {"user": bot_json(world), "roles": ours, "flags": 0, "joined_at": None}


def channel_json(channel: Channel) -> Json:
    """Show a channel; a DM's name is the id of the person at its other end."""
    if channel.guild_id is None:
        person = user_json(int(channel.name), "somebody")
        return {"id": str(channel.id), "type": DM, "recipients": [person]}
    if channel.thread is not None:
        return _thread_json(channel, channel.thread)
    forum = _forum_json(channel) if channel.kind in {FORUM, MEDIA} else {}
    return forum | {
        "id": str(channel.id),
        "type": channel.kind,
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": 0,
        "permission_overwrites": [
            {"id": str(o.id), "type": int(o.member), "allow": str(o.allow), "deny": str(o.deny)}
            for o in channel.overwrites
        ],
    }


def _forum_json(channel: Channel) -> Json:
    plain = {"emoji_id": None, "emoji_name": None}
    tags = [
        {"id": str(each.id), "name": each.name, "moderated": each.moderated, **plain}
        for each in channel.tags
    ]
    flags = REQUIRE_TAG if channel.requires_tag else 0
    return {"available_tags": tags, "flags": flags, "default_forum_layout": 0, "topic": None}


def _thread_json(channel: Channel, thread: Thread) -> Json:
    ours = {"id": str(channel.id), "flags": 0, "join_timestamp": _iso(thread.archived_at)}
    return {
        "id": str(channel.id),
        "type": channel.kind,
        "guild_id": str(channel.guild_id),
        "parent_id": str(thread.parent_id),
        "owner_id": str(thread.owner_id),
        "name": channel.name,
        "flags": 0,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "applied_tags": [str(each) for each in thread.tags],
        "thread_metadata": {
            "archived": thread.archived,
            "locked": thread.locked,
            "archive_timestamp": _iso(thread.archived_at),
            "auto_archive_duration": 4320,
        },
        **({"member": ours} if thread.joined else {}),
    }


def role_json(guild: Guild, role: Role) -> Json:
    """Show a role."""
    shown: Json = {"id": str(role.id), "name": role.name, "permissions": str(role.permissions)}
    shown |= {"mentionable": role.mentionable, "managed": guild.ours[:1] == (role.id,)}
    place = [each.id for each in guild.roles].index(role.id)
    return {**shown, "position": place, "color": 0, "hoist": False}


def message_json(world: World, message: Message) -> Json:
    """Show a message as REST does; of other people's, bots see no content without the intent."""
    author = message.author
    urls = {f"attachment://{one.filename}": _url(message, one) for one in message.attachments}
    edited = message.edited_at
    return {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": bot_json(world) if author is None else user_json(author.id, author.name),
        "type": 0,
        "content": message.content if author is None else "",
        "timestamp": _iso(message.sent_at),
        "edited_timestamp": None if edited is None else _iso(edited),
        "flags": message.flags,
        "embeds": _with_urls(message.embeds, urls),
        "components": _with_urls(message.components, urls),
        "attachments": [_attachment_json(message, one) for one in message.attachments],
        "mentions": [],
        "mention_roles": [str(each) for each in message.pinged],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        **({} if message.nonce is None else {"nonce": message.nonce}),
    }


def _attachment_json(message: Message, one: Attachment) -> Json:
    url = _url(message, one)
    shown: Json = {"id": str(one.id), "filename": one.filename, "size": one.size}
    return {**shown, "url": url, "proxy_url": url, "description": one.description}


def _url(message: Message, one: Attachment) -> str:
    return f"https://cdn.invalid/attachments/{message.channel_id}/{one.id}/{one.filename}"


def _with_urls(value: Any, urls: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_urls(item, urls) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_urls(item, urls) for item in value]
    return urls.get(value, value) if isinstance(value, str) else value


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
