"""Data folders as earlier formats have them, made by what is known of those."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage._lines import append_lines, line_of, read_lines
from tests.storage.faults import in_format

Document = dict[str, Any]


def as_format_2(folder: Path) -> None:
    """Rewrite a data folder whose channels have one subscription of one board and one role each."""
    for path in [*folder.rglob("*.json"), *folder.rglob("*.json.bak")]:
        tables = json.loads(path.read_bytes())["tables"]
        content = json.dumps({"tables": _tables(tables)}, ensure_ascii=False).encode()
        path.write_bytes(in_format(2, content))
    for path in [*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.1")]:
        bodies = [_line(body) for body in read_lines(path, str)]
        path.unlink()
        append_lines(path, b"".join(map(line_of, bodies)))


def _tables(tables: Mapping[str, Document]) -> dict[str, Document]:
    changed = {name: each for name, each in tables.items() if name != "channels"}
    pauses = {n: c.get("paused") for n, c in tables.get("channels", {}).items()}
    if "subscriptions" in tables:
        found = tables["subscriptions"].values()
        changed["subscriptions"] = {
            str(each["channel_id"]): _subscription(each, pauses) for each in found
        }
    if "deliveries" in tables:
        found = tables["deliveries"].items()
        changed["deliveries"] = {key: _delivery(each) for key, each in found}
    return changed


def _subscription(new: Document, pauses: Mapping[str, Any]) -> Document:
    kept = {name: each for name, each in new.items() if name not in {"wish", "number", "manner"}}
    wish, pause = new["wish"], pauses.get(str(new["channel_id"]))
    (board,) = wish["boards"]
    more = {"paused": pause} if pause is not None else {}
    said = {"board": board, "least": wish["least"], "only": wish["only"]}
    return kept | said | more | {"manner": _manner(new["manner"])}


def _delivery(new: Document) -> Document:
    return new | {"manner": _manner(new["manner"])} if "manner" in new else new


def _manner(new: Mapping[str, Any]) -> Document:
    kept = {name: value for name, value in new.items() if name != "mentions"}
    roles = new.get("mentions") or [None]
    (role,) = roles
    return kept | {"mention": role}


def _line(body: bytes) -> bytes:
    document = json.loads(body)
    return json.dumps(_delivery(document), separators=(",", ":"), ensure_ascii=False).encode()
