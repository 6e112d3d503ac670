"""Lines over time: one or two that matter in strong colour, the others thin behind them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import sqrt

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.charts._axes import (
    DAYS,
    LEGEND,
    Plot,
    draw_days,
    draw_ticks,
    leader,
    plot,
    say_empty,
)
from bot.charts._names import cut
from bot.charts._notes import RING, Box, Drawn, along, by_height, draw_level, draw_note, draw_ring
from bot.charts._page import MARGIN, WIDTH, Point, estimate_band, page, write
from bot.charts._placing import apart
from bot.charts._shapes import Key, shapes_legend
from bot.charts._traces import MARK, Trace, draw_most, draw_trace
from bot.charts._type import AXIS, STRONG, measure, shorten
from bot.charts.theme import Theme, blend
from bot.model import Openness
from bot.pictures import Tick
from bot.pictures.milestone import Kind, Way, Ways

HEIGHT = 342.0
HEAD = 36.0
"""Air above an axis of ranks, which lines fill to its top, for words that have no room in it."""
LEGEND_TEXT = 29.0
"""How far down the legend's words reach."""
NO_LEGEND = 20.0
EMPTY = 120.0
DEPTH = 10
"""The deepest rank of an axis, unless what matters lies deeper."""
EQUAL = 15
"""The deepest rank with which ranks lie equally far apart; deeper, they draw nearer."""
NAME = 46.0
"""The height of a strong name and of what stands below it."""
QUIET_NAME = 22.0
NAME_GAP = 26.0
"""From the last date to the names."""
NAME_SHARE = 0.29
"""The widest that names may become, as a share of the page."""
SHIFTS = (0.0, -5.0, 5.0, -10.0, 10.0)
"""How far quiet names may move from the ends of their lines."""
SPILL = 12.0
"""How far beyond the plot a line may end and still be named."""
STROKES = (5.0, 3.8)
"""How thick the strong lines are, the first and others."""
FAINT = 1.6


