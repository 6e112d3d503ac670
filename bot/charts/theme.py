"""What every picture shares: colours, type, marks, a page to draw on and a PNG to hand out.

A page is measured in CSS pixels from its top left corner and drawn at twice that density.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from typing import Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from bot.model import Openness

Align: TypeAlias = Literal["left", "center", "right"]
Dashes: TypeAlias = tuple[float, tuple[float, ...]] | Literal["solid"]

WIDTH = 800
"""Every page is this wide; its height follows from what it shows."""
DENSITY = 2
MARGIN = 24
TICKS = 5
CAPITAL = 0.72
"""The height of Lato's capitals, as a share of the size."""
PALETTES = (64, 32, 20)
"""Colours in a PNG: edges of text stay smooth, the file stays small; fewer where it is LARGE."""
LARGE = 145_000


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


@dataclass(frozen=True, slots=True)
class Look:
    """How lines of one openness are told apart: by colour, by marker and by dashes.

    `scale` makes markers of different shapes look equally large.
    """

    colour: str
    marker: str
    scale: float
    dashes: Dashes


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a page, and a look for each openness."""

    paper: str
    ink: str
    quiet: str
    grid: str
    looks: Mapping[Openness, Look]

    def muted(self, colour: str) -> str:
        """Return the colour stepped back towards the paper."""
        return blend(colour, self.paper, 0.62)


def _looks(opened: str, closed: str, unknown: str) -> Mapping[Openness, Look]:
    return {
        Openness.OPEN: Look(opened, "o", 1.0, "solid"),
        Openness.CLOSED: Look(closed, "s", 0.88, (0, (3.2, 1.1))),
        Openness.UNKNOWN: Look(unknown, "D", 0.77, (0, (0.9, 0.9))),
    }


# Blues and oranges of Okabe and Ito (2008), told apart in every common form of colour blindness.
DARK = Theme(
    paper="#313338",
    ink="#F2F3F5",
    quiet="#B5BAC1",
    grid="#43464D",
    looks=_looks("#56B4E9", "#F0A328", "#C9CDD3"),
)
LIGHT = Theme(
    paper="#FFFFFF",
    ink="#1E1F22",
    quiet="#5C6068",
    grid="#E6E7EA",
    looks=_looks("#0072B2", "#D55E00", "#6D727B"),
)


def blend(colour: str, other: str, share: float) -> str:
    """Return `colour` with a share of `other` (0 to 1) mixed in."""
    pairs = zip(to_rgb(colour), to_rgb(other), strict=True)
    red, green, blue = ((1 - share) * mine + share * theirs for mine, theirs in pairs)
    return to_hex((red, green, blue))


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
    """Return how wide a text will be drawn, in CSS pixels."""
    figure = _canvas(1)
    drawn = figure.text(0, 0, text, fontproperties=font(kind), parse_math=False)
    return drawn.get_window_extent().width / DENSITY


def shorten(text: str, kind: Type, width: float) -> str:
    """Return the text, cut at a word (if one ends in its later half) so as to fit the width."""
    text = plain(text, kind)
    if measure(text, kind) <= width:
        return text
    ends = range(1, len(text))
    kept = bisect_right(ends, width, key=lambda end: measure(text[:end] + "…", kind))
    word = max(text.rfind(sign, 0, kept + 1) for sign in " -")
    return text[: word if word > kept / 2 else kept].rstrip(" -–,:(") + "…"


def wrap(text: str, kind: Type, width: float, most: int = 2) -> tuple[str, ...]:
    """Return the text in lines that fit the width; the last of `most` lines is shortened."""
    words = plain(text, kind).split(" ")
    if most == 1 or measure(" ".join(words), kind) <= width:
        return (shorten(text, kind, width),)
    fits = [n for n in range(1, len(words)) if measure(" ".join(words[:n]), kind) <= width]
    cut = max(fits, default=1)
    first = shorten(" ".join(words[:cut]), kind, width)
    return (first, *wrap(" ".join(words[cut:]), kind, width, most - 1)) if words[cut:] else (first,)


def page(
    theme: Theme, title: str, subtitle: str, citation: str, body: float
) -> tuple[Figure, Axes, float]:
    """Return a page, its surface in CSS pixels from the top left, and where its body begins.

    The page holds the title, the subtitle, a body of the height asked for and the citation.
    """
    room = WIDTH - 2 * MARGIN
    head = [(line, TITLE, theme.ink) for line in wrap(title, TITLE, room)]
    head += [(line, SUBTITLE, theme.quiet) for line in wrap(subtitle, SUBTITLE, room)]
    foot = [(line, SOURCE, theme.quiet) for line in wrap(citation, SOURCE, room, 4)]
    top = MARGIN - 6 + sum(kind.leading for _, kind, _ in head)
    figure = _canvas(top + body + sum(kind.leading for _, kind, _ in foot) + MARGIN - 8)
    figure.set_facecolor(theme.paper)
    surface = _surface(figure)
    _stack(surface, MARGIN - 6, head)
    _stack(surface, top + body, foot)
    return figure, surface, top


def _canvas(height: float) -> Figure:
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72 * DENSITY)
    FigureCanvasAgg(figure)
    return figure


def _surface(figure: Figure) -> Axes:
    surface = figure.add_axes((0, 0, 1, 1))
    surface.set_xlim(0, WIDTH)
    surface.set_ylim(72 * figure.get_figheight(), 0)
    surface.set_axis_off()
    return surface


def _stack(surface: Axes, top: float, lines: list[tuple[str, Type, str]]) -> None:
    for text, kind, colour in lines:
        write(surface, (MARGIN, top + kind.leading / 2), text, kind, colour)
        top += kind.leading


def write(
    surface: Axes,
    at: tuple[float, float],
    text: str,
    kind: Type,
    colour: str,
    align: Align = "left",
) -> Text:
    """Write one literal line of text; its capitals are centred on the height it is given."""
    return surface.text(
        at[0],
        at[1] + CAPITAL / 2 * kind.size,
        plain(text, kind),
        color=colour,
        fontproperties=font(kind),
        horizontalalignment=align,
        verticalalignment="baseline",
        parse_math=False,
        zorder=6,
    )


def dots(places: Sequence[tuple[float, float]], look: Look, colour: str, size: float) -> Line2D:
    """Return a look's marker at each of the places, above any line."""
    x, y = [place[0] for place in places], [place[1] for place in places]
    marks = Line2D(x, y, color=colour, linestyle="none", marker=look.marker, zorder=2.5)
    marks.set(markersize=size * look.scale, markeredgewidth=0)
    return marks


