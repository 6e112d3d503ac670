"""The chart of shares: open, unknown and closed models one above the other, together the whole."""

from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.patheffects import withStroke

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
from bot.charts._page import MARGIN, WIDTH, dots, page, write
from bot.charts._placing import apart
from bot.charts._type import AXIS, STRONG, measure, shorten
from bot.charts.theme import HATCH_WIDTH, Theme, blend
from bot.model import Openness
from bot.pictures import Tick
from bot.pictures.open_share import Areas

HEIGHT = 330.0
WHOLE = 1000
UPWARDS = (Openness.OPEN, Openness.UNKNOWN, Openness.CLOSED)
"""The order in which the areas stand on each other."""
MARK = 13.0
ENDING = 46.0
"""The height of a newest figure and of what it is of, below."""
ENDING_GAP = 40.0
ENDING_SHARE = 0.25
"""The widest that the words beside the areas may become, as a share of the page."""
ROW = 25.0
"""The height of a line of marks above the areas."""
BAR = 8.0
"""How wide a date between gaps is drawn."""
HALO = 4.0


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark above the areas: where its line stands, and its words in a row (0 is the lowest)."""

    x: float
    left: float
    text: str
    row: int


def draw(data: Areas, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no date has shares."""
    bounds = _bounds(data)
    if not any(bounds):
        figure, surface, top = _page(data, theme, 0)
        say_empty(surface, theme, data.empty, top + (LEGEND + HEIGHT + DAYS) / 2)
        return figure
    beside = _beside(data)
    flags = _flags(data.marks, plot(data.dates, data.ticks, (0, HEIGHT), beside))
    rows = max((flag.row + 1 for flag in flags), default=0)
    figure, surface, top = _page(data, theme, rows)
    start = top + LEGEND + rows * ROW
    frame = plot(data.dates, data.ticks, (start, start + HEIGHT), beside)
    _draw_legend(surface, data, theme, top + LEGEND / 2 - 6)
    _draw_areas(surface, data, theme, frame, bounds)
    for flag in flags:
        _draw_flag(surface, flag, theme, frame)
    return figure


def _page(data: Areas, theme: Theme, rows: int) -> tuple[Figure, Axes, float]:
    body = LEGEND + rows * ROW + HEIGHT + DAYS
    return page(theme, data, body)


def _bounds(data: Areas) -> list[tuple[float, ...]]:
    """Return for each date where the areas begin and end, from 0 to 1; nothing for a gap."""
    bounds: list[tuple[float, ...]] = []
    for index in range(len(data.dates)):
        shares = [data.shares[kind][index] for kind in UPWARDS]
        known = [share for share in shares if share is not None]
        whole = sum(known) if len(known) == len(shares) else 0
        bounds.append(tuple(sum_ / whole for sum_ in accumulate(known, initial=0)) if whole else ())
    return bounds


def _seen(data: Areas) -> list[Openness]:
    return [kind for kind in UPWARDS if any(data.shares[kind])]


def _texts(data: Areas, kind: Openness) -> tuple[str, str]:
    most = WIDTH * ENDING_SHARE
    ending = shorten(data.endings.get(kind, ""), STRONG, most)
    return ending, shorten(data.words[kind], AXIS, most)


def _ending(data: Areas) -> list[Openness]:
    """Return what the newest areas are of: beside one that is not there nothing is said."""
    newest = max(index for index, bound in enumerate(_bounds(data)) if bound)
    return [kind for kind in UPWARDS if data.shares[kind][newest]]


def _beside(data: Areas) -> float:
    texts = [_texts(data, kind) for kind in _ending(data)]
    widest = (max(measure(ending, STRONG), measure(word, AXIS)) for ending, word in texts)
    return ENDING_GAP + max(widest)


def _flags(marks: tuple[Tick, ...], frame: Plot) -> list[Flag]:
    """Return the marks, newest first; earlier ones stand in a higher row where they would meet."""
    flags: list[Flag] = []
    for mark in sorted(marks, key=lambda mark: -mark.value):
        x = frame.x(mark.value)
        text = shorten(mark.label, AXIS, WIDTH - 2 * MARGIN)
        width = measure(text, AXIS)
        left = max(min(x - 2, WIDTH - MARGIN - width), MARGIN)
        met = {flag.row for flag in flags if flag.left < left + width + 16}
        flags.append(Flag(x, left, text, max(met, default=-1) + 1))
    return flags


