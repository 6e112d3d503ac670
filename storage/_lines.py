"""Files of lines, each behind its checksum, that are only ever added to."""

import os
from collections.abc import Callable, Iterable, Iterator
from io import FileIO
from pathlib import Path
from zlib import crc32

from bot.errors import StoreError
from storage._files import sync_folder

_CHUNK = 1 << 20
_HEAD = len(b"01234567 ")


def line_of(body: bytes) -> bytes:
    """Return the line that holds a body, which has no line break."""
    return b"%08x %s\n" % (crc32(body), body)


def append_lines(path: Path, lines: bytes) -> None:
    """Add lines and return when they are durable. Raises StoreError; none is there then."""
    try:
        new = not path.exists()
        # Unbuffered: what a failed write left in a buffer would be written when the file closes.
        with path.open("a+b", buffering=0) as file:
            end = _cut(file)
            try:
                left = memoryview(lines)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except OSError:
                os.truncate(path, end)
                raise
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error}") from error
    if new:
        sync_folder(path.parent)


def read_lines(path: Path, warn: Callable[[str], None]) -> list[bytes]:
    """Return the bodies of a file's lines; none if there is no file.

    A last line that a crash cut short is left out; any other line whose checksum does not fit is
    told to `warn` and left out. Raises StoreError when the disk cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error
    found: list[bytes] = []
    for number, line in enumerate(lines[:-1], start=1):
        if _fits(line):
            found.append(line[_HEAD:])
        elif line:
            warn(f"{path}, line {number}: is damaged and left out")
    return found


def lines_with(path: Path, wanted: Iterable[bytes], warn: Callable[[str], None]) -> Iterator[bytes]:
    """Yield the bodies that hold any of these bytes, in order, without looking at the others.

    Damage is met as by `read_lines`.
    """
    needles = tuple(wanted)
    try:
        for offset, chunk in _chunks(path):
            for start, end in _spans(chunk, needles):
                line = chunk[start:end]
                if _fits(line):
                    yield line[_HEAD:]
                else:
                    warn(f"{path}, byte {offset + start}: a line is damaged and left out")
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error


def _cut(file: FileIO) -> int:
    """Cut off what a crash or a failed write left of a last line, and return where the file ends.

    It must not run into the next line.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 1))
    if file.read(1) not in {b"", b"\n"}:
        file.seek(0)
        end = file.readall().rfind(b"\n") + 1
        file.truncate(end)
    return end


def _chunks(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines, many at a time, and where in the file they begin."""
    offset, rest = 0, b""
    with path.open("rb", buffering=0) as file:
        while block := file.read(_CHUNK):
            block = rest + block
            end = block.rfind(b"\n") + 1
            yield offset, block[:end]
            offset, rest = offset + end, block[end:]


def _spans(chunk: bytes, needles: Iterable[bytes]) -> list[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for needle in needles:
        at = chunk.find(needle)
        while at >= 0:
            end = chunk.index(b"\n", at)
            found.add((chunk.rfind(b"\n", 0, at) + 1, end))
            at = chunk.find(needle, end)
    return sorted(found)


def _fits(line: bytes) -> bool:
    checksum, _, body = line.partition(b" ")
    return checksum == b"%08x" % crc32(body)
