"""The evidence pages as a folder that opens without any server."""

import asyncio
from pathlib import Path

from bot.errors import InputError
from bot.web.site import Site

_AT_ONCE = 4
"""Files that are made side by side."""


async def write_site(site: Site, folder: Path) -> int:
    """Write every page, picture and feed, and return how many files there are.

    Raises InputError when the folder cannot be written, RenderFailed, StoreError.
    """

    async def write(path: str) -> None:
        file = await site.file(path)
        if file is not None:
            _write(folder / path, file.content)

    paths = await site.paths()
    for first in range(0, len(paths), _AT_ONCE):
        await asyncio.gather(*map(write, paths[first : first + _AT_ONCE]))
    return len(paths)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
