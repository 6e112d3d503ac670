"""The slope chart: ranks on two days in two columns, each model's joined by a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bot.charts._axes import LEGEND, say_empty
from bot.charts._names import cut
from bot.charts._page import MARGIN, WIDTH, dots, estimate_band, legend, page, write
from bot.charts._type import AXIS, BADGE, LABEL, STRONG, measure, shorten
from bot.charts.theme import Look, Theme
from bot.model import Openness
from bot.pictures.movers import Move, Slope

Point: TypeAlias = tuple[float, float]

ROW = 32.0
"""How far apart badges of one column are: a label and some air."""
PER_RANK = 5.0
"""How far apart ranks lie that follow each other, where no label needs more."""
HEADS = 32.0
EMPTY = 120.0
BADGE_SIZE = 25.0
NAME_GAP = 19.0
"""From a badge's middle to its name."""
UNLISTED_SIZE = 14.0
SIGN = 34.0
"""The room of the arrow before a word."""
RIGHT_SHARE = 0.31
WORD_SHARE = 0.17
"""The widest that names on the right and words may become, as shares of the page."""
LINES = 134.0
"""How far apart the columns are at least; names on the left have the room beyond that."""
STRONG_STROKE = 5.0
STROKE = 3.0
FAINT = 2.2
PIECES = 24
FOOT = 8.0
HALO = 4.0
ARROW = 10.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the badges of the two columns stand, and where the words begin, in CSS pixels.

    `left` and `right` are the names as they fit beside the badges.
    """

    before: float
    after: float
    words: float
    left: Mapping[str, str]
    right: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """How far below the columns' heads each end of each move lies, and what lies below the ranks.

    `unlisted` is where the word for those without a rank stands, None where all have one.
    """

    ends: tuple[tuple[float, float], ...]
    unlisted: float | None
    height: float


def draw(data: Slope, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where nothing moved."""
    rows = _rows(data)
    body = LEGEND + HEADS + rows.height + FOOT if data.moves else EMPTY
    figure, surface, top = page(theme, data, body)
    if data.moves:
        _draw_picture(surface, data, theme, rows, top)
    else:
        say_empty(surface, theme, data.empty, top + body / 2)
    return figure


def _rows(data: Slope) -> Rows:
    """Return the rows: a rank is as far down on either side, so that a line rises with its model.

    Those without a rank follow below, in the order in which they are told.
    """
    heights = _heights(data)
    bottom = max(heights.values(), default=0.0) + ROW
    unlisted = any(move.before is None or move.after is None for move in data.moves)
    below = bottom + ROW if unlisted else bottom
    ends, counts = [], [0, 0]
    for move in data.moves:
        sides = []
        for side, rank in enumerate((move.before, move.after)):
            sides.append(heights[rank] if rank is not None else below + ROW * counts[side])
            counts[side] += rank is None
        ends.append((sides[0], sides[1]))
    return Rows(tuple(ends), bottom if unlisted else None, below + ROW * max(counts))


def _heights(data: Slope) -> dict[int, float]:
    """Return how far down each rank lies that some move begins or ends with."""
    before = {move.before for move in data.moves}
    after = {move.after for move in data.moves}
    ranks = sorted({rank for rank in before | after if rank is not None})
    heights: dict[int, float] = {}
    lowest = {"before": 0.0, "after": 0.0}
    for last, rank in zip([None, *ranks], ranks, strict=False):
        passed = 0 if last is None else min(rank, data.depth) - min(last, data.depth)
        near = 0.0 if last is None else heights[last] + min(max(passed, 1) * PER_RANK, ROW)
        sides = [name for name, taken in (("before", before), ("after", after)) if rank in taken]
        heights[rank] = max(near, *(lowest[side] for side in sides))
        lowest |= dict.fromkeys(sides, heights[rank] + ROW)
    return heights


def _columns(data: Slope) -> Columns:
    names = [move.name for move in data.moves]
    said = (shorten(_word(move, data), STRONG, WIDTH * WORD_SHARE) for move in data.moves)
    words = WIDTH - MARGIN - max(measure(word, STRONG) for word in said)
    right = cut(names, WIDTH * RIGHT_SHARE, STRONG)
    after = words - SIGN - _widest(data.columns[1], right, WIDTH * RIGHT_SHARE) - NAME_GAP
    room = after - LINES - NAME_GAP - MARGIN
    left = cut(names, room, STRONG)
    before = MARGIN + _widest(data.columns[0], left, room) + NAME_GAP
    return Columns(before, after, words, left, right)


def _widest(head: str, names: Mapping[str, str], most: float) -> float:
    widest = max(measure(name, STRONG) for name in names.values())
    return max(widest, measure(shorten(head, AXIS, most), AXIS))


def _word(move: Move, data: Slope) -> str:
    """Return how a move is said, without its sign, which is drawn; `unlisted` is said below."""
    return "" if move.word == data.unlisted else move.word.lstrip("▲▼= ")


