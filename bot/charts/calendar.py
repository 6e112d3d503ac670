"""The calendar of a rule: on which days it told something, and what of that was soon reversed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.patheffects import withStroke

from bot.charts._axes import say_empty
from bot.charts._page import MARGIN, WIDTH, page, write
from bot.charts._type import AXIS, STRONG, Type, measure, shorten
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Theme, blend
from bot.pictures.calendar import Calendar, Cell, Mark

WEEK = 7
ONE_ROW = 27
"""So many weeks stand in one row; longer histories in rows of half a year each."""
MOST_HALVES = 5
"""Rows of half a year at most; longer histories stand in rows of a year."""
BESIDE = 66.0
"""The room for the names of weekdays, left of the days."""
MONTHS = 32.0
"""And that for the names of months, above them."""
BETWEEN = 16.0
WIDEST, HIGHEST, FLATTEST = 72.0, 36.0, 28.0
"""How large a day may be; a week alone is no flatter than the last."""
GAP = 0.1
"""What is left free around a day, as a share of its height."""
LEGEND = 30.0
SWATCH = 20.0
COUNT = 0.62
"""How large a count is, as a share of its day's height."""
LEAST_COUNT = 13.0
"""CSS pixels: smaller ones could not be read, so that they are left out."""
OUTLINE = 1.4
ABOVE = 10.0
"""What is left free above the legend."""
EMPTY = 160.0


@dataclass(frozen=True, slots=True)
class Row:
    """Days in columns of weeks, from the first to the last."""

    first: date
    last: date

    @property
    def weeks(self) -> int:
        """Return how many columns there are."""
        return self.column(self.last) + 1

    def column(self, day: date) -> int:
        """Return in which column a day stands, from 0."""
        return (_monday(day) - _monday(self.first)).days // WEEK


