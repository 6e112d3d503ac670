"""The press pack of a picture: what a newsroom needs to print it, to redraw it and to cite it."""

from collections.abc import Mapping
from pathlib import Path

from bot.errors import InputError
from bot.pictures import Format, Picture, ThemeName
from bot.render import Renderer
from bot.text.sheets import LICENCE, LICENCE_URL, sheet


def plotted(picture: Picture) -> bytes:
    """Return the plotted rows as CSV, below the picture's title, its source and the licence."""
    table = picture.table()
    told = (picture.title, picture.subtitle, picture.estimated, picture.citation)
    head = (*filter(None, told), f"{LICENCE}: {LICENCE_URL}")
    return sheet(head, table.columns, table.rows)


async def pack(
    renderer: Renderer, picture: Picture, alt: str, theme: ThemeName = ThemeName.DARK
) -> Mapping[str, bytes]:
    """Return the files of a press pack by their endings: png, svg, csv, and txt, the alt text.

    Raises RenderFailed.
    """
    return {
        "png": await renderer.draw(picture, theme),
        "svg": await renderer.draw(picture, theme, Format.SVG),
        "csv": plotted(picture),
        "txt": f"{alt}\n\n{picture.citation}\n".encode(),
    }


def write_pack(files: Mapping[str, bytes], folder: Path, name: str) -> tuple[Path, ...]:
    """Write the files of a press pack, all called alike, and return where they are.

    Each is whole or not there. Raises InputError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_written(folder / f"{name}.{end}", files[end]) for end in files)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error


def _written(path: Path, content: bytes) -> Path:
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return path
