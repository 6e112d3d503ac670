"""A data folder of format 2 opens, says what it said, and is written anew with the next save."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery, DeliveryState
from bot.model import BOARD_MODELS, Severity
from bot.subscription import Channel, Manner, Pause, PauseReason, Subscription, Wish
from storage._lines import append_lines, line_of
from storage._upgrade import from_format_2, line_from_format_2
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import keys
from tests.made import AS_OF, day
from tests.storage.faults import in_format
from tests.storage.opened import JUNE

NOON = "2026-06-20T02:00:00Z"
OF_7 = {
    "channel_id": 7,
    "guild_id": 10,
    "board": "coding",
    "after": "2026-06-01",
    "created_at": NOON,
    "created_by": 99,
    "language": "tr",
    "least": "headline",
    "manner": {"forum": False, "publish": True, "mention": 5},
    "paused": {"reason": "forbidden", "since": NOON, "said": "403: nö"},
    "only": ["öpen/a", "b/"],
}
OF_8 = {
    "channel_id": 8,
    "guild_id": 11,
    "board": "models",
    "after": "2026-06-02",
    "created_at": NOON,
    "created_by": 98,
    "manner": {"forum": True, "publish": False, "mention": None},
}
"""As the first version wrote it that knew manners."""

SUBSCRIPTIONS = (
    Subscription(
        7,
        10,
        Wish(("coding",), Severity.HEADLINE, (), ("öpen/a", "b/")),
        date(2026, 6, 1),
        AS_OF,
        99,
        "tr",
        Manner(publish=True, mentions=(5,)),
    ),
    Subscription(8, 11, Wish(), date(2026, 6, 2), AS_OF, 98, manner=Manner(forum=True)),
)
CHANNELS = (Channel(7, 10, Pause(PauseReason.FORBIDDEN, AS_OF, "403: nö")), Channel(8, 11))


def _owed(key: str, **values: object) -> dict[str, Any]:
    """Return a delivery as format 2 has it."""
    said = {"key": key, "channel_id": 8, "guild_id": 11, "milestones": ["m1"], "nonce": "n"}
    return said | {"created_at": NOON} | values


def _delivery(key: str, *roles: int, **values: Any) -> Delivery:
    made = Delivery(key, 8, 11, ("m1",), "n", AS_OF, manner=Manner(mentions=roles))
    return replace(made, **values)


STATE = {
    "subscriptions": {"7": OF_7, "8": OF_8},
    "deliveries": {
        "d1": _owed("d1", manner={"mention": 5}),
        "d2": _owed("d2", manner={"forum": True}),
        "d3": _owed("d3", manner={"forum": False, "publish": False, "mention": None}),
        "d4": _owed("d4"),
        "d5": _owed("d5", manner={"mention": 2**63}),
    },
    "meta": {"commands": {"fingerprint": "ŝ"}},
}
LOGGED = _owed("d4", state="sent", message_id=3, manner={"mention": 6})
ASIDE = _owed("d9", state="sent", reason='"mention":4', manner={"forum": True, "mention": 8})
DELIVERIES = (
    _delivery("d1", 5),
    _delivery("d2", manner=Manner(forum=True)),
    _delivery("d3"),
    _delivery("d4", 6, state=DeliveryState.SENT, message_id=3),
    _delivery("d5", 2**63),
    _delivery(
        "d9",
        state=DeliveryState.SENT,
        reason='"mention":4',
        manner=Manner(forum=True, mentions=(8,)),
    ),
)


def _line(document: Mapping[str, Any]) -> bytes:
    return line_of(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())


def _file(tables: Mapping[str, Any]) -> bytes:
    return in_format(2, json.dumps({"tables": tables}).encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder as format 2 has it."""
    (tmp_path / "deliveries").mkdir()
    (tmp_path / "state.json").write_bytes(_file(STATE))
    append_lines(tmp_path / "outbox.jsonl", _line(LOGGED))
    append_lines(tmp_path / JUNE, _line(ASIDE))
    return tmp_path


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def _assert_as_before(store: TinyDBStore) -> None:
    assert await store.subscriptions() == SUBSCRIPTIONS
    assert await store.channels() == CHANNELS
    assert await store.deliveries(keys(DELIVERIES)) == DELIVERIES
    assert await store.posts(guild_id=11) == DELIVERIES
    assert await store.about("m1", 8) == DELIVERIES
    assert keys(await store.open_deliveries()) == ["d1", "d2", "d3", "d5"]
    assert await store.synced_commands() == "ŝ"