def draw_ways(data: Ways, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no line has a value."""
    known = any(value is not None for way in data.ways for value in way.values)
    body = _head(data) + HEIGHT + DAYS if known else EMPTY
    figure, surface, top = page(theme, data, body)
    if known:
        _draw_picture(surface, data, theme, top)
    else:
        say_empty(surface, theme, data.empty, top + body / 2)
    return figure


def _head(data: Ways) -> float:
    """Return how much room there is between subtitle and plot: for a legend, and for words."""
    worded = any(way.openness or any(way.most) for way in data.ways)
    legend = LEGEND if worded else NO_LEGEND
    return legend + (HEAD if data.kind is Kind.RANKS else 0)


def _draw_picture(surface: Axes, data: Ways, theme: Theme, top: float) -> None:
    frame = _frame(data, top + _head(data))
    y = _scale(data, frame)
    traces = _traces(data, theme, frame, y)
    shapes_legend(surface, theme, top + LEGEND / 2 - 6, _keys(data, theme))
    draw_days(surface, theme, data.days, frame)
    draw_ticks(surface, theme, _ticks(data), frame, y)
    for trace in reversed(traces):
        draw_most(surface, trace, theme, frame, y)
        draw_trace(surface, trace, theme, frame)
        if data.estimated and trace.way.strong:
            for run in trace.runs():
                estimate_band(surface, theme, run, trace.colour)
    written = _draw_names(surface, traces, theme, frame)
    drawn = _drawn(data, frame, traces, written)
    _draw_notes(surface, data, theme, frame, drawn, _spot(traces[0], data.since))


def _frame(data: Ways, top: float) -> Plot:
    most = WIDTH * NAME_SHARE
    texts = [(way.name, STRONG if way.strong else AXIS) for way in data.ways]
    texts += [(way.ending, AXIS) for way in data.ways if way.strong]
    widest = max(measure(shorten(text, kind, most), kind) for text, kind in texts)
    return plot(data.dates, data.ticks, (top, top + HEIGHT), NAME_GAP + widest)


def _scale(data: Ways, frame: Plot) -> Callable[[float], float]:
    """Return how far down a value lies; what lies behind does not stretch an axis of ranks."""
    height = frame.bottom - frame.top
    if data.kind is not Kind.RANKS:
        marks = (*data.ticks, *([data.mark] if data.mark is not None else ()))
        most = max([*_values(data.ways), *(tick.value for tick in marks)]) or 1
        return lambda value: frame.bottom - height * value / most
    deepest = _deepest(data)
    if deepest <= EQUAL:
        return lambda rank: frame.top + height * (rank - 1) / (deepest - 1)
    return lambda rank: frame.top + height * (sqrt(rank) - 1) / (sqrt(deepest) - 1)


def _values(ways: Iterable[Way]) -> list[int]:
    return [value for way in ways for value in (*way.values, *way.most) if value is not None]


def _deepest(data: Ways) -> int:
    return max([DEPTH, *_values(way for way in data.ways if way.strong)])


def _ticks(data: Ways) -> list[Tick]:
    """Return the ticks that lie on the axis; one of ranks ends with the deepest that matters."""
    ranks = data.kind is Kind.RANKS
    return [tick for tick in data.ticks if not ranks or tick.value <= _deepest(data)]


def _traces(data: Ways, theme: Theme, frame: Plot, y: Callable[[float], float]) -> list[Trace]:
    """Return the lines, strong ones first."""
    traces = []
    for n, way in enumerate(sorted(data.ways, key=lambda way: not way.strong)):
        points = tuple(
            None if value is None else (frame.x(index), y(value))
            for index, value in enumerate(way.values)
        )
        stroke = STROKES[min(n, 1)] if way.strong else FAINT
        traces.append(Trace(way, _colour(way, theme, n), stroke, points))
    return traces


def _colour(way: Way, theme: Theme, order: int) -> str:
    if not way.strong:
        return theme.back
    if way.openness is None:
        return theme.quiet if order else theme.ink
    colour = theme.looks[way.openness].colour
    return blend(colour, theme.quiet, 0.4) if order else colour


def _keys(data: Ways, theme: Theme) -> list[Key]:
    """Return what each shape means, and the texture of what unknown models may add."""
    strong = {way.openness for way in data.ways if way.strong}
    seen = {way.openness for way in data.ways}
    keys = []
    for kind in Openness:
        look = theme.looks[kind]
        if kind in seen:
            colour = look.colour if kind in strong else theme.back
            keys.append(Key(look, colour, data.words[kind]))
        elif kind is Openness.UNKNOWN and any(any(way.most) for way in data.ways):
            keys.append(Key(look, look.colour, data.words[kind], textured=True))
    return keys


def _draw_names(surface: Axes, traces: Sequence[Trace], theme: Theme, frame: Plot) -> list[float]:
    """Write the names of strong lines and what stands below them; quiet ones where room is left.

    Return the heights of all that is written.
    """
    strong = [trace for trace in traces if trace.way.strong]
    wanted = [trace.end[1] if trace.end else frame.bottom for trace in strong]
    heights = apart(wanted, NAME, (frame.top, frame.bottom - NAME / 2 - 6))
    labels = cut([trace.way.name for trace in strong], _room(frame), STRONG)
    for trace, height in zip(strong, heights, strict=True):
        _draw_name(surface, trace, labels[trace.way.name], theme, frame, height)
    taken = [height + n * NAME / 2 for height in heights for n in (0, 1)]
    placed = _quiet_names([trace for trace in traces if not trace.way.strong], taken, frame)
    labels = cut([trace.way.name for trace, _ in placed], _room(frame), AXIS)
    for trace, height in placed:
        at = (frame.right + NAME_GAP, height)
        write(surface, at, labels[trace.way.name], AXIS, theme.quiet)
    return [*taken, *(height for _, height in placed)]


def _room(frame: Plot) -> float:
    return WIDTH - MARGIN - frame.right - NAME_GAP


def _draw_name(
    surface: Axes, trace: Trace, label: str, theme: Theme, frame: Plot, height: float
) -> None:
    x = frame.right + NAME_GAP
    if (end := trace.points[-1]) is not None and abs(end[1] - height) > QUIET_NAME / 4:
        leader(surface, (end[0] + MARK / 2, end[1]), (x - 4, height), trace.colour)
    write(surface, (x, height), label, STRONG, theme.ink)
    ending = shorten(trace.way.ending, AXIS, _room(frame))
    write(surface, (x, height + NAME / 2), ending, AXIS, blend(trace.colour, theme.ink, 0.35))


def _quiet_names(
    traces: Sequence[Trace], taken: Sequence[float], frame: Plot
) -> list[tuple[Trace, float]]:
    """Return the lines whose names have room beside their ends, the uppermost first."""
    ending = [(trace, trace.points[-1]) for trace in traces]
    ends = [(trace, end[1]) for trace, end in ending if end is not None]
    lines, placed = list(taken), []
    for trace, end in sorted(ends, key=lambda each: each[1]):
        inside = frame.top - SPILL < end < frame.bottom + SPILL
        tries = [end + shift for shift in SHIFTS if inside and end + shift <= frame.bottom - 4]
        free = (y for y in tries if all(abs(y - other) >= QUIET_NAME for other in lines))
        if (height := next(free, None)) is not None:
            lines.append(height)
            placed.append((trace, height))
    return placed


def _draw_notes(
    surface: Axes, data: Ways, theme: Theme, frame: Plot, drawn: Drawn, spot: Point | None
) -> None:
    """Ring what is told and say it there; draw the level that it is about."""
    near = spot or (frame.x(min(data.since, len(data.dates) - 1)), frame.top)
    above = HEAD if data.kind is Kind.RANKS else 0
    right = frame.right if len(data.dates) > 1 else WIDTH - MARGIN
    room = Box(frame.left, frame.top - above - 4, right, frame.bottom)
    if spot is not None:
        draw_ring(surface, spot, theme)
        drawn = drawn.beside(Box(*spot, *spot).grown(RING))
    drawn = drawn.beside(draw_note(surface, data.happened, theme, room, near, drawn))
    if data.mark is not None:
        level = _scale(data, frame)(data.mark.value)
        draw_level(surface, data.mark.label, theme, replace(room, top=level, bottom=level), drawn)


def _drawn(data: Ways, frame: Plot, traces: Sequence[Trace], written: Sequence[float]) -> Drawn:
    y, x = _scale(data, frame), frame.right + NAME_GAP
    strong: list[Point] = []
    quiet: list[Point] = []
    for trace in traces:
        points = [point for run in trace.runs() for point in along(run)]
        (strong if trace.way.strong else quiet).extend(points)
        quiet += [(frame.x(n), y(value)) for n, value in enumerate(trace.way.most) if value]
    if data.mark is not None:
        level = y(data.mark.value)
        quiet += along([(frame.left, level), (frame.right, level)])
    names = [Box(x, height, WIDTH, height).grown(QUIET_NAME / 2) for height in written]
    bottom = frame.top - (HEAD if data.kind is Kind.RANKS else 0) - LEGEND + LEGEND_TEXT
    legend = Box(MARGIN, bottom - LEGEND_TEXT, WIDTH, bottom)
    return Drawn(by_height(strong), by_height(quiet), [*names, legend])


def _spot(trace: Trace, since: int) -> Point | None:
    """Return where a strong line was at a date, or when it was last seen before."""
    known = [point for point in trace.points[: since + 1] if point is not None]
    return known[-1] if known and trace.way.strong else None
