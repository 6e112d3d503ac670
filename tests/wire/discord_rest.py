"""The loopback Discord's REST interface under /api/v10."""

import asyncio
import json
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from tests.wire.discord_gateway import application_json, bot_json, channel_json
from tests.wire.discord_limits import (
    ApiError,
    Breach,
    Fault,
    Faults,
    Kind,
    TooManyError,
    Window,
    callback_breaches,
    command_breaches,
    errors_json,
    message_breaches,
    schema_breaches,
)
from tests.wire.discord_schema import (
    ANNOUNCEMENT,
    ATTACH,
    CROSSPOSTED,
    DM,
    HISTORY,
    LOADING,
    SEND,
    VIEW,
    Channel,
    Files,
    Interaction,
    Json,
    Message,
    Request,
    World,
    message_json,
)

API = "/api/v10"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    """Handlers over a World; every API request passes `guard` first."""

    def __init__(self, world: World, gateway_url: Callable[[], str]) -> None:
        self.world = world
        self.faults = Faults()
        folder = os.environ.get("RANKSHIFT_TEST_DATA")
        self._schema = Path(folder) if folder else None
        self._gateway_url = gateway_url
        self._global = Window(*world.settings.global_limit)
        self._windows: dict[int, Window] = {}

    def routes(self) -> list[web.RouteDef]:
        """List every route that is served."""
        message, hook = "/channels/{channel}/messages/{message}", "/webhooks/{app}/{token}"
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/gateway", self.gateway),
            ("GET", "/gateway/bot", self.gateway),
            ("GET", "/users/@me", self.me),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/applications/{app}/commands", self.list_commands),
            ("PUT", "/applications/{app}/commands", self.put_commands),
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/channels/{channel}", self.get_channel),
            ("GET", "/channels/{channel}/messages", self.history),
            ("POST", "/channels/{channel}/messages", self.post_message),
            ("GET", message, self.get_message),
            ("PATCH", message, self.patch_message),
            ("DELETE", message, self.delete_message),
            ("POST", message + "/crosspost", self.crosspost),
            ("POST", "/interactions/{interaction}/{token}/callback", self.callback),
            ("POST", hook, self.follow_up),
            ("GET", hook + "/messages/{message}", self.get_message),
            ("PATCH", hook + "/messages/{message}", self.patch_message),
            ("DELETE", hook + "/messages/{message}", self.delete_message),
        ]
        return [web.route(method, API + path, handler) for method, path, handler in table]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record a request, then let an injected fault or the handler answer it."""
        if not request.path.startswith(API):
            return await handler(request)
        path = request.path.removeprefix(API)
        self.world.requests.append(Request(request.method, path, self.world.clock()))
        self.world.touch()
        fault = self.faults.take(f"{request.method} {path}")
        if fault is None:
            response = await self._answer(request, handler)
        else:
            response = await self._fail(fault, request, handler)
        self.world.statuses[response.status] += 1
        self.world.touch()
        return response

    async def _fail(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        done = await self._answer(request, handler) if fault.accepted else None
        if fault.gate is not None:
            await fault.gate.wait()
        if fault.ending is not None:
            _cut(request, hard=fault.ending == "reset")
            return web.Response(status=499)
        if fault.status == 429:
            return _refusal(TooManyError(fault.retry_after or 0.0, "user", {}))
        if fault.status is not None:
            return _refusal(ApiError(fault.status, 0, f"{fault.status}: injected"))
        return await self._answer(request, handler) if done is None else done

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._admit(request)
            return await handler(request)
        except ApiError as error:
            return _refusal(error)
        except web.HTTPException as error:
            line = f"{request.method} {request.path}"
            self.world.violations.append(f"no such route: {line}")
            return _refusal(ApiError(error.status, 0, f"{error.status}: {error.reason}"))

    def _admit(self, request: web.Request) -> None:
        if request.path.startswith((f"{API}/interactions/", f"{API}/webhooks/")):
            return
        if request.headers.get("Authorization") != f"Bot {self.world.settings.token}":
            raise ApiError(401, 0, "401: Unauthorized")
        now = asyncio.get_running_loop().time()
        if not self._global.take(now):
            raise TooManyError(self._global.wait(now), "global", {})

    def _check(self, kind: Kind, body: Any, breaches: Iterator[Breach]) -> None:
        if self._schema is not None:
            self.world.violations.extend(schema_breaches(self._schema, kind, body))
        found = list(breaches)
        if found:
            self.world.violations.extend(f"{kind}: {path}: {text}" for path, text in found)
            raise ApiError(400, 50035, "Invalid Form Body", errors_json(found))

    # The bot itself

    async def gateway(self, _: web.Request) -> web.Response:
        """Say where the gateway is."""
        starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        shards = self.world.settings.shards
        return _json({"url": self._gateway_url(), "shards": shards, "session_start_limit": starts})

    async def me(self, _: web.Request) -> web.Response:
        """Show the bot's user."""
        return _json(bot_json(self.world))

    async def application(self, _: web.Request) -> web.Response:
        """Show the bot's application."""
        return _json(application_json(self.world))

    async def list_commands(self, _: web.Request) -> web.Response:
        """List the registered commands."""
        return _json(self.world.commands)

    async def put_commands(self, request: web.Request) -> web.Response:
        """Replace the registered commands; a name that stays keeps its id."""
        body: list[Json] = await request.json()
        self._check("commands", body, command_breaches(body))
        known = {one["name"]: one["id"] for one in self.world.commands}
        app = str(self.world.settings.bot_id)
        self.world.commands = [
            {"type": 1, "description": "", "version": "1", "application_id": app}
            | one
            | {"id": known.get(one["name"], str(self.world.new_id()))}
            for one in body
        ]
        self.world.command_puts += 1
        return _json(self.world.commands)

    # Channels and their messages

    async def open_dm(self, request: web.Request) -> web.Response:
        """Open the DM with somebody, or show the one that is open."""
        person = str((await request.json())["recipient_id"])
        return _json(channel_json(self.world.dm(person)))

    async def get_channel(self, request: web.Request) -> web.Response:
        """Show a channel."""
        return _json(channel_json(self._channel(request)))

    async def history(self, request: web.Request) -> web.Response:
        """List messages, newest first; empty without Read Message History."""
        channel = self._channel(request)
        before = int(request.query.get("before", 1 << 63))
        after = int(request.query.get("after", 0))
        limit = int(request.query.get("limit", 50))
        readable = self.world.bot_permissions(channel) & HISTORY
        found = [
            one
            for one in self.world.messages.values()
            if one.channel_id == channel.id and not one.ephemeral and after < one.id < before
        ]
        found = found[:limit] if after else found[-limit:]
        return _json([self._show(one) for one in reversed(found)] if readable else [])

    async def post_message(self, request: web.Request) -> web.Response:
        """Store a message, or show the first one again where an enforced nonce repeats."""
        channel = self._channel(request)
        now = asyncio.get_running_loop().time()
        window = self._windows.setdefault(channel.id, Window(*self.world.settings.channel_limit))
        passed = window.take(now)
        headers = window.headers(now, "channel-messages")
        if not passed:
            raise TooManyError(window.wait(now), "user", headers)
        body, files = await _read(request)
        self._check("message", body, message_breaches(body, dict(files.values())))
        self._may(channel, SEND | (ATTACH if files else 0))
        _not_empty(body, files)
        message = self.world.repeated(body) or self.world.post(channel.id, body, files)
        return _json(self._show(message), headers=headers)

    async def get_message(self, request: web.Request) -> web.Response:
        """Show one message."""
        return _json(self._show(self._message(request)))

    async def patch_message(self, request: web.Request) -> web.Response:
        """Edit a message."""
        message = self._message(request)
        body, files = await _read(request)
        edited = self.world.edit(message, body, files)
        self._check("edit", body, message_breaches(edited.payload, edited.files))
        return _json(self._show(self.world.keep(edited)))

    async def delete_message(self, request: web.Request) -> web.Response:
        """Delete a message."""
        del self.world.messages[self._message(request).id]
        self.world.touch()
        return web.Response(status=204)

    async def crosspost(self, request: web.Request) -> web.Response:
        """Publish a message of an announcement channel, once."""
        message = self._message(request)
        if self._channel(request).kind != ANNOUNCEMENT:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        if message.flags & CROSSPOSTED:
            raise ApiError(400, 40033, "This message has already been crossposted")
        payload = message.payload | {"flags": message.flags | CROSSPOSTED}
        return _json(self._show(self.world.keep(replace(message, payload=payload))))

    # Interactions

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer to an interaction; a second one is refused with 40060."""
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is None or self._age(interaction) > self.world.settings.answer_span:
            raise ApiError(404, 10062, "Unknown interaction")
        if interaction.answered is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        body, files = await _read(request)
        self._check("callback", body, callback_breaches(body, dict(files.values())))
        self._accept(interaction, body, files)
        if request.query.get("with_response") not in {"1", "true"}:
            return web.Response(status=204)
        return _json(self._receipt(interaction))

    def _accept(self, interaction: Interaction, body: Json, files: Files) -> None:
        kind, data = body["type"], body.get("data") or {}
        interaction.data = data
        if kind == 5:
            data = {"flags": (data.get("flags") or 0) | LOADING}
        if kind in {4, 5}:
            message = self.world.post(interaction.channel_id, data, files, interaction.id)
            interaction.original = message.id
        elif kind in {6, 7} and interaction.source is not None:
            interaction.original = interaction.source
            if kind == 7:
                old = self.world.messages[interaction.source]
                self.world.keep(self.world.edit(old, data, files))
        interaction.answered = kind
        self.world.touch()

    def _receipt(self, interaction: Interaction) -> Json:
        shown: Json = {"id": str(interaction.id), "type": 2}
        if interaction.original is None:
            return {"interaction": shown}
        message = self.world.messages[interaction.original]
        shown["response_message_id"] = str(message.id)
        shown["response_message_loading"] = bool(message.flags & LOADING)
        shown["response_message_ephemeral"] = message.ephemeral
        resource = {"type": interaction.answered, "message": self._show(message)}
        return {"interaction": shown, "resource": resource}

    async def follow_up(self, request: web.Request) -> web.Response:
        """Post a follow-up; the first after a deferral fills the deferred answer instead."""
        interaction = self._by_token(request)
        body, files = await _read(request)
        self._check("followup", body, message_breaches(body, dict(files.values())))
        _not_empty(body, files)
        original = self.world.messages.get(interaction.original or 0)
        if original is not None and original.flags & LOADING:
            message = self.world.keep(self.world.edit(original, body, files))
        else:
            message = self.world.post(interaction.channel_id, body, files, interaction.id)
        return _json(self._show(message))

    # Finding what a request names

    def _age(self, interaction: Interaction) -> float:
        return self.world.clock() - interaction.created_at

    def _by_token(self, request: web.Request) -> Interaction:
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is None or self._age(interaction) > self.world.settings.token_span:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if interaction.answered is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return interaction

    def _channel(self, request: web.Request) -> Channel:
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if channel.id in self.world.forbidden:
            _forbid(self.world.forbidden[channel.id])
        self._may(channel, 0)
        return channel

    def _may(self, channel: Channel, needed: int) -> None:
        held = self.world.bot_permissions(channel)
        if not held & VIEW:
            _forbid(50001)
        if needed & ~held and channel.kind != DM:
            _forbid(50013)

    def _message(self, request: web.Request) -> Message:
        name = request.match_info["message"]
        if "channel" in request.match_info:
            home, wanted = self._channel(request).id, int(name)
        else:
            interaction = self._by_token(request)
            home, wanted = interaction.channel_id, interaction.original or 0
            wanted = wanted if name == "@original" else int(name)
        message = self.world.messages.get(wanted)
        if message is None or message.channel_id != home:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _show(self, message: Message) -> Json:
        return message_json(message, bot_json(self.world))


def _forbid(code: int) -> None:
    raise ApiError(403, code, "Missing Access" if code == 50001 else "Missing Permissions")


def _not_empty(body: Json, files: Files) -> None:
    if not files and not any(body.get(key) for key in ("content", "embeds", "components", "poll")):
        raise ApiError(400, 50006, "Cannot send an empty message")


async def _read(request: web.Request) -> tuple[Json, Files]:
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


def _json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer exactly `Content-Type: application/json`: discord.py knows no other spelling."""
    named = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=named)


def _refusal(error: ApiError) -> web.Response:
    return _json(error.body, error.status, error.headers)


def _cut(request: web.Request, *, hard: bool) -> None:
    """Drop the connection: by RST when hard, otherwise by FIN."""
    transport = request.transport
    if transport is None:
        return
    if hard:
        no_linger = struct.pack("ii", 1, 0)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
    transport.abort()
