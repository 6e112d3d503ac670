"""The history of one model: its rank above, its tokens below, its milestones through both."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log2
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from bot.charts._axes import DAYS, Plot, draw_days, draw_ticks, plot, runs, say_empty
from bot.charts._page import MARGIN, WIDTH, dots, estimate_band, page, write
from bot.charts._type import AXIS, STRONG, measure, shorten
from bot.charts.theme import ESTIMATE, HATCH_WIDTH, Theme, blend
from bot.pictures import Tick
from bot.pictures.history import History

Point: TypeAlias = tuple[float, float]

HEAD = 40.0
"""The height above a panel, with the word for what it shows."""
RANKS = 180.0
BETWEEN = 50.0
TOKENS = 120.0
ROW = 25.0
"""The height of a row of milestones."""
FLAG = 34.0
"""The height of the lowest row, with some air above."""
ROWS = 3
WORDS = 280.0
"""The widest that the words of a milestone may become."""
MOST = 6
"""Milestones that are shown: more would be a list."""
POLE_GAP = 7.0
APART = 12.0
ASTRAY = 48.0
"""How far words left of their own line stay from what is left of them, so as not to seem its."""
POLE = 1.4
ENDING_GAP = 20.0
ENDING_SHARE = 0.24
"""The widest that the words beside the panels may become, as a share of the page."""
STROKE = 3.4
HALO = 4.0
MARK = 12.0
SPARSE = 24.0
"""Dates at least this far apart each get a marker, and a bar of their own."""
BAR = 56.0
"""The widest that a bar may become."""


@dataclass(frozen=True, slots=True)
class Panels:
    """Where both panels lie; `slots` is where the dates lie, `slot` how wide a bar may be."""

    ranks: Plot
    tokens: Plot
    slots: Plot
    slot: float


@dataclass(frozen=True, slots=True)
class Flag:
    """A milestone: where its line stands, and its words in a row (0 is the lowest)."""

    index: int
    x: float
    left: float
    right: float
    row: int
    text: str


def draw(data: History, theme: Theme) -> Figure:
    """Return the chart, or the page with `empty` on it where the model was never listed."""
    if not any(rank is not None for rank in data.ranks):
        body = HEAD + RANKS + BETWEEN + TOKENS + DAYS
        figure, surface, top = page(theme, data, body)
        say_empty(surface, theme, data.empty, top + body / 2)
        return figure
    flags = _flags(data)
    rows = max((flag.row * ROW + FLAG for flag in flags), default=0)
    figure, surface, top = page(theme, data, rows + HEAD + RANKS + BETWEEN + TOKENS + DAYS)
    panels = _panels(data, top + rows + HEAD)
    draw_days(surface, theme, data.days, replace(panels.slots, bottom=panels.tokens.bottom))
    _draw_tokens(surface, data, theme, panels)
    _draw_ranks(surface, data, theme, panels)
    for flag in flags:
        _draw_flag(surface, data, theme, flag, panels)
    return figure


def _panels(data: History, top: float) -> Panels:
    ticks, bottom = (*data.rank_ticks, *data.token_ticks), top + RANKS
    ranks = plot(data.dates, ticks, (top, bottom), ENDING_GAP + _beside(data))
    days = [(after - before).days for before, after in pairwise(data.dates)]
    span = sum(days)
    slot = (ranks.right - ranks.left) * (min(days) / (span + min(days)) if days else 1)
    slots = replace(ranks, left=ranks.left + slot / 2, right=ranks.right - slot / 2)
    tokens = replace(ranks, top=bottom + BETWEEN, bottom=bottom + BETWEEN + TOKENS)
    return Panels(ranks, tokens, slots, slot)


def _beside(data: History) -> float:
    ending, word, amount = _endings(data)
    mark = measure(word, AXIS) + 2 * MARK
    return max(measure(ending, STRONG), mark, measure(amount, STRONG))


def _endings(data: History) -> tuple[str, str, str]:
    most = WIDTH * ENDING_SHARE
    return (
        shorten(data.ending, STRONG, most),
        shorten(data.words[data.openness], AXIS, most - 2 * MARK),
        shorten(data.amount, STRONG, most),
    )


def _rank_scale(data: History, panel: Plot) -> Callable[[float], float]:
    """Return how far down a rank lies: twice a rank is always as far, so that the top has room."""
    known = [*filter(None, data.ranks), *(tick.value for tick in data.rank_ticks)]
    least, most = log2(min(known)), log2(max(known))
    height = (panel.bottom - panel.top) / (most - least or 1)
    return lambda rank: panel.top + height * (log2(rank) - least)


def _token_scale(data: History, panel: Plot) -> Callable[[float], float]:
    known = [*filter(None, data.tokens), *(tick.value for tick in data.token_ticks)]
    height = (panel.bottom - panel.top) / (max(known, default=0) or 1)
    return lambda tokens: panel.bottom - height * tokens


def _draw_tokens(surface: Axes, data: History, theme: Theme, panels: Panels) -> None:
    """Draw a bar from zero for each date, side by side where dates are close."""
    panel, y = panels.tokens, _token_scale(data, panels.tokens)
    draw_ticks(surface, theme, data.token_ticks, panel, y)
    _draw_head(surface, theme, data.tokens_label, panel)
    half = min(panels.slot - (4 if panels.slot >= SPARSE else 0), BAR) / 2
    known = [(panels.slots.x(n), used) for n, used in enumerate(data.tokens) if used is not None]
    bars = [_bar(x, half, panel.bottom, y(used)) for x, used in known]
    if bars:
        surface.add_patch(_filled(Path.make_compound_path(*bars), data, theme))
    _draw_amount(surface, data, theme, panels, y)


def _bar(x: float, half: float, foot: float, top: float) -> Path:
    corners = [(x - half, foot), (x - half, top), (x + half, top), (x + half, foot), (x, foot)]
    return Path(corners, closed=True)


def _filled(path: Path, data: History, theme: Theme) -> PathPatch:
    look = theme.looks[data.openness]
    patch = PathPatch(path, linewidth=0, facecolor=blend(look.colour, theme.paper, 0.5))
    patch.set(hatch=look.hatch + (ESTIMATE if data.estimated else ""), gid="tokens")
    patch.set(edgecolor=blend(look.colour, theme.paper, 0.1), hatch_linewidth=HATCH_WIDTH)
    return patch


def _draw_amount(
    surface: Axes, data: History, theme: Theme, panels: Panels, y: Callable[[float], float]
) -> None:
    _, _, amount = _endings(data)
    height = min(y(data.tokens[-1] or 0), panels.tokens.bottom - 10)
    write(surface, (panels.tokens.right + ENDING_GAP, height), amount, STRONG, theme.ink)


def _draw_ranks(surface: Axes, data: History, theme: Theme, panels: Panels) -> None:
    y, look = _rank_scale(data, panels.ranks), theme.looks[data.openness]
    draw_ticks(surface, theme, data.rank_ticks, panels.ranks, y)
    _draw_head(surface, theme, data.rank_label, panels.ranks)
    places = [None if rank is None else y(rank) for rank in data.ranks]
    for run in runs([rank is not None for rank in data.ranks]):
        steps = _steps(places, run, panels)
        if data.estimated:
            estimate_band(surface, theme, steps, look.colour)
        _draw_run(surface, steps, data, theme)
    marks = dots(list(_marked(places, panels)), look, look.colour, MARK)
    marks.set(gid="marks", markeredgecolor=theme.paper, markeredgewidth=2)
    surface.add_line(marks)
    _draw_ending(surface, data, theme, panels, places[-1])


def _steps(places: Sequence[float | None], run: list[int], panels: Panels) -> list[Point]:
    """Return a run's points: level, with a step halfway from each date to the next."""
    points = [(panels.slots.x(n), at) for n in run if (at := places[n]) is not None]
    steps = points[:1]
    for (x, _), (after, height) in pairwise(points):
        middle = (x + after) / 2
        steps += [(middle, steps[-1][1]), (middle, height)]
    return [*steps, *points[-1:]]


