"""A data folder as one file, and back: whole or not at all."""

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import IO

from bot.errors import InputError, StoreError
from storage._files import lock_folder, sync_folder

MANIFEST = "manifest.json"
MOST_FILES = 100_000
MOST_BYTES = 20 * 2**30
"""Of all files of a backup together: years of days are some hundred megabytes."""

MOST_OF_A_MANIFEST = 64 * 2**20
"""Of what names them: a hundred bytes a file."""

_KIND = "rankshift-backup"
_FORMAT = 1
_LEFT_OUT = frozenset({"lock", "heartbeat"})
_CHUNK = 2**20


def back_up(folder: Path, file: Path, now: datetime) -> int:
    """Write a data folder to a new file, and return how many files it holds.

    The folder is locked meanwhile. Raises InputError where there is no such folder or the file is
    there already or cannot be written, StoreBusy while a bot runs on the folder, StoreError.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no data folder to back up")
    if file.exists():
        raise InputError(f"{file}: is there already; name another file")
    if folder.resolve() in file.resolve().parents:
        raise InputError(f"{file}: lies in the data folder itself; name a file elsewhere")
    lock = lock_folder(folder)
    try:
        return _write(folder, file, now)
    finally:
        lock.release()


def _write(folder: Path, file: Path, now: datetime) -> int:
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        # Nobody but its owner may read what is known of persons, however open the folder.
        unfinished.touch(mode=0o600)
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            sums = {name: _put(archive, folder / name, name) for name in _names(folder)}
            told = {"kind": _KIND, "format": _FORMAT, "made": now.isoformat(), "sha256": sums}
            archive.writestr(MANIFEST, json.dumps(told, indent=1))
        unfinished.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise InputError(f"{file}: cannot be written: {error.strerror}") from error
    return len(sums)


def _names(folder: Path) -> list[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in files if path.as_posix() not in _LEFT_OUT)


def _put(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        return _copied(source, target)


def restore(file: Path, folder: Path) -> int:
    """Make a data folder of a backup, and return how many files it holds.

    Every file is checked first; the folder must be empty or not there. Raises InputError for a
    file that is no backup or not whole and for a folder that holds something, StoreError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{folder}: is not empty; restore into a new folder, or move this one away"
        )
    with _opened(file) as archive:
        sums = _manifest(archive, file)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        except OSError as error:
            raise StoreError(f"{folder}: cannot be made: {error.strerror}") from error
        try:
            _unpack(archive, file, beside, sums)
            if folder.exists():
                folder.rmdir()
            beside.replace(folder)
            sync_folder(folder.parent)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return len(sums)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{file}: is no backup, or damaged: {error}") from error


def _manifest(archive: zipfile.ZipFile, file: Path) -> Mapping[str, str]:
    """Return the sha256 of each file of a backup. Raises InputError."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise InputError(f"{file}: is larger than any backup")
    if any(info.filename == MANIFEST and info.file_size > MOST_OF_A_MANIFEST for info in infos):
        raise InputError(f"{file}: is larger than any backup")
    try:
        told = json.loads(archive.read(MANIFEST))
        good = told["kind"] == _KIND and told["format"] == _FORMAT
        sums = {str(name): str(value) for name, value in told["sha256"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"{file}: is no backup: it has no {MANIFEST} of ours") from None
    if not good:
        raise InputError(f"{file}: is a backup of another kind or a later version")
    if sorted([*sums, MANIFEST]) != sorted(info.filename for info in infos):
        raise InputError(f"{file}: holds other files than its {MANIFEST} says")
    if wrong := [name for name in sums if not _inside(name)]:
        raise InputError(f"{file}: holds a file that lies outside a data folder: {wrong[0]!r}")
    return sums


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    parts = path.parts
    return not path.is_absolute() and ".." not in parts and "\\" not in name and ":" not in name


def _unpack(archive: zipfile.ZipFile, file: Path, folder: Path, sums: Mapping[str, str]) -> None:
    for name, expected in sums.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, path.open("xb") as target:
            found = _copied(source, target)
        if found != expected:
            raise InputError(f"{file}: is damaged: {name} is not what was backed up")


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy all there is, and return its sha256."""
    seen = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        seen.update(chunk)
        target.write(chunk)
    return seen.hexdigest()
