"""What an earlier version stored, as this one reads it (pure)."""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

_MENTION = re.compile(rb'"mention":(\d+)')


def from_format_2(tables: dict[str, Document]) -> dict[str, Document]:
    """Return the tables of a file of format 2 in the form of format 3; most are the same.

    In format 2 a channel had one subscription, of one board, with the channel's pause.
    """
    changed: dict[str, Document] = {}
    if "subscriptions" in tables:
        old = tables["subscriptions"]
        changed["subscriptions"] = {f"{key}.1": _subscription(each) for key, each in old.items()}
        changed["channels"] = {key: _channel(each) for key, each in old.items()}
    if "deliveries" in tables:
        old = tables["deliveries"]
        changed["deliveries"] = {key: _delivery(each) for key, each in old.items()}
    return {**tables, **changed}


def line_from_format_2(line: bytes) -> bytes:
    """Return the line of a delivery with the one role that it mentioned as roles.

    In a line's texts the quotes are escaped, so that a name is found where it is a name alone.
    """
    return _MENTION.sub(rb'"mentions":[\1]', line)


def _subscription(old: Mapping[str, Any]) -> Document:
    gone = ("board", "least", "only", "paused", "manner")
    wish: Document = {"boards": [old["board"]], "only": old.get("only", [])}
    if "least" in old:
        wish["least"] = old["least"]
    kept = {name: value for name, value in old.items() if name not in gone}
    return kept | {"wish": wish, "number": 1, "manner": _manner(old.get("manner", {}))}


def _channel(old: Mapping[str, Any]) -> Document:
    names = ("channel_id", "guild_id", "paused")
    return {name: old[name] for name in names if name in old}


def _delivery(old: Document) -> Document:
    return old | {"manner": _manner(old["manner"])} if "manner" in old else old


def _manner(old: Mapping[str, Any]) -> Document:
    kept = {name: value for name, value in old.items() if name != "mention"}
    role = old.get("mention")
    return kept if role is None else kept | {"mentions": [role]}
