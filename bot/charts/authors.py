"""The chart of authors: their shares one above the other, together the whole, named at the end."""

from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from bot.charts._axes import DAYS, Plot, draw_days, draw_ticks, leader, plot, runs, say_empty
from bot.charts._names import cut
from bot.charts._page import WIDTH, Point, dots, page, write
from bot.charts._placing import apart
from bot.charts._type import AXIS, LABEL, STRONG, Type, measure, plain, shorten
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Theme, blend
from bot.model import Openness
from bot.pictures.authors import Stack

TOP = 16.0
HEIGHT = 372.0
WHOLE = 10_000
ROW = 26.0
"""How far apart labels are."""
GAP = 40.0
"""From the bands to their labels: the room of what leads from one to the other."""
NAME_SHARE = 0.22
ENDING_SHARE = 0.13
"""The widest that names and newest shares may become, as shares of the page."""
BETWEEN = 14.0
INDENT = 20.0
"""How far in the kinds of an author's models stand below its name."""
MARK = 12.0
SEAM = 1.8
"""How wide the line between bands is."""
BAR = 8.0
"""How wide a date between gaps is drawn."""
TEXTURES = ("", "--", "", "||", "", "xx")
"""What tells authors' bands apart besides their colours."""
TINTS = (0.45, 0.62)
"""How far bands step back behind the author that it is about, in turns."""
REST = (0.74, 0.84)
"""How far other authors and unlisted models do, always."""


@dataclass(frozen=True, slots=True)
class Fill:
    """How a band is filled, and the colour of what leads to its label."""

    colour: str
    edge: str
    hatch: str
    leader: str


@dataclass(frozen=True, slots=True)
class Label:
    """What is written beside the bands on one line: a name and a share, in a voice and a colour.

    `wanted` is the height at which it would stand best; `middle` is that of its band, from where
    `leader` leads to it (None: nothing does); `openness` is that of an author's kind of models.
    """

    name: str
    ending: str
    kind: Type
    colour: str
    wanted: float
    middle: float | None = None
    leader: str = ""
    openness: Openness | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Where shares lie: `most`, in hundredths of a per cent, at the top of the plot."""

    top: float
    bottom: float
    most: int

    def y(self, value: float) -> float:
        """Return how far down a share lies; what is above the top lies at the top."""
        return self.bottom - (self.bottom - self.top) * min(value / self.most, 1)


def draw(data: Stack, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no date has tokens."""
    bounds, body = _bounds(data), TOP + HEIGHT + DAYS
    figure, surface, top = page(theme, data, body)
    if not any(bounds):
        say_empty(surface, theme, data.empty, top + body / 2)
        return figure
    most = data.ticks[-1].value if data.ticks else WHOLE
    scale = Scale(top + TOP, top + TOP + HEIGHT, most)
    heights = [[scale.y(WHOLE * bound) for bound in each] for each in bounds]
    labels = _labels(data, theme, heights)
    beside = GAP + sum(_widths(labels)) + BETWEEN
    frame = plot(data.dates, data.ticks, (scale.top, scale.bottom), beside)
    draw_days(surface, theme, data.days, frame)
    draw_ticks(surface, theme, data.ticks, frame, scale.y)
    _draw_bands(surface, data, theme, frame, heights)
    _draw_labels(surface, theme, frame, labels)
    return figure


def _bounds(data: Stack) -> list[tuple[float, ...]]:
    """Return for each date where the bands begin and end, from 0 to 1; nothing for a gap."""
    return [
        tuple(
            sum_ / total
            for sum_ in accumulate((band.tokens[index] or 0 for band in data.bands), initial=0)
        )
        if total and data.bands
        else ()
        for index, total in enumerate(data.totals)
    ]


def _labels(data: Stack, theme: Theme, heights: list[list[float]]) -> list[Label]:
    """Return what stands beside the newest bands, from top to bottom."""
    at = next(each for each in reversed(heights) if each)
    seen = [n for n in reversed(range(len(data.bands))) if at[n] > at[n + 1]]
    own = [n for n in seen if data.bands[n].openness is not None]
    others = [_label(data, theme, at, n) for n in seen if n not in own]
    kinds = [_label(data, theme, at, n) for n in own]
    named = [band.name for band in data.bands if band.openness is not None]
    if len(kinds) == 1:
        kinds = [replace(kinds[0], ending="", wanted=kinds[0].wanted + ROW / 2)]
    if named:
        above = min((kind.wanted for kind in kinds), default=at[0])
        kinds = [Label(named[0], data.ending, STRONG, theme.ink, above - ROW), *kinds]
    return _in_order([*others, *kinds])


def _label(data: Stack, theme: Theme, at: list[float], index: int) -> Label:
    band, middle = data.bands[index], (at[index] + at[index + 1]) / 2
    colour = theme.quiet if band.rest or _is_about_one(data) else theme.ink
    line = _fill(data, theme, index).leader
    if band.openness is None:
        return Label(band.name, band.ending, LABEL, colour, middle, middle, line)
    word = data.words[band.openness]
    return Label(word, band.ending, AXIS, theme.ink, middle, middle, line, band.openness)


