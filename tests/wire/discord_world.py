"""What the loopback Discord keeps, in memory."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.wire.discord_mentions import pinged_roles
from tests.wire.discord_schema import (
    ADMINISTRATOR,
    DM,
    EPHEMERAL,
    EVERYDAY,
    EVERYTHING,
    LOADING,
    MANAGE_THREADS,
    MENTION_EVERYONE,
    PRIVATE_THREAD,
    Actor,
    Attachment,
    Channel,
    Clock,
    Files,
    Guild,
    Interaction,
    Json,
    Message,
    Request,
    Settings,
)

EPOCH_MS = 1_420_070_400_000
AHEAD = 1000 << 22  # a second


class World:
    """Everything this Discord knows; `nonce_span` (seconds) may be changed at any time."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.nonce_span = settings.nonce_span
        self.guilds: dict[int, Guild] = {}
        self.unavailable: set[int] = set()
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.forbidden: dict[int, int] = {}
        self.nonces: dict[str, tuple[float, int]] = {}
        self.commands: list[Json] = []
        self.command_puts = 0
        self.requests: list[Request] = []
        self.statuses: Counter[int] = Counter()
        self.violations: list[str] = []
        self._of_guild: dict[int | None, set[int]] = {}
        self._of_channel: dict[int, list[int]] = {}
        self._last_id = 0
        self._changed = asyncio.Event()

    def next_in_shard(self, which: int, count: int) -> None:
        """Let the next snowflake, of a server to be made, fall to a shard."""
        self._last_id = max(self._last_id, self.new_id() + AHEAD)
        while ((self._last_id + 1) >> 22) % count != which:
            self._last_id += 1 << 22

    def new_id(self) -> int:
        """Give the next snowflake: rising, and carrying the clock's time."""
        self._last_id = max(self._last_id + 1, (int(self.clock() * 1000) - EPOCH_MS) << 22)
        return self._last_id

    def touch(self) -> None:
        """Wake everybody who waits for something to become true."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], object], within: float) -> None:
        """Wait until the condition holds; raise TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while not condition():
                await self._changed.wait()

    def place(self, channel: Channel) -> Channel:
        """Store a channel or thread, new or changed."""
        self.channels[channel.id] = channel
        self._of_guild.setdefault(channel.guild_id, set()).add(channel.id)
        self.touch()
        return channel

    def drop(self, channel_id: int) -> None:
        """Forget a channel, and its threads with it."""
        channel = self.channels.pop(channel_id)
        self._of_guild[channel.guild_id].discard(channel_id)
        for each in self.places(channel.guild_id):
            if each.thread is not None and each.thread.parent_id == channel_id:
                self.drop(each.id)
        self.touch()

    def places(self, guild_id: int | None) -> list[Channel]:
        """List a guild's channels and threads, oldest first."""
        return [self.channels[each] for each in sorted(self._of_guild.get(guild_id, ()))]

    def keep(self, message: Message) -> Message:
        """Store a message, new or edited."""
        if message.id not in self.messages:
            self._of_channel.setdefault(message.channel_id, []).append(message.id)
        self.messages[message.id] = message
        self.touch()
        return message

    def standing(self, channel_id: int) -> list[Message]:
        """List every message in a channel, oldest first."""
        known = self._of_channel.get(channel_id, [])
        return [self.messages[each] for each in known if each in self.messages]

    def post(
        self, channel_id: int, body: Json, files: Files, interaction_id: int | None = None
    ) -> Message:
        """Store a new message of the bot's, and remember its nonce where that is enforced."""
        made = self.draft(self.new_id(), channel_id, body, files)
        message = self.keep(replace(made, interaction_id=interaction_id))
        if body.get("enforce_nonce") and message.nonce is not None:
            self.nonces[message.nonce] = (message.sent_at, message.id)
        return message

    def draft(self, message_id: int, channel_id: int, body: Json, files: Files) -> Message:
        """Make a message of the bot's with a given id, and store nothing yet."""
        attachments, pinged = self._attach(body, files), self._pinged(channel_id, body)
        return Message(message_id, channel_id, body, attachments, self.clock(), None, pinged=pinged)

    def _pinged(self, channel_id: int, body: Json) -> tuple[int, ...]:
        channel = self.channels[channel_id]
        if channel.guild_id is None:
            return ()
        all_of_them = bool(self.bot_permissions(channel) & MENTION_EVERYONE)
        roles = self.guilds[channel.guild_id].roles
        named = pinged_roles(body)
        return tuple(r.id for r in roles if r.id in named and (r.mentionable or all_of_them))

    def say(self, channel_id: int, text: str, actor: Actor) -> Message:
        """Store a person's message."""
        body, now = {"content": text}, self.clock()
        return self.keep(Message(self.new_id(), channel_id, body, (), now, author=actor))

    def forget_messages(self) -> None:
        """Forget every message, nonce and request, and what was answered."""
        for each in (self.messages, self._of_channel, self.nonces, self.requests, self.statuses):
            each.clear()

    def repeated(self, body: Json) -> Message | None:
        """Find the message that an enforced nonce already made, if that is still remembered."""
        if not body.get("enforce_nonce"):
            return None
        at, message_id = self.nonces.get(str(body.get("nonce")), (0.0, 0))
        remembered = self.clock() - at < self.nonce_span
        return self.messages.get(message_id) if remembered else None

    def dm(self, person_id: str) -> Channel:
        """Find or open the DM with somebody."""
        for channel in self.places(None):
            if channel.name == person_id:
                return channel
        return self.place(Channel(self.new_id(), None, person_id, DM))

    def _attach(self, body: Json, files: Files) -> tuple[Attachment, ...]:
        """Give uploaded files ids and the alt text that the body's `attachments` name."""
        said = {str(one["id"]): one.get("description") for one in body.get("attachments") or []}
        kept = self.settings.keeps_files
        return tuple(
            Attachment(self.new_id(), name, data if kept else b"", len(data), said.get(str(index)))
            for index, (name, data) in sorted(files.items())
        )

    def edit(self, old: Message, body: Json, files: Files) -> Message:
        """Lay an edit over a message; attachments that the edit does not list are dropped."""
        kept = old.attachments
        if body.get("attachments") is not None:
            named = {str(one["id"]) for one in body["attachments"]}
            kept = tuple(one for one in kept if str(one.id) in named)
        flags = (old.flags & ~LOADING) | ((body.get("flags") or 0) & ~EPHEMERAL)
        return replace(
            old,
            payload={**old.payload, **body, "flags": flags},
            attachments=kept + self._attach(body, files),
            edited_at=self.clock(),
        )

    def bot_permissions(self, channel: Channel) -> int:
        """Work out the bot's permissions in a channel; those of a thread follow its parent."""
        if channel.thread is None:
            return self._permissions(channel)
        held = self._permissions(self.channels[channel.thread.parent_id])
        hidden = channel.kind == PRIVATE_THREAD and not channel.thread.joined
        return 0 if hidden and not held & MANAGE_THREADS else held

    def _permissions(self, channel: Channel) -> int:
        if channel.guild_id is None:
            return EVERYDAY
        guild = self.guilds[channel.guild_id]
        held = {guild.id, *guild.ours}
        allowed = _either(role.permissions for role in guild.roles if role.id in held)
        if allowed & ADMINISTRATOR:
            return EVERYTHING
        of_roles = [one for one in channel.overwrites if not one.member]
        for group in (
            [one for one in of_roles if one.id == guild.id],
            [one for one in of_roles if one.id in guild.ours],
            [one for one in channel.overwrites if one.member and one.id == self.settings.bot_id],
        ):
            allowed &= ~_either(one.deny for one in group)
            allowed |= _either(one.allow for one in group)
        return allowed


def _either(bits: Iterable[int]) -> int:
    union = 0
    for one in bits:
        union |= one
    return union
