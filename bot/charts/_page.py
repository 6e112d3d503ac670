"""What every picture stands on: a page with its words, marks, legend and days.

A page is measured in CSS pixels from its top left corner and drawn at twice that density.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from bot.charts._type import (
    AXIS,
    CAPITAL,
    DENSITY,
    SOURCE,
    SUBTITLE,
    TITLE,
    Type,
    balanced,
    font,
    measure,
    plain,
    shorten,
    wrap,
)
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Look, Theme, blend
from bot.model import Openness
from bot.pictures import Picture

Align: TypeAlias = Literal["left", "center", "right"]
Point: TypeAlias = tuple[float, float]

WIDTH = 800
"""Every page is this wide; its height follows from what it shows."""
MARGIN = 24
TICKS = 5
ESTIMATED = 28.0
"""The height of the line that says that figures are estimates."""
BAND = 16.0
"""How wide the band around a line of estimates is."""


def page(theme: Theme, picture: Picture, body: float) -> tuple[Figure, Axes, float]:
    """Return a page, its surface in CSS pixels from the top left, and where its body begins.

    The page holds title and subtitle, a line that says so where figures are estimates, a body of
    the height asked for, and the citation.
    """
    room = WIDTH - 2 * MARGIN
    head = [(line, TITLE, theme.ink) for line in balanced(picture.title, TITLE, room)]
    head += [(line, SUBTITLE, theme.quiet) for line in wrap(picture.subtitle, SUBTITLE, room)]
    foot = [(line, SOURCE, theme.quiet) for line in wrap(picture.citation, SOURCE, room, 4)]
    top = MARGIN - 6 + sum(kind.leading for _, kind, _ in head)
    under = top + (ESTIMATED if picture.estimated else 0)
    figure = _canvas(under + body + sum(kind.leading for _, kind, _ in foot) + MARGIN - 8)
    figure.set_facecolor(theme.paper)
    surface = _surface(figure)
    _stack(surface, MARGIN - 6, head)
    if picture.estimated:
        _say_estimated(surface, theme, picture.estimated, top + ESTIMATED / 2)
    _stack(surface, under + body, foot)
    return figure, surface, under


def _say_estimated(surface: Axes, theme: Theme, said: str, y: float) -> None:
    swatch = Rectangle((MARGIN, y - 8), 42, 16, facecolor="none", linewidth=0)
    swatch.set(edgecolor=theme.quiet, hatch=ESTIMATE, hatch_linewidth=HATCH_WIDTH)
    surface.add_patch(swatch)
    said = shorten(said, AXIS, WIDTH - 2 * MARGIN - 51)
    write(surface, (MARGIN + 51, y), said, AXIS, theme.quiet)


def estimate_band(surface: Axes, theme: Theme, points: Sequence[Point], colour: str) -> Polygon:
    """Return the hatched band now around a line of estimates.

    Filled shapes bear ESTIMATE as their hatch instead.
    """
    upper = [(x, y - BAND / 2) for x, y in points]
    lower = [(x, y + BAND / 2) for x, y in reversed(points)]
    band = Polygon([*upper, *lower], closed=True, facecolor="none", linewidth=0, zorder=1)
    edge = blend(colour, theme.paper, 0.35)
    band.set(edgecolor=edge, hatch=ESTIMATE, hatch_linewidth=HATCH_WIDTH)
    surface.add_patch(band)
    return band


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
