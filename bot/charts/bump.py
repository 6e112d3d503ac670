"""The bump chart: who held which rank when, in lines that cross as the ranks change."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import nan
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from bot.charts._page import MARGIN, WIDTH, days_axis, dots, legend, page, write
from bot.charts._type import AXIS, BADGE, LABEL, STRONG, Type, measure, shorten
from bot.charts.theme import Look, Theme
from bot.model import Openness
from bot.pictures.bump import Bump, Line

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = list[Point]

ROW = 33.0
"""The height of a rank in CSS pixels: a label and some air."""
LEGEND = 42.0
DAYS = 40.0
NUMBERS = 36.0
"""How far left of the first date the names end, to leave room for the rank numbers."""
BADGE_SIZE = 25.0
LEAD = 14.0
NAME_GAP = 21.0
"""From the last date to its badge's middle, so that no bend hides there, and on to a name."""
LEFT_SHARE = 0.19
RIGHT_SHARE = 0.31
"""The widest the names on either side may become, as shares of the page."""
SPARSE = 24.0
"""Dates at least this far apart each get a marker; closer ones would be a string of beads."""
BEND = 26.0
"""How long a bend is at least, where a line keeps its ranks long enough to give way."""
PIECES = 12
HALO = 4.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where dates and ranks lie on the page, in CSS pixels."""

    left: float
    right: float
    top: float
    depth: int
    dates: tuple[date, ...]

    @property
    def bottom(self) -> float:
        """Return the lower edge of the last rank."""
        return self.top + ROW * self.depth

    @property
    def step(self) -> float:
        """Return how far apart the dates lie on average."""
        return (self.right - self.left) / max(len(self.dates) - 1, 1)

    def x(self, index: int) -> float:
        """Return how far right a date lies, in proportion to the days that passed."""
        span = max((self.dates[-1] - self.dates[0]).days, 1)
        passed = (self.dates[index] - self.dates[0]).days
        return self.left + (self.right - self.left) * passed / span

    def y(self, rank: int) -> float:
        """Return how far down a rank lies."""
        return self.top + ROW * (rank - 0.5)


@dataclass(frozen=True, slots=True)
class Trace:
    """A line, how it is drawn and how its name is written."""

    line: Line
    look: Look
    colour: str
    width: float
    kind: Type
    ink: str
    on_badge: str
    above: float = 0.0


def draw(data: Bump, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no line is in the picture."""
    traces = _traces(data, theme)
    body = LEGEND + ROW * data.depth + DAYS
    figure, surface, top = page(theme, data, body)
    if traces:
        _draw_picture(surface, data, theme, traces, _frame(data, traces, top + LEGEND))
    else:
        empty = shorten(data.empty, LABEL, WIDTH - 2 * MARGIN)
        write(surface, (WIDTH / 2, top + body / 2), empty, LABEL, theme.quiet, "center")
    return figure


def _within(rank: int | None, depth: int) -> bool:
    return rank is not None and rank <= depth


def _traces(data: Bump, theme: Theme) -> list[Trace]:
    """Return what is in the picture, in the order of drawing: what matters most comes last."""
    lines = [line for line in data.lines if any(_within(rank, data.depth) for rank in line.ranks)]
    chosen = data.highlight & {line.name for line in lines}
    lines.sort(key=lambda line: (line.name in chosen, -(line.ranks[-1] or data.depth + 1)))
    return [_trace(line, theme, chosen) for line in lines]


def _trace(line: Line, theme: Theme, chosen: frozenset[str]) -> Trace:
    look = theme.looks[line.openness]
    if not chosen:
        return Trace(line, look, look.colour, 3.4, LABEL, theme.ink, theme.paper)
    if line.name in chosen:
        return Trace(line, look, look.colour, 5.0, STRONG, theme.ink, theme.paper, 1.0)
    return Trace(line, look, theme.muted(look.colour), 2.2, LABEL, theme.quiet, theme.ink)


def _frame(data: Bump, traces: list[Trace], top: float) -> Frame:
    if len(data.dates) == 1:
        only = MARGIN + BADGE_SIZE / 2 - LEAD
        return Frame(only, only, top, data.depth, data.dates)
    ending = [trace for trace in traces if _within(trace.line.ranks[-1], data.depth)]
    leaving = [trace for trace in traces if _within(trace.line.ranks[0], data.depth)]
    leaving = [trace for trace in leaving if trace not in ending]
    left = MARGIN + _widest(leaving, WIDTH * LEFT_SHARE) + NUMBERS
    right = WIDTH - MARGIN - _widest(ending, WIDTH * RIGHT_SHARE) - NAME_GAP - LEAD
    return Frame(left, right, top, data.depth, data.dates)


def _widest(traces: list[Trace], most: float) -> float:
    names = (measure(shorten(trace.line.name, trace.kind, most), trace.kind) for trace in traces)
    return max(names, default=0.0)


def _draw_picture(
    surface: Axes, data: Bump, theme: Theme, traces: list[Trace], frame: Frame
) -> None:
    seen = [kind for kind in Openness if any(trace.line.openness is kind for trace in traces)]
    legend(surface, theme, frame.top - LEGEND / 2 - 3, {kind: data.words[kind] for kind in seen})
    if len(data.dates) > 1:
        _draw_axes(surface, data, theme, frame)
        for trace in traces:
            _draw_trace(surface, trace, frame, theme)
    else:
        write(surface, (MARGIN, frame.bottom + 20), data.days[0], AXIS, theme.quiet)
    for trace in traces:
        _draw_name(surface, trace, frame, theme)