def _draw_run(surface: Axes, steps: list[Point], data: History, theme: Theme) -> None:
    """Draw an unbroken run over a wider line in the colour of the paper."""
    look = theme.looks[data.openness]
    x, y = zip(*steps, strict=True)
    for artist in (
        Line2D(x, y, color=theme.paper, linewidth=STROKE + HALO),
        Line2D(x, y, color=look.colour, linewidth=STROKE, linestyle=look.dashes, gid="ranks"),
    ):
        artist.set(solid_joinstyle="round", dash_joinstyle="round")
        surface.add_line(artist)


def _marked(places: Sequence[float | None], panels: Panels) -> Iterator[Point]:
    """Yield where markers stand: at the end, at dates between gaps, at all that are far apart."""
    alone = [run[0] for run in runs([at is not None for at in places]) if len(run) == 1]
    for index, height in enumerate(places):
        far = panels.slot >= SPARSE or index in alone or index == len(places) - 1
        if height is not None and far:
            yield (panels.slots.x(index), height)


def _draw_ending(
    surface: Axes, data: History, theme: Theme, panels: Panels, height: float | None
) -> None:
    """Write the newest rank beside it (below all without one) and what the model is below."""
    ending, word, _ = _endings(data)
    x, y = panels.ranks.right + ENDING_GAP, panels.ranks.bottom if height is None else height
    write(surface, (x, y), ending, STRONG, theme.quiet if height is None else theme.ink)
    look = theme.looks[data.openness]
    surface.add_line(dots([(x + MARK / 2, y + 24)], look, look.colour, MARK))
    write(surface, (x + 1.6 * MARK, y + 24), word, AXIS, theme.ink)


