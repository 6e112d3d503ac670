"""Files that are replaced whole or not at all, with the copy before kept beside."""

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

from filelock import FileLock, Timeout
from tinydb import Storage, TinyDB
from tinydb.table import Document, Table

from bot.errors import StoreBusy, StoreDamaged, StoreError
from storage._upgrade import from_format_2

T = TypeVar("T")
Tables: TypeAlias = dict[str, dict[str, Any]]

FORMAT = 3
_BEFORE = 2
_HEAD = re.compile(rb'\{"format": (\d+), "sha256": "([0-9a-f]{64})", "tables": ')


class _Held(Storage):
    """A TinyDB storage of tables that are held in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def read(self) -> Tables:
        return self._tables

    def write(self, data: Tables) -> None:
        self._tables = data


class _KeyedTable(Table):
    """A table whose documents are found by a name, not a number."""

    document_id_class = str  # type: ignore[assignment]  # tinydb's annotation is narrower than its code


class KeyedTinyDB(TinyDB):
    """A TinyDB of such tables; tinydb's own annotations know numbers alone."""

    table_class = _KeyedTable

    def find(self, table: str, key: str) -> dict[str, Any] | None:
        """Return a document, None if there is none of this key."""
        found = self.table(table).get(doc_id=cast("int", key))
        return found if isinstance(found, dict) else None

    def put(self, table: str, key: str, document: dict[str, Any]) -> None:
        """Add a document, or put it in place of the one of this key."""
        if self.find(table, key) is not None:
            self.drop(table, key)
        self.table(table).insert(Document(document, doc_id=cast("int", key)))

    def put_all(self, table: str, documents: Mapping[str, dict[str, Any]]) -> None:
        """Put many documents, for the price of one."""
        there = self.table(table)
        there.remove(doc_ids=[cast("int", key) for key in documents if self.find(table, key)])
        there.insert_multiple(
            Document(document, doc_id=cast("int", key)) for key, document in documents.items()
        )

    def drop(self, table: str, *keys: str) -> None:
        """Remove documents that are there."""
        self.table(table).remove(doc_ids=[cast("int", key) for key in keys])

    def fill(self, table: str, documents: Mapping[str, dict[str, Any]]) -> None:
        """Make these the documents of a table."""
        self.table(table).truncate()
        self.table(table).insert_multiple(
            Document(document, doc_id=cast("int", key)) for key, document in documents.items()
        )


class ReplacedFile:
    """Tables in a file: read from memory, changed in a draft, and written whole.

    On disk: one JSON object with the format, the sha256 of the tables' text, and the tables.
    `path` + `.bak` is the file as it was one save earlier.
    """

    def __init__(self, path: Path, *, writable: bool, warn: Callable[[str], None]) -> None:
        """Read the file; a damaged one is set aside (if `writable`) and its `.bak` is used.

        `warn` is told about it in a sentence; `recovered` is then True. Raises StoreDamaged when
        no good copy is left, StoreError when the disk cannot be read.
        """
        self._path = path
        self.recovered = False
        self._writable = writable
        self._warn = warn
        self._tables = self._load()

    @property
    def tables(self) -> Tables:
        """Return the tables as saved last: another object after each save."""
        return self._tables

    def saved(self) -> KeyedTinyDB:
        """Return the tables as saved last, for reading."""
        return _database(self._tables)

    def draft(self) -> KeyedTinyDB:
        """Return the tables to be changed and then saved; nobody else sees them until then."""
        # tinydb replaces a table it changes and leaves its documents, so a shallow copy is enough.
        return _database(dict(self._tables))

    def save(self, draft: KeyedTinyDB) -> None:
        """Put a draft on the disk and in place. Raises StoreError; both are then as before."""
        tables = draft.storage.read() or {}
        try:
            replace_file(self._path, _encode(tables))
        except (OSError, UnicodeEncodeError) as error:
            raise StoreError(f"{self._path}: cannot be written: {error}") from error
        self._tables = tables

    def drop_damaged(self) -> None:
        """Remove what was set aside as damaged. Raises StoreError."""
        try:
            for aside in self._path.parent.glob(f"{self._path.name}.damaged-*"):
                aside.unlink()
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be cleared: {error}") from error

    def _load(self) -> Tables:
        backup = self._path.with_name(f"{self._path.name}.bak")
        content = _read_if_there(self._path)
        if content is None and not backup.exists():
            return {}
        try:
            if content is not None:
                return _decode(content, self._path)
            damage = f"{self._path}: is missing"
        except StoreDamaged as error:
            damage = str(error)
        return self._fall_back(backup, damage)

    def _fall_back(self, backup: Path, damage: str) -> Tables:
        content = _read_if_there(backup)
        if content is None:
            raise StoreDamaged(f"{damage}; there is no earlier copy ({backup.name}) to go back to")
        tables = _decode(content, backup)
        aside = set_aside(self._path) if self._writable and self._path.exists() else None
        kept = f"; it is kept as {aside.name}" if aside else ""
        self._warn(f"{damage}{kept}; the copy before it ({backup.name}) is used")
        self.recovered = True
        return tables


