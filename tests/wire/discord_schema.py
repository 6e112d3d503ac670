"""What the loopback Discord keeps: guilds, channels, messages, interactions."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
Files = dict[int, tuple[str, bytes]]
Clock = Callable[[], float]

EPOCH_MS = 1_420_070_400_000
ADMINISTRATOR, VIEW, SEND = 1 << 3, 1 << 10, 1 << 11
EMBED, ATTACH, HISTORY = 1 << 14, 1 << 15, 1 << 16
EVERYDAY = VIEW | SEND | EMBED | ATTACH | HISTORY
EVERYTHING = (1 << 53) - 1
CROSSPOSTED, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 0, 1 << 6, 1 << 7, 1 << 15
TEXT, DM, ANNOUNCEMENT = 0, 1, 5


@dataclass(frozen=True, slots=True)
class Settings:
    """How this Discord behaves; spans in seconds, limits as (how many, in how many seconds)."""

    token: str = "loopback-token"
    bot_id: int = 1_000_000_000_000_000_001  # also the application's id, as with Discord
    bot_name: str = "rankshift"
    heartbeat_ms: int = 41_250
    shards: int = 1
    nonce_span: float = 300.0
    channel_limit: tuple[int, float] = (10_000, 5.0)
    global_limit: tuple[int, float] = (1_000_000, 1.0)
    answer_span: float = 3.0
    token_span: float = 900.0
    resolves_app_permissions: bool = True  # since July 2026


@dataclass(frozen=True, slots=True)
class Role:
    """A role; its permissions as Discord's bit field."""

    id: int
    name: str
    permissions: int


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies to a role, or to a member."""

    id: int
    allow: int = 0
    deny: int = 0
    member: bool = False


@dataclass(frozen=True, slots=True)
class Guild:
    """A server; `roles` holds @everyone (whose id is the guild's) first, then the bot's own."""

    id: int
    name: str
    owner_id: int
    roles: tuple[Role, ...]
    locale: str = "en-US"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of kind TEXT or ANNOUNCEMENT, or a DM, which has no guild."""

    id: int
    guild_id: int | None
    name: str
    kind: int = TEXT
    overwrites: tuple[Overwrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who uses the bot; `context` and `owners` are worked out from the channel where not given."""

    id: int = 2_000_000_000_000_000_001
    name: str = "ann"
    permissions: int = EVERYDAY
    locale: str = "en-US"
    context: int | None = None
    owners: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it was uploaded."""

    id: int
    filename: str
    data: bytes
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the bot sent it, with later edits laid over; times in Unix seconds."""

    id: int
    channel_id: int
    payload: Json
    attachments: tuple[Attachment, ...]
    sent_at: float
    edited_at: float | None = None
    interaction_id: int | None = None

    @property
    def content(self) -> str:
        """Its text, empty where there is none."""
        return self.payload.get("content") or ""

    @property
    def embeds(self) -> list[Json]:
        """Its embeds as sent."""
        return self.payload.get("embeds") or []

    @property
    def components(self) -> list[Json]:
        """Its components as sent."""
        return self.payload.get("components") or []

    @property
    def flags(self) -> int:
        """Its flags, LOADING among them while a deferral stands open."""
        return self.payload.get("flags") or 0

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who asked sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def nonce(self) -> str | None:
        """The nonce that came with it."""
        return self.payload.get("nonce")

    @property
    def files(self) -> dict[str, bytes]:
        """Its files' bytes by name."""
        return {one.filename: one.data for one in self.attachments}


@dataclass(slots=True)
class Interaction:
    """One interaction under way; `answered` is the callback's type once there is one."""

    id: int
    token: str
    channel_id: int
    created_at: float
    source: int | None = None
    original: int | None = None
    answered: int | None = None
    data: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A REST request as it arrived; the path starts after /api/v10."""

    method: str
    path: str
    at: float


class World:
    """Everything this Discord knows, in memory."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.guilds: dict[int, Guild] = {}
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
        self._last_id = 0
        self._changed = asyncio.Event()

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

    def keep(self, message: Message) -> Message:
        """Store a message, new or edited."""
        self.messages[message.id] = message
        self.touch()
        return message

    def post(
        self, channel_id: int, body: Json, files: Files, interaction_id: int | None = None
    ) -> Message:
        """Store a new message, and remember its nonce where that is enforced."""
        attachments, now = self._attach(body, files), self.clock()
        message = Message(
            self.new_id(), channel_id, body, attachments, now, interaction_id=interaction_id
        )
        if body.get("enforce_nonce") and message.nonce is not None:
            self.nonces[message.nonce] = (now, message.id)
        return self.keep(message)

    def repeated(self, body: Json) -> Message | None:
        """Find the message that an enforced nonce already made, if that is still remembered."""
        if not body.get("enforce_nonce"):
            return None
        at, message_id = self.nonces.get(str(body.get("nonce")), (0.0, 0))
        remembered = self.clock() - at <= self.settings.nonce_span
        return self.messages.get(message_id) if remembered else None

    def dm(self, person_id: str) -> Channel:
        """Find or open the DM with somebody."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.name == person_id:
                return channel
        opened = Channel(self.new_id(), None, person_id, DM)
        self.channels[opened.id] = opened
        return opened

    def _attach(self, body: Json, files: Files) -> tuple[Attachment, ...]:
        """Give uploaded files ids and the alt text that the body's `attachments` name."""
        said = {str(one["id"]): one.get("description") for one in body.get("attachments") or []}
        return tuple(
            Attachment(self.new_id(), name, data, said.get(str(index)))
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
        """Work out the bot's permissions in a channel, as Discord documents it."""
        if channel.guild_id is None:
            return EVERYDAY
        roles = self.guilds[channel.guild_id].roles
        allowed = _either(role.permissions for role in roles)
        if allowed & ADMINISTRATOR:
            return EVERYTHING
        of_roles = [one for one in channel.overwrites if not one.member]
        for group in (
            [one for one in of_roles if one.id == channel.guild_id],
            [one for one in of_roles if one.id in {role.id for role in roles[1:]}],
            [one for one in channel.overwrites if one.member and one.id == self.settings.bot_id],
        ):
            allowed &= ~_either(one.deny for one in group)
            allowed |= _either(one.allow for one in group)
        return allowed


def message_json(message: Message, author: Json) -> Json:
    """Show a message as REST does."""
    urls = {f"attachment://{one.filename}": _url(message, one) for one in message.attachments}
    edited = message.edited_at
    return {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": author,
        "type": 0,
        "content": message.content,
        "timestamp": _iso(message.sent_at),
        "edited_timestamp": None if edited is None else _iso(edited),
        "flags": message.flags,
        "embeds": _with_urls(message.embeds, urls),
        "components": _with_urls(message.components, urls),
        "attachments": [_attachment_json(message, one) for one in message.attachments],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        **({} if message.nonce is None else {"nonce": message.nonce}),
    }


def _attachment_json(message: Message, one: Attachment) -> Json:
    url = _url(message, one)
    shown: Json = {"id": str(one.id), "filename": one.filename, "size": len(one.data)}
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


def _either(bits: Iterable[int]) -> int:
    union = 0
    for one in bits:
        union |= one
    return union
