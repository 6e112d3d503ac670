"""The chart of standings: a bar for each of the first places, its rank in its badge."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.charts._axes import say_empty
from bot.charts._names import cut
from bot.charts._page import MARGIN, WIDTH, dots, page, write
from bot.charts._type import AXIS, BADGE, LABEL, STRONG, measure, shorten
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Look, Theme, blend
from bot.model import Openness
from bot.pictures.standings import Bar, Bars

ROW = 37.0
"""How far apart bars lie: a label and some air."""
THICK = 24.0
LEGEND = 44.0
HEADS = 28.0
FOOT = 14.0
EMPTY = 120.0
BADGE_SIZE = 25.0
NAME = MARGIN + BADGE_SIZE / 2 + 19
"""Where names begin."""
NAME_SHARE = 0.33
CHANGE_SHARE = 0.2
"""The widest that names and changes may become, as shares of the page."""
GAP = 14.0
"""Between a name and its bar, and between the widest share and the changes."""
SHARE_GAP = 9.0
SIGN = 22.0
"""The room of the arrow before a change."""
ARROW = 10.0
SWATCH = 30.0
MARK = 16.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where bars begin and how long the longest is, and where changes begin, in CSS pixels."""

    left: float
    longest: float
    changes: float


def draw(data: Bars, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where there are no places."""
    body = LEGEND + HEADS + ROW * len(data.bars) + FOOT if data.bars else EMPTY
    figure, surface, top = page(theme, data, body)
    if data.bars:
        _draw_picture(surface, data, theme, top)
    else:
        say_empty(surface, theme, data.empty, top + body / 2)
    return figure


def _draw_picture(surface: Axes, data: Bars, theme: Theme, top: float) -> None:
    names = cut([bar.name for bar in data.bars], WIDTH * NAME_SHARE)
    columns = _columns(data, max(measure(name, LABEL) for name in names.values()))
    _draw_legend(surface, data, theme, top + LEGEND / 2 - 6)
    _draw_heads(surface, data, theme, columns, top + LEGEND + HEADS / 2 - 4)
    start = top + LEGEND + HEADS
    most = max(bar.tokens for bar in data.bars)
    for index, bar in enumerate(data.bars):
        y = start + ROW * (index + 0.5)
        _draw_place(surface, bar, theme, names[bar.name], y)
        length = columns.longest * bar.tokens / most if most else 0.0
        drawn = Rectangle((columns.left, y - THICK / 2), length, THICK, gid=bar.name)
        _fill(drawn, bar.openness, theme, ESTIMATE if data.estimated else "")
        surface.add_patch(drawn)
        write(surface, (columns.left + length + SHARE_GAP, y), bar.share, STRONG, theme.ink)
        _draw_change(surface, bar, theme, (columns.changes, y))
    ends = [start, start + ROW * len(data.bars)]
    surface.plot([columns.left] * 2, ends, color=theme.quiet, linewidth=1.4, zorder=3)


def _columns(data: Bars, name: float) -> Columns:
    left = NAME + name + GAP
    word = max(measure(_word(bar), AXIS) for bar in data.bars)
    end = WIDTH - MARGIN - (word + SIGN + GAP if word else 0)
    share = max(measure(bar.share, STRONG) for bar in data.bars)
    return Columns(left, end - share - SHARE_GAP - left, WIDTH - MARGIN - word)


def _word(bar: Bar) -> str:
    """Return how a change is said, without its sign, which is drawn."""
    return shorten(bar.change.lstrip("▲▼= "), AXIS, WIDTH * CHANGE_SHARE)


def _draw_heads(surface: Axes, data: Bars, theme: Theme, columns: Columns, y: float) -> None:
    """Write what the bars are, and to the right what the changes are, if there are any."""
    right = float(WIDTH - MARGIN)
    if any(bar.change for bar in data.bars):
        said = shorten(data.columns[1], AXIS, (right - columns.left) / 2)
        write(surface, (right, y), said, AXIS, theme.quiet, "right")
        right -= measure(said, AXIS) + GAP
    said = shorten(data.columns[0], AXIS, right - columns.left)
    write(surface, (columns.left, y), said, AXIS, theme.quiet)


def _draw_place(surface: Axes, bar: Bar, theme: Theme, name: str, y: float) -> None:
    look, middle = theme.looks[bar.openness], MARGIN + BADGE_SIZE / 2
    surface.add_line(dots([(middle, y)], look, look.colour, BADGE_SIZE))
    write(surface, (middle, y), str(bar.rank), BADGE, theme.paper, "center")
    write(surface, (NAME, y), name, LABEL, theme.ink)


def _draw_change(surface: Axes, bar: Bar, theme: Theme, at: tuple[float, float]) -> None:
    """Write how a rank changed, with an arrow before it where it did."""
    moved = (bar.before or bar.rank) - bar.rank if bar.change else 0
    if moved:
        arrow = Look(theme.ink, "^" if moved > 0 else "v", 1.0, "solid", "")
        surface.add_line(dots([(at[0] - SIGN / 2, at[1])], arrow, theme.ink, ARROW))
    write(surface, at, _word(bar), AXIS, theme.ink if moved else theme.quiet)


def _fill(patch: Rectangle, openness: Openness, theme: Theme, estimate: str) -> None:
    """Colour a patch and give it the texture of an openness, and that of estimates."""
    look = theme.looks[openness]
    patch.set(facecolor=look.colour, edgecolor=blend(look.colour, theme.paper, 0.45), linewidth=0)
    patch.set(hatch=look.hatch + estimate, hatch_linewidth=HATCH_WIDTH)


def _draw_legend(surface: Axes, data: Bars, theme: Theme, y: float) -> None:
    """Say on one line which colour, texture and shape mean what."""
    x = float(MARGIN)
    seen = [kind for kind in Openness if any(bar.openness is kind for bar in data.bars)]
    for kind in seen:
        look, said = theme.looks[kind], shorten(data.words[kind], AXIS, WIDTH / len(seen) - 90)
        surface.add_line(dots([(x + MARK / 2, y)], look, look.colour, MARK))
        swatch = Rectangle((x + MARK + 6, y - MARK / 2), SWATCH, MARK)
        _fill(swatch, kind, theme, "")
        surface.add_patch(swatch)
        x += MARK + SWATCH + 15
        write(surface, (x, y), said, AXIS, theme.ink)
        x += measure(said, AXIS) + 28