async def test_a_folder_of_before_says_what_it_said(folder: Path) -> None:
    for writable in (False, True, True):
        store = TinyDBStore(folder, writable=writable)
        await _assert_as_before(store)
        await store.close()


async def test_a_reader_leaves_a_folder_of_before_as_it_is(folder: Path) -> None:
    before = _files(folder)
    await _assert_as_before(TinyDBStore(folder, writable=False))
    assert _files(folder) == before


async def test_the_state_is_written_anew_with_the_next_save(folder: Path) -> None:
    (folder / "outbox.jsonl").unlink()
    store = TinyDBStore(folder, writable=True)
    assert (folder / "state.json").read_bytes().startswith(b'{"format": 2, ')
    await store.put_synced_commands("next")
    await store.close()
    content = (folder / "state.json").read_bytes()
    assert content.startswith(b'{"format": 3, ')
    assert b'"mention"' not in content
    store = TinyDBStore(folder, writable=True)
    assert await store.subscriptions() == SUBSCRIPTIONS
    assert await store.channels() == CHANNELS
    await store.close()


async def test_what_a_channel_of_before_has_can_be_changed(folder: Path) -> None:
    store = TinyDBStore(folder, writable=True)
    assert not await store.subscribe(replace(SUBSCRIPTIONS[1], language="tr"))
    assert await store.amend(replace(SUBSCRIPTIONS[1], language="tr"))
    assert await store.resume(7, AS_OF)
    assert await store.unsubscribe(7)
    await store.tidy(AS_OF + timedelta(days=91))
    assert await store.channels() == CHANNELS[1:]
    (old,) = await store.deliveries(["d9"])
    assert old.manner == Manner(forum=True)
    await store.close()


async def test_a_copy_of_before_is_fallen_back_to(folder: Path) -> None:
    (folder / "state.json").rename(folder / "state.json.bak")
    (folder / "state.json").write_bytes(b"garbage")
    with capture_logs():
        store = TinyDBStore(folder, writable=True)
    await _assert_as_before(store)
    await store.close()


async def test_a_month_of_before_is_read_and_goes_on(tmp_path: Path) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_days(BOARD_MODELS, [day(0, {"a": 1})])
    await store.close()
    month = tmp_path / "history" / "models-2026-06.json"
    month.write_bytes(in_format(2, month.read_bytes()))
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_days(BOARD_MODELS, [day(1, {"a": 2})])
    await store.close()
    assert month.read_bytes().startswith(b'{"format": 3, ')
    days = await TinyDBStore(tmp_path, writable=False).days(BOARD_MODELS)
    assert list(days.values()) == [day(0, {"a": 1}), day(1, {"a": 2})]


def test_other_tables_are_as_they_were() -> None:
    tables = {"days": {"2026-06-01": {"mention": 1}}, "models": {"a": {"board": "b"}}}
    assert from_format_2(tables) == tables
    assert from_format_2({}) == {}


def test_what_is_converted_is_left_as_it_was() -> None:
    before = json.dumps(STATE)
    from_format_2(STATE)
    assert json.dumps(STATE) == before


@pytest.mark.parametrize(
    "line",
    [
        b'{"key":"\\"mention\\":5","manner":{"forum":true}}',
        b'{"key":"k","reason":"\\\\\\"mention\\":5"}',
        b'{"key":"k","manner":{"mentions":[5]}}',
    ],
)
def test_a_line_without_the_role_of_before_is_as_it_was(line: bytes) -> None:
    assert line_from_format_2(line) == line
