"""The chart of shares: open, unknown and closed models one above the other, together the whole."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil, floor
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle

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
from bot.charts._flags import POLE, ROW, Flag, draw_flag, edge, flags
from bot.charts._page import MARGIN, WIDTH, dots, page, write
from bot.charts._placing import apart
from bot.charts._type import AXIS, STRONG, measure, shorten
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Theme, blend
from bot.model import Openness
from bot.pictures.open_share import UPWARDS, Areas

HEIGHT = 330.0
ABOVE = 16.0
"""The room above the areas besides flags and legend."""
WHOLE = 1000
MARK = 13.0
ENDING = 46.0
"""The height of a newest figure and of what it is of, below."""
ENDING_GAP = 40.0
ENDING_SHARE = 0.25
"""The widest that the words beside the areas may become, as a share of the page."""
WITHIN = 26.0
"""How high an area must be for its word to stand within it."""
STEP = 6
"""How far apart the places are that are tried for it."""
GRID = 0.35
BAR = 8.0
"""How wide a date between gaps is drawn."""
STEPPED_BACK = {Openness.OPEN: 0.25, Openness.UNKNOWN: 0.62, Openness.CLOSED: 0.62}
"""How far areas step back towards the paper: the open one is what the picture is about."""

Bound: TypeAlias = tuple[float, ...]
"""Where the areas of a date begin and end, from 0 to 1; nothing for a gap."""
Spot: TypeAlias = tuple[float, float]
"""Where a word stands within an area: how far right, and how high from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where: the areas, the flags above, and words within areas or in the legend."""

    frame: Plot
    bounds: Sequence[Bound]
    flags: Sequence[Flag]
    within: Mapping[Openness, Spot]
    listed: Sequence[Openness]

    @property
    def above(self) -> float:
        """Return how much room all that stands above the areas takes."""
        rows = max((flag.row + 1 for flag in self.flags), default=0)
        return ABOVE + rows * ROW + (LEGEND if self.listed else 0)

    def moved(self, top: float) -> "Layout":
        """Return it with the areas beginning so far down the page."""
        return replace(self, frame=replace(self.frame, top=top, bottom=top + HEIGHT))

    def y(self, bound: float) -> float:
        """Return how far down the page a share lies (0 to 1)."""
        return self.frame.bottom - (self.frame.bottom - self.frame.top) * bound


def draw(data: Areas, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no date has shares."""
    bounds = _bounds(data)
    if not any(bounds):
        figure, surface, top = page(theme, data, ABOVE + HEIGHT + DAYS)
        say_empty(surface, theme, data.empty, top + (ABOVE + HEIGHT + DAYS) / 2)
        return figure
    layout = _laid_out(data, bounds)
    figure, surface, top = page(theme, data, layout.above + HEIGHT + DAYS)
    layout = layout.moved(top + layout.above)
    _draw_legend(surface, data, theme, layout.listed, top + LEGEND / 2)
    _draw_areas(surface, data, theme, layout)
    _draw_endings(surface, data, theme, layout)
    for kind, (x, height) in layout.within.items():
        at, said = (x, layout.y(height)), _texts(data, kind)[1]
        edge(write(surface, at, said, AXIS, theme.ink, "center"), 0, theme)
    for flag in layout.flags:
        y = layout.frame.top - ABOVE / 2 - (flag.row + 0.5) * ROW
        draw_flag(surface, flag, theme, y, layout.y(bounds[flag.index][1]))
    return figure


def _bounds(data: Areas) -> list[Bound]:
    """Return for each date where the areas begin and end."""
    bounds: list[Bound] = []
    for index in range(len(data.dates)):
        tokens = [data.tokens[kind][index] for kind in UPWARDS]
        known = [count for count in tokens if count is not None]
        whole = sum(known) if len(known) == len(tokens) else 0
        bounds.append(tuple(sum_ / whole for sum_ in accumulate(known, initial=0)) if whole else ())
    return bounds


def _laid_out(data: Areas, bounds: Sequence[Bound]) -> Layout:
    newest = next(bound for bound in reversed(bounds) if bound)
    ends = [kind for n, kind in enumerate(UPWARDS) if newest[n] < newest[n + 1]]
    frame = plot(data.dates, data.ticks, (0, HEIGHT), _beside(data, ends))
    raised = flags([mark for mark in data.marks if bounds[mark.value]], frame)
    spots = {
        kind: _spot(kind, _texts(data, kind)[1], frame, bounds, [flag.x for flag in raised])
        for kind in _seen(data)
        if kind not in ends
    }
    within = {kind: spot for kind, spot in spots.items() if spot}
    return Layout(frame, bounds, raised, within, [kind for kind in spots if kind not in within])


def _seen(data: Areas) -> list[Openness]:
    return [kind for kind in UPWARDS if any(data.tokens[kind])]


def _texts(data: Areas, kind: Openness) -> tuple[str, str]:
    most = WIDTH * ENDING_SHARE
    ending = shorten(data.endings.get(kind, ""), STRONG, most)
    return ending, shorten(data.words[kind], AXIS, most)


