"""The exports: a manifest, the dated file that it names, and nothing that is not as promised."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import PayloadRefused, SourceUnreachable
from bot.model import Day, Row
from bot.sources import Snapshot
from bot.sources._http import ATTEMPTS, open_http
from bot.sources.exports import FOLDER, Exports, file_address, parse_export, parse_manifest
from bot.sources.rows import EXPORT_HEADER, PLAIN_HEADER
from tests.sources.test_http import serving
from tests.sources.test_rows import AS_OF, mangled, published, write
from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

NOW = datetime(2026, 7, 1, 3, 30, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 29), date(2026, 6, 30)
PUBLISHED = {
    FIRST: [("a/one", 600), ("b/two:free", 300), ("other", 100)],
    LAST: [("b/two:free", 2**64), ("a/one", 400)],
}
DAYS = (
    Day(FIRST, (Row("a/one", 600), Row("b/two:free", 300)), 100, AS_OF),
    Day(LAST, (Row("b/two:free", 2**64), Row("a/one", 400)), None, AS_OF),
)
GOOD = "\r\n".join([*write(EXPORT_HEADER, DAYS), ""]).encode()
MANIFEST, WHERE = "latest.manifest.json", "2026-06-30.csv"
READ = tuple(
    replace(each, origin=f"{WHERE} sha256:{hashlib.sha256(GOOD).hexdigest()}") for each in DAYS
)
"""The days as a fetch gives them: each names the file it was in."""
AT = "https://mirror.example/api/v1/exports/latest.manifest.json"
BESIDE = "https://mirror.example/api/v1/exports/2026-06-30.csv"
DROP = object()


def describe(content: bytes, path: str = "", value: object = DROP) -> bytes:
    """Return the manifest of a file, with one field set, or left out if there is no value."""
    file = {"url": WHERE, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest: dict[str, Any] = {
        "dataset": "rankings-daily",
        "schema_version": "v1",
        "snapshot_date": "2026-06-30",
        "retrieved_at": "2026-07-01T01:46:00Z",
        "row_count": max(content.count(b"\n") - 1, 1),
        "files": {"csv": file},
    }
    *folders, name = path.split(".")
    inner = manifest
    for folder in folders:
        inner = inner[folder]
    inner[name] = value
    if value is DROP:
        del inner[name]
    return json.dumps(manifest).encode()


def read(content: bytes, manifest: bytes) -> tuple[Day, ...]:
    """Parse a file by its manifest."""
    return parse_export(content, parse_manifest(manifest, AT), WHERE, NOW)


def refusal(content: bytes, manifest: bytes) -> PayloadRefused:
    """Return why a file or its manifest is refused."""
    with pytest.raises(PayloadRefused) as refused:
        read(content, manifest)
    return refused.value


@pytest.fixture
async def server() -> AsyncIterator[LoopbackOpenRouter]:
    """Give an OpenRouter with two days published."""
    async with LoopbackOpenRouter() as running:
        running.publish(PUBLISHED, LAST, AS_OF)
        yield running


@asynccontextmanager
async def reading(base: str) -> AsyncIterator[Exports]:
    """Give the source below an address."""
    async with open_http("rankshift/test") as http:
        yield Exports(http, base)


async def test_the_newest_snapshot_bears_the_manifests_etag(server: LoopbackOpenRouter) -> None:
    async with reading(server.base_url) as source:
        snapshot = await source.fetch(None, NOW)
    assert [request.path for request in server.requests] == [FOLDER + MANIFEST, FOLDER + WHERE]
    async with open_http("rankshift/test") as http:
        body = await http.get(f"{server.base_url}{FOLDER}{MANIFEST}", limit=9999)
    assert body is not None
    manifest = json.loads(body.content)
    assert snapshot is not None
    assert [replace(day, origin="") for day in snapshot.days] == list(DAYS)
    assert {day.origin for day in snapshot.days} == {
        f"{WHERE} sha256:{manifest['files']['csv']['sha256']}"
    }
    assert (snapshot.name, snapshot.mark) == (WHERE, body.etag)


async def test_an_unchanged_manifest_is_all_that_is_read(server: LoopbackOpenRouter) -> None:
    async with reading(server.base_url) as source:
        first = await source.fetch(None, NOW)
        assert first is not None
        server.requests.clear()
        assert await source.fetch(first.mark, NOW) is None
        assert len(server.requests) == 1
        assert "If-None-Match" in server.requests[0].headers
        server.publish({FIRST: [("a/one", 1)]}, date(2026, 7, 1), AS_OF)
        newer = await source.fetch(first.mark, NOW)
    assert newer is not None
    assert newer.name == "2026-07-01.csv"
    assert newer.mark != first.mark


@pytest.mark.parametrize("file", [MANIFEST, WHERE])
@pytest.mark.parametrize(
    ("fault", "error", "requests"),
    [
        (Fault.answer(404), SourceUnreachable, 1),
        (Fault.answer(500), SourceUnreachable, ATTEMPTS),
        (Fault.spoilt("truncated"), SourceUnreachable, ATTEMPTS),
        (Fault.spoilt("html"), PayloadRefused, 1),
    ],
    ids=["404", "500", "truncated", "html"],
)
async def test_a_file_that_does_not_come_well_is_named(
    server: LoopbackOpenRouter, file: str, fault: Fault, error: type[Exception], requests: int
) -> None:
    server.fail_next(file, fault, times=ATTEMPTS)
    async with reading(server.base_url) as source:
        with pytest.raises(error, match=f"^{server.base_url}{FOLDER}{file}: "):
            await source.fetch(None, NOW)
    assert sum(request.path.endswith(file) for request in server.requests) == requests


async def test_no_host_but_the_manifests_own_is_asked(server: LoopbackOpenRouter) -> None:
    manifest = describe(GOOD, "files.csv.url", f"{server.base_url}{FOLDER}{WHERE}")
    answers = {MANIFEST: web.Response(body=manifest), WHERE: web.Response(body=GOOD)}
    async with serving(answers) as (base, _), reading(base) as source:
        assert await source.fetch(None, NOW) == Snapshot(WHERE, READ, None)
    assert server.requests == []


@pytest.mark.parametrize(("name", "size"), [(MANIFEST, 64 * 1024), (WHERE, 8 * 1024 * 1024)])
async def test_a_file_beyond_its_limit_is_refused(name: str, size: int) -> None:
    answers = {MANIFEST: web.Response(body=describe(GOOD))}
    answers |= {name: web.Response(body=b" " * (size + 1))}
    async with serving(answers) as (base, _), reading(base) as source:
        with pytest.raises(PayloadRefused, match=f"larger than {size:,} bytes") as refused:
            await source.fetch(None, NOW)
    assert refused.value.where == f"{base}{FOLDER}{name}"


OURS = ("", "./", "/api/v1/exports/", "https://mirror.example/api/v1/exports/")
FOREIGN = ("https://openrouter.ai/api/v1/", "//openrouter.ai/", "//evil.example/../", "file:///x/")
TRICKS = ("http://mirror.example/", "https://mirror.example:8443/", "https://mirror.example@evil/")


@pytest.mark.parametrize("start", [*OURS, *FOREIGN, *TRICKS])
def test_the_file_is_the_one_of_that_name_beside_the_manifest(start: str) -> None:
    assert file_address(AT, f"{start}2026-06-30.csv") == BESIDE


NAMES = ("", "latest.csv", "2026-06-30.json", "x2026-06-30.csv", "2026-6-30.csv", "x" * 500)
ENDS = ("2026-06-30.CSV", "2026-06-30.csv.exe", "2026-06-30.csv/..", "2026-06-30.csv%00")
PATHS = ("../../x.csv", "../../../../etc/passwd", "..%2f2026-06-30.csv", "..\\2026-06-30.csv")
PARTS = ("/x?2026-06-30.csv", "/x?/2026-06-30.csv", "/x#/2026-06-30.csv", "https://evil.example")


@pytest.mark.parametrize("named", [*NAMES, *ENDS, *PATHS, *PARTS])
def test_a_name_that_is_no_dated_csv_is_refused(named: str) -> None:
    with pytest.raises(PayloadRefused) as refused:
        file_address(AT, named)
    assert refused.value.where == AT
    assert refused.value.what == f"names {named[:80]!r}, which is no dated file"


FLAWED = (
    "https://[evil/2026-06-30.csv",
    "https://evil\u2100.example/2026-06-30.csv",
    "٢٠٢٦-٠٦-٣٠.csv",
)


@pytest.mark.parametrize("named", FLAWED, ids=["bracket", "letter", "digits"])
def test_an_address_that_cannot_be_read_is_refused(named: str) -> None:
    with pytest.raises(PayloadRefused):
        file_address(AT, named)


async def test_a_snapshot_is_named_for_its_file_whatever_follows_it() -> None:
    manifest = describe(GOOD, "files.csv.url", f"{WHERE}?from=/elsewhere")
    answers = {MANIFEST: web.Response(body=manifest), WHERE: web.Response(body=GOOD)}
    async with serving(answers) as (base, _), reading(base) as source:
        assert await source.fetch(None, NOW) == Snapshot(WHERE, READ, None)


WRONG: dict[str, list[object]] = {
    "dataset": [DROP, 5],
    "schema_version": [DROP, "v2", "v1\n", 1],
    "snapshot_date": [DROP, "2026-06-31", "today"],
    "retrieved_at": [DROP, "2026-07-01T01:46:00", "yesterday"],
    "row_count": [DROP, 0, -5, "many", 1.5],
    "files": [DROP, []],
    "files.csv": [DROP, []],
    "files.csv.url": [DROP, None],
    "files.csv.bytes": [DROP, -1, 1.5],
    "files.csv.sha256": [DROP, "0" * 63, "0" * 65, "g" * 64],
}


@pytest.mark.parametrize(("path", "value"), [(p, v) for p, each in WRONG.items() for v in each])
def test_a_manifest_that_does_not_say_all_is_refused(path: str, value: object) -> None:
    error = refusal(GOOD, describe(GOOD, path, value))
    assert error.where == AT
    assert error.what.startswith(f"{path}: ")
    assert ("timezone" in error.what) == (value == "2026-07-01T01:46:00")


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html>", b"[]", b"{}", b"null", b"\xff", b"[" * 9999, b'{"a":NaN}']
)
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    assert refusal(GOOD, content).where == AT


LINES = GOOD.split(b"\r\n")
PLAIN = "\r\n".join(write(PLAIN_HEADER, DAYS)).encode()


@pytest.mark.parametrize(
    ("content", "manifest", "what"),
    [
        (GOOD, describe(GOOD, "files.csv.sha256", "0" * 64), ": does not have the sha256"),
        (GOOD, describe(GOOD, "files.csv.bytes", 9), f": has {len(GOOD)} bytes, its manifest says"),
        (GOOD, describe(GOOD, "row_count", 4), ": has 5 rows, its manifest says 4"),
        (GOOD, describe(GOOD, "row_count", 6), ": has 5 rows, its manifest says 6"),
        (
            GOOD,
            describe(GOOD, "retrieved_at", "2026-07-01T04:30:01Z"),
            ": was read on 2026-07-01 04",
        ),
        (GOOD, describe(GOOD, "retrieved_at", "9999-12-31T23:59:59-01:00"), ": was read on 9999"),
        (GOOD + b"\xe9", None, f": is not ASCII at byte {len(GOOD)}"),
        (PLAIN, None, ": does not begin with date,model_permaslug,rank"),
        (b"", None, ": does not begin with date,model_permaslug,rank"),
        (LINES[0], None, ": has no rows"),
        (GOOD + LINES[1], None, ", line 7: lists a/one a second time on 2026-06-29"),
        (GOOD + b"2026-07-01,a/b,1,5,1", None, ", line 7: speaks of 2026-07-01"),
    ],
)
def test_a_file_that_is_not_as_promised_is_refused(
    content: bytes, manifest: bytes | None, what: str
) -> None:
    assert str(refusal(content, manifest or describe(content))).startswith(f"{WHERE}{what}")


def test_a_checksum_may_be_in_capitals() -> None:
    sha256 = hashlib.sha256(GOOD).hexdigest().upper()
    assert read(GOOD, describe(GOOD, "files.csv.sha256", sha256)) == DAYS


@pytest.mark.parametrize("at", ["2026-07-01T03:46:00+02:00", "2026-07-01T04:30:00Z"])
def test_days_are_as_of_the_manifests_time_in_utc_up_to_an_hour_ahead(at: str) -> None:
    as_of = read(GOOD, describe(GOOD, "retrieved_at", at))[0].as_of
    assert (as_of, as_of.tzinfo) == (datetime.fromisoformat(at), UTC)


def test_a_time_that_is_none_in_utc_is_refused() -> None:
    refusal(GOOD, describe(GOOD, "retrieved_at", "0001-01-01T00:00:00+01:00"))


@given(published(), st.data())
@settings(deadline=None)
def test_any_export_reads_back_equal_and_with_any_byte_changed_is_refused(
    days: tuple[Day, ...], data: st.DataObject
) -> None:
    good = "\r\n".join([*write(EXPORT_HEADER, days), ""]).encode()
    assert read(good, describe(good)) == days
    place, bits = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(1, 255))
    spoilt = good[:place] + bytes([good[place] ^ bits]) + good[place + 1 :]
    for bad in (spoilt, good[:place], good[:place] + good[place + 1 :], good + bytes([bits])):
        assert refusal(bad, describe(good)).where == WHERE


@given(mangled(describe(GOOD).decode()), mangled(GOOD.decode()))
@settings(deadline=None)
def test_a_mangled_manifest_or_file_gives_days_or_is_refused(manifest: str, file: str) -> None:
    manifest_bytes, content = (text.encode("utf-8", "surrogatepass") for text in (manifest, file))
    for one, of in ((GOOD, manifest_bytes), (content, describe(content))):
        try:
            days = read(one, of)
        except PayloadRefused:
            continue
        assert all(day.date < NOW.date() for day in days)
