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
from matplotlib.text import Text

from bot.charts._type import (
    AXIS,
    CAPITAL,
    DENSITY,
    SOURCE,
    SUBTITLE,
    TITLE,
    Type,
    font,
    measure,
    plain,
    shorten,
    wrap,
)
from bot.charts.theme import Look, Theme
from bot.model import Openness

Align: TypeAlias = Literal["left", "center", "right"]

WIDTH = 800
"""Every page is this wide; its height follows from what it shows."""
MARGIN = 24
TICKS = 5


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