def _beside(data: Areas, kinds: Sequence[Openness]) -> float:
    texts = [_texts(data, kind) for kind in kinds]
    widest = (max(measure(ending, STRONG), measure(word, AXIS)) for ending, word in texts)
    return ENDING_GAP + max(widest)


def _spot(
    kind: Openness, word: str, frame: Plot, bounds: Sequence[Bound], poles: Sequence[float]
) -> Spot | None:
    """Return where an area is highest around its word, None where it is too low for it."""
    n, half = UPWARDS.index(kind), measure(word, AXIS) / 2 + POLE
    found: list[tuple[float, Spot]] = []
    for run in runs([bool(bound) for bound in bounds]):
        places = [frame.x(index) for index in run]
        for x in range(ceil(places[0] + half), floor(places[-1] - half) + 1, STEP):
            if all(abs(pole - x) >= half for pole in poles):
                first, last = bisect_right(places, x - half) - 1, bisect_left(places, x + half)
                around = [bounds[index] for index in run[first : last + 1]]
                lower, upper = max(each[n] for each in around), min(each[n + 1] for each in around)
                found.append((upper - lower, (x, (lower + upper) / 2)))
    height, spot = max(found, default=(0.0, None), key=lambda each: each[0])
    return spot if height * HEIGHT >= WITHIN else None


def _fill(patch: Patch, kind: Openness, data: Areas, theme: Theme) -> None:
    """Colour a patch and give it the texture of an openness, and that of estimates."""
    look = theme.looks[kind]
    patch.set(facecolor=blend(look.colour, theme.paper, STEPPED_BACK[kind]), linewidth=0)
    patch.set(hatch=look.hatch + (ESTIMATE if data.estimated else ""), gid=kind)
    patch.set(edgecolor=blend(look.colour, theme.paper, 0.42), hatch_linewidth=HATCH_WIDTH)


def _draw_areas(surface: Axes, data: Areas, theme: Theme, layout: Layout) -> None:
    frame = layout.frame
    draw_days(surface, theme, data.days, frame)
    draw_ticks(surface, theme, data.ticks, frame, lambda share: layout.y(share / WHOLE))
    for run in runs([bool(each) for each in layout.bounds]):
        places = [frame.x(index) for index in run]
        heights = [[layout.y(bound) for bound in layout.bounds[index]] for index in run]
        if len(run) == 1:
            half = BAR / 2 if len(data.dates) > 1 else (frame.right - frame.left) / 2
            places, heights = [places[0] - half, places[0] + half], heights * 2
        _draw_run(surface, data, theme, places, heights)
    for tick in data.ticks:
        ends, height = [frame.left, frame.right], layout.y(tick.value / WHOLE)
        surface.plot(ends, [height] * 2, color=theme.paper, linewidth=1, alpha=GRID, zorder=1.5)


def _draw_run(
    surface: Axes, data: Areas, theme: Theme, places: list[float], heights: list[list[float]]
) -> None:
    for n, kind in enumerate(UPWARDS):
        if kind in _seen(data):
            lower = [(x, at[n]) for x, at in zip(places, heights, strict=True)]
            upper = [(x, at[n + 1]) for x, at in zip(places, heights, strict=True)]
            area = Polygon([*lower, *reversed(upper)], closed=True)
            _fill(area, kind, data, theme)
            surface.add_patch(area)
            surface.plot(*zip(*upper, strict=True), color=theme.paper, linewidth=2.4)


def _draw_endings(surface: Axes, data: Areas, theme: Theme, layout: Layout) -> None:
    """Write beside each area what it is and its newest figure, apart where areas are thin."""
    frame, newest = layout.frame, next(each for each in reversed(layout.bounds) if each)
    middles = {
        kind: layout.y((newest[n] + newest[n + 1]) / 2)
        for n, kind in enumerate(UPWARDS)
        if newest[n] < newest[n + 1]
    }
    span = (frame.top + ENDING / 2, frame.bottom - ENDING / 2)
    x = frame.right + ENDING_GAP
    places = apart(list(middles.values()), ENDING, span)
    for (kind, middle), at in zip(middles.items(), places, strict=True):
        ending, word = _texts(data, kind)
        look = theme.looks[kind]
        leader(surface, (frame.right, middle), (x - 20, at), look.colour)
        surface.add_line(dots([(x - 16, at)], look, look.colour, MARK))
        write(surface, (x, at - 11 if ending else at), ending, STRONG, theme.ink)
        write(surface, (x, at + 12 if ending else at), word, AXIS, theme.ink)


def _draw_legend(
    surface: Axes, data: Areas, theme: Theme, kinds: Sequence[Openness], y: float
) -> None:
    """Say on one line what the areas are that bear no word themselves."""
    x = float(MARGIN)
    for kind in kinds:
        said = shorten(data.words[kind], AXIS, WIDTH / len(UPWARDS) - 90)
        swatch = Rectangle((x, y - 9), 42, 18)
        _fill(swatch, kind, data, theme)
        surface.add_patch(swatch)
        write(surface, (x + 51, y), said, AXIS, theme.ink)
        x += 75 + measure(said, AXIS)
