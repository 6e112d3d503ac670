"""The loopback Discord's gateway: sessions that identify, resume and get events."""

import asyncio
import contextlib
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from aiohttp import WSMsgType, web

from tests.wire.discord_json import bot_json, guild_json
from tests.wire.discord_schema import Json
from tests.wire.discord_world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
PRESENCE, VOICE, MEMBERS = 3, 4, 8
UNKNOWN_OPCODE, BAD_TOKEN, BAD_INTENTS = 4001, 4004, 4014
IDENTIFY_SPAN = 5.0
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)


@dataclass(frozen=True, slots=True)
class Identify:
    """An IDENTIFY as it came; the shard is (which, of how many), `at` is in seconds."""

    intents: int
    shard: tuple[int, int]
    compressed: bool
    at: float = 0.0


class Connection:
    """One websocket; what is put is sent in order, deflated where the client asked."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self.compressed = False
        self._transport = transport
        self._deflate = zlib.compressobj()
        self._queue: asyncio.Queue[Json] = asyncio.Queue()

    def put(self, payload: Json) -> None:
        """Queue a payload."""
        self._queue.put_nowait(payload)

    async def write(self) -> None:
        """Send what is queued until the socket goes."""
        with contextlib.suppress(ConnectionError):
            while True:
                text = json.dumps(await self._queue.get())
                if self.compressed:
                    await self.socket.send_bytes(self._squeeze(text))
                else:
                    await self.socket.send_str(text)

    def abort(self) -> None:
        """Drop the TCP connection without a close frame."""
        if self._transport is not None:
            self._transport.abort()

    def _squeeze(self, text: str) -> bytes:
        return self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)


@dataclass(slots=True)
class Session:
    """What one identified client has been told; it outlives its connections."""

    id: str
    shard: tuple[int, int]
    connection: Connection | None
    log: list[Json] = field(default_factory=list)

    def dispatch(self, event: str, data: Json) -> None:
        """Tell the client of an event, at once or when it resumes."""
        payload: Json = {"op": DISPATCH, "s": len(self.log) + 1, "t": event, "d": data}
        self.log.append(payload)
        if self.connection is not None:
            self.connection.put(payload)

    def sees(self, guild_id: int) -> bool:
        """Whether a guild falls to this session's shard."""
        which, count = self.shard
        return (guild_id >> 22) % count == which


class Gateway:
    """Every session and connection, and what clients asked of them."""

    def __init__(self, world: World, url: Callable[[], str]) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies: list[Identify] = []
        self.resumes: list[int] = []
        self.heartbeats = 0
        self._url = url

    def dispatch(self, event: str, data: Json, guild_id: int | None) -> None:
        """Tell the sessions that look after a guild; shard 0 looks after DMs."""
        for session in self.sessions.values():
            if session.sees(guild_id or 0):
                session.dispatch(event, data)

    def hurried(self) -> list[tuple[Identify, Identify]]:
        """Return pairs of IDENTIFYs of one bucket that came within five seconds."""
        buckets: dict[int, list[Identify]] = {}
        for each in self.identifies:
            buckets.setdefault(each.shard[0] % self.world.settings.at_once, []).append(each)
        pairs = (pair for listed in buckets.values() for pair in pairwise(listed))
        return [pair for pair in pairs if pair[1].at - pair[0].at < IDENTIFY_SPAN]

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in list(self.connections):
            await connection.socket.close(code=code)

    def abort(self) -> None:
        """Drop every TCP connection without a close frame."""
        for connection in list(self.connections):
            connection.abort()

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (op 9), for good unless resumable."""
        for connection in self.connections:
            connection.put({"op": INVALID, "d": resumable})
        if not resumable:
            self.sessions.clear()

    def ask_to_reconnect(self) -> None:
        """Ask every client to come back (op 7)."""
        for connection in self.connections:
            connection.put({"op": RECONNECT, "d": None})

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        connection.compressed = request.query.get("compress") == "zlib-stream"
        self.connections.add(connection)
        connection.put({"op": HELLO, "d": {"heartbeat_interval": self.world.settings.heartbeat_ms}})
        writer = asyncio.create_task(connection.write())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(message.data))
        finally:
            writer.cancel()
            self._forget(connection)
        return socket

    def _forget(self, connection: Connection) -> None:
        self.connections.discard(connection)
        for session in self.sessions.values():
            if session.connection is connection:
                session.connection = None
        self.world.touch()

    async def _receive(self, connection: Connection, payload: Json) -> None:
        op, data = payload["op"], payload["d"]
        if op == HEARTBEAT:
            self.heartbeats += 1
            connection.put({"op": ACK})
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)
        elif op not in {PRESENCE, VOICE, MEMBERS}:
            await connection.socket.close(code=UNKNOWN_OPCODE)
        self.world.touch()

    async def _identify(self, connection: Connection, data: Json) -> None:
        which, count = data.get("shard", (0, 1))
        said = Identify(
            data.get("intents", 0), (which, count), connection.compressed, time.monotonic()
        )
        self.identifies.append(said)
        if data["token"] != self.world.settings.token:
            await connection.socket.close(code=BAD_TOKEN)
        elif said.intents & PRIVILEGED:
            await connection.socket.close(code=BAD_INTENTS)
        else:
            self._welcome(connection, said.shard)

    def _welcome(self, connection: Connection, shard: tuple[int, int]) -> None:
        session = Session(f"session-{len(self.identifies)}", shard, connection)
        self.sessions[session.id] = session
        guilds = [guild for guild in self.world.guilds.values() if session.sees(guild.id)]
        ready: Json = {
            "v": 10,
            "user": bot_json(self.world),
            "session_id": session.id,
            "resume_gateway_url": self._url(),
            "shard": list(shard),
            "application": {"id": str(self.world.settings.bot_id), "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            if guild.id in self.world.unavailable:
                continue
            shown = guild_json(self.world, guild) | {"unavailable": False}
            session.dispatch("GUILD_CREATE", shown)

    async def _resume(self, connection: Connection, data: Json) -> None:
        if data["token"] != self.world.settings.token:
            await connection.socket.close(code=BAD_TOKEN)
            return
        session = self.sessions.get(data["session_id"])
        if session is None:
            connection.put({"op": INVALID, "d": False})
            return
        self.resumes.append(data["seq"])
        for missed in session.log[data["seq"] :]:
            connection.put(missed)
        session.connection = connection
        session.dispatch("RESUMED", {})
