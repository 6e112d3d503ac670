"""The loopback Discord's messages: posted, read, edited, deleted, published."""

from dataclasses import replace

from aiohttp import web

from tests.wire.discord_desk import Desk, Routes, answer, not_empty, read
from tests.wire.discord_documents import message_breaches
from tests.wire.discord_json import channel_json
from tests.wire.discord_limits import ApiError
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    ATTACH,
    CROSSPOSTED,
    EMBED,
    FORUM,
    HISTORY,
    MANAGE_THREADS,
    MEDIA,
    SEND,
    SEND_IN_THREADS,
    Channel,
    Files,
    Json,
    Message,
    Thread,
)

NO_THREAD = Thread(0, 0)


class Posts:
    """Handlers for what stands in channels."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.world = desk.world

    def routes(self) -> Routes:
        """List what is served."""
        message = "/channels/{channel}/messages/{message}"
        return [
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/channels/{channel}", self.get_channel),
            ("GET", "/channels/{channel}/messages", self.history),
            ("POST", "/channels/{channel}/messages", self.post),
            ("GET", message, self.get),
            ("PATCH", message, self.patch),
            ("DELETE", message, self.delete),
            ("POST", message + "/crosspost", self.crosspost),
        ]

    async def open_dm(self, request: web.Request) -> web.Response:
        """Open the DM with somebody, or show the one that is open."""
        person = str((await request.json())["recipient_id"])
        return answer(channel_json(self.world.dm(person)))

    async def get_channel(self, request: web.Request) -> web.Response:
        """Show a channel."""
        return answer(channel_json(self.desk.channel(request)))

    async def history(self, request: web.Request) -> web.Response:
        """List messages, newest first; empty without Read Message History."""
        channel = self.desk.channel(request)
        before = int(request.query.get("before", 1 << 63))
        after = int(request.query.get("after", 0))
        limit = int(request.query.get("limit", 50))
        readable = self.world.bot_permissions(channel) & HISTORY
        standing = self.world.standing(channel.id)
        found = [each for each in standing if not each.ephemeral and after < each.id < before]
        found = found[:limit] if after else found[-limit:]
        return answer([self.desk.show(each) for each in reversed(found)] if readable else [])

    async def post(self, request: web.Request) -> web.Response:
        """Store a message, or show the first one again where an enforced nonce repeats."""
        channel = self.desk.channel(request)
        body, files = await read(request)
        self.desk.check("message", body, message_breaches(body, dict(files.values())))
        self.desk.check_mentions(body)
        self._admit(channel, body, files)
        not_empty(body, files)
        repeated = self.world.repeated(body)
        return answer(self.desk.show(repeated or self._posted(channel, body, files)))

    def _admit(self, channel: Channel, body: Json, files: Files) -> None:
        if channel.kind in {FORUM, MEDIA}:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        carries = (ATTACH if files else 0) | (EMBED if body.get("embeds") else 0)
        self.desk.may(channel, carries | (SEND_IN_THREADS if channel.thread else SEND))
        if channel.thread is not None and channel.thread.locked:
            self.desk.may(channel, MANAGE_THREADS)

    def _posted(self, channel: Channel, body: Json, files: Files) -> Message:
        thread = channel.thread
        if thread is not None and thread.archived:
            self.desk.places.change_thread(channel, archived=False, joined=True)
        elif thread is not None and not thread.joined:
            self.world.place(replace(channel, thread=replace(thread, joined=True)))
        return self.world.post(channel.id, body, files)

    async def get(self, request: web.Request) -> web.Response:
        """Show one message."""
        return answer(self.desk.show(self.desk.message(request)))

    async def patch(self, request: web.Request) -> web.Response:
        """Edit a message of the bot's, but not in an archived thread."""
        message = self._own(request)
        if self._thread_of(message).archived:
            raise ApiError(400, 50083, "Thread is archived")
        body, files = await read(request)
        edited = self.world.edit(message, body, files)
        self.desk.check("edit", body, message_breaches(edited.payload, edited.files))
        return answer(self.desk.show(self.world.keep(edited)))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message of the bot's, but not in a thread that is archived and locked."""
        message = self._own(request)
        thread = self._thread_of(message)
        if thread.archived and thread.locked:
            raise ApiError(400, 50083, "Thread is archived")
        del self.world.messages[message.id]
        self.world.touch()
        return web.Response(status=204)

    def _own(self, request: web.Request) -> Message:
        message = self.desk.message(request)
        if message.author is not None:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def _thread_of(self, message: Message) -> Thread:
        return self.world.channels[message.channel_id].thread or NO_THREAD

    async def crosspost(self, request: web.Request) -> web.Response:
        """Publish a message of an announcement channel, once."""
        message, channel = self.desk.message(request), self.desk.channel(request)
        if channel.kind != ANNOUNCEMENT:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        self.desk.may(channel, SEND)
        if message.flags & CROSSPOSTED:
            raise ApiError(400, 40033, "This message has already been crossposted")
        self.desk.limits.on_publishing(channel.id, self.world.clock())
        payload = message.payload | {"flags": message.flags | CROSSPOSTED}
        return answer(self.desk.show(self.world.keep(replace(message, payload=payload))))
