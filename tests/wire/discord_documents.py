"""What Discord documents of its limits on messages, answers, commands and forum posts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.wire.discord_mentions import walk
from tests.wire.discord_schema import COMPONENTS_V2, Json

FILE_BYTES = 10 * 1024 * 1024
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
Breach = tuple[str, str]


def message_breaches(body: Json, files: Mapping[str, bytes]) -> Iterator[Breach]:
    """Check a message against Discord's documented limits; `files` are all that it will carry."""
    yield from _too_long("content", body.get("content"), 2000)
    yield from _too_long("nonce", body.get("nonce"), 25)
    yield from _embed_breaches(body.get("embeds") or [])
    yield from _component_breaches(body)
    yield from _mention_breaches(body.get("allowed_mentions") or {})
    for place, one in enumerate(body.get("attachments") or []):
        yield from _too_long(f"attachments.{place}.description", one.get("description"), 1024)
    for name in sorted(_named_files(body) - files.keys()):
        yield "attachments", f"attachment://{name} names no file of this message"
    for name, data in files.items():
        if len(data) > FILE_BYTES:
            yield "attachments", f"{name} is larger than {FILE_BYTES} bytes"


def thread_breaches(body: Json, files: Mapping[str, bytes]) -> Iterator[Breach]:
    """Check a forum post: its name, its tags and its first message."""
    name = body.get("name") or ""
    yield from _too_long("name", name, 100)
    if not name.strip():
        yield "name", "This field is required"
    yield from _too_many("applied_tags", body.get("applied_tags") or [], 5)
    for path, text in message_breaches(body.get("message") or {}, files):
        yield f"message.{path}", text


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


def _too_long(path: str, text: str | None, most: int) -> Iterator[Breach]:
    if len(text or "") > most:
        yield path, f"Must be {most} or fewer in length."


def _too_many(path: str, items: list[Any], most: int) -> Iterator[Breach]:
    if len(items) > most:
        yield path, f"Must be {most} or fewer in number."


def _mention_breaches(allowed: Json) -> Iterator[Breach]:
    for key in ("roles", "users"):
        if allowed.get(key) and key in (allowed.get("parse") or []):
            yield "allowed_mentions", f"parse:[{key!r}] and {key}: [ids...] are mutually exclusive."
        yield from _too_many(f"allowed_mentions.{key}", allowed.get(key) or [], 100)


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
