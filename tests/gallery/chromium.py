"""A page as a picture: headless Chromium, one process a page, bounded in time."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

DENSITY = 2
_TALLEST = 3000
"""CSS pixels; a page that is taller is refused rather than cut."""

_NARROWEST = 500
"""Chromium makes no narrower window; the rest of it is cut off."""

_SECONDS = 60
_COLOURS = (128, 64, 48, 32, 24)
"""As many as a small file takes."""

_LARGEST = 150_000
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    f"--force-device-scale-factor={DENSITY}",
)


class CannotPhotograph(Exception):
    """No picture came of a page; the message says why and what to do."""


def find_chromium(named: str | None) -> str:
    """Return the path of Chromium: the one that was named, else the first on the PATH.

    Raises CannotPhotograph.
    """
    for name in [named] if named else _NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    raise CannotPhotograph(
        f"{named or 'Chromium'} was not found. Install Chromium, or name it with --chromium or the"
        " environment variable CHROMIUM."
    )


def photograph(page: str, width: int, chromium: str) -> bytes:
    """Return a page as PNG, cut to its content, few colours. Raises CannotPhotograph."""
    with TemporaryDirectory(prefix="rankshift-gallery-") as place:
        folder = Path(place)
        (folder / "page.html").write_text(page, encoding="utf-8")
        _run(chromium, folder, max(width, _NARROWEST))
        with Image.open(folder / "page.png") as taken:
            return _small(_cut(taken.convert("RGB"), width * DENSITY))


def _run(chromium: str, folder: Path, width: int) -> None:
    command = [
        chromium,
        *_FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        f"--screenshot={folder / 'page.png'}",
        f"--window-size={width},{_TALLEST}",
        (folder / "page.html").as_uri(),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # its children end with it
    )
    try:
        _, said = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise CannotPhotograph(f"{chromium} took no picture in {_SECONDS} s") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if not (folder / "page.png").is_file():
        raise CannotPhotograph(
            f"{chromium} took no picture: {said.decode(errors='replace')[-300:]}"
        )


def _cut(taken: Image.Image, width: int) -> Image.Image:
    """Cut off what is empty on the right and below, but for a margin."""
    found = taken.crop((0, 0, width, taken.height))
    paper = Image.new("RGB", found.size, found.getpixel((0, 0)))
    box = ImageChops.difference(found, paper).getbbox()
    bottom = box[3] + 16 * DENSITY if box else 0
    if not 0 < bottom <= found.height:
        raise CannotPhotograph(f"the page is empty, or taller than {_TALLEST} pixels")
    return found.crop((0, 0, width, bottom))


def _small(picture: Image.Image) -> bytes:
    """Return the picture as a PNG of many colours that is small. Raises CannotPhotograph."""
    for colours in _COLOURS:
        kept = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() < _LARGEST:
            return kept.getvalue()
    raise CannotPhotograph(f"the picture is larger than {_LARGEST} bytes")
