"""Words amid lines: they stand where they cover least, near what they are of."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, hypot

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from bot.charts._page import Align, Point, write
from bot.charts._type import AXIS, STRONG, Type, measure, shorten, wrap
from bot.charts.theme import Theme

STEP = 6.0
"""How far apart the points are that stand for a line."""
AIR = 5.0
"""How far from words a line is that they do not cover."""
ON_STRONG, ON_QUIET, ON_WORDS = 60.0, 5.0, 2000.0
"""What it costs to cover a point of a line that matters, of another, and something written."""

RING = 9.5
NOTE = 260.0
"""How wide the words beside a ring are where they take more than a line."""
LEAD = 1.4
HALO = 5.0


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the page, in CSS pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> "Box":
        """Return the box with so much air around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: "Box") -> bool:
        """Say whether some part is in both."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def count(self, points: Sequence[Point]) -> int:
        """Return how many of the points, which are by height, lie within."""
        first = bisect_left(points, self.top, key=_height)
        end = bisect_right(points, self.bottom, key=_height)
        return sum(self.left <= x <= self.right for x, _ in points[first:end])

    def nearest(self, point: Point) -> Point:
        """Return what of the box is nearest to a point."""
        x, y = point
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)

    def within(self, room: "Box") -> "Box":
        """Return the box moved into a room, to its left and top where it is too large."""
        x = max(min(self.left, room.right - self.right + self.left), room.left)
        y = max(min(self.top, room.bottom - self.bottom + self.top), room.top)
        return Box(x, y, x + self.right - self.left, y + self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is on the page: points along strong lines and quiet ones, by height, and words."""

    strong: Sequence[Point]
    quiet: Sequence[Point]
    taken: Sequence[Box]

    def beside(self, box: Box) -> "Drawn":
        """Return it with one more place taken."""
        return replace(self, taken=[*self.taken, box])


def _height(point: Point) -> float:
    return point[1]


def by_height(points: Iterable[Point]) -> list[Point]:
    """Return points in the order in which they lie on the page."""
    return sorted(points, key=_height)


def along(way: Sequence[Point]) -> list[Point]:
    """Return points along a line, so close that no word slips between them."""
    points = list(way[:1])
    for (x, y), (to_x, to_y) in pairwise(way):
        count = max(ceil(hypot(to_x - x, to_y - y) / STEP), 1)
        points += [
            (x + (to_x - x) * n / count, y + (to_y - y) * n / count) for n in range(1, count + 1)
        ]
    return points


def _around(point: Point, size: tuple[float, float], room: Box, gap: float) -> list[Box]:
    """Return where words of that size may stand: above and below a point, and beside it."""
    (x, y), (width, height) = point, size
    lefts = (x - width - gap, x - width, x - width / 2, x, x + gap)
    count = int((room.bottom - room.top) / (height / 2)) + 1
    tops = [y - height / 2 + step * height / 2 for step in range(-count, count + 1)]
    boxes = [Box(left, top, left + width, top + height) for left in lefts for top in tops]
    return list(dict.fromkeys(box.within(room) for box in boxes))


def _cost(box: Box, drawn: Drawn, near: Point) -> float:
    """Return how ill words stand in a box: what they cover, and how far from a point they are."""
    air = box.grown(AIR)
    x, y = box.nearest(near)
    covered = ON_STRONG * air.count(drawn.strong) + ON_QUIET * air.count(drawn.quiet)
    return covered + ON_WORDS * sum(map(air.meets, drawn.taken)) + hypot(x - near[0], y - near[1])


def draw_ring(surface: Axes, spot: Point, theme: Theme) -> None:
    """Draw a ring around what is told."""
    ring = Line2D([spot[0]], [spot[1]], color=theme.ink, marker="o", markersize=2 * RING)
    ring.set(fillstyle="none", markeredgewidth=2.6, zorder=5, gid="ring")
    ring.set_path_effects([withStroke(linewidth=HALO, foreground=theme.paper)])
    surface.add_line(ring)


def draw_note(surface: Axes, said: str, theme: Theme, room: Box, near: Point, drawn: Drawn) -> Box:
    """Say something about a point where it covers least, and lead to it; return where it is."""
    ways = [wrap(said, STRONG, width, 3) for width in (room.right - room.left, NOTE)]
    boxes = [(box, lines) for lines in ways for box in _around(near, _size(lines), room, RING + 10)]
    box, lines = min(boxes, key=lambda each: _cost(each[0], drawn, near))
    _lead(surface, near, box.grown(3).nearest(near), theme)
    _write_lines(surface, lines, STRONG, theme, box, "right" if box.right <= near[0] else "left")
    return box


def _size(lines: Sequence[str]) -> tuple[float, float]:
    return max(measure(line, STRONG) for line in lines), STRONG.leading * len(lines)


def _lead(surface: Axes, near: Point, to: Point, theme: Theme) -> None:
    """Lead from a ring to its words, unless they stand beside it."""
    (x, y), (to_x, to_y) = near, to
    reach = hypot(to_x - x, to_y - y)
    if reach > RING + 12:
        part = (RING + 2) / reach
        ends = [x + (to_x - x) * part, to_x], [y + (to_y - y) * part, to_y]
        surface.add_line(Line2D(*ends, color=theme.ink, linewidth=LEAD, zorder=4.5))


def _write_lines(
    surface: Axes, lines: Sequence[str], kind: Type, theme: Theme, box: Box, align: Align
) -> None:
    for n, line in enumerate(lines):
        at = (box.right if align == "right" else box.left, box.top + kind.leading * (n + 0.5))
        text = write(surface, at, line, kind, theme.ink, align)
        text.set_path_effects([withStroke(linewidth=HALO, foreground=theme.paper)])


def draw_level(surface: Axes, said: str, theme: Theme, span: Box, drawn: Drawn) -> None:
    """Draw a level as a dashed line over a span without height, and say what it is along it."""
    level, ends = span.top, [span.left, span.right]
    line = Line2D(ends, [level, level], color=theme.ink, linewidth=1.6, zorder=2, gid="level")
    line.set_linestyle((0, (4, 3)))
    surface.add_line(line)
    said = shorten(said, AXIS, span.right - span.left)
    width, height = measure(said, AXIS), AXIS.leading
    lefts = (span.left, (span.left + span.right - width) / 2, span.right - width)
    tops = (level - height - 3, level + 3)
    boxes = [Box(left, top, left + width, top + height) for top in tops for left in lefts]
    box = min(boxes, key=lambda box: _cost(box, drawn, (span.left, level - 3)))
    _write_lines(surface, [said], AXIS, theme, box, "left")
