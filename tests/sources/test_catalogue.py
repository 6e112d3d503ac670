"""The catalogue: one entry a base model, and weights dated by when they were first seen."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import PayloadRefused, SourceUnreachable
from bot.knowledge import CatalogueEntry
from bot.sources._http import open_http
from bot.sources.catalogue import fetch_catalogue, merge_catalogues, parse_catalogue
from tests.sources.test_rows import mangled
from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

WHERE = "https://mirror.example/models"
LISTED_ON, TODAY = date(2026, 6, 1), date(2026, 6, 20)
CREATED = int(datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC).timestamp())


def listed(ident: str = "a/one", **other: object) -> dict[str, Any]:
    """Return a row of the catalogue as served, fields that we do not read included."""
    return {
        "id": ident,
        "canonical_slug": "a/one-20260601",
        "hugging_face_id": None,
        "name": "A: One",
        "created": CREATED,
        "pricing": {"prompt": "0.1"},
    } | other


def read(*rows: Mapping[str, Any]) -> tuple[CatalogueEntry, ...]:
    """Parse rows as they are served."""
    return parse_catalogue(json.dumps({"data": rows}).encode(), WHERE)


def refusal(content: bytes) -> PayloadRefused:
    """Return why an answer is refused."""
    with pytest.raises(PayloadRefused) as refused:
        parse_catalogue(content, WHERE)
    return refused.value


def entry(
    model: str = "a/one", weights: str | None = None, since: date | None = None, name: str = "One"
) -> CatalogueEntry:
    """Return an entry."""
    return CatalogueEntry(model, name, LISTED_ON, weights, since)


def seen(one: CatalogueEntry) -> CatalogueEntry:
    """Return an entry as today's reading leaves it."""
    return replace(one, seen=TODAY)


def merged(*known: CatalogueEntry, fresh: CatalogueEntry) -> CatalogueEntry:
    """Return the entry that one fresh entry becomes."""
    (found,) = [e for e in merge_catalogues(known, (fresh,), TODAY) if e.model == fresh.model]
    return found


@pytest.mark.parametrize("wrap", [True, False], ids=["under data", "bare list"])
def test_both_shapes_give_entries_by_model(*, wrap: bool) -> None:
    rows = [
        listed("b/two", canonical_slug="b/two", name="B: Two", hugging_face_id="B-AI/Two_2.0"),
        listed(),
    ]
    content = json.dumps({"data": rows, "more": 1} if wrap else rows).encode()
    assert parse_catalogue(content, WHERE) == (
        CatalogueEntry("a/one-20260601", "One", LISTED_ON, None, None),
        CatalogueEntry("b/two", "Two", LISTED_ON, "B-AI/Two_2.0", LISTED_ON),
    )


@pytest.mark.parametrize("other", ["a/one:free", "a/one:batch", "a/one:thinking", "~a/one-latest"])
@pytest.mark.parametrize("turned", [False, True], ids=["plain first", "plain last"])
def test_the_plain_id_speaks_for_its_model(other: str, *, turned: bool) -> None:
    rows = [
        listed(name="A: Plain", hugging_face_id="a/plain"),
        listed(other, name="A: Odd", hugging_face_id="a/odd", created=CREATED + 86400),
    ]
    (found,) = read(*(reversed(rows) if turned else rows))
    assert found == CatalogueEntry("a/one-20260601", "Plain", LISTED_ON, "a/plain", LISTED_ON)


def test_a_variant_speaks_for_its_model_where_nothing_else_is_listed() -> None:
    (found,) = read(listed("a/one:free", canonical_slug="a/one-20260601:free"))
    assert found.model == "a/one-20260601"


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be where the day is nine hours old when it begins in UTC."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "UTC-9")
        time.tzset()
        yield
    time.tzset()


def test_a_model_was_created_on_a_day_in_utc(far_east: None) -> None:
    assert read(listed())[0].created == LISTED_ON


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("A: One", "One"),
        ("One", "One"),
        ("A One: One: Two", "One: Two"),
        ("A:One", "A:One"),
        ("A: One (free)", "One"),
        ("A: One  (free)", "One"),
        ("A: One (batch)", "One"),
        ("A: One (thinking)", "One (thinking)"),
        ("A: (free) One", "(free) One"),
        ("A: One (free) Two", "One (free) Two"),
        ("A: ", "A: "),
    ],
)
def test_a_name_is_shown_without_author_and_price(name: str, shown: str) -> None:
    assert read(listed(name=name))[0].name == shown


@pytest.mark.parametrize(
    ("hint", "weights"),
    [
        ("A-AI/One_1.5", "A-AI/One_1.5"),
        ("a/" + "o" * 96, "a/" + "o" * 96),
        (None, None),
        ("", None),
        (" ", None),
        ("one", None),
        ("a/b/c", None),
        ("a/one ", None),
        ("a/one\n", None),
        ("a/öne", None),
        ("https://huggingface.co/a/one", None),
        ("a/" + "o" * 97, None),
        ("o" * 97 + "/a", None),
        ("/a", None),
    ],
)
def test_only_a_hint_that_names_a_repository_counts_as_weights(
    hint: str | None, weights: str | None
) -> None:
    found = read(listed(hugging_face_id=hint))[0]
    assert (found.weights, found.weights_since) == (weights, LISTED_ON if weights else None)


def test_a_row_without_the_hint_has_no_weights() -> None:
    row = listed()
    del row["hugging_face_id"]
    assert read(row)[0].weights is None


def test_a_path_is_no_repository() -> None:
    assert read(listed(hugging_face_id="../.."))[0].weights is None


def test_a_model_without_a_name_is_refused() -> None:
    refusal(json.dumps([listed(canonical_slug=":free")]).encode())