def legend(surface: Axes, theme: Theme, y: float, words: Mapping[Openness, str]) -> None:
    """Say on one line, centred on `y`, what each look means."""
    x = float(MARGIN)
    for openness, word in words.items():
        look, said = theme.looks[openness], shorten(word, AXIS, WIDTH / len(words) - 90)
        line = Line2D([x, x + 42], [y, y], color=look.colour, linewidth=3.4, linestyle=look.dashes)
        line.set_solid_capstyle("butt")
        surface.add_line(line)
        surface.add_line(dots([(x + 21, y)], look, look.colour, 10))
        write(surface, (x + 51, y), said, AXIS, theme.ink)
        x += 75 + measure(said, AXIS)


def days_axis(
    surface: Axes,
    theme: Theme,
    days: Sequence[str],
    places: Sequence[float],
    span: tuple[float, float],
) -> None:
    """Write the first day, the last and as many between as have room, each on a quiet line.

    `places` are how far right the days lie; the lines reach down over the span.
    """
    for index in _picked(days, places):
        x = places[index]
        surface.plot([x, x], [span[0], span[1] + 6], color=theme.grid, linewidth=1, zorder=0)
        write(surface, (x, span[1] + 20), days[index], AXIS, theme.quiet, "center")


def _picked(days: Sequence[str], places: Sequence[float]) -> list[int]:
    last = len(days) - 1
    for count in range(min(TICKS, last + 1), 2, -1):
        picked = [round(step * last / (count - 1)) for step in range(count)]
        need = max(measure(days[index], AXIS) for index in picked) + 24
        if all(places[after] - places[before] >= need for before, after in pairwise(picked)):
            return picked
    return [0, last]


def to_png(figure: Figure) -> bytes:
    """Return the figure as a PNG with a palette."""
    raw = BytesIO()
    figure.savefig(raw, format="rgba")
    size = figure.canvas.get_width_height()
    full = Image.frombytes("RGBA", size, raw.getvalue()).convert("RGB")
    for colours in PALETTES:
        png = _quantized(full, colours)
        if len(png) <= LARGE:
            break
    return png


def _quantized(full: Image.Image, colours: int) -> bytes:
    small = full.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
