"""The lines of a milestone: strong ones in the look of their openness, others thin and quiet."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from bot.charts._axes import Plot, runs
from bot.charts._page import WIDTH, Point, dots
from bot.charts.theme import HATCH_WIDTH, Theme, blend
from bot.model import Openness
from bot.pictures.milestone import Way

FAR = 0.25
"""How far thin lines step back beyond `theme.back`, which is that of their ends."""
HALO = 4.0
MARK, FAINT_MARK = 12.0, 8.0
BAR = 8.0
"""How long a date between gaps is drawn where no marker stands for it."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A line and how it is drawn; `points` are its values on the page."""

    way: Way
    colour: str
    stroke: float
    points: tuple[Point | None, ...]

    def runs(self) -> list[list[Point]]:
        """Return its points in unbroken runs."""
        found = runs([point is not None for point in self.points])
        return [[p for n in run if (p := self.points[n]) is not None] for run in found]

    @property
    def end(self) -> Point | None:
        """Return its last point, on whatever date."""
        return next((point for point in reversed(self.points) if point is not None), None)


def draw_trace(surface: Axes, trace: Trace, theme: Theme, frame: Plot) -> None:
    """Draw each unbroken run over a wider one in the colour of the paper; ends bear markers."""
    window = Rectangle(
        (0, frame.top - 12), WIDTH, frame.bottom - frame.top + 20, transform=surface.transData
    )
    strong, kind = trace.way.strong, trace.way.openness
    look = None if kind is None else theme.looks[kind]
    dashes = look.dashes if look and strong else "solid"
    colour = trace.colour if strong else blend(trace.colour, theme.paper, FAR)
    artists: list[Line2D] = []
    for run in trace.runs():
        alone = len(run) == 1 and not (look and strong)
        x, y = zip(*(_dash(*run) if alone else run), strict=True)
        if strong:
            artists.append(Line2D(x, y, color=theme.paper, linewidth=trace.stroke + HALO))
        artists.append(Line2D(x, y, color=colour, linewidth=trace.stroke, linestyle=dashes))
    if look is not None:
        size = MARK if strong else FAINT_MARK
        artists.append(dots(_stops(trace), look, trace.colour, size))
    for artist in artists:
        artist.set(gid=trace.way.name, solid_joinstyle="round", dash_joinstyle="round")
        artist.set_zorder(artist.get_zorder() + strong)
        surface.add_line(artist)
        artist.set_clip_path(window)


def _stops(trace: Trace) -> list[Point]:
    """Return the points that bear a marker: the edges of strong lines, the newest of others."""
    if trace.way.strong:
        return [point for run in trace.runs() for point in (run[0], run[-1])]
    return [point for point in trace.points[-1:] if point is not None]


def _dash(point: Point) -> list[Point]:
    """Return a short level line for a single date."""
    return [(point[0] - BAR / 2, point[1]), (point[0] + BAR / 2, point[1])]


def draw_most(
    surface: Axes, trace: Trace, theme: Theme, frame: Plot, y: Callable[[float], float]
) -> None:
    """Texture what unknown models may add to a line."""
    most = trace.way.most or (None,) * len(trace.points)
    pairs = list(zip(trace.points, most, strict=True))
    colour = blend(theme.looks[Openness.UNKNOWN].colour, theme.paper, 0.4)
    for run in runs([point is not None and value is not None for point, value in pairs]):
        lower = [point for point, _ in pairs[run[0] : run[-1] + 1] if point is not None]
        upper = [(frame.x(n), y(value)) for n in run if (value := most[n]) is not None]
        if len(run) == 1:
            lower, upper = _dash(*lower), _dash(*upper)
        band = Polygon([*lower, *reversed(upper)], closed=True, facecolor="none", linewidth=0)
        band.set(edgecolor=colour, hatch=theme.looks[Openness.UNKNOWN].hatch, zorder=1)
        band.set(hatch_linewidth=HATCH_WIDTH, gid="most")
        surface.add_patch(band)