def _draw_axes(surface: Axes, data: Bump, theme: Theme, frame: Frame) -> None:
    places = [frame.x(index) for index in range(len(data.dates))]
    days_axis(surface, theme, data.days, places, (frame.top, frame.bottom))
    for rank in range(1, data.depth + 1):
        at = (frame.left - NUMBERS / 2 - 2, frame.y(rank))
        write(surface, at, str(rank), AXIS, theme.quiet, "center")


def _draw_trace(surface: Axes, trace: Trace, frame: Frame, theme: Theme) -> None:
    """Draw a line over a wider one in the colour of the paper, so that crossings read."""
    height = frame.bottom - frame.top + ROW / 2
    window = Rectangle((0, frame.top - ROW / 2), WIDTH, height, transform=surface.transData)
    ranks = tuple(rank and min(rank, frame.depth + 1) for rank in trace.line.ranks)
    way, stops = _way(ranks, frame), _stops(ranks, frame)
    x, y = [point[0] for point in way], [point[1] for point in way]
    for artist in (
        Line2D(x, y, color=theme.paper, linewidth=trace.width + HALO),
        Line2D(x, y, color=trace.colour, linewidth=trace.width, linestyle=trace.look.dashes),
        dots(stops, trace.look, trace.colour, trace.width + 5.5),
    ):
        artist.set(gid=trace.line.name, zorder=artist.get_zorder() + trace.above)
        surface.add_line(artist)
        artist.set_clip_path(window)


def _way(ranks: tuple[int | None, ...], frame: Frame) -> Points:
    """Return the points a line goes through, broken by gaps.

    A bend shorter than BEND takes from the level stretches beside it, at most half of each, so
    that two lines changing places are seen to cross; a rank held for one day is still reached.
    """
    way: Points = []
    spare = max(BEND - frame.step, 0) / 2
    runs = [(rank, list(run)) for rank, run in groupby(range(len(ranks)), key=ranks.__getitem__)]
    held = [None, *(rank for rank, _ in runs), None]
    for before, (rank, run), after in zip(held, runs, held[2:], strict=False):
        if rank is None:
            way.append((nan, nan))
            continue
        start, end, y = frame.x(run[0]), frame.x(run[-1]), frame.y(rank)
        give = min(spare, (end - start) / 2)
        first = (start + give if before else start, y)
        way += _bend(way[-1], first) if before else [first]
        way.append((end - give if after else end, y))
    return [*way, (frame.right + LEAD, way[-1][1])]


def _bend(start: Point, end: Point) -> Points:
    """Return the way from one point to another: level at both, steepest halfway."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    steps = [step / PIECES for step in range(1, PIECES + 1)]
    return [(x + dx * step, y + dy * step * step * (3 - 2 * step)) for step in steps]


def _stops(ranks: tuple[int | None, ...], frame: Frame) -> Points:
    """Return the points that bear a marker; beside the last date a badge stands for it."""
    stops = []
    for index, rank in enumerate(ranks[:-1]):
        edge = index == 0 or ranks[index - 1] is None or ranks[index + 1] is None
        if rank is not None and (edge or frame.step >= SPARSE):
            stops.append((frame.x(index), frame.y(rank)))
    return stops


def _draw_name(surface: Axes, trace: Trace, frame: Frame, theme: Theme) -> None:
    """Write the name where the line ends, else where it begins, else (highlighted) at its best."""
    first, last = trace.line.ranks[0], trace.line.ranks[-1]
    if last is not None and last <= frame.depth:
        at = (frame.right + LEAD, frame.y(last))
        badge = dots([at], trace.look, trace.colour, BADGE_SIZE)
        surface.add_line(badge)
        badge.set_zorder(5)
        write(surface, at, str(last), BADGE, trace.on_badge, "center")
        name = shorten(trace.line.name, trace.kind, WIDTH - MARGIN - at[0] - NAME_GAP)
        write(surface, (at[0] + NAME_GAP, at[1]), name, trace.kind, trace.ink)
    elif first is not None and first <= frame.depth:
        at = (frame.left - NUMBERS, frame.y(first))
        name = shorten(trace.line.name, trace.kind, at[0] - MARGIN)
        write(surface, at, name, trace.kind, trace.ink if trace.above else theme.quiet, "right")
    elif trace.above:
        _draw_peak(surface, trace, frame, theme)


def _draw_peak(surface: Axes, trace: Trace, frame: Frame, theme: Theme) -> None:
    """Write the name of a line with neither end in the picture above its best rank."""
    best, index = min((rank, index) for index, rank in enumerate(trace.line.ranks) if rank)
    name = shorten(trace.line.name, trace.kind, frame.right - frame.left)
    half = measure(name, trace.kind) / 2
    x = min(max(frame.x(index), frame.left + half), frame.right - half)
    text = write(surface, (x, frame.y(best) - ROW / 2), name, trace.kind, trace.ink, "center")
    text.set_path_effects([withStroke(linewidth=5, foreground=theme.paper)])
