"""The nouns of the loopback Discord: guilds, channels, threads, messages, interactions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Files = dict[int, tuple[str, bytes]]
Clock = Callable[[], float]

ADMINISTRATOR, VIEW, SEND = 1 << 3, 1 << 10, 1 << 11
EMBED, ATTACH, HISTORY = 1 << 14, 1 << 15, 1 << 16
MENTION_EVERYONE, MANAGE_THREADS, SEND_IN_THREADS = 1 << 17, 1 << 34, 1 << 38
EVERYDAY = VIEW | SEND | EMBED | ATTACH | HISTORY | SEND_IN_THREADS
EVERYTHING = (1 << 53) - 1
CROSSPOSTED, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 0, 1 << 6, 1 << 7, 1 << 15
TEXT, DM, ANNOUNCEMENT, FORUM, MEDIA = 0, 1, 5, 15, 16
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12


@dataclass(frozen=True, slots=True)
class Settings:
    """How this Discord behaves; spans in seconds, limits as (how many, in how many seconds)."""

    token: str = "loopback-token"
    bot_id: int = 1_000_000_000_000_000_001  # also the application's id, as with Discord
    bot_name: str = "rankshift"
    heartbeat_ms: int = 41_250
    shards: int = 1
    at_once: int = 1  # shards that may identify in five seconds
    nonce_span: float = 300.0
    channel_limit: tuple[int, float] = (10_000, 5.0)  # messages posted
    edit_limit: tuple[int, float] = (10_000, 5.0)
    read_limit: tuple[int, float] = (10_000, 5.0)
    thread_limit: tuple[int, float] = (10_000, 5.0)  # threads and forum posts made
    crosspost_limit: tuple[int, float] = (10, 3600.0)
    global_limit: tuple[int, float] = (1_000_000, 1.0)
    invalid_limit: tuple[int, float] = (10_000, 600.0)
    latency: float = 0.0
    keeps_files: bool = True  # without: their names and sizes alone
    checks_schema: bool = True
    answer_span: float = 3.0
    token_span: float = 900.0
    resolves_app_permissions: bool = True  # since July 2026


@dataclass(frozen=True, slots=True)
class Role:
    """A role; its permissions as Discord's bit field."""

    id: int
    name: str
    permissions: int
    mentionable: bool = False


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies to a role, or to a member."""

    id: int
    allow: int = 0
    deny: int = 0
    member: bool = False


@dataclass(frozen=True, slots=True)
class Guild:
    """A server; `roles` holds @everyone (whose id is the guild's) first, `ours` the bot's."""

    id: int
    name: str
    owner_id: int
    roles: tuple[Role, ...]
    ours: tuple[int, ...]
    locale: str = "en-US"
    system_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that a forum's posts may carry; a moderated one needs Manage Threads."""

    id: int
    name: str
    moderated: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What makes a channel a thread; `archived_at` is when that last changed, in Unix seconds."""

    parent_id: int
    owner_id: int
    archived: bool = False
    locked: bool = False
    archived_at: float = 0.0
    tags: tuple[int, ...] = ()
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or thread of a guild, or a DM, which has no guild; tags are a forum's."""

    id: int
    guild_id: int | None
    name: str
    kind: int = TEXT
    overwrites: tuple[Overwrite, ...] = ()
    thread: Thread | None = None
    tags: tuple[Tag, ...] = ()
    requires_tag: bool = False


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
    """A file as it was uploaded; `size` in bytes, also where the bytes are not kept."""

    id: int
    filename: str
    data: bytes
    size: int
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was sent, with later edits laid over; times in Unix seconds.

    The author is None for the bot; `pinged` are the roles whose members it notified.
    """

    id: int
    channel_id: int
    payload: Json
    attachments: tuple[Attachment, ...]
    sent_at: float
    edited_at: float | None = None
    interaction_id: int | None = None
    author: Actor | None = None
    pinged: tuple[int, ...] = ()

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
    """One interaction under way; `answered` is the callback's type once there is one.

    `heard_at` is when the first callback came, taken or not; `shown_at` is when the person first
    had more to look at than that the bot thinks. Times in Unix seconds.
    """

    id: int
    token: str
    channel_id: int
    created_at: float
    source: int | None = None
    original: int | None = None
    answered: int | None = None
    heard_at: float | None = None
    shown_at: float | None = None
    data: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A REST request as it arrived; the path starts after /api/v10."""

    method: str
    path: str
    at: float
