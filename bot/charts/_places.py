"""Who holds the first places, a column a date: open ones stand out, the rest steps back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from bot.charts._axes import LEGEND, say_empty
from bot.charts._names import cut
from bot.charts._page import MARGIN, WIDTH, Point, page, write
from bot.charts._shapes import Key, hatch, shapes, shapes_legend
from bot.charts._type import AXIS, LABEL, STRONG, Type, measure, shorten, wrap
from bot.charts.theme import Theme, blend
from bot.model import Openness
from bot.pictures.milestone import Places

ROW = 42.0
"""How far apart places lie."""
EMPTY = 120.0
PITCH = 58.0
"""The widest that a column becomes."""
FILLED = 0.8
"""How much of a column's width a mark takes."""
MARK = 29.0
"""The widest that a mark becomes."""
NUMBERS = 22.0
"""The room of the rank numbers."""
APART, APART_MIDDLE = 128.0, 44.0
"""The room of the column that is set apart, six months before, and where its middle is."""
NAME_GAP = 16.0
NAME_SHARE = 0.29
"""The widest that names may become, as a share of the page."""
NAMES = 130.0
"""The least room of names and of what stands below them."""
COUNTS = 52.0
DAYS = 58.0
"""The heights of the counts and of the days below the places."""
COUNT = Type(30, "Black", 37)
PAST = Type(17.5, "Medium", 24)
UNDER = Type(16, "Regular", 20)
WORD = 96.0
"""The widest that a count or a day becomes."""
BLEED = 12.0
"""How far the panel of what is told reaches into the margin."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the columns and rows lie on the page, in CSS pixels."""

    apart: float
    left: float
    pitch: float
    top: float
    rows: int
    since: int

    def x(self, index: int) -> float:
        """Return where the middle of a column is."""
        return self.left + self.pitch * (index + 0.5)

    def y(self, row: int) -> float:
        """Return where the middle of a row (0 is the first place's) is."""
        return self.top + ROW * (row + 0.5)

    @property
    def edge(self) -> float:
        """Return the left edge of what is told."""
        return self.x(self.since) - self.pitch / 2

    def span(self, index: int) -> tuple[float, float]:
        """Return where a text of a column may stand so as not to lie across the edge."""
        if index >= self.since:
            return self.edge + 8, WIDTH - MARGIN
        return (self.left - 4 if self.left - self.apart else MARGIN), self.edge - 6

    @property
    def bottom(self) -> float:
        """Return the lower edge of the last row."""
        return self.top + ROW * self.rows

    @property
    def mark(self) -> float:
        """Return how wide a mark is."""
        return min(MARK, self.pitch * FILLED)


