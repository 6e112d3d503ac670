"""The bump chart: who held which rank when, in lines that cross as the ranks change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isnan

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from bot.charts._axes import say_empty
from bot.charts._bump_ways import LEAD, ROW, Frame, Points, Ranks, stops, way
from bot.charts._names import cut
from bot.charts._page import (
    MARGIN,
    WIDTH,
    Point,
    days_axis,
    dots,
    estimate_band,
    legend,
    page,
    write,
)
from bot.charts._type import AXIS, BADGE, LABEL, STRONG, Type, measure
from bot.charts.theme import Look, Theme, blend
from bot.model import Openness
from bot.pictures.bump import Bump, Line

LEGEND = 42.0
DAYS = 40.0
NUMBERS = 36.0
"""How far left of the first date the names end, to leave room for the rank numbers."""
BADGE_SIZE = 25.0
NAME_GAP = 21.0
"""From a badge's middle to its name."""
LEFT_SHARE = 0.22
RIGHT_SHARE = 0.31
"""The widest the names on either side may become, as shares of the page."""
HALO = 4.0
BACK = 0.48
"""How far lines step back behind a highlighted one: whose they are can still be seen."""
BETWEEN = 8.0
"""What is left free between two names within the picture."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A line, how it is drawn and how its name is written: quieter at the `left`, its past.

    `above` is how far it is drawn above the others.
    """

    line: Line
    look: Look
    colour: str
    width: float
    kind: Type
    ink: str
    badge: str
    on_badge: str
    left: Type = AXIS
    above: float = 0.0


@dataclass(frozen=True, slots=True)
class Names:
    """What is written of each name beside the last date and before the first, by voice."""

    right: Mapping[Type, Mapping[str, str]]
    left: Mapping[Type, Mapping[str, str]]