def _database(tables: Tables) -> KeyedTinyDB:
    return KeyedTinyDB(tables, storage=_Held)


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Do all of it or, if it fails, none: a cancelled caller waits for its end all the same."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()  # nobody is left to hear of it
        raise cancelled
    return task.result()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a crash at any moment leaves it whole, old or new."""
    fresh = _write_beside(path, content)
    if path.exists():
        _copy_over(path, path.with_name(f"{path.name}.bak"))
    fresh.replace(path)
    sync_folder(path.parent)


def swap_file(path: Path, content: bytes) -> None:
    """Do the same and keep no copy of the file as it was."""
    _write_beside(path, content).replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with suppress(OSError):  # Windows and some network file systems cannot
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder that is not there yet. Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be used as data folder: {error}") from error


def lock_folder(folder: Path) -> FileLock:
    """Make a folder and hold it; the system lets go of it when our process dies.

    Raises StoreBusy while another process holds it, StoreError when it cannot be made.
    """
    make_folder(folder)
    try:
        lock = FileLock(folder / "lock", blocking=False)
        lock.acquire()
    except Timeout:
        raise StoreBusy(f"{folder}: another rankshift is running on this data folder") from None
    except OSError as error:
        raise StoreError(f"{folder}: cannot be used as data folder: {error}") from error
    return lock


def set_aside(path: Path) -> Path:
    """Rename a damaged file, never over an earlier one, and return its new path."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return path.rename(aside)


def _write_beside(path: Path, content: bytes) -> Path:
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _copy_over(path: Path, copy: Path) -> None:
    fresh = copy.with_name(f"{copy.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        os.link(path, fresh)
    except OSError:  # some file systems know no links
        shutil.copyfile(path, fresh)
    fresh.replace(copy)


def _read_if_there(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error


def _encode(tables: Tables) -> bytes:
    body = json.dumps(tables, separators=(",", ":"), ensure_ascii=False).encode()
    head = b'{"format": %d, "sha256": "%s", "tables": '
    return head % (FORMAT, _checksum(FORMAT, body).encode()) + body + b"}"


def _checksum(form: int, body: bytes) -> str:
    return hashlib.sha256(b"%d %s" % (form, body)).hexdigest()


def _decode(content: bytes, path: Path) -> Tables:
    head = _HEAD.match(content)
    if head is None or not content.endswith(b"}"):
        raise StoreDamaged(f"{path}: is damaged (not a file this bot writes)")
    form, body = int(head[1]), content[head.end() : -1]
    if _checksum(form, body) != head[2].decode():
        raise StoreDamaged(f"{path}: is damaged (its checksum does not fit)")
    if form not in {_BEFORE, FORMAT}:
        reads = f"this version reads formats {_BEFORE} and {FORMAT}"
        raise StoreError(f"{path}: has format {form}; {reads}")
    tables: Tables = json.loads(body)
    return tables if form == FORMAT else from_format_2(tables)
