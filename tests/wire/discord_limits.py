"""What makes the loopback Discord refuse: limits of documents and of rate, and injected faults."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jsonschema

from tests.wire.discord_schema import COMPONENTS_V2, Json

FILE_BYTES = 10 * 1024 * 1024
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")

Kind = Literal["message", "edit", "callback", "followup", "commands"]
SCHEMAS: Mapping[Kind, str] = {
    "message": "paths/~1channels~1{channel_id}~1messages/post",
    "edit": "paths/~1channels~1{channel_id}~1messages~1{message_id}/patch",
    "callback": "paths/~1interactions~1{interaction_id}~1{interaction_token}~1callback/post",
    "followup": "paths/~1webhooks~1{webhook_id}~1{webhook_token}/post",
    "commands": "paths/~1applications~1{application_id}~1commands/put",
}

Breach = tuple[str, str]


class ApiError(Exception):
    """A refusal with Discord's own code."""

    def __init__(self, status: int, code: int, text: str, errors: Json | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.body: Json = {"code": code, "message": text} | ({"errors": errors} if errors else {})
        self.headers: Mapping[str, str] = {}


class TooManyError(ApiError):
    """A 429, with the `Via` header without which discord.py takes it for Cloudflare's."""

    def __init__(self, retry_after: float, scope: str, headers: Mapping[str, str]) -> None:
        super().__init__(429, 0, "You are being rate limited.")
        every = scope == "global"
        self.body |= {"retry_after": retry_after, "global": every}
        named = {"Via": "1.1 loopback", "Retry-After": str(retry_after), "X-RateLimit-Scope": scope}
        self.headers = {**headers, **named, **({"X-RateLimit-Global": "true"} if every else {})}


@dataclass(frozen=True, slots=True)
class Fault:
    """One injected failure; `accepted` ones strike after the request has taken effect."""

    status: int | None = None
    retry_after: float | None = None
    ending: Literal["reset", "hangup"] | None = None
    gate: asyncio.Event | None = None
    accepted: bool = False

    @classmethod
    def answer(
        cls, status: int, *, retry_after: float | None = None, accepted: bool = False
    ) -> "Fault":
        """Answer with a status; a 429 asks for `retry_after` seconds."""
        return cls(status=status, retry_after=retry_after, accepted=accepted)

    @classmethod
    def reset(cls, *, accepted: bool = False) -> "Fault":
        """Reset the connection (TCP RST)."""
        return cls(ending="reset", accepted=accepted)

    @classmethod
    def hangup(cls, *, accepted: bool = False) -> "Fault":
        """Close the connection without an answer (TCP FIN)."""
        return cls(ending="hangup", accepted=accepted)

    @classmethod
    def slow(cls, gate: asyncio.Event, *, accepted: bool = False) -> "Fault":
        """Hold the request until the gate is set."""
        return cls(gate=gate, accepted=accepted)


class Faults:
    """Faults waiting for a request whose "METHOD /path" their pattern is found in."""

    def __init__(self) -> None:
        self._waiting: list[tuple[re.Pattern[str], Fault]] = []

    def add(self, pattern: str, fault: Fault, times: int) -> None:
        """Queue a fault for the next `times` requests that match."""
        self._waiting.extend([(re.compile(pattern), fault)] * times)

    def take(self, line: str) -> Fault | None:
        """Take the first fault that matches off the queue."""
        for place, (pattern, fault) in enumerate(self._waiting):
            if pattern.search(line):
                del self._waiting[place]
                return fault
        return None


@dataclass(slots=True)
class Window:
    """A rate limit of `limit` requests in `span` seconds from the first of them."""

    limit: int
    span: float
    until: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        """Count a request; say whether it may pass."""
        if now >= self.until:
            self.until, self.used = now + self.span, 0
        self.used += 1
        return self.used <= self.limit

    def wait(self, now: float) -> float:
        """Seconds until the window opens anew."""
        return round(max(self.until - now, 0.0), 3)

    def headers(self, now: float, bucket: str) -> dict[str, str]:
        """Tell the client where it stands."""
        return {
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Reset-After": str(self.wait(now)),
        }


def message_breaches(body: Json, files: Mapping[str, bytes]) -> Iterator[Breach]:
    """Check a message against Discord's documented limits; `files` are all that it will carry."""
    yield from _too_long("content", body.get("content"), 2000)
    yield from _too_long("nonce", body.get("nonce"), 25)
    yield from _embed_breaches(body.get("embeds") or [])
    yield from _component_breaches(body)
    for place, one in enumerate(body.get("attachments") or []):
        yield from _too_long(f"attachments.{place}.description", one.get("description"), 1024)
    for name in sorted(_named_files(body) - files.keys()):
        yield "attachments", f"attachment://{name} names no file of this message"
    for name, data in files.items():
        if len(data) > FILE_BYTES:
            yield "attachments", f"{name} is larger than {FILE_BYTES} bytes"


def callback_breaches(body: Json, files: Mapping[str, bytes]) -> Iterator[Breach]:
    """Check an interaction's answer: a message, a deferral or choices."""
    data = body.get("data") or {}
    if body["type"] == 5 and (data.get("flags") or 0) & COMPONENTS_V2:
        yield "data.flags", "a deferral cannot carry IS_COMPONENTS_V2"
    if body["type"] in {4, 7}:
        yield from message_breaches(data, files)
    choices = data.get("choices") or []
    yield from _too_many("data.choices", choices, 25)
    for place, choice in enumerate(choices):
        yield from _too_long(f"data.choices.{place}.name", choice["name"], 100)
        yield from _too_long(f"data.choices.{place}.value", str(choice["value"]), 100)


def command_breaches(commands: list[Json]) -> Iterator[Breach]:
    """Check a bulk overwrite of commands where Discord's own schema does not."""
    yield from _too_many("", commands, 100)
    for place, command in enumerate(commands):
        yield from _option_breaches(f"{place}", command)
        if _command_length(command) > 8000:
            yield f"{place}", "is longer than 8000 characters over all"


def errors_json(breaches: list[Breach]) -> Json:
    """Nest breaches as Discord does in the `errors` of a 50035."""
    nested: Json = {}
    for path, text in breaches:
        place = nested
        for key in filter(None, path.split(".")):
            place = place.setdefault(key, {})
        place.setdefault("_errors", []).append({"code": "LOOPBACK", "message": text})
    return nested


def schema_breaches(folder: Path, kind: Kind, body: Any) -> Iterator[str]:
    """Check a body against Discord's own OpenAPI description in `folder`."""
    error = jsonschema.exceptions.best_match(_validator(folder, kind).iter_errors(body))
    if error is not None:
        yield f"{kind} schema: {error.json_path}: {error.message[:300]}"


@cache
def _validator(folder: Path, kind: Kind) -> jsonschema.Draft202012Validator:
    body = f"#/{SCHEMAS[kind]}/requestBody/content/application~1json/schema"
    return jsonschema.Draft202012Validator({"$ref": body, **_description(folder)})


@cache
def _description(folder: Path) -> Json:
    """Read the description, adding what it leaves out: ids as numbers, media channels (16)."""
    text = (folder / "discord_openapi.json").read_text(encoding="utf-8")
    described: Json = json.loads(text)
    shapes = described["components"]["schemas"]
    shapes["SnowflakeType"]["type"] = ["string", "integer"]
    shapes["ChannelTypes"]["oneOf"].append({"const": 16})
    return {key: described[key] for key in ("paths", "components")}


def _too_long(path: str, text: str | None, most: int) -> Iterator[Breach]:
    if len(text or "") > most:
        yield path, f"Must be {most} or fewer in length."


def _too_many(path: str, items: list[Any], most: int) -> Iterator[Breach]:
    if len(items) > most:
        yield path, f"Must be {most} or fewer in number."


def _embed_breaches(embeds: list[Json]) -> Iterator[Breach]:
    yield from _too_many("embeds", embeds, 10)
    total = 0
    for place, embed in enumerate(embeds):
        for path, text, most in _embed_texts(embed):
            yield from _too_long(f"embeds.{place}.{path}", text, most)
            total += len(text)
        yield from _too_many(f"embeds.{place}.fields", embed.get("fields") or [], 25)
    if total > 6000:
        yield "embeds", "Embed size exceeds maximum size of 6000"


def _embed_texts(embed: Json) -> Iterator[tuple[str, str, int]]:
    yield "title", embed.get("title") or "", 256
    yield "description", embed.get("description") or "", 4096
    yield "footer.text", (embed.get("footer") or {}).get("text") or "", 2048
    yield "author.name", (embed.get("author") or {}).get("name") or "", 256
    for place, one in enumerate(embed.get("fields") or []):
        yield f"fields.{place}.name", one["name"], 256
        yield f"fields.{place}.value", one["value"], 1024


def _component_breaches(body: Json) -> Iterator[Breach]:
    every = list(walk(body.get("components") or []))
    if not (body.get("flags") or 0) & COMPONENTS_V2:
        yield from _too_many("components", body.get("components") or [], 5)
        if any(one["type"] > 8 for one in every):
            yield "components", "needs the flag IS_COMPONENTS_V2"
        return
    yield from _too_many("components", every, 40)
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            yield key, "cannot be used with IS_COMPONENTS_V2"
    if sum(len(one.get("content", "")) for one in every) > 4000:
        yield "components", "shows more than 4000 characters"


def walk(components: list[Json]) -> Iterator[Json]:
    """Go through components and all that they hold."""
    for one in components:
        yield one
        inner = [*(one.get("components") or [])]
        if one.get("accessory"):
            inner.append(one["accessory"])
        yield from walk(inner)


def _named_files(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set[str]().union(*map(_named_files, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(_named_files, value))
    prefix = "attachment://"
    return {value.removeprefix(prefix)} if str(value).startswith(prefix) else set()


def _option_breaches(path: str, holder: Json) -> Iterator[Breach]:
    options = holder.get("options") or []
    slash = holder.get("type", 1) not in {2, 3} or "." in path
    if slash and (
        not COMMAND_NAME.fullmatch(holder["name"]) or holder["name"].lower() != holder["name"]
    ):
        yield f"{path}.name", f"{holder['name']!r} is no name for a command or option"
    yield from _too_many(f"{path}.options", options, 25)
    needed = [bool(one.get("required")) for one in options]
    if needed != sorted(needed, reverse=True):
        yield f"{path}.options", "Required options must be placed before non-required options"
    for place, option in enumerate(options):
        yield from _option_breaches(f"{path}.options.{place}", option)


def _command_length(holder: Json) -> int:
    own = len(holder["name"]) + len(holder.get("description") or "")
    chosen = sum(len(c["name"]) + len(str(c["value"])) for c in holder.get("choices") or [])
    return own + chosen + sum(_command_length(one) for one in holder.get("options") or [])