@dataclass(frozen=True, slots=True)
class Grid:
    """Where days stand on the page, in CSS pixels: the top of the first row, and a day's size."""

    rows: tuple[Row, ...]
    top: float
    width: float
    height: float
    lines: int

    @property
    def each(self) -> float:
        """Return how far apart rows begin."""
        return MONTHS + self.lines * self.height + BETWEEN

    def at(self, number: int, day: date) -> tuple[float, float]:
        """Return the top left corner of a day in a row."""
        line = day.weekday() if self.lines == WEEK else 0
        x = MARGIN + BESIDE + self.rows[number].column(day) * self.width
        return x, self.top + number * self.each + MONTHS + line * self.height


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of marks, none of which is that of an openness; estimates are hatched."""

    theme: Theme
    estimated: bool

    def of(self, mark: Mark) -> str:
        """Return what a mark is filled with."""
        colours: Mapping[Mark, str] = {
            Mark.HIT: self.theme.accent,
            Mark.REVERSED: self.theme.quiet,
            Mark.QUIET: blend(self.theme.grid, self.theme.quiet, 0.12),
            Mark.MISSING: self.theme.paper,
        }
        return colours[mark]


def draw(data: Calendar, theme: Theme) -> Figure:
    """Return the calendar, or the page with `empty` on it where there is no cell."""
    if not data.cells:
        figure, surface, top = page(theme, data, EMPTY)
        say_empty(surface, theme, data.empty, top + EMPTY / 2)
        return figure
    legend, grid = _legend(data), _grid(data, 0)
    body = ABOVE + len(legend) * LEGEND + len(grid.rows) * grid.each
    figure, surface, top = page(theme, data, body)
    top += ABOVE
    for number, marks in enumerate(legend):
        _draw_legend(surface, data, theme, marks, top + number * LEGEND)
    grid = _grid(data, top + len(legend) * LEGEND)
    for number in range(len(grid.rows)):
        _draw_names(surface, data, theme, grid, number)
    _draw_cells(surface, data, theme, grid)
    return figure


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _grid(data: Calendar, top: float) -> Grid:
    rows = _rows(data.cells[0].day, data.cells[-1].day)
    width = min((WIDTH - 2 * MARGIN - BESIDE) / max(row.weeks for row in rows), WIDEST)
    height = min(width, HIGHEST)
    if data.weekly:
        return Grid(rows, top, width, max(height, FLATTEST), 1)
    return Grid(rows, top, width, height, WEEK)


def _rows(first: date, last: date) -> tuple[Row, ...]:
    """Return one row where it has room, else one a half year, else one a year."""
    whole = Row(first, last)
    if whole.weeks <= ONE_ROW:
        return (whole,)
    halves = _parts(first, last, 6)
    return halves if len(halves) <= MOST_HALVES else _parts(first, last, 12)


def _parts(first: date, last: date, months: int) -> tuple[Row, ...]:
    begins = [
        date(year, month, 1)
        for year in range(first.year, last.year + 2)
        for month in range(1, 13, months)
    ]
    parts = [Row(begin, after - timedelta(days=1)) for begin, after in pairwise(begins)]
    return tuple(part for part in parts if part.first <= last and part.last >= first)


def _draw_names(surface: Axes, data: Calendar, theme: Theme, grid: Grid, number: int) -> None:
    """Write the year, the months above their first weeks, and every other weekday."""
    row, free = grid.rows[number], float(MARGIN)
    y = grid.at(number, _monday(row.first))[1] - MONTHS * 0.58
    year = write(surface, (free, y), str(row.first.year), STRONG, theme.ink)
    free += measure(year.get_text(), STRONG) + 10
    for begin in _months(row, data):
        name = data.months[begin.month - 1]
        new = begin.month == 1 and begin != row.first
        said = f"{name} {begin.year}" if new else name
        x, width = max(grid.at(number, begin)[0], MARGIN + BESIDE), measure(said, AXIS)
        if x >= free and x + width <= WIDTH - MARGIN:
            write(surface, (x, y), said, AXIS, theme.quiet)
            free = x + width + 10
    for weekday in range(0, grid.lines if grid.lines > 1 else 0, 2):
        day = _monday(row.first) + timedelta(days=weekday)
        middle = grid.at(number, day)[1] + grid.height / 2
        said = shorten(data.weekdays[weekday], AXIS, BESIDE - 12)
        write(surface, (MARGIN, middle), said, AXIS, theme.quiet)


def _months(row: Row, data: Calendar) -> list[date]:
    """Return the first day of the row and that of each later month, where they have cells."""
    first, last = data.cells[0].day, data.cells[-1].day
    days = (row.first + timedelta(days=n) for n in range((row.last - row.first).days + 1))
    begins = [day for day in days if day.day == 1 or day == row.first]
    spans = pairwise([*begins, row.last + timedelta(days=1)])
    return [begin for begin, after in spans if begin <= last and first < after]


def _ink(data: Calendar, theme: Theme) -> Ink:
    return Ink(theme, bool(data.estimated))


def _draw_cells(surface: Axes, data: Calendar, theme: Theme, grid: Grid) -> None:
    known, ink = {cell.day: cell for cell in data.cells}, _ink(data, theme)
    rows = list(enumerate(grid.rows))
    for day in _days(data):
        number = next(number for number, row in rows if row.first <= day <= row.last)
        _draw_day(surface, ink, grid, grid.at(number, day), known.get(day))


def _days(data: Calendar) -> list[date]:
    """Return the days from the first cell to the last; of weeks the last day of each."""
    first, last = data.cells[0].day, data.cells[-1].day
    step = WEEK if data.weekly else 1
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def _draw_day(
    surface: Axes, ink: Ink, grid: Grid, corner: tuple[float, float], cell: Cell | None
) -> None:
    gap = grid.height * GAP
    x, y = corner[0] + gap / 2, corner[1] + gap / 2
    width, height = grid.width - gap, grid.height - gap
    marks = _marks(cell)
    for patch in _patches(ink, (x, y), (width, height), marks):
        surface.add_patch(patch)
    if cell is not None and cell.hits > 1 and COUNT * height >= LEAST_COUNT:
        count = Type(COUNT * height, "Black", height)
        middle = (x + width / 2, y + height / 2)
        text = write(surface, middle, str(cell.hits), count, ink.theme.paper, "center")
        if ink.estimated:
            text.set_path_effects([withStroke(linewidth=5, foreground=ink.of(marks[-1]))])


def _marks(cell: Cell | None) -> tuple[Mark, ...]:
    """Return what is drawn of a day, one over the other."""
    if cell is None:
        return (Mark.MISSING,)
    below = Mark.HIT if cell.hits > cell.reversed else Mark.QUIET
    return (below, Mark.REVERSED) if cell.reversed else (below,)


def _patches(
    ink: Ink, corner: tuple[float, float], size: tuple[float, float], marks: tuple[Mark, ...]
) -> list[Patch]:
    (x, y), (width, height) = corner, size
    made: list[Patch] = []
    for mark in marks:
        patch: Patch = Rectangle(corner, width, height)
        if mark is Mark.REVERSED:
            middle, half = (x + width / 2, y + height / 2), height / 2 + 0.5
            patch = Polygon(_diamond(middle, min(half, width / 2)), closed=True)
        _colour(patch, ink, mark)
        made.append(patch)
    return made


def _diamond(middle: tuple[float, float], half: float) -> list[tuple[float, float]]:
    x, y = middle
    return [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]


def _colour(patch: Patch, ink: Ink, mark: Mark) -> None:
    paper = ink.theme.paper
    patch.set(facecolor=ink.of(mark), linewidth=0, gid=mark)
    if mark is Mark.REVERSED:
        patch.set(edgecolor=paper, linewidth=1.6)
    if mark is Mark.MISSING:
        patch.set(edgecolor=blend(ink.theme.grid, ink.theme.quiet, 0.4), linewidth=OUTLINE)
    if ink.estimated and mark in {Mark.HIT, Mark.REVERSED}:
        patch.set(edgecolor=paper, hatch=ESTIMATE, hatch_linewidth=HATCH_WIDTH)


def _legend(data: Calendar) -> list[list[Mark]]:
    """Return what there is to explain, in as many lines as it needs."""
    lines: list[list[Mark]] = [[]]
    free = 0.0
    for mark in _seen(data):
        width = _entry(data, mark)
        if lines[-1] and free < width:
            lines.append([])
        if not lines[-1]:
            free = WIDTH - 2.0 * MARGIN
        lines[-1].append(mark)
        free -= width
    return lines


def _seen(data: Calendar) -> list[Mark]:
    seen = {mark for cell in data.cells for mark in _marks(cell)}
    seen |= {Mark.QUIET} if any(not cell.hits for cell in data.cells) else set()
    seen |= {Mark.MISSING} if len(_days(data)) > len(data.cells) else set()
    return [mark for mark in Mark if mark in seen]


def _entry(data: Calendar, mark: Mark) -> float:
    return SWATCH + 9 + measure(_word(data, mark), AXIS) + 24


def _word(data: Calendar, mark: Mark) -> str:
    return shorten(data.words[mark], AXIS, WIDTH - 2 * MARGIN - 60)


def _draw_legend(
    surface: Axes, data: Calendar, theme: Theme, marks: list[Mark], top: float
) -> None:
    x, ink = float(MARGIN), _ink(data, theme)
    for mark in marks:
        below = (Mark.QUIET, mark) if mark is Mark.REVERSED else (mark,)
        for patch in _patches(ink, (x, top), (SWATCH, SWATCH), below):
            surface.add_patch(patch)
        at = (x + SWATCH + 9, top + SWATCH / 2)
        write(surface, at, _word(data, mark), AXIS, theme.ink)
        x += _entry(data, mark)
