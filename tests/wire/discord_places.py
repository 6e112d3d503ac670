"""Guilds, roles, channels and threads as people change them, and the events that tell of it."""

from dataclasses import replace
from typing import Any

from tests.wire.discord_gateway import Gateway
from tests.wire.discord_json import channel_json, guild_json, member_json, role_json, settings_json
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    EVERYDAY,
    FORUM,
    NEWS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    VIEW,
    Actor,
    Channel,
    Guild,
    Overwrite,
    Role,
    Tag,
    Thread,
)
from tests.wire.discord_world import World

ANN = Actor()


class Places:
    """What may change before or while a bot is connected."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway

    # Guilds and roles

    def add_guild(
        self,
        name: str = "guild",
        *,
        bot: int = EVERYDAY,
        everyone: int = VIEW,
        locale: str = "en-US",
    ) -> Guild:
        """Put the bot into a new server, with a role of its own that holds `bot` permissions."""
        guild_id = self.world.new_id()
        own = Role(self.world.new_id(), self.world.settings.bot_name, bot)
        roles = (Role(guild_id, "@everyone", everyone), own)
        guild = Guild(guild_id, name, ANN.id, roles, (own.id,), locale)
        self.world.guilds[guild.id] = guild
        self.gateway.dispatch("GUILD_CREATE", guild_json(self.world, guild), guild.id)
        return guild

    def change_guild(self, guild: Guild, **changes: Any) -> Guild:
        """Change a server, say its `system_channel_id`, and tell the bot."""
        changed = self._changed(guild, **changes)
        self.gateway.dispatch("GUILD_UPDATE", settings_json(changed), guild.id)
        return changed

    def remove_guild(self, guild: Guild) -> None:
        """Throw the bot out of a server."""
        del self.world.guilds[guild.id]
        for each in self.world.places(guild.id):
            if each.id in self.world.channels:
                self.world.drop(each.id)
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    def lose_guild(self, guild: Guild) -> None:
        """Make a server unavailable, as in an outage: the bot is in it still."""
        self.world.unavailable.add(guild.id)
        shown = {"id": str(guild.id), "unavailable": True}
        self.gateway.dispatch("GUILD_DELETE", shown, guild.id)

    def return_guild(self, guild: Guild) -> None:
        """Make a server available again."""
        self.world.unavailable.discard(guild.id)
        shown = guild_json(self.world, self.world.guilds[guild.id]) | {"unavailable": False}
        self.gateway.dispatch("GUILD_CREATE", shown, guild.id)

    def put_role(self, guild: Guild, role: Role) -> Guild:
        """Put a role, new or changed (`dataclasses.replace`), and tell the bot."""
        known = [each.id for each in self.world.guilds[guild.id].roles]
        event = "GUILD_ROLE_UPDATE" if role.id in known else "GUILD_ROLE_CREATE"
        kept = {each.id: each for each in self.world.guilds[guild.id].roles} | {role.id: role}
        changed = self._changed(guild, roles=tuple(kept.values()))
        shown = {"guild_id": str(guild.id), "role": role_json(changed, role)}
        self.gateway.dispatch(event, shown, guild.id)
        return changed

    def add_role(
        self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False
    ) -> Role:
        """Make a role that the bot does not hold."""
        role = Role(self.world.new_id(), name, permissions, mentionable)
        self.put_role(guild, role)
        return role

    def remove_role(self, guild: Guild, role: Role) -> Guild:
        """Delete a role."""
        kept = tuple(r for r in self.world.guilds[guild.id].roles if r.id != role.id)
        ours = tuple(r for r in self.world.guilds[guild.id].ours if r != role.id)
        changed = self._changed(guild, roles=kept, ours=ours)
        shown = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self.gateway.dispatch("GUILD_ROLE_DELETE", shown, guild.id)
        return changed

    def give_roles(self, guild: Guild, *roles: Role) -> Guild:
        """Let the bot hold exactly these roles besides @everyone."""
        changed = self._changed(guild, ours=tuple(each.id for each in roles))
        shown = member_json(self.world, changed) | {"guild_id": str(guild.id)}
        self.gateway.dispatch("GUILD_MEMBER_UPDATE", shown, guild.id)
        return changed

    def _changed(self, guild: Guild, **changes: Any) -> Guild:
        changed = replace(self.world.guilds[guild.id], **changes)
        self.world.guilds[guild.id] = changed
        return changed

    # Channels and threads

    def add_channel(
        self,
        guild: Guild,
        name: str = "general",
        *,
        kind: int = TEXT,
        overwrites: tuple[Overwrite, ...] = (),
    ) -> Channel:
        """Open a channel that is no thread; a forum may be given tags by `add_forum`."""
        return self.put_channel(Channel(self.world.new_id(), guild.id, name, kind, overwrites))

    def add_forum(
        self,
        guild: Guild,
        name: str = "forum",
        *,
        kind: int = FORUM,
        tags: tuple[str, ...] = (),
        requires_tag: bool = False,
    ) -> Channel:
        """Open a FORUM or MEDIA channel."""
        made = tuple(Tag(self.world.new_id(), each) for each in tags)
        new_id = self.world.new_id()
        return self.put_channel(
            Channel(new_id, guild.id, name, kind, tags=made, requires_tag=requires_tag)
        )

    def add_thread(
        self, parent: Channel, name: str = "thread", *, private: bool = False, joined: bool = False
    ) -> Channel:
        """Let a person open a thread in a channel; a private one is seen once joined."""
        kind = NEWS_THREAD if parent.kind == ANNOUNCEMENT else PUBLIC_THREAD
        thread = Thread(parent.id, ANN.id, archived_at=self.world.clock(), joined=joined)
        return self.put_channel(
            Channel(
                self.world.new_id(),
                parent.guild_id,
                name,
                PRIVATE_THREAD if private else kind,
                thread=thread,
            )
        )

    def change_thread(self, channel: Channel, **changes: Any) -> Channel:
        """Change a thread: `archived`, `locked`, `tags`, `joined`."""
        known = self.world.channels[channel.id]
        assert known.thread is not None
        at = self.world.clock() if "archived" in changes else known.thread.archived_at
        thread = replace(known.thread, archived_at=at, **changes)
        return self.put_channel(replace(known, thread=thread))

    def put_channel(self, channel: Channel) -> Channel:
        """Put a channel, new or changed (`dataclasses.replace`), and tell the bot."""
        new = channel.id not in self.world.channels
        self.world.place(channel)
        noun = "CHANNEL" if channel.thread is None else "THREAD"
        shown = channel_json(channel) | ({"newly_created": True} if new else {})
        event = f"{noun}_{'CREATE' if new else 'UPDATE'}"
        if self.world.bot_permissions(channel) or channel.thread is None:
            self.gateway.dispatch(event, shown, channel.guild_id)
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads, or a thread."""
        shown = channel_json(self.world.channels[channel.id])
        self.world.drop(channel.id)
        event = "CHANNEL_DELETE" if channel.thread is None else "THREAD_DELETE"
        self.gateway.dispatch(event, shown, channel.guild_id)
