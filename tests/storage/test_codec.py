"""Nouns become documents and come back as they were, or are refused by name."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import Delivery
from bot.errors import StoreDamaged
from bot.knowledge import CatalogueEntry
from bot.model import Day, Memory, Milestone, Row
from bot.subscription import Change, Channel, Digest, Manner, Pause, Subscription
from storage._codec import from_document, from_line, to_document, to_line, to_short_document
from tests.contract.nouns import delivery, entry, milestone, progress, subscription
from tests.made import AS_OF

_numbers = st.floats(allow_nan=False, allow_infinity=False)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | _numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_facts: st.SearchStrategy[Mapping[str, Any]] = st.dictionaries(st.text(), _json, max_size=3)
# Fixed offsets: Python calls no hour of a change of clocks equal to the same hour in another zone.
_offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_zones = st.just(UTC) | _offsets
_moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=_zones)  # noqa: DTZ001
_rows = st.lists(st.builds(Row, st.text(), st.integers()), max_size=3).map(tuple)
_pauses = st.none() | st.builds(Pause, since=_moments)
_digests = st.none() | st.builds(Digest, after=_moments)
_nouns = st.one_of(
    st.builds(Day, date=st.dates(), rows=_rows, other=st.none() | st.integers(), as_of=_moments),
    st.builds(CatalogueEntry),
    st.builds(Milestone, facts=_facts, as_of=_moments),
    st.builds(Memory, rules=st.dictionaries(st.text(), _facts, max_size=2)),
    st.builds(Subscription, created_at=_moments, stopped=st.none() | _moments),
    st.builds(Channel, paused=_pauses, muted_until=st.none() | _moments, digest=_digests),
    st.builds(Change, when=_moments),
    st.builds(
        Delivery,
        created_at=_moments,
        retry_at=st.none() | _moments,
        sent_at=st.none() | _moments,
    ),
)


@settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(noun=_nouns)
def test_a_noun_comes_back_from_json_as_it_was(noun: object) -> None:
    document = json.loads(json.dumps(to_document(noun), allow_nan=False))
    assert from_document(type(noun), document) == noun


@settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(noun=_nouns)
def test_a_noun_comes_back_from_its_line_and_its_short_document(noun: object) -> None:
    line, document = to_line(noun), to_short_document(noun)
    assert b"\n" not in line
    assert json.loads(line) == document
    assert from_line(type(noun), line) == noun == from_document(type(noun), document)


def test_what_is_as_its_default_is_left_out_of_a_line() -> None:
    row = Delivery("k", 1, 2, ("m",), "", AS_OF, manner=Manner(forum=True))
    made = b'"nonce":"","created_at":"2026-06-20T02:00:00Z","manner":{"forum":true}}'
    assert to_line(row) == b'{"key":"k","channel_id":1,"guild_id":2,"milestones":["m"],' + made


@pytest.mark.parametrize("line", [b"", b"[]", b'{"key":1', b'{"key":"k"}'])
def test_what_is_no_line_of_a_noun_is_refused(line: bytes) -> None:
    with pytest.raises(StoreDamaged, match="a stored Delivery: "):
        from_line(Delivery, line)


@pytest.mark.parametrize(
    ("noun", "wrong", "told"),
    [
        (delivery("d"), {"state": "posted"}, "a stored Delivery: state: "),
        (delivery("d"), {"attempts": "many"}, "a stored Delivery: attempts: "),
        (milestone("m"), {"searched": {"since": "soon", "days": 1}}, "Milestone: searched.since: "),
        (entry("a"), {"created": None}, "a stored CatalogueEntry: created: "),
        (subscription(), {"channel_id": 1.5}, "a stored Subscription: channel_id: "),
    ],
)
def test_a_wrong_field_is_named(noun: object, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(StoreDamaged, match=told.replace(".", r"\.")):
        from_document(type(noun), to_document(noun) | wrong)


def test_a_missing_field_is_named() -> None:
    document = to_document(delivery("d"))
    del document["nonce"]
    with pytest.raises(StoreDamaged, match="a stored Delivery: nonce: "):
        from_document(Delivery, document)


@pytest.mark.parametrize("document", [None, [], "text", 7, {}])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(StoreDamaged, match="a stored Memory: "):
        from_document(Memory, document)


def test_a_field_with_a_default_may_be_missing() -> None:
    document = to_document(delivery("d"))
    for name in ("state", "attempts", "retry_at", "message_id", "reason"):
        del document[name]
    assert from_document(Delivery, document) == delivery("d")


def test_a_document_shares_nothing_with_its_noun() -> None:
    rules = {"leader": {"models": ["a"]}}
    (memory,) = progress(0).memories
    document = to_document(replace(memory, rules=rules))
    rules["leader"]["models"].append("b")
    assert document["rules"] == {"leader": {"models": ["a"]}}
    assert document["baseline"] == date(2026, 6, 1).isoformat()
