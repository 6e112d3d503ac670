"""The chart of one to five lines: ranks or shares over time, each line named at its end."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bot.charts._axes import (
    DAYS,
    LEGEND,
    Plot,
    draw_days,
    draw_ticks,
    leader,
    plot,
    runs,
    say_empty,
)
from bot.charts._names import cut
from bot.charts._page import WIDTH, dots, estimate_band, legend, page, write
from bot.charts._placing import apart
from bot.charts._type import AXIS, STRONG, measure, shorten
from bot.charts.theme import Look, Theme, blend
from bot.model import Openness
from bot.pictures.compare import Lines, Series

Point: TypeAlias = tuple[float, float]
Fill: TypeAlias = Literal["full", "hollow", "bottom", "left", "top"]

HEIGHT = 330.0
NAME = 46.0
"""The height of a name and of what stands below it."""
NAME_GAP = 50.0
"""From the last date to the names."""
NAME_ROOM = 0.31 * WIDTH
"""The widest that a name, or what stands below it, may become."""
STROKE = 3.4
HALO = 4.0
MARK = 11.0
MARKS_APART = 60.0
"""Markers tell lines of one openness apart; closer ones would be a string of beads."""

FILLS: tuple[Fill, ...] = ("full", "hollow", "bottom", "left", "top")
"""How the markers of the first line of an openness are filled, of the second, and so on."""
TINTS = (0.0, 0.55, -0.2, 0.8, 0.28)
"""How far their colours move towards the ink or, below 0, towards the paper."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A line and how it is drawn; `heights` are its values on the page."""

    series: Series
    look: Look
    colour: str
    fill: Fill
    heights: tuple[float | None, ...]