BROKEN: dict[str, list[object]] = {
    "id": [None, "", 5, "x" * 201],
    "canonical_slug": [None, "", [], "x" * 201],
    "hugging_face_id": [5, []],
    "name": [None, "", "x" * 301, "\ud800"],
    "created": [None, "soon", -1, 32_503_680_000, 1.5, float("nan"), float("inf"), 10**40],
}


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, each in BROKEN.items() for v in each])
def test_one_broken_row_refuses_the_whole_and_is_named(field: str, value: object) -> None:
    rows = [listed(), listed("b/two") | {field: value}]
    error = refusal(json.dumps(rows).encode())
    assert error.where == WHERE
    assert error.what.startswith(f"1.{field}: ")


@pytest.mark.parametrize("field", ["id", "canonical_slug", "name", "created"])
def test_a_row_that_lacks_a_field_is_refused(field: str) -> None:
    row = listed()
    del row[field]
    assert refusal(json.dumps([row]).encode()).what == f"0.{field}: Field required"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is not JSON: "),
        (b"<!doctype html>", "is not JSON: "),
        (b'{"data": [', "is not JSON: "),
        (b"\xff\xfe\x00", "is not JSON: "),
        (b"[" * 100_000, "is not JSON: "),
        (b"1" * 5000, "the whole: "),
        (b"{}", "is no catalogue"),
        (b'{"error": {"code": 500}}', "is no catalogue"),
        (b'{"data": null}', "the whole: "),
        (b'"data"', "the whole: "),
        (b"null", "the whole: "),
        (b"[[]]", "0: "),
        (b"[]", "lists no models"),
        (b'{"data": []}', "lists no models"),
    ],
)
def test_what_is_no_catalogue_is_refused(content: bytes, what: str) -> None:
    error = refusal(content)
    assert error.where == WHERE
    assert error.what.startswith(what)


@given(mangled(json.dumps({"data": [listed(), listed("b/two:free", hugging_face_id="b/2")]})))
@settings(deadline=None)
def test_a_mangled_catalogue_gives_entries_or_is_refused(text: str) -> None:
    try:
        entries = parse_catalogue(text.encode("utf-8", "surrogatepass"), WHERE)
    except PayloadRefused:
        return
    models = [each.model for each in entries]
    assert models == sorted(set(models))
    assert all((each.weights is None) == (each.weights_since is None) for each in entries)


async def test_the_catalogue_is_fetched_from_below_the_base() -> None:
    async with LoopbackOpenRouter() as server, open_http("rankshift/test") as http:
        server.catalogue([listed()])
        assert await fetch_catalogue(http, server.base_url) == read(listed())
        assert [request.path for request in server.requests] == ["/models"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.answer(404), SourceUnreachable), (Fault.spoilt("html"), PayloadRefused)],
    ids=["404", "html"],
)
async def test_a_catalogue_that_does_not_come_well_is_named(
    fault: Fault, error: type[Exception]
) -> None:
    async with LoopbackOpenRouter() as server, open_http("rankshift/test") as http:
        server.catalogue([listed()])
        server.fail_next("models", fault)
        with pytest.raises(error, match=f"^{server.base_url}/models: "):
            await fetch_catalogue(http, server.base_url)


def test_vanished_entries_stay_and_fresh_ones_win_in_the_order_of_models() -> None:
    known = (entry("a/one", name="Old"), entry("c/gone", "c/gone", LISTED_ON))
    fresh = (entry("b/new"), entry("a/one", name="New"))
    assert merge_catalogues(known, fresh, TODAY) == (seen(fresh[1]), seen(fresh[0]), known[1])
    assert merge_catalogues(known, (), TODAY) == known


def test_weights_of_the_first_reading_keep_the_day_they_were_listed() -> None:
    fresh = entry(weights="a/one", since=LISTED_ON)
    assert merge_catalogues((), (fresh,), TODAY) == (seen(fresh),)


def test_weights_first_seen_later_are_dated_today() -> None:
    found = merged(entry(), fresh=entry(weights="a/one", since=LISTED_ON, name="New"))
    assert found == seen(entry(weights="a/one", since=TODAY, name="New"))


@pytest.mark.parametrize("repository", ["a/one", "a/moved"])
def test_weights_known_before_keep_their_day(repository: str) -> None:
    known = entry(weights="a/one", since=date(2026, 6, 10))
    found = merged(known, fresh=entry(weights=repository, since=LISTED_ON))
    assert found == seen(entry(weights=repository, since=date(2026, 6, 10)))


@given(st.lists(st.sampled_from("abc"), unique=True), st.lists(st.sampled_from("bcd"), unique=True))
def test_merging_the_same_again_changes_nothing(known: list[str], fresh: list[str]) -> None:
    before = tuple(entry(f"x/{name}") for name in known)
    answer = tuple(entry(f"x/{name}", "x/w", LISTED_ON) for name in fresh)
    once = merge_catalogues(before, answer, TODAY)
    assert [each.model for each in once] == sorted({f"x/{name}" for name in known + fresh})
    assert merge_catalogues(once, answer, TODAY) == once
    later = merge_catalogues(once, answer, date(2026, 7, 1))
    assert [replace(each, seen=None) for each in later] == [
        replace(each, seen=None) for each in once
    ]


def test_the_real_catalogue_gives_its_models(real_data: Path) -> None:
    entries = parse_catalogue((real_data / "catalog.json").read_bytes(), WHERE)
    assert len(entries) == 349
    assert not any(":" in each.model for each in entries)
    found = {each.model: each for each in entries}
    assert found["anthropic/claude-4.8-opus-20260528"].weights is None
    assert found["openai/gpt-5.6-luna-pro-20260709"].name == "GPT-5.6 Luna Pro"
    assert sum(each.weights is not None for each in entries) == 152
