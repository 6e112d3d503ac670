"""The slope chart: ranks on two days in two columns, each model's joined by a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bot.charts._axes import LEGEND, say_empty
from bot.charts._page import MARGIN, WIDTH, dots, legend, page, write
from bot.charts._type import AXIS, BADGE, LABEL, Type, measure, plain, shorten
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
TAIL_SHARE = 0.6
"""The widest that the end of a name may become, as a share of its room."""
STROKE = 3.4
FAINT = 2.4
PIECES = 24
FOOT = 8.0
HALO = 4.0
ARROW = 10.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the badges of the two columns stand, and where the words begin, in CSS pixels."""

    before: float
    after: float
    words: float


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
    before, after = ([(head, AXIS)] for head in data.columns)
    names = [(move.name, LABEL) for move in data.moves]
    word = _widest([(_word(move, data), LABEL) for move in data.moves], WIDTH * WORD_SHARE)
    words = WIDTH - MARGIN - word
    right = words - SIGN - _widest(after + names, WIDTH * RIGHT_SHARE) - NAME_GAP
    left = _widest(before + names, right - LINES - NAME_GAP - MARGIN)
    return Columns(MARGIN + left + NAME_GAP, right, words)


def _widest(texts: list[tuple[str, Type]], most: float) -> float:
    return max(measure(shorten(text, kind, most), kind) for text, kind in texts)


def _word(move: Move, data: Slope) -> str:
    """Return how a move is said, without its sign, which is drawn; `unlisted` is said below."""
    return "" if move.word == data.unlisted else move.word.lstrip("▲▼= ")


def _draw_picture(surface: Axes, data: Slope, theme: Theme, rows: Rows, top: float) -> None:
    seen = [kind for kind in Openness if any(move.openness is kind for move in data.moves)]
    legend(surface, theme, top + LEGEND / 2 - 6, {kind: data.words[kind] for kind in seen})
    columns, start = _columns(data), top + LEGEND + HEADS + ROW / 2
    names = [move.name for move in data.moves]
    left, right = cut(names, columns.before - NAME_GAP - MARGIN), cut(names, WIDTH * RIGHT_SHARE)
    _draw_heads(surface, data.columns, theme, columns, top + LEGEND + HEADS / 2 - 4)
    if rows.unlisted is not None:
        _draw_unlisted(surface, data, theme, columns, start + rows.unlisted)
    for move, (before, after) in zip(data.moves, rows.ends, strict=True):
        ends = (columns.before, start + before), (columns.after, start + after)
        _draw_line(surface, move, theme, ends)
        _draw_names(surface, (left[move.name], right[move.name]), theme, ends)
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


def _draw_line(surface: Axes, move: Move, theme: Theme, ends: tuple[Point, Point]) -> None:
    """Draw a line over a wider one in the colour of the paper, and its ends with their ranks.

    It leaves and arrives level, clear of the other badges; it is faint where a rank is not known.
    """
    look, ranked = theme.looks[move.openness], None not in {move.before, move.after}
    colour, width = (look.colour, STROKE) if ranked else (theme.muted(look.colour), FAINT)
    (left, start), (right, end) = ends
    steps = [step / PIECES for step in range(PIECES + 1)]
    x = [left + (right - left) * step for step in steps]
    y = [start + (end - start) * step * step * (3 - 2 * step) for step in steps]
    for artist in (
        Line2D(x, y, color=theme.paper, linewidth=width + HALO),
        Line2D(x, y, color=colour, linewidth=width, linestyle=look.dashes),
    ):
        artist.set(gid=move.name, zorder=artist.get_zorder() - (not ranked) / 4)
        surface.add_line(artist)
    for at, rank in zip(ends, (move.before, move.after), strict=True):
        surface.add_line(dots([at], look, look.colour, BADGE_SIZE if rank else UNLISTED_SIZE))
        write(surface, at, str(rank or ""), BADGE, theme.paper, "center")


def _draw_names(
    surface: Axes, named: tuple[str, str], theme: Theme, ends: tuple[Point, Point]
) -> None:
    (left, start), (right, end) = ends
    write(surface, (left - NAME_GAP, start), named[0], LABEL, theme.quiet, "right")
    write(surface, (right + NAME_GAP, end), named[1], LABEL, theme.ink)


def cut(names: Sequence[str], width: float) -> dict[str, str]:
    """Return names as they fit the width: long ones lose their middle, since ends tell versions.

    They keep as many words at the end as are needed to tell all of them apart, if that can be.
    """
    known = {name: plain(name, LABEL) for name in names}
    most = max((len(_tails(text)) for text in known.values()), default=0)
    tries = [
        {name: _cut(text, width, words) for name, text in known.items()}
        for words in (1, *range(2, most + 1), 0)
    ]
    return {
        name: next((each[name] for each in tries if _alone(name, each)), tries[0][name])
        for name in known
    }


def _alone(name: str, labels: Mapping[str, str]) -> bool:
    return list(labels.values()).count(labels[name]) == 1


def _cut(name: str, width: float, words: int) -> str:
    """Return a name with at most so many words at its end, as far as they leave room before it."""
    if measure(name, LABEL) <= width:
        return name
    room = width * TAIL_SHARE
    tail = next((t for t in _tails(name)[-words:] if words and measure(t, LABEL) <= room), "")
    return shorten(name, LABEL, width - measure(tail, LABEL)) + tail


def _tails(name: str) -> list[str]:
    """Return what follows each word of a name, the longest first."""
    return [name[n + 1 :] for n, sign in enumerate(name) if sign in " -"]


def _draw_word(surface: Axes, move: Move, theme: Theme, at: Point, word: str) -> None:
    """Write how a move is said beside an arrow; without a rank a model stands below all."""
    rise = (move.before or inf, -(move.after or inf))
    arrow = Look(theme.ink, "^" if sum(rise) > 0 else "v", 1.0, "solid", "")
    if sum(rise):
        surface.add_line(dots([(at[0] - SIGN / 2 - 2, at[1])], arrow, theme.ink, ARROW))
    said = shorten(word, LABEL, WIDTH - MARGIN - at[0])
    write(surface, at, said, LABEL, theme.ink)