def draw(data: Lines, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no line has a value."""
    body = LEGEND + HEIGHT + DAYS
    figure, surface, top = page(theme, data, body)
    if any(value is not None for each in data.series for value in each.values):
        _draw_picture(surface, data, theme, top + LEGEND)
    else:
        say_empty(surface, theme, data.empty, top + body / 2)
    return figure


def _draw_picture(surface: Axes, data: Lines, theme: Theme, top: float) -> None:
    frame = _frame(data, top)
    traces = _traces(data, theme, _scale(data, frame))
    seen = [kind for kind in Openness if any(each.openness is kind for each in data.series)]
    legend(surface, theme, top - LEGEND / 2 - 6, {kind: data.words[kind] for kind in seen})
    draw_days(surface, theme, data.days, frame)
    draw_ticks(surface, theme, data.ticks, frame, _scale(data, frame))
    for trace in reversed(traces):
        if data.estimated:
            _draw_bands(surface, trace, frame, theme)
        _draw_trace(surface, trace, frame, theme)
    _draw_names(surface, traces, frame, theme)


def _frame(data: Lines, top: float) -> Plot:
    names = (measure(name, STRONG) for name in _names(data.series).values())
    endings = (measure(shorten(each.ending, AXIS, NAME_ROOM), AXIS) for each in data.series)
    widest = max(*names, *endings)
    return plot(data.dates, data.ticks, (top, top + HEIGHT), NAME_GAP + widest)


def _names(series: Iterable[Series]) -> Mapping[str, str]:
    return cut([each.name for each in series], NAME_ROOM, STRONG)


def _scale(data: Lines, frame: Plot) -> Callable[[float], float]:
    """Return how far down a value lies; ranks lie the closer the deeper they are."""
    known = [value for each in data.series for value in each.values if value is not None]
    values = [*known, *(tick.value for tick in data.ticks)]
    least, most = min(values), max(values)
    height = frame.bottom - frame.top
    if data.ranks:
        span = sqrt(most) - sqrt(least) or 1
        return lambda rank: frame.top + height * (sqrt(rank) - sqrt(least)) / span
    return lambda share: frame.bottom - height * (share - least) / (most - least or 1)


def _traces(data: Lines, theme: Theme, y: Callable[[float], float]) -> list[Trace]:
    seen: Counter[Openness] = Counter()
    traces = []
    for each in data.series:
        kind = seen[each.openness] % len(FILLS)
        seen[each.openness] += 1
        look, tint = theme.looks[each.openness], TINTS[kind]
        colour = blend(look.colour, theme.ink if tint > 0 else theme.paper, abs(tint))
        heights = tuple(None if value is None else y(value) for value in each.values)
        traces.append(Trace(each, look, colour, FILLS[kind], heights))
    return traces


def _draw_bands(surface: Axes, trace: Trace, frame: Plot, theme: Theme) -> None:
    """Hatch each unbroken run of a line of estimates, and around the marks at its ends."""
    for run in _runs(trace):
        points = _points(trace, frame, run)
        (left, first), (right, last) = points[0], points[-1]
        around = [(left - MARK, first), *points, (right + MARK, last)]
        estimate_band(surface, theme, around, trace.colour)


def _draw_trace(surface: Axes, trace: Trace, frame: Plot, theme: Theme) -> None:
    """Draw each unbroken run of a line over a wider one in the colour of the paper."""
    for run in _runs(trace):
        x, y = zip(*_points(trace, frame, run), strict=True)
        for artist in (
            Line2D(x, y, color=theme.paper, linewidth=STROKE + HALO),
            Line2D(x, y, color=trace.colour, linewidth=STROKE, linestyle=trace.look.dashes),
        ):
            artist.set(gid=trace.series.name, solid_joinstyle="round", dash_joinstyle="round")
            surface.add_line(artist)
    _mark(surface, trace, _stops(trace, frame), theme).set_gid(trace.series.name)


def _runs(trace: Trace) -> list[list[int]]:
    return runs([height is not None for height in trace.heights])


def _points(trace: Trace, frame: Plot, indexes: Iterable[int]) -> list[Point]:
    heights = ((index, trace.heights[index]) for index in indexes)
    return [(frame.x(index), height) for index, height in heights if height is not None]


def _mark(surface: Axes, trace: Trace, places: Sequence[Point], theme: Theme) -> Line2D:
    marks, hollow = dots(places, trace.look, trace.colour, MARK), trace.fill == "hollow"
    marks.set(
        fillstyle="full" if hollow else trace.fill,
        markerfacecolor=theme.paper if hollow else trace.colour,
        markerfacecoloralt=theme.paper,
        markeredgecolor=trace.colour,
        markeredgewidth=2,
    )
    surface.add_line(marks)
    return marks


def _stops(trace: Trace, frame: Plot) -> list[Point]:
    """Return the points that bear a marker: where a run begins and ends, and some between."""
    every = max(round(MARKS_APART / frame.step), 1)
    last = len(trace.heights) - 1
    stops: list[int] = []
    for run in _runs(trace):
        between = (index for index in run[1:-1] if (last - index) % every == 0)
        stops += dict.fromkeys((run[0], *between, run[-1]))
    return _points(trace, frame, stops)


def _draw_names(surface: Axes, traces: list[Trace], frame: Plot, theme: Theme) -> None:
    """Write each name beside the line's last value, or below all where it has none."""
    wanted = [_last(trace.heights, frame.bottom) for trace in traces]
    span = (frame.top, frame.bottom - NAME / 2 - 6)
    names = _names(trace.series for trace in traces)
    for trace, height in zip(traces, apart(wanted, NAME, span), strict=True):
        at = (frame.right + NAME_GAP, height)
        _draw_end(surface, trace, at, frame, theme)
        ink = theme.quiet if trace.heights[-1] is None else theme.ink
        write(surface, at, names[trace.series.name], STRONG, ink)


def _last(heights: Sequence[float | None], otherwise: float) -> float:
    return next((height for height in reversed(heights) if height is not None), otherwise)


def _draw_end(surface: Axes, trace: Trace, at: Point, frame: Plot, theme: Theme) -> None:
    """Draw a line's marker before its name, led to from the newest value, and its ending below."""
    (x, height), end = at, trace.heights[-1]
    if end is not None:
        start = (frame.x(len(trace.heights) - 1) + MARK, end)
        leader(surface, start, (x - 26, height), trace.colour)
    _mark(surface, trace, [(x - 15, height)], theme)
    ending = shorten(trace.series.ending, AXIS, NAME_ROOM)
    write(surface, (x, height + NAME / 2), ending, AXIS, blend(trace.colour, theme.ink, 0.35))