def draw_places(data: Places, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where no place is known."""
    rows = max(map(len, data.seats), default=0)
    body = LEGEND + ROW * rows + COUNTS + DAYS if rows else EMPTY
    figure, surface, top = page(theme, data, body)
    if rows:
        _draw_picture(surface, data, theme, top)
    else:
        say_empty(surface, theme, data.empty, top + body / 2)
    return figure


def _draw_picture(surface: Axes, data: Places, theme: Theme, top: float) -> None:
    grid = _grid(data, top + LEGEND)
    _draw_key(surface, data, theme, top + LEGEND / 2 - 6)
    _draw_panel(surface, data, theme, grid)
    _draw_rows(surface, data, theme, grid)
    _draw_seats(surface, data, theme, grid)
    _draw_names(surface, data, theme, grid)
    _draw_counts(surface, data, theme, grid)
    _draw_days(surface, data, theme, grid)
    if data.before is not None:
        _draw_before(surface, data, theme, grid)


def _grid(data: Places, top: float) -> Grid:
    """Return the grid: the names have the room they need, the columns share what is left."""
    apart = MARGIN + NUMBERS
    left = apart + (APART if data.before is not None else 0)
    names = (shorten(seat.name, STRONG, WIDTH * NAME_SHARE) for seat in data.seats[-1])
    widest = max((measure(name, STRONG) for name in names), default=0)
    room = WIDTH - MARGIN - left - NAME_GAP - max(widest, NAMES)
    pitch = min(PITCH, room / len(data.dates))
    return Grid(apart, left, pitch, top, max(map(len, data.seats)), data.since)


def _draw_key(surface: Axes, data: Places, theme: Theme, y: float) -> None:
    every = [*data.seats, data.before.seats if data.before is not None else ()]
    seen = {seat.openness for seats in every for seat in seats}
    keys = [
        Key(theme.looks[kind], _colour(theme, kind, told=True), data.words[kind])
        for kind in Openness
        if kind in seen
    ]
    shapes_legend(surface, theme, y, keys)


def _colour(theme: Theme, openness: Openness, *, told: bool) -> str:
    colour = theme.looks[openness].colour if openness is Openness.OPEN else theme.back
    return colour if told else blend(colour, theme.paper, 0.5)


def _draw_panel(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    """Lay a panel under the columns of what is told and the names beside them."""
    if data.since >= len(data.dates):
        return
    texts = [(seat.name, STRONG) for seat in data.seats[-1]] + [(data.counts, UNDER)]
    most = WIDTH - MARGIN - _names_from(data, grid)
    widest = max(measure(shorten(text, kind, most), kind) for text, kind in texts)
    size = (
        _names_from(data, grid) + widest + BLEED - grid.edge,
        grid.bottom - grid.top + COUNTS + DAYS - 14,
    )
    at = (grid.edge, grid.top - 4)
    panel = FancyBboxPatch(at, *size, boxstyle="round,pad=0,rounding_size=8", gid="told")
    tint = blend(theme.looks[Openness.OPEN].colour, theme.paper, 0.88)
    panel.set(facecolor=tint, linewidth=0, zorder=-1)
    surface.add_patch(panel)


def _draw_rows(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    right = grid.x(len(data.dates) - 1)
    for row in range(grid.rows):
        y = grid.y(row)
        surface.plot([grid.apart, right], [y, y], color=theme.grid, linewidth=1, zorder=0)
        write(surface, (MARGIN, y), str(row + 1), AXIS, theme.quiet)


def _draw_seats(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    """Draw all shapes of a kind at once; those of what is told are strong."""
    columns = [(grid.x(n), seats, n >= data.since) for n, seats in enumerate(data.seats)]
    if data.before is not None:
        columns.append((grid.apart + APART_MIDDLE, data.before.seats, False))
    places: defaultdict[tuple[Openness, bool], list[Point]] = defaultdict(list)
    for x, seats, told in columns:
        for row, seat in enumerate(seats):
            places[seat.openness, told].append((x, grid.y(row)))
    for (openness, told), at in places.items():
        colour = _colour(theme, openness, told=told)
        patch = shapes(at, theme.looks[openness], colour, grid.mark)
        patch.set_gid(openness)
        if data.estimated:
            hatch(patch, colour, theme)
        surface.add_patch(patch)


def _draw_names(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    x, seats = _names_from(data, grid), data.seats[-1]
    labels = cut([seat.name for seat in seats], WIDTH - MARGIN - x, STRONG)
    for row, seat in enumerate(seats):
        opened = seat.openness is Openness.OPEN
        kind, colour = (STRONG, theme.ink) if opened else (LABEL, theme.quiet)
        write(surface, (x, grid.y(row)), labels[seat.name], kind, colour)


def _draw_counts(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    """Write how many are open under each column that has room for it, the newest large."""
    y, last = grid.bottom + COUNTS / 2 + 2, len(data.dates) - 1
    kinds = [COUNT if index == last else PAST for index in range(last + 1)]
    texts = [shorten(text, kind, WORD) for text, kind in zip(data.counted, kinds, strict=True)]
    placed = _fitting([last, data.since, 0, *range(last - 1, 0, -1)], texts, kinds, grid)
    for index, x in placed.items():
        colour = theme.ink if index >= data.since else theme.quiet
        write(surface, (x, y), texts[index], kinds[index], colour, "center")
    ends = (x + measure(texts[index], kinds[index]) / 2 + 10 for index, x in placed.items())
    x = max([_names_from(data, grid), *ends])
    lines = wrap(data.counts, UNDER, WIDTH - MARGIN - x)
    for line, said in enumerate(lines):
        at = (x, y + UNDER.leading * (line - (len(lines) - 1) / 2))
        write(surface, at, said, UNDER, theme.ink)


def _names_from(data: Places, grid: Grid) -> float:
    return grid.left + grid.pitch * len(data.dates) + NAME_GAP - 4


def _fitting(
    order: Iterable[int], texts: Sequence[str], kinds: Sequence[Type], grid: Grid
) -> dict[int, float]:
    """Return where the texts of columns stand that have room beside those before in the order."""
    placed: dict[int, float] = {}
    taken: list[tuple[float, float]] = []
    for index in order:
        half = measure(texts[index], kinds[index]) / 2 if index < len(texts) else 0
        left, right = grid.span(index)
        x = min(max(grid.x(index), left + half), right - half)
        free = all(x + half + 3 <= start or x - half - 3 >= end for start, end in taken)
        if half and free and right - left >= 2 * half:
            placed[index] = x
            taken.append((x - half - 3, x + half + 3))
    return placed


def _draw_days(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    y, last = grid.bottom + COUNTS + 14, len(data.dates) - 1
    texts, kinds = [shorten(day, AXIS, WORD) for day in data.days], [AXIS] * len(data.days)
    for index, x in _fitting([last, 0, data.since, last // 2], texts, kinds, grid).items():
        colour = theme.ink if index >= data.since else theme.quiet
        write(surface, (x, y), texts[index], AXIS, colour, "center")


def _draw_before(surface: Axes, data: Places, theme: Theme, grid: Grid) -> None:
    if data.before is None:
        return
    x, room = grid.apart + APART_MIDDLE, 2 * (grid.apart + APART_MIDDLE - MARGIN)
    at = (x, grid.bottom + COUNTS / 2 + 2)
    write(surface, at, shorten(data.before.counted, COUNT, room), COUNT, theme.quiet, "center")
    for line, said in enumerate(wrap(data.before.label, UNDER, room)):
        at = (x, grid.bottom + COUNTS + 14 + UNDER.leading * line)
        write(surface, at, said, UNDER, theme.quiet, "center")
