"""The key-less daily exports: a manifest, and the dated file that it names."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urljoin, urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import PayloadRefused
from bot.model import Day
from bot.sources import Snapshot
from bot.sources._http import Http
from bot.sources.rows import EXPORT_HEADER, parse_rows

FOLDER = "/datasets/exports/rankings-daily/"
_MANIFEST_LIMIT = 64 * 1024
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(hours=1)
_FILE_LIMIT = 8 * 1024 * 1024
"""A real file has about 150 kB (30 days of 51 rows)."""


class _File(BaseModel):
    url: str
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


class _Files(BaseModel):
    csv: _File


class Manifest(BaseModel):
    """What a manifest must say for its file to be used."""

    model_config = ConfigDict(strict=True)

    dataset: str
    schema_version: Annotated[str, Field(pattern="^v1$")]
    snapshot_date: date
    retrieved_at: AwareDatetime
    row_count: Annotated[int, Field(ge=1)]
    files: _Files


class Exports:
    """Read the trailing thirty days from the published exports below `base`."""

    keyed = False

    def __init__(self, http: Http, base: str) -> None:
        """Take the shared door to the network and the address the exports live under."""
        self._http = http
        self._manifest_url = f"{base}{FOLDER}latest.manifest.json"

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return the newest snapshot, or None while the manifest still has the ETag `seen`.

        Raises SourceUnreachable and PayloadRefused; nothing of a refused snapshot may be used.
        """
        body = await self._http.get(self._manifest_url, limit=_MANIFEST_LIMIT, etag=seen)
        if body is None:
            return None
        manifest = parse_manifest(body.content, self._manifest_url)
        url = file_address(self._manifest_url, manifest.files.csv.url)
        content = await self._http.get(url, limit=_FILE_LIMIT)
        if content is None:
            raise PayloadRefused(url, "answered that nothing changed, unasked")
        days = parse_export(content.content, manifest, url, now)
        origin = f"{file_name(url)} sha256:{manifest.files.csv.sha256.lower()}"
        return Snapshot(
            file_name(url), tuple(replace(day, origin=origin) for day in days), body.etag
        )


def parse_manifest(content: bytes, where: str) -> Manifest:
    """Return the manifest. Raises PayloadRefused naming the first thing that is wrong with it."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise PayloadRefused(where, f"{path}: {first['msg']}") from error


def file_address(manifest_url: str, named: str) -> str:
    """Return where to fetch the dated file that a manifest names.

    A mirror serves manifests that name their first home; the file of that name beside the mirror's
    manifest is then meant, and no other host is ever asked. Raises PayloadRefused for a name that
    is no dated CSV.
    """
    try:
        url = urljoin(manifest_url, named)
        here, there = urlsplit(manifest_url), urlsplit(url)
    except ValueError as error:
        raise PayloadRefused(manifest_url, f"names {named[:80]!r}: {error}") from error
    name = file_name(url)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}\.csv", name, re.ASCII):
        raise PayloadRefused(manifest_url, f"names {named[:80]!r}, which is no dated file")
    if (here.scheme, here.netloc) == (there.scheme, there.netloc):
        return url
    return urljoin(manifest_url, name)


def file_name(url: str) -> str:
    """Return the last part of an address's path."""
    return urlsplit(url).path.rsplit("/", 1)[-1]


def parse_export(content: bytes, manifest: Manifest, where: str, now: datetime) -> tuple[Day, ...]:
    """Return the days of the file that the manifest describes, ascending.

    Raises PayloadRefused when bytes, checksum, row count or a row are not what was promised, or
    when it claims to have been read in the future (it would outrank every later reading) or long
    before there was anything to read.
    """
    if not _EARLIEST <= manifest.retrieved_at <= now + _CLOCKS_DIFFER:
        raise PayloadRefused(where, f"was read on {manifest.retrieved_at}, says its manifest")
    if len(content) != manifest.files.csv.bytes:
        raise PayloadRefused(
            where, f"has {len(content)} bytes, its manifest says {manifest.files.csv.bytes}"
        )
    if hashlib.sha256(content).hexdigest() != manifest.files.csv.sha256.lower():
        raise PayloadRefused(where, "does not have the sha256 of its manifest")
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise PayloadRefused(where, f"is not ASCII at byte {error.start}") from error
    if text.split("\n", 1)[0].strip() != ",".join(EXPORT_HEADER):
        raise PayloadRefused(where, f"does not begin with {','.join(EXPORT_HEADER)}")
    as_of = manifest.retrieved_at.astimezone(UTC)
    days = parse_rows(text, where=where, as_of=as_of, today=now.date())
    rows = sum(len(day.rows) + (day.other is not None) for day in days)
    if rows != manifest.row_count:
        raise PayloadRefused(where, f"has {rows} rows, its manifest says {manifest.row_count}")
    return days
