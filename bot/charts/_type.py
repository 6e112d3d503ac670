"""The voices of pictures: Lato in some sizes and weights, measured, shortened and wrapped."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from matplotlib.backends.backend_agg import get_hinting_flag
from matplotlib.font_manager import FontProperties, get_font

DENSITY = 2
"""Pixels of a picture to a CSS pixel of the page."""
CAPITAL = 0.72
"""The height of Lato's capitals, as a share of the size."""


@dataclass(frozen=True, slots=True)
class Type:
    """A voice of the page: size and line height in CSS pixels, and a weight Lato comes in."""

    size: float
    weight: Literal["Regular", "Medium", "Bold", "Black"]
    leading: float


TITLE = Type(30, "Bold", 37)
SUBTITLE = Type(17.5, "Regular", 24)
LABEL = Type(18.5, "Medium", 24)
STRONG = Type(18.5, "Black", 24)
BADGE = Type(15.5, "Black", 24)
AXIS = Type(16, "Regular", 22)
SOURCE = Type(13.5, "Regular", 18)


@cache
def _path(weight: str) -> str:
    return str(files("fontpkg_lato") / "files" / f"Lato-{weight}.ttf")


@cache
def _glyphs(weight: str) -> frozenset[int]:
    return frozenset(get_font(_path(weight)).get_charmap())


def font(kind: Type) -> FontProperties:
    """Return Lato from its own file, so that no font of the system matters."""
    return FontProperties(fname=_path(kind.weight), size=kind.size)


def plain(text: str, kind: Type) -> str:
    """Return the text on one line, with a box for what Lato has no glyph for."""
    known = _glyphs(kind.weight)
    return "".join(char if ord(char) in known else "□" for char in " ".join(text.split()))


@lru_cache(maxsize=4096)
def measure(text: str, kind: Type) -> float:
    """Return how wide a text will be drawn, in CSS pixels, as Agg measures it."""
    face = get_font(_path(kind.weight))
    face.set_size(kind.size, 72 * DENSITY)
    hinting = get_hinting_flag()  # type: ignore[no-untyped-call]
    face.set_text(text, 0.0, flags=hinting)
    width, _ = face.get_width_height()
    return float(width) / 64 / DENSITY


def shorten(text: str, kind: Type, width: float) -> str:
    """Return the text, cut at a word (if one ends in its later half) so as to fit the width."""
    text = plain(text, kind)
    if measure(text, kind) <= width:
        return text
    ends = range(1, len(text))
    kept = bisect_right(ends, width, key=lambda end: measure(text[:end] + "…", kind))
    word = max(text.rfind(sign, 0, kept + 1) for sign in " -")
    return text[: word if word > kept / 2 else kept].rstrip(" -–,:(") + "…"


def balanced(text: str, kind: Type, width: float, most: int = 2) -> tuple[str, ...]:
    """Return the text in as many lines as it needs, equally long as far as words allow."""
    lines = wrap(text, kind, width, most)
    whole = " ".join(lines)
    if len(lines) == 1 or whole != plain(text, kind):
        return lines
    narrower = (wrap(text, kind, width * part / 20, len(lines)) for part in range(10, 20))
    return next((found for found in narrower if " ".join(found) == whole), lines)


def wrap(text: str, kind: Type, width: float, most: int = 2) -> tuple[str, ...]:
    """Return the text in lines that fit the width; the last of `most` lines is shortened."""
    words = plain(text, kind).split(" ")
    if most == 1 or measure(" ".join(words), kind) <= width:
        return (shorten(text, kind, width),)
    fits = [n for n in range(1, len(words)) if measure(" ".join(words[:n]), kind) <= width]
    cut = max(fits, default=1)
    first = shorten(" ".join(words[:cut]), kind, width)
    return (first, *wrap(" ".join(words[cut:]), kind, width, most - 1)) if words[cut:] else (first,)