def _is_about_one(data: Stack) -> bool:
    return any(band.openness is not None for band in data.bands)


def _in_order(labels: list[Label]) -> list[Label]:
    """Return the labels so that none would stand above one that comes before it."""
    kept: list[Label] = []
    lowest = inf
    for label in reversed(labels):
        lowest = min(lowest, label.wanted)
        kept.append(replace(label, wanted=lowest))
    return kept[::-1]


def _widths(labels: list[Label]) -> tuple[float, float]:
    """Return how wide the names beside the bands are, and the shares."""
    names = (
        min(measure(plain(label.name, label.kind), label.kind), WIDTH * NAME_SHARE)
        + (INDENT if label.openness is not None else 0)
        for label in labels
    )
    endings = (measure(_ending(label), label.kind) for label in labels)
    return max(names, default=0.0), max(endings, default=0.0)


def _ending(label: Label) -> str:
    return shorten(label.ending, label.kind, WIDTH * ENDING_SHARE)


def _fill(data: Stack, theme: Theme, index: int) -> Fill:
    """Return how a band is filled: what the picture is about alone has strong colours."""
    band, estimate = data.bands[index], ESTIMATE if data.estimated else ""
    if band.openness is not None:
        look = theme.looks[band.openness]
        fill, edge = blend(look.colour, theme.paper, 0.4), look.colour
        return Fill(fill, edge, look.hatch + estimate, look.colour)
    if band.rest or _is_about_one(data):
        tint = (REST if band.rest else TINTS)[index % 2]
        fill, edge = blend(theme.back, theme.paper, tint), blend(theme.back, theme.paper, tint / 2)
        return Fill(fill, edge, estimate, theme.back)
    colour = theme.authors[index % len(theme.authors)]
    edge = blend(colour, theme.paper, 0.25)
    return Fill(colour, edge, TEXTURES[index % len(TEXTURES)] + estimate, colour)


def _draw_bands(
    surface: Axes, data: Stack, theme: Theme, frame: Plot, heights: list[list[float]]
) -> None:
    """Draw the bands wherever dates follow each other without a gap."""
    fills = [_fill(data, theme, n) for n in range(len(data.bands))]
    for run in runs([bool(each) for each in heights]):
        places, at = [frame.x(index) for index in run], [heights[index] for index in run]
        if len(run) == 1:
            half = BAR / 2 if len(data.dates) > 1 else (frame.right - frame.left) / 2
            places, at = [places[0] - half, places[0] + half], at * 2
        for n in range(len(data.bands)):
            lower = [(x, each[n]) for x, each in zip(places, at, strict=True)]
            upper = [(x, each[n + 1]) for x, each in zip(places, at, strict=True)]
            _draw_band(surface, theme, (lower, upper), fills[n], data.bands[n].name)


def _draw_band(
    surface: Axes, theme: Theme, edges: tuple[list[Point], list[Point]], fill: Fill, name: str
) -> None:
    """Draw a band between its edges, set off from the next one by the colour of the paper."""
    lower, upper = edges
    band = Polygon([*lower, *reversed(upper)], closed=True, facecolor=fill.colour, linewidth=0)
    band.set(edgecolor=fill.edge, hatch=fill.hatch, hatch_linewidth=HATCH_WIDTH, gid=name)
    surface.add_patch(band)
    if any(low != high for low, high in zip(lower, upper, strict=True)):
        surface.plot(*zip(*upper, strict=True), color=theme.paper, linewidth=SEAM)


def _draw_labels(surface: Axes, theme: Theme, frame: Plot, labels: list[Label]) -> None:
    span = (frame.top + ROW / 2, frame.bottom - ROW / 2)
    places = apart([label.wanted for label in labels], ROW, span)
    end = frame.right + GAP + sum(_widths(labels)) + BETWEEN
    for kind in {label.kind for label in labels}:
        rows = [(label, y) for label, y in zip(labels, places, strict=True) if label.kind == kind]
        names = cut([label.name for label, _ in rows], WIDTH * NAME_SHARE, kind)
        for label, y in rows:
            _draw_label(surface, theme, label, names[label.name], ((frame.right, y), end))


def _draw_label(
    surface: Axes, theme: Theme, label: Label, name: str, placed: tuple[Point, float]
) -> None:
    """Write a name and a share, which ends at the end of the line, and lead to them."""
    (right, y), end = placed
    x = right + GAP
    if label.middle is not None:
        leader(surface, (right + 4, label.middle), (x - 8, y), label.leader)
    if label.openness is not None:
        look = theme.looks[label.openness]
        surface.add_line(dots([(x + MARK / 2, y)], look, look.colour, MARK))
        x += INDENT
    write(surface, (x, y), name, label.kind, label.colour)
    write(surface, (end, y), _ending(label), label.kind, label.colour, "right")