def _draw_head(surface: Axes, theme: Theme, said: str, panel: Plot) -> None:
    said = shorten(said, AXIS, panel.right - MARGIN)
    text = write(surface, (MARGIN, panel.top - 21), said, AXIS, theme.quiet)
    text.set_path_effects([withStroke(linewidth=HALO, foreground=theme.paper)])


def _flags(data: History) -> list[Flag]:
    """Return the milestones that have room, one a date, each in the lowest row that has some."""
    slots = _panels(data, 0).slots
    flags: list[Flag] = []
    for event in data.events:
        tries = (each for each in _tries(event, slots) if not any(_meet(each, o) for o in flags))
        flags.extend([found] if (found := next(tries, None)) else [])
    return flags[:MOST]


def _tries(event: Tick, slots: Plot) -> Iterator[Flag]:
    """Yield where a milestone could stand: its words right of its line, or else left of it."""
    x, text = slots.x(event.value), shorten(event.label, AXIS, WORDS)
    width = measure(text, AXIS)
    for left in (x + POLE_GAP, x - POLE_GAP - width):
        if left >= MARGIN and left + width <= WIDTH - MARGIN:
            yield from (Flag(event.value, x, left, left + width, row, text) for row in range(ROWS))


def _meet(one: Flag, other: Flag) -> bool:
    """Say whether two flags would be in each other's way, or one's words seem to be the other's."""
    if abs(one.x - other.x) < APART:
        return True
    lower, upper = sorted((one, other), key=lambda flag: flag.row)
    (start, end), (left, right) = _taken(lower), _taken(upper)
    return start < upper.x < end or (one.row == other.row and start < right and left < end)


def _taken(flag: Flag) -> tuple[float, float]:
    """Return from where to where nothing else may stand in a flag's row."""
    if flag.left > flag.x:
        return flag.x, flag.right + APART
    return flag.left - ASTRAY, flag.x


def _draw_flag(surface: Axes, data: History, theme: Theme, flag: Flag, panels: Panels) -> None:
    """Draw a line down through both panels, a marker where it meets the rank, and its words."""
    y = panels.ranks.top - HEAD - (flag.row + 0.5) * ROW
    ends = [y - 8, panels.tokens.bottom]
    pole = Line2D([flag.x] * 2, ends, color=theme.back, linewidth=POLE, gid="event", zorder=1.5)
    surface.add_line(pole)
    text = write(surface, (flag.left, y), flag.text, AXIS, theme.ink)
    text.set_path_effects([withStroke(linewidth=HALO, foreground=theme.paper)])
    if (rank := data.ranks[flag.index]) is not None:
        at, look = (flag.x, _rank_scale(data, panels.ranks)(rank)), theme.looks[data.openness]
        mark = dots([at], look, look.colour, MARK)
        mark.set(markeredgecolor=theme.paper, markeredgewidth=2, gid="event")
        surface.add_line(mark)