def _draw_picture(surface: Axes, data: Slope, theme: Theme, rows: Rows, top: float) -> None:
    seen = [kind for kind in Openness if any(move.openness is kind for move in data.moves)]
    legend(surface, theme, top + LEGEND / 2 - 6, {kind: data.words[kind] for kind in seen})
    columns, start = _columns(data), top + LEGEND + HEADS + ROW / 2
    _draw_heads(surface, data.columns, theme, columns, top + LEGEND + HEADS / 2 - 4)
    if rows.unlisted is not None:
        _draw_unlisted(surface, data, theme, columns, start + rows.unlisted)
    for move, (before, after) in zip(data.moves, rows.ends, strict=True):
        ends = (columns.before, start + before), (columns.after, start + after)
        line = _line(ends)
        if data.estimated:
            estimate_band(surface, theme, line, _colour(move, theme))
        _draw_line(surface, move, theme, line)
        _draw_names(surface, move, theme, columns, ends)
        _draw_word(surface, move, theme, (columns.words, ends[1][1]), _word(move, data))


def _draw_heads(
    surface: Axes, heads: tuple[str, str], theme: Theme, columns: Columns, y: float
) -> None:
    left, right = columns.before - NAME_GAP, columns.after + NAME_GAP
    before = shorten(heads[0], AXIS, left - MARGIN)
    after = shorten(heads[1], AXIS, WIDTH - MARGIN - right)
    write(surface, (left, y), before, AXIS, theme.quiet, "right")
    write(surface, (right, y), after, AXIS, theme.quiet)


def _draw_unlisted(surface: Axes, data: Slope, theme: Theme, columns: Columns, y: float) -> None:
    """Say below a line, on the sides where it is so, that what follows has no rank."""
    above = [y - ROW / 2] * 2
    surface.plot([MARGIN, WIDTH - MARGIN], above, color=theme.grid, linewidth=1, zorder=0)
    lacking = (
        any(move.before is None for move in data.moves),
        any(move.after is None for move in data.moves),
    )
    heads = tuple(data.unlisted if lacks else "" for lacks in lacking)
    _draw_heads(surface, (heads[0], heads[1]), theme, columns, y + 2)


def _line(ends: tuple[Point, Point]) -> list[Point]:
    """Return a line that leaves and arrives level, clear of the other badges."""
    (left, start), (right, end) = ends
    steps = [step / PIECES for step in range(PIECES + 1)]
    rises = [step * step * (3 - 2 * step) for step in steps]
    return [
        (left + (right - left) * step, start + (end - start) * rise)
        for step, rise in zip(steps, rises, strict=True)
    ]


def _ranked(move: Move) -> bool:
    return None not in {move.before, move.after}


def _colour(move: Move, theme: Theme) -> str:
    """Return the colour of a line: faint where a rank is not known."""
    colour = theme.looks[move.openness].colour
    return colour if _ranked(move) else theme.muted(colour)


def _draw_line(surface: Axes, move: Move, theme: Theme, line: Sequence[Point]) -> None:
    """Draw a line over a wider one in the colour of the paper, and its ends with their ranks."""
    look, colour = theme.looks[move.openness], _colour(move, theme)
    width = STRONG_STROKE if move.strong else STROKE if _ranked(move) else FAINT
    x, y = zip(*line, strict=True)
    for artist in (
        Line2D(x, y, color=theme.paper, linewidth=width + HALO),
        Line2D(x, y, color=colour, linewidth=width, linestyle=look.dashes),
    ):
        artist.set(gid=move.name, zorder=2 + width / 100)
        surface.add_line(artist)
    for at, rank in zip((line[0], line[-1]), (move.before, move.after), strict=True):
        surface.add_line(dots([at], look, look.colour, BADGE_SIZE if rank else UNLISTED_SIZE))
        write(surface, at, str(rank or ""), BADGE, theme.paper, "center")


def _draw_names(
    surface: Axes, move: Move, theme: Theme, columns: Columns, ends: tuple[Point, Point]
) -> None:
    (left, start), (right, end) = ends
    kind, quiet = (STRONG, theme.ink) if move.strong else (LABEL, theme.quiet)
    write(surface, (left - NAME_GAP, start), columns.left[move.name], kind, quiet, "right")
    write(surface, (right + NAME_GAP, end), columns.right[move.name], kind, theme.ink)


def _draw_word(surface: Axes, move: Move, theme: Theme, at: Point, word: str) -> None:
    """Write how a move is said beside an arrow; without a rank a model stands below all."""
    rise = (move.before or inf, -(move.after or inf))
    arrow = Look(theme.ink, "^" if sum(rise) > 0 else "v", 1.0, "solid", "")
    if sum(rise):
        surface.add_line(dots([(at[0] - SIGN / 2 - 2, at[1])], arrow, theme.ink, ARROW))
    kind = STRONG if move.strong else LABEL
    write(surface, at, shorten(word, kind, WIDTH - MARGIN - at[0]), kind, theme.ink)