def draw(data: Bump, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no line is in the picture."""
    traces = _traces(data, theme)
    body = LEGEND + ROW * data.depth + DAYS
    figure, surface, top = page(theme, data, body)
    if traces:
        _draw_picture(surface, data, theme, traces, top + LEGEND)
    else:
        say_empty(surface, theme, data.empty, top + body / 2)
    return figure


def _within(rank: int | None, depth: int) -> bool:
    return rank is not None and rank <= depth


def _traces(data: Bump, theme: Theme) -> list[Trace]:
    """Return what is in the picture, in the order of drawing: what matters most comes last."""
    lines = [line for line in data.lines if any(_within(rank, data.depth) for rank in line.ranks)]
    chosen = data.highlight & {line.name for line in lines}
    lines.sort(key=lambda line: (line.name in chosen, -(line.ranks[-1] or data.depth + 1)))
    return [_trace(line, theme, chosen, data.depth) for line in lines]


def _trace(line: Line, theme: Theme, chosen: frozenset[str], depth: int) -> Trace:
    look = theme.looks[line.openness]
    if not chosen:
        return Trace(line, look, look.colour, 3.4, LABEL, theme.ink, look.colour, theme.paper)
    if line.name in chosen:
        left, own = AXIS if _within(line.ranks[-1], depth) else STRONG, look.colour
        return Trace(line, look, own, 5.0, STRONG, theme.ink, own, theme.paper, left, 1.0)
    back = blend(look.colour, theme.paper, BACK)
    badge = theme.muted(look.colour)
    return Trace(line, look, back, 2.4, LABEL, theme.quiet, badge, theme.ink)


def _ending(traces: Iterable[Trace], depth: int) -> list[Trace]:
    return [trace for trace in traces if _within(trace.line.ranks[-1], depth)]


def _beginning(traces: Iterable[Trace], depth: int) -> list[Trace]:
    return [trace for trace in traces if _within(trace.line.ranks[0], depth)]


def _names(data: Bump, traces: Sequence[Trace]) -> Names:
    """Return the names as they fit: where there is but one date they have the whole page."""
    room = WIDTH * RIGHT_SHARE if len(data.dates) > 1 else WIDTH - 2 * MARGIN - BADGE_SIZE
    ending, beginning = _ending(traces, data.depth), _beginning(traces, data.depth)
    return Names(
        {kind: _cut(ending, room, kind) for kind in (LABEL, STRONG)},
        {kind: _cut(beginning, WIDTH * LEFT_SHARE, kind) for kind in (AXIS, STRONG)},
    )


def _cut(traces: Iterable[Trace], room: float, kind: Type) -> Mapping[str, str]:
    return cut([trace.line.name for trace in traces], room, kind)


def _frame(data: Bump, traces: Sequence[Trace], names: Names, top: float) -> Frame:
    if len(data.dates) == 1:
        only = MARGIN + BADGE_SIZE / 2 - LEAD
        return Frame(only, only, top, data.depth, data.dates)
    right = [(names.right[t.kind][t.line.name], t.kind) for t in _ending(traces, data.depth)]
    left = [(names.left[t.left][t.line.name], t.left) for t in _beginning(traces, data.depth)]
    return Frame(
        MARGIN + _widest(left) + NUMBERS,
        WIDTH - MARGIN - _widest(right) - NAME_GAP - LEAD,
        top,
        data.depth,
        data.dates,
    )


def _widest(texts: Iterable[tuple[str, Type]]) -> float:
    return max((measure(text, kind) for text, kind in texts), default=0.0)


def _draw_picture(
    surface: Axes, data: Bump, theme: Theme, traces: Sequence[Trace], top: float
) -> None:
    seen = [kind for kind in Openness if any(trace.line.openness is kind for trace in traces)]
    legend(surface, theme, top - LEGEND / 2 - 3, {kind: data.words[kind] for kind in seen})
    names = _names(data, traces)
    frame = _frame(data, traces, names, top)
    for trace in _ending(traces, data.depth):
        _draw_ending(surface, trace, frame, names)
    if len(data.dates) == 1:
        write(surface, (MARGIN, frame.bottom + 20), data.days[0], AXIS, theme.quiet)
        return
    _draw_axes(surface, data, theme, frame)
    for trace in traces:
        _draw_trace(surface, trace, frame, theme)
    if data.estimated:
        _draw_bands(surface, traces, frame, theme)
    for trace in _beginning(traces, data.depth):
        _draw_beginning(surface, trace, frame, theme, names)
    _draw_peaks(surface, data, traces, frame, theme)


def _draw_axes(surface: Axes, data: Bump, theme: Theme, frame: Frame) -> None:
    places = [frame.x(index) for index in range(len(data.dates))]
    days_axis(surface, theme, data.days, places, (frame.top, frame.bottom))
    for rank in range(1, data.depth + 1):
        at = (frame.left - NUMBERS / 2 - 2, frame.y(rank))
        write(surface, at, str(rank), AXIS, theme.quiet, "center")


def _draw_trace(surface: Axes, trace: Trace, frame: Frame, theme: Theme) -> None:
    """Draw a line over a wider one in the colour of the paper, so that crossings read."""
    window, ranks = _window(surface, frame), _ranks(trace, frame)
    points, marked = way(ranks, frame), stops(ranks, frame)
    x, y = [point[0] for point in points], [point[1] for point in points]
    for artist in (
        Line2D(x, y, color=theme.paper, linewidth=trace.width + HALO),
        Line2D(x, y, color=trace.colour, linewidth=trace.width, linestyle=trace.look.dashes),
        dots(marked, trace.look, trace.colour, trace.width + 5.5),
    ):
        artist.set(gid=trace.line.name, zorder=artist.get_zorder() + trace.above)
        surface.add_artist(artist)
        artist.set_clip_path(window)


def _window(surface: Axes, frame: Frame) -> Rectangle:
    """Return what lines are seen through; deeper ranks are cut off at its lower edge."""
    height = frame.bottom - frame.top + ROW / 2
    return Rectangle((0, frame.top - ROW / 2), WIDTH, height, transform=surface.transData)


def _ranks(trace: Trace, frame: Frame) -> Ranks:
    return tuple(rank and min(rank, frame.depth + 1) for rank in trace.line.ranks)


def _draw_bands(surface: Axes, traces: Sequence[Trace], frame: Frame, theme: Theme) -> None:
    """Hatch the highlighted lines of estimates, or all of them where none is."""
    window = _window(surface, frame)
    for trace in [trace for trace in traces if trace.above] or traces:
        for run in _runs(way(_ranks(trace, frame), frame)):
            estimate_band(surface, theme, run, trace.colour).set_clip_path(window)


def _runs(points: Points) -> list[Points]:
    """Return the unbroken parts of a line."""
    parts = groupby(points, key=lambda point: isnan(point[1]))
    return [list(part) for broken, part in parts if not broken]


def _draw_ending(surface: Axes, trace: Trace, frame: Frame, names: Names) -> None:
    """Write a badge with the rank of the last date, and the name beside it."""
    rank = trace.line.ranks[-1] or 0
    at = (frame.right + LEAD, frame.y(rank))
    badge = dots([at], trace.look, trace.badge, BADGE_SIZE)
    surface.add_line(badge)
    badge.set_zorder(5)
    write(surface, at, str(rank), BADGE, trace.on_badge, "center")
    name = names.right[trace.kind][trace.line.name]
    write(surface, (at[0] + NAME_GAP, at[1]), name, trace.kind, trace.ink)


def _draw_beginning(surface: Axes, trace: Trace, frame: Frame, theme: Theme, names: Names) -> None:
    at = (frame.left - NUMBERS, frame.y(trace.line.ranks[0] or 0))
    name = names.left[trace.left][trace.line.name]
    write(surface, at, name, trace.left, trace.ink if trace.above else theme.quiet, "right")


def _draw_peaks(
    surface: Axes, data: Bump, traces: Sequence[Trace], frame: Frame, theme: Theme
) -> None:
    """Name lines with neither end in the picture at their best ranks that have room for it."""
    ended = (*_beginning(traces, data.depth), *_ending(traces, data.depth))
    named = {trace.line.name for trace in ended}
    taken: list[tuple[float, float, float]] = []
    for trace in reversed(traces):
        if trace.line.name in named:
            continue
        name = cut([trace.line.name], frame.right - frame.left, trace.left)[trace.line.name]
        half = measure(name, trace.left) / 2
        spots = _spots(trace, frame, half)
        free = (spot for spot in spots if all(_clear(spot, half, other) for other in taken))
        spot = next(free, None)
        if spot is not None:
            taken.append((*spot, half))
            text = write(surface, spot, name, trace.left, trace.ink, "center")
            text.set_path_effects([withStroke(linewidth=5, foreground=theme.paper)])


def _spots(trace: Trace, frame: Frame, half: float) -> Points:
    """Return where a name so wide may stand above its line, best ranks first."""
    ranks = [(rank, n) for n, rank in enumerate(trace.line.ranks) if _within(rank, frame.depth)]
    left, right = frame.left + half, frame.right - half
    return [
        (min(max(frame.x(n), left), right), frame.y(rank) - ROW / 2)
        for rank, n in sorted(ranks)
        if rank is not None
    ]


def _clear(spot: Point, half: float, other: tuple[float, float, float]) -> bool:
    x, y, width = other
    return abs(spot[1] - y) >= ROW / 2 or abs(spot[0] - x) >= half + width + BETWEEN
