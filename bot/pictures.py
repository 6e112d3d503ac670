"""What each chart shows, as values: made here (pure), drawn in `charts/` by a worker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.model import Openness, Standings
from bot.openness import Directory

DEPTH = 10
"""Ranks that the chart of ranks shows."""
MOST_STEPS = 5
"""Steps of an axis of shares: its labels stay legible on a phone."""


@dataclass(frozen=True, slots=True)
class Line:
    """A model's rank on each date: 1 is first, None where it is not in the picture."""

    name: str
    openness: Openness
    ranks: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Bump:
    """What the chart of ranks shows and says, every word in the reader's language already.

    `dates` ascend and `days` says each of them as briefly as an axis needs; `highlight` holds
    names of lines; ranks deeper than `depth` are out of the picture; `words` are the legend's;
    `empty` is said where no line is in the picture.
    """

    title: str
    subtitle: str
    dates: tuple[date, ...]
    days: tuple[str, ...]
    lines: tuple[Line, ...]
    highlight: frozenset[str]
    depth: int
    words: Mapping[Openness, str]
    empty: str
    citation: str

    def __post_init__(self) -> None:
        """Raise ValueError unless there are as many days, and ranks in each line, as dates."""
        if {len(self.dates)} != {len(self.days), *(len(line.ranks) for line in self.lines)}:
            raise ValueError("a bump chart needs a day and a rank for each date")


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, and what stands beside it."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """A line's value on each date (None: a gap), and what stands at its end beside its name."""

    name: str
    openness: Openness
    values: tuple[int | None, ...]
    ending: str


@dataclass(frozen=True, slots=True)
class Lines:
    """What a chart of one to five lines shows, every word in the reader's language already.

    `dates` ascend and `days` says each of them; values are ranks, best on top (`ranks`), or
    hundredths of a per cent from 0 up; `ticks` ascend; `words` are the legend's; `empty` is said
    where no line has a value.
    """

    title: str
    subtitle: str
    dates: tuple[date, ...]
    days: tuple[str, ...]
    series: tuple[Series, ...]
    ticks: tuple[Tick, ...]
    ranks: bool
    words: Mapping[Openness, str]
    empty: str
    citation: str

    def __post_init__(self) -> None:
        """Raise ValueError unless there are as many days, and values in each line, as dates."""
        if {len(self.dates)} != {len(self.days), *(len(each.values) for each in self.series)}:
            raise ValueError("a chart of lines needs a day and a value for each date")


