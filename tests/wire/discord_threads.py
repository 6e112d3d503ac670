"""The loopback Discord's threads: forum posts made, threads changed and listed."""

from datetime import datetime
from typing import Any

from aiohttp import web

from tests.wire.discord_desk import Desk, Routes, answer, not_empty, read
from tests.wire.discord_documents import thread_breaches
from tests.wire.discord_json import active_threads, channel_json
from tests.wire.discord_limits import ApiError
from tests.wire.discord_schema import (
    ATTACH,
    EMBED,
    FORUM,
    HISTORY,
    MANAGE_THREADS,
    MEDIA,
    NEWS_THREAD,
    PUBLIC_THREAD,
    SEND,
    SEND_IN_THREADS,
    Channel,
    Files,
    Json,
    Thread,
)


class Threads:
    """Handlers for threads; people open them in text channels, the bot in forums."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.world = desk.world

    def routes(self) -> Routes:
        """List what is served."""
        return [
            ("POST", "/channels/{channel}/threads", self.post),
            ("PATCH", "/channels/{channel}", self.patch),
            ("GET", "/guilds/{guild}/threads/active", self.active),
            ("GET", "/channels/{channel}/threads/archived/public", self.archived),
        ]

    async def post(self, request: web.Request) -> web.Response:
        """Make a forum post: a thread and its first message, which share an id. No nonce counts."""
        forum = self.desk.channel(request)
        if forum.kind not in {FORUM, MEDIA}:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        body, files = await read(request)
        self.desk.check("thread", body, thread_breaches(body, dict(files.values())))
        self.desk.check_mentions(body["message"])
        self._admit(forum, body, files)
        return answer(self._posted(forum, body, files), 201)

    def _admit(self, forum: Channel, body: Json, files: Files) -> None:
        carries = EMBED if body["message"].get("embeds") else 0
        self.desk.may(forum, SEND | carries | (ATTACH if files else 0))
        not_empty(body["message"], files)
        chosen = {int(each) for each in body.get("applied_tags") or []}
        if forum.requires_tag and not chosen:
            raise ApiError(400, 40067, "A tag is required to create a forum post in this channel")
        if chosen - {each.id for each in forum.tags}:
            raise ApiError(400, 10087, "Unknown tag")
        if any(each.moderated for each in forum.tags if each.id in chosen):
            self.desk.may(forum, MANAGE_THREADS)

    def _posted(self, forum: Channel, body: Json, files: Files) -> Json:
        new_id, now = self.world.new_id(), self.world.clock()
        tags = tuple(int(each) for each in body.get("applied_tags") or [])
        owner = self.world.settings.bot_id
        thread = Thread(forum.id, owner, archived_at=now, tags=tags, joined=True)
        made = Channel(new_id, forum.guild_id, body["name"], PUBLIC_THREAD, thread=thread)
        self.desk.places.put_channel(made)
        message = self.world.keep(self.world.draft(new_id, new_id, body["message"], files))
        return channel_json(made) | {"message": self.desk.show(message)}

    async def patch(self, request: web.Request) -> web.Response:
        """Archive, unarchive, lock, rename or tag a thread."""
        channel = self.desk.channel(request)
        if channel.thread is None:
            self.desk.may(channel, 1 << 4)
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        body: Json = await request.json()
        self.desk.check("place", body, iter(()))
        self._may_change(channel, channel.thread, body)
        changes: dict[str, Any] = {k: body[k] for k in ("archived", "locked") if k in body}
        if "applied_tags" in body:
            changes["tags"] = tuple(int(each) for each in body["applied_tags"])
        return answer(channel_json(self.desk.places.change_thread(channel, **changes)))

    def _may_change(self, channel: Channel, thread: Thread, body: Json) -> None:
        reopens = body.get("archived") is False
        ours = thread.owner_id == self.world.settings.bot_id
        if thread.archived and not reopens:
            raise ApiError(400, 50083, "Thread is archived")
        plain = body.keys() <= {"archived"} and reopens
        if thread.locked or not (plain or ours):
            self.desk.may(channel, MANAGE_THREADS)
        self.desk.may(channel, SEND_IN_THREADS)

    async def active(self, request: web.Request) -> web.Response:
        """List a guild's active threads that the bot may see."""
        guild = self.world.guilds.get(int(request.match_info["guild"]))
        if guild is None:
            raise ApiError(404, 10004, "Unknown Guild")
        shown = reversed(active_threads(self.world, guild))
        return answer({"threads": [channel_json(each) for each in shown], "members": []})

    async def archived(self, request: web.Request) -> web.Response:
        """List a channel's archived public threads, the last archived first."""
        channel = self.desk.channel(request)
        self.desk.may(channel, HISTORY)
        found = [
            (each.thread.archived_at, each.id, each)
            for each in self.world.places(channel.guild_id)
            if each.thread and each.thread.parent_id == channel.id and each.thread.archived
            if each.kind in {NEWS_THREAD, PUBLIC_THREAD}
        ]
        before = request.query.get("before")
        if before is not None:
            latest = datetime.fromisoformat(before).timestamp()
            found = [each for each in found if each[0] < latest]
        found.sort(reverse=True)
        limit = int(request.query.get("limit", 50))
        shown = [channel_json(each) for _, _, each in found[:limit]]
        return answer({"threads": shown, "members": [], "has_more": len(found) > limit})
