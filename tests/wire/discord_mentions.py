"""Whom a message notifies: what its text names, and what its allowed mentions let through."""

import re
from collections.abc import Iterator

from tests.wire.discord_schema import Json

ROLE = re.compile(r"<@&(\d+)>")
EVERYBODY = re.compile(r"@(everyone|here)\b")


def pinged_roles(body: Json) -> set[int]:
    """Find the roles that a body names in its text and is allowed to notify."""
    named = {int(each) for text in _texts(body) for each in ROLE.findall(text)}
    allowed = body.get("allowed_mentions")
    if allowed is None or "roles" in (allowed.get("parse") or []):
        return named
    return named & {int(each) for each in allowed.get("roles") or []}


def reaches_everyone(body: Json) -> bool:
    """Say whether nothing in a body would stop @everyone or @here from going through."""
    allowed = body.get("allowed_mentions")
    if allowed is None:
        return any(EVERYBODY.search(text) for text in _texts(body))
    return "everyone" in (allowed.get("parse") or [])


def _texts(body: Json) -> Iterator[str]:
    yield body.get("content") or ""
    for one in walk(body.get("components") or []):
        yield one.get("content") or ""


def walk(components: list[Json]) -> Iterator[Json]:
    """Go through components and all that they hold."""
    for one in components:
        yield one
        inner = [*(one.get("components") or [])]
        if one.get("accessory"):
            inner.append(one["accessory"])
        yield from walk(inner)
