"""The ways of lines through ranks: level where a rank is held, bent where it changes."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import nan
from typing import TypeAlias

from bot.charts._page import Point

Points: TypeAlias = list[Point]
Ranks: TypeAlias = tuple[int | None, ...]

ROW = 33.0
"""The height of a rank in CSS pixels: a label and some air."""
LEAD = 14.0
"""From the last date to its badge's middle, so that no bend hides there."""
SPARSE = 24.0
"""Dates at least this far apart each get a marker; closer ones would be a string of beads."""
BEND = 26.0
"""How long a bend is at least, where a line keeps its ranks long enough to give way."""
PIECES = 12


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


def way(ranks: Ranks, frame: Frame) -> Points:
    """Return the points a line goes through, broken by gaps.

    A bend shorter than BEND takes from the level stretches beside it, at most half of each, so
    that two lines changing places are seen to cross; a rank held for one day is still reached.
    """
    found: Points = []
    spare = max(BEND - frame.step, 0) / 2
    runs = [(rank, list(run)) for rank, run in groupby(range(len(ranks)), key=ranks.__getitem__)]
    held = [None, *(rank for rank, _ in runs), None]
    for before, (rank, run), after in zip(held, runs, held[2:], strict=False):
        if rank is None:
            found.append((nan, nan))
            continue
        start, end, y = frame.x(run[0]), frame.x(run[-1]), frame.y(rank)
        give = min(spare, (end - start) / 2)
        first = (start + give if before else start, y)
        found += _bend(found[-1], first) if before else [first]
        found.append((end - give if after else end, y))
    return [*found, (frame.right + LEAD, found[-1][1])]


def _bend(start: Point, end: Point) -> Points:
    """Return the way from one point to another: level at both, steepest halfway."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    steps = [step / PIECES for step in range(1, PIECES + 1)]
    return [(x + dx * step, y + dy * step * step * (3 - 2 * step)) for step in steps]


def stops(ranks: Ranks, frame: Frame) -> Points:
    """Return the points that bear a marker; beside the last date a badge stands for it."""
    found = []
    for index, rank in enumerate(ranks[:-1]):
        edge = index == 0 or ranks[index - 1] is None or ranks[index + 1] is None
        if rank is not None and (edge or frame.step >= SPARSE):
            found.append((frame.x(index), frame.y(rank)))
    return found
