"""What every REST handler needs: who may do what, what a body may hold, how answers look."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from tests.wire.discord_documents import Breach, errors_json
from tests.wire.discord_json import message_json
from tests.wire.discord_limits import ApiError, Limits
from tests.wire.discord_mentions import reaches_everyone
from tests.wire.discord_openapi import Kind, schema_breaches
from tests.wire.discord_places import Places
from tests.wire.discord_schema import DM, VIEW, Channel, Files, Json, Message

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Routes = list[tuple[str, str, Handler]]


class Desk:
    """Finds what requests name, and refuses what Discord would; raise ApiError then."""

    def __init__(self, places: Places, limits: Limits, schema: Path | None) -> None:
        self.places = places
        self.world = places.world
        self.limits = limits
        self._schema = schema

    def check(self, kind: Kind, body: Any, breaches: Iterator[Breach]) -> None:
        """Record what is against Discord's description; refuse what is over its limits."""
        if self._schema is not None:
            self.world.violations.extend(schema_breaches(self._schema, kind, body))
        found = list(breaches)
        if found:
            self.world.violations.extend(f"{kind}: {path}: {text}" for path, text in found)
            raise ApiError(400, 50035, "Invalid Form Body", errors_json(found))

    def check_mentions(self, body: Json) -> None:
        """Record a body that would let @everyone or @here through."""
        if reaches_everyone(body):
            self.world.violations.append("allowed_mentions: lets @everyone and @here through")

    def channel(self, request: web.Request) -> Channel:
        """Find the channel that a request names, if the bot may see it."""
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if channel.id in self.world.forbidden:
            forbid(self.world.forbidden[channel.id])
        self.may(channel, 0)
        return channel

    def may(self, channel: Channel, needed: int) -> None:
        """Refuse where the bot lacks a permission, or may not see the channel."""
        held = self.world.bot_permissions(channel)
        if not held & VIEW:
            forbid(50001)
        if needed & ~held and channel.kind != DM:
            forbid(50013)

    def message(self, request: web.Request) -> Message:
        """Find the message that a request under /channels names."""
        home = self.channel(request).id
        message = self.world.messages.get(int(request.match_info["message"]))
        if message is None or message.channel_id != home:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def show(self, message: Message) -> Json:
        """Show a message."""
        return message_json(self.world, message)


def forbid(code: int) -> None:
    """Raise a 403."""
    raise ApiError(403, code, "Missing Access" if code == 50001 else "Missing Permissions")


def not_empty(body: Json, files: Files) -> None:
    """Refuse a message that shows nothing."""
    if not files and not any(body.get(key) for key in ("content", "embeds", "components", "poll")):
        raise ApiError(400, 50006, "Cannot send an empty message")


async def read(request: web.Request) -> tuple[Json, Files]:
    """Read a JSON body, or a multipart one with its files by index."""
    if request.content_type != "multipart/form-data":
        body: Json = await request.json()
        return body, {}
    body, files = {}, {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name, data = part.name or "", bytes(await part.read(decode=True))
        if name == "payload_json":
            body = json.loads(data)
        else:
            files[int(name.removeprefix("files[").removesuffix("]"))] = (part.filename or "", data)
    return body, files


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer exactly `Content-Type: application/json`: discord.py knows no other spelling."""
    named = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=named)


def refusal(error: ApiError) -> web.Response:
    """Answer with an error."""
    return answer(error.body, error.status, error.headers)