@dataclass(frozen=True, slots=True)
class Areas:
    """What the chart of open, closed and unknown shares shows.

    `shares` are tenths of a per cent on each date (None: a gap), together 1,000, drawn one above
    the other: open from below, then unknown, closed on top. `marks` are dates, by index, at which
    a line says something ("six months before: 40.1 %"); `endings` stand beside the newest shares.
    """

    title: str
    subtitle: str
    dates: tuple[date, ...]
    days: tuple[str, ...]
    shares: Mapping[Openness, tuple[int | None, ...]]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    words: Mapping[Openness, str]
    empty: str
    citation: str
    endings: Mapping[Openness, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError unless days and shares are as many as dates, and marks are of dates."""
        if {len(self.dates)} != {len(self.days), *map(len, self.shares.values())}:
            raise ValueError("a chart of areas needs a day and a share of each for each date")
        if any(mark.value not in range(len(self.dates)) for mark in self.marks):
            raise ValueError("a mark of a chart of areas stands at one of its dates")


@dataclass(frozen=True, slots=True)
class Move:
    """A model's rank then and now (None: not listed), and how that is said ("▲ up 5")."""

    name: str
    openness: Openness
    before: int | None
    after: int | None
    word: str


@dataclass(frozen=True, slots=True)
class Slope:
    """What the chart of climbers and fallers shows: ranks on two days, side by side.

    `columns` name the two days; ranks deeper than `depth` follow each other closely at the lower
    edge; `unlisted` is said where models have no rank.
    """

    title: str
    subtitle: str
    columns: tuple[str, str]
    moves: tuple[Move, ...]
    depth: int
    unlisted: str
    words: Mapping[Openness, str]
    empty: str
    citation: str


class Mark(StrEnum):
    """What a day of a calendar may show."""

    HIT = "hit"
    REVERSED = "reversed"
    QUIET = "quiet"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A day that ends a complete window: its hits, and how many of them were soon reversed."""

    day: date
    hits: int
    reversed: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the calendar of a rule shows, every word in the reader's language already.

    `cells` ascend; days between them without one have no complete window. Where `weekly`, windows
    are whole weeks, each by its last day. `months` are named from January on, `weekdays` from
    Monday; `words` are the legend's, of every mark; `empty` is said where there is no cell.
    """

    title: str
    subtitle: str
    cells: tuple[Cell, ...]
    weekly: bool
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    words: Mapping[Mark, str]
    empty: str
    citation: str

    def __post_init__(self) -> None:
        """Raise ValueError unless there are twelve months and seven weekdays."""
        if (len(self.months), len(self.weekdays)) != (12, 7):
            raise ValueError("a calendar needs twelve months and seven weekdays")


@dataclass(frozen=True, slots=True)
class Caption:
    """The words on a picture; `short_day` says a day on an axis."""

    title: str
    subtitle: str
    words: Mapping[Openness, str]
    empty: str
    citation: str
    short_day: Callable[[date], str]


def rank_ticks(deepest: int) -> tuple[Tick, ...]:
    """Return the ticks of an axis of ranks: closer at the top, to the first round one below all.

    It reaches to 10 at least: on a shorter one a step from 1 to 3 would look like a fall.
    """
    last = max(-(-deepest // 10), 1) * 10
    ranks = (step * size for size in (1, 10, 100) for step in (1, 2, 5))
    return tuple(Tick(rank, str(rank)) for rank in (*(r for r in ranks if r < last), last))


def share_ticks(most: int, label: Callable[[int], str]) -> tuple[Tick, ...]:
    """Return the ticks of an axis of shares, in round steps from 0 to `most` or just beyond.

    Shares, `most` among them (0 to 1000), are tenths of a per cent; `label` says one.
    """
    steps = (step * size for size in (1, 10, 100) for step in (1, 2, 5))
    step = next(step for step in steps if most <= step * MOST_STEPS)
    return tuple(Tick(value, label(value)) for value in range(0, max(most, 1) + step, step))


def bump(
    windows: Sequence[Standings],
    directory: Directory,
    caption: Caption,
    highlight: frozenset[str] = frozenset(),
    step: int = 1,
) -> Bump:
    """Return the ranks of every model that reached the top ten in these windows.

    `windows` are complete ones, oldest first, `step` days apart; where one is missing there is a
    gap in the lines. A model's line shows its openness on the last date; `highlight` are models.
    """
    dates = _dates(windows, step)
    ranks = {w.date: {p.model: p.rank for p in w.places} for w in windows}
    models = {p.model: None for w in windows for p in w.places[:DEPTH]}
    return Bump(
        title=caption.title,
        subtitle=caption.subtitle,
        dates=dates,
        days=tuple(caption.short_day(day) for day in dates),
        lines=tuple(
            Line(
                directory.name(model),
                directory.at(model, dates[-1]).openness,
                tuple(ranks.get(day, {}).get(model) for day in dates),
            )
            for model in models
        ),
        highlight=frozenset(directory.name(model) for model in highlight),
        depth=DEPTH,
        words=caption.words,
        empty=caption.empty,
        citation=caption.citation,
    )


def _dates(windows: Sequence[Standings], step: int) -> tuple[date, ...]:
    if not windows:
        return ()
    first, last = windows[0].date, windows[-1].date
    return tuple(first + timedelta(days=n) for n in range(0, (last - first).days + 1, step))
