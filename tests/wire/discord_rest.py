"""The loopback Discord's REST interface under /api/v10."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.wire.discord_answers import Answers
from tests.wire.discord_desk import Desk, Handler, Routes, answer, refusal
from tests.wire.discord_documents import command_breaches
from tests.wire.discord_json import (
    application_json,
    bot_json,
    channel_json,
    member_json,
    settings_json,
)
from tests.wire.discord_limits import ApiError, BannedError, Ending, Fault, Faults, Limits
from tests.wire.discord_places import Places
from tests.wire.discord_posts import Posts
from tests.wire.discord_schema import VIEW, Guild, Json, Request
from tests.wire.discord_threads import Threads

API = "/api/v10"
PAGE = "<!DOCTYPE html><html><title>Access denied | Cloudflare</title></html>"


class Rest:
    """Handlers over a World; every API request passes `guard` first."""

    def __init__(self, places: Places, gateway_url: Callable[[], str]) -> None:
        self.world = places.world
        settings = self.world.settings
        folder = os.environ.get("RANKSHIFT_TEST_DATA")
        self.faults = Faults()
        self._limits = Limits(settings)
        schema = Path(folder) if folder and settings.checks_schema else None
        self._desk = Desk(places, self._limits, schema)
        self._gateway_url = gateway_url

    def routes(self) -> list[web.RouteDef]:
        """List every route that is served."""
        posts, threads, answers = Posts(self._desk), Threads(self._desk), Answers(self._desk)
        table = self._own_routes() + posts.routes() + threads.routes() + answers.routes()
        return [web.route(method, API + path, handler) for method, path, handler in table]

    def _own_routes(self) -> Routes:
        return [
            ("GET", "/gateway", self.gateway),
            ("GET", "/gateway/bot", self.gateway),
            ("GET", "/users/@me", self.me),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/guilds/{guild}/channels", self.channels),
            ("GET", "/guilds/{guild}/members/{user}", self.member),
            ("GET", "/channels/{channel}", self.channel),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/applications/{app}/commands", self.list_commands),
            ("PUT", "/applications/{app}/commands", self.put_commands),
        ]

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
        if self.world.settings.latency:
            await asyncio.sleep(self.world.settings.latency)
        self._limits.count(response.status, response.headers.get("X-RateLimit-Scope"), _now())
        self.world.statuses[response.status] += 1
        self.world.touch()
        return response

    async def _fail(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        done = await self._answer(request, handler) if fault.accepted else None
        if fault.gate is not None:
            await fault.gate.wait()
        if fault.ending in {"reset", "hangup"}:
            _cut(request, hard=fault.ending == "reset")
            return web.Response(status=499)
        if fault.status is not None:
            return _refused(fault)
        response = await self._answer(request, handler) if done is None else done
        if fault.ending is None or not isinstance(response, web.Response):
            return response
        return await _halved(request, response, fault.ending)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        headers: Json = {}
        try:
            headers = self._admit(request)
            response = await handler(request)
        except BannedError:
            return _page(429)
        except ApiError as error:
            response = refusal(error)
        except web.HTTPException as error:
            line = f"{request.method} {request.path}"
            self.world.violations.append(f"no such route: {line}")
            response = refusal(ApiError(error.status, 0, f"{error.status}: {error.reason}"))
        response.headers.extend(headers)
        return response

    def _admit(self, request: web.Request) -> Json:
        """Count a request; return its route's headers, or raise what refuses it."""
        now = _now()
        self._limits.check_ban(now)
        if request.path.startswith((f"{API}/interactions/", f"{API}/webhooks/")):
            return {}
        if request.headers.get("Authorization") != f"Bot {self.world.settings.token}":
            raise ApiError(401, 0, "401: Unauthorized")
        self._limits.over_all(now)
        resource = request.match_info.route.resource
        path = "" if resource is None else resource.canonical.removeprefix(API)
        channel = request.match_info.get("channel", "")
        line = (request.method, path)
        return self._limits.on_route(line, channel, now, self.world.clock())

    async def gateway(self, _: web.Request) -> web.Response:
        """Say where the gateway is."""
        starts = {"total": 1000, "remaining": 1000, "reset_after": 0}
        starts["max_concurrency"] = self.world.settings.at_once
        shards = self.world.settings.shards
        return answer({"url": self._gateway_url(), "shards": shards, "session_start_limit": starts})

    async def me(self, _: web.Request) -> web.Response:
        """Show the bot's user."""
        return answer(bot_json(self.world))

    async def guild(self, request: web.Request) -> web.Response:
        """Show a guild that the bot is in."""
        return answer(settings_json(self._guild(request)))

    async def member(self, request: web.Request) -> web.Response:
        """Show the bot as a member of a guild."""
        return answer(member_json(self.world, self._guild(request)))

    async def channels(self, request: web.Request) -> web.Response:
        """List the channels of a guild that the bot is in, but no threads."""
        places = self.world.places(self._guild(request).id)
        return answer([channel_json(each) for each in places if each.thread is None])

    async def channel(self, request: web.Request) -> web.Response:
        """Show a channel that the bot may see."""
        found = self.world.channels.get(int(request.match_info["channel"]))
        if found is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if not self.world.bot_permissions(found) & VIEW:
            raise ApiError(403, 50001, "Missing Access")
        return answer(channel_json(found))

    def _guild(self, request: web.Request) -> Guild:
        found = self.world.guilds.get(int(request.match_info["guild"]))
        if found is None:
            raise ApiError(404, 10004, "Unknown Guild")
        return found

    async def application(self, _: web.Request) -> web.Response:
        """Show the bot's application."""
        return answer(application_json(self.world))

    async def list_commands(self, _: web.Request) -> web.Response:
        """List the registered commands."""
        return answer(self.world.commands)

    async def put_commands(self, request: web.Request) -> web.Response:
        """Replace the registered commands; a name that stays keeps its id."""
        body: list[Json] = await request.json()
        self._desk.check("commands", body, command_breaches(body))
        known = {one["name"]: one["id"] for one in self.world.commands}
        base: dict[str, Any] = {"type": 1, "description": "", "version": "1"}
        base["application_id"] = str(self.world.settings.bot_id)
        self.world.commands = [
            base | one | {"id": known.get(one["name"], str(self.world.new_id()))} for one in body
        ]
        self.world.command_puts += 1
        return answer(self.world.commands)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _refused(fault: Fault) -> web.Response:
    if fault.html:
        return _page(fault.error.status)
    response = refusal(fault.error)
    if not fault.via:
        response.headers.popall("Via", None)
    return response


def _page(status: int) -> web.Response:
    """Answer as Cloudflare does: no JSON, no code, and no `Via`."""
    return web.Response(text=PAGE, status=status, content_type="text/html")


async def _halved(
    request: web.Request, response: web.Response, ending: Ending
) -> web.StreamResponse:
    """Send half a body: with the whole one's length (then hang up), or with its own."""
    assert isinstance(response.body, bytes)
    half = response.body[: len(response.body) // 2]
    if ending == "cut":
        response.body = half
        return response
    begun = web.StreamResponse(status=response.status, headers=response.headers)
    begun.content_length = len(response.body)
    await begun.prepare(request)
    await begun.write(half)
    if request.transport is not None:
        request.transport.close()
    return begun


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