def _draw_flag(surface: Axes, flag: Flag, theme: Theme, frame: Plot) -> None:
    """Draw a mark's line and, above it, its words, both edged in the colour of the paper."""
    y = frame.top - 20 - flag.row * ROW
    (line,) = surface.plot([flag.x] * 2, [y + 12, frame.bottom], color=theme.ink, linewidth=1.8)
    text = write(surface, (flag.left, y), flag.text, AXIS, theme.ink)
    for artist, width in ((line, 1.8), (text, 0)):
        artist.set_path_effects([withStroke(linewidth=width + HALO, foreground=theme.paper)])
    line.set_zorder(3)


def _fill(patch: Patch, kind: Openness, theme: Theme) -> None:
    """Colour a patch and give it the texture of an openness."""
    colour = theme.looks[kind].colour
    patch.set(facecolor=blend(colour, theme.paper, 0.5), linewidth=0, hatch=theme.looks[kind].hatch)
    patch.set(edgecolor=blend(colour, theme.paper, 0.1), hatch_linewidth=HATCH_WIDTH, gid=kind)


def _draw_areas(
    surface: Axes, data: Areas, theme: Theme, frame: Plot, bounds: list[tuple[float, ...]]
) -> None:
    def y(share: float) -> float:
        return frame.bottom - (frame.bottom - frame.top) * share / WHOLE

    draw_days(surface, theme, data.days, frame)
    draw_ticks(surface, theme, data.ticks, frame, y)
    for run in runs([bool(each) for each in bounds]):
        places = [frame.x(index) for index in run]
        heights = [[y(WHOLE * bound) for bound in bounds[index]] for index in run]
        if len(run) == 1:
            half = BAR / 2 if len(data.dates) > 1 else (frame.right - frame.left) / 2
            places, heights = [places[0] - half, places[0] + half], heights * 2
        _draw_run(surface, data, theme, places, heights)
    newest = next(each for each in reversed(bounds) if each)
    _draw_endings(surface, data, theme, frame, [y(WHOLE * bound) for bound in newest])


def _draw_run(
    surface: Axes, data: Areas, theme: Theme, places: list[float], heights: list[list[float]]
) -> None:
    for n, kind in enumerate(UPWARDS):
        if kind in _seen(data):
            lower = [(x, at[n]) for x, at in zip(places, heights, strict=True)]
            upper = [(x, at[n + 1]) for x, at in zip(places, heights, strict=True)]
            area = Polygon([*lower, *reversed(upper)], closed=True)
            _fill(area, kind, theme)
            surface.add_patch(area)
            surface.plot(*zip(*upper, strict=True), color=theme.paper, linewidth=2.4)


def _draw_endings(
    surface: Axes, data: Areas, theme: Theme, frame: Plot, heights: list[float]
) -> None:
    """Write beside each area what it is and its newest figure, apart where areas are thin."""
    kinds = _ending(data)
    middles = [(heights[n] + heights[n + 1]) / 2 for n, kind in enumerate(UPWARDS) if kind in kinds]
    span = (frame.top + ENDING / 2, frame.bottom - ENDING / 2)
    x = frame.right + ENDING_GAP
    for kind, middle, at in zip(kinds, middles, apart(middles, ENDING, span), strict=True):
        ending, word = _texts(data, kind)
        look = theme.looks[kind]
        leader(surface, (frame.right, middle), (x - 20, at), look.colour)
        surface.add_line(dots([(x - 16, at)], look, look.colour, MARK))
        write(surface, (x, at - 11 if ending else at), ending, STRONG, theme.ink)
        write(surface, (x, at + 12 if ending else at), word, AXIS, theme.ink)


def _draw_legend(surface: Axes, data: Areas, theme: Theme, y: float) -> None:
    """Say on one line which colour, texture and shape mean what."""
    x = float(MARGIN)
    for kind in _seen(data):
        said = shorten(data.words[kind], AXIS, WIDTH / len(UPWARDS) - 90)
        swatch = Rectangle((x, y - 9), 42, 18)
        _fill(swatch, kind, theme)
        surface.add_patch(swatch)
        marker = dots([(x + 21, y)], theme.looks[kind], theme.looks[kind].colour, MARK)
        marker.set(markeredgecolor=theme.paper, markeredgewidth=2)
        surface.add_line(marker)
        write(surface, (x + 51, y), said, AXIS, theme.ink)
        x += 75 + measure(said, AXIS)
