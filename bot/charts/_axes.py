"""What pictures over time share: a plot with its days and values, and labels beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from bot.charts._page import MARGIN, WIDTH, days_axis, write
from bot.charts._type import AXIS, LABEL, measure, shorten
from bot.charts.theme import Theme
from bot.pictures import Tick

LEGEND = 48.0
DAYS = 40.0
TICKS_GAP = 12.0
"""How far left of the plot the labels of its values end."""
TICKS_WIDTH = 90.0
TICKS_ROOM = 19.0
"""How far apart values must lie for both to be written."""
ALONE = 120.0
"""How wide the plot of a single day is."""
LEADER = 1.3


@dataclass(frozen=True, slots=True)
class Plot:
    """Where dates lie on the page and how high the values may go, in CSS pixels."""

    left: float
    right: float
    top: float
    bottom: float
    dates: tuple[date, ...]

    def x(self, index: int) -> float:
        """Return how far right a date lies, in proportion to the days that passed."""
        span = (self.dates[-1] - self.dates[0]).days
        if not span:
            return (self.left + self.right) / 2
        return (
            self.left + (self.right - self.left) * (self.dates[index] - self.dates[0]).days / span
        )

    @property
    def step(self) -> float:
        """Return how far apart the dates lie on average."""
        return (self.right - self.left) / max(len(self.dates) - 1, 1)


def plot(
    dates: tuple[date, ...], ticks: Sequence[Tick], span: tuple[float, float], beside: float
) -> Plot:
    """Return the plot over a span of the page that leaves so much room beside it, on the right."""
    left = MARGIN + max((measure(_said(tick), AXIS) for tick in ticks), default=0) + TICKS_GAP
    right = WIDTH - MARGIN - beside if len(dates) > 1 else left + ALONE
    return Plot(left, right, *span, dates)


def draw_days(surface: Axes, theme: Theme, days: Sequence[str], plot: Plot) -> None:
    """Write the days below the plot; a single one stands below its middle."""
    places = [plot.x(index) for index in range(len(days))]
    if len(days) > 1:
        days_axis(surface, theme, days, places, (plot.top, plot.bottom))
        return
    day = shorten(days[0], AXIS, 2 * (places[0] - MARGIN))
    write(surface, (places[0], plot.bottom + 20), day, AXIS, theme.quiet, "center")


def draw_ticks(
    surface: Axes, theme: Theme, ticks: Sequence[Tick], plot: Plot, y: Callable[[float], float]
) -> None:
    """Draw a quiet line at each tick that has room, and write what it is; the last one always."""
    drawn: list[float] = []
    for tick in (*ticks[-1:], *ticks[:-1]):
        height = y(tick.value)
        if all(abs(height - other) >= TICKS_ROOM for other in drawn):
            drawn.append(height)
            ends = [plot.left, plot.right]
            surface.plot(ends, [height, height], color=theme.grid, linewidth=1, zorder=0)
            at = (plot.left - TICKS_GAP, height)
            write(surface, at, _said(tick), AXIS, theme.quiet, "right")


def _said(tick: Tick) -> str:
    return shorten(tick.label, AXIS, TICKS_WIDTH)


def runs(present: Sequence[bool]) -> list[list[int]]:
    """Return the indexes that are present, in unbroken runs."""
    grouped = groupby(range(len(present)), key=present.__getitem__)
    return [list(run) for there, run in grouped if there]


def leader(
    surface: Axes, start: tuple[float, float], end: tuple[float, float], colour: str
) -> None:
    """Lead the eye from what is drawn to its label, where they are not side by side."""
    x, y = zip(start, end, strict=True)
    surface.add_line(Line2D(x, y, color=colour, linewidth=LEADER, zorder=1))


def say_empty(surface: Axes, theme: Theme, empty: str, middle: float) -> None:
    """Say on an empty page that there is nothing to show."""
    said = shorten(empty, LABEL, WIDTH - 2 * MARGIN)
    write(surface, (WIDTH / 2, middle), said, LABEL, theme.quiet, "center")
