"""Flags above a plot: what is said of some of its dates, on poles that stand in what is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from bot.charts._axes import Plot
from bot.charts._page import MARGIN, WIDTH, write
from bot.charts._type import AXIS, measure, shorten
from bot.charts.theme import Theme
from bot.pictures import Tick

ROW = 27.0
"""The height of a row of flags."""
ROWS = 3
MOST = 6
GAP = 16.0
POLE = 7.0
"""How far a flag's words stand from its pole."""
POLE_WIDTH = 1.3
POINT = 9.0
HALO = 4.0


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark above the areas: its date, its pole, and its words in a row (0 is the lowest)."""

    index: int
    x: float
    left: float
    right: float
    text: str
    row: int

    def clear_of(self, other: "Flag") -> bool:
        """Say whether both can be read: no words meet, and no pole runs through words."""
        low, high = sorted((self, other), key=lambda flag: flag.row)
        ends = (min(low.x, low.left) - POLE, max(low.x, low.right) + POLE)
        if low.row != high.row:
            return not ends[0] <= high.x <= ends[1]
        begins = min(high.x, high.left), max(high.x, high.right)
        return ends[1] + GAP - POLE <= begins[0] or begins[1] <= ends[0] - GAP + POLE


def flags(marks: Sequence[Tick], frame: Plot) -> tuple[Flag, ...]:
    """Return the first marks that have room above the areas together, in as few rows as can be."""
    seats: list[list[Flag]] = []
    for mark in marks:
        more = [*seats, _seats(mark, frame)]
        if len(more) <= MOST and any(_seatings(more)):
            seats = more
    rows = (
        [[flag for flag in each if flag.row < rows] for each in seats] for rows in range(ROWS + 1)
    )
    return next(chain.from_iterable(map(_seatings, rows)))


def _seats(mark: Tick, frame: Plot) -> list[Flag]:
    """Return where a flag may stand: low before high, its words on the right before the left."""
    x = frame.x(mark.value)
    text = shorten(mark.label, AXIS, WIDTH / 2 - MARGIN - POLE)
    width = measure(text, AXIS)
    return [
        Flag(mark.value, x, left, left + width, text, row)
        for row in range(ROWS)
        for left in (x + POLE, x - POLE - width)
        if MARGIN <= left <= WIDTH - MARGIN - width
    ]


def _seatings(seats: Sequence[Sequence[Flag]]) -> Iterator[tuple[Flag, ...]]:
    """Yield each choice of a seat for every flag in which all of them can be read."""
    if not seats:
        yield ()
        return
    for before in _seatings(seats[:-1]):
        for flag in seats[-1]:
            if all(flag.clear_of(other) for other in before):
                yield (*before, flag)


def edge(artist: Artist, width: float, theme: Theme) -> None:
    """Set an artist off from what is behind it."""
    artist.set_path_effects([withStroke(linewidth=width + HALO, foreground=theme.paper)])


def draw_flag(surface: Axes, flag: Flag, theme: Theme, y: float, foot: float) -> None:
    """Write a flag's words, centred on `y`, and draw its pole down to a point at its foot."""
    write(surface, (flag.left, y), flag.text, AXIS, theme.ink)
    pole = Line2D([flag.x] * 2, [y - 9, foot], color=theme.ink, linewidth=POLE_WIDTH, zorder=3)
    edge(pole, POLE_WIDTH, theme)
    point = Line2D([flag.x], [foot], color=theme.ink, marker="o", markersize=POINT, zorder=4)
    point.set(markeredgecolor=theme.paper, markeredgewidth=2)
    surface.add_line(pole)
    surface.add_line(point)
