"""Who held which rank when: every model that reached the top ten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from bot.model import Openness, Standings
from bot.openness import Directory
from bot.pictures import Picture, Table

DEPTH = 10
"""Ranks that the chart shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A model's rank on each date: 1 is first, None where it is not in the picture."""

    name: str
    openness: Openness
    ranks: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bump(Picture):
    """Ranks over time, each model a line.

    `dates` ascend and `days` says each of them as briefly as an axis needs; `highlight` holds
    names of lines; ranks deeper than `depth` are out of the picture; `words` are the legend's.
    """

    chart: ClassVar[str] = "bump"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    lines: tuple[Line, ...]
    highlight: frozenset[str]
    depth: int
    words: Mapping[Openness, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless there are as many days, and ranks in each line, as dates."""
        if {len(self.dates)} != {len(self.days), *(len(line.ranks) for line in self.lines)}:
            raise ValueError("a bump chart needs a day and a rank for each date")

    def table(self) -> Table:
        """Return the rank of each line on each date, the ranks below the picture too."""
        return Table(
            ("date", "model", "openness", "rank"),
            tuple(
                (day, line.name, line.openness.value, rank)
                for line in self.lines
                for day, rank in zip(self.dates, line.ranks, strict=True)
            ),
        )


@dataclass(frozen=True, slots=True)
class Caption:
    """The words on a picture of ranks; `short_day` says a day on an axis."""

    title: str
    subtitle: str
    words: Mapping[Openness, str]
    empty: str
    citation: str
    short_day: Callable[[date], str]
    language: str = "en"
    estimated: str = ""


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
    dates = dates_of(windows, step)
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
        language=caption.language,
        estimated=caption.estimated,
    )


def dates_of(windows: Sequence[Standings], step: int) -> tuple[date, ...]:
    """Return every date from the first window's to the last one's, `step` days apart."""
    if not windows:
        return ()
    first, last = windows[0].date, windows[-1].date
    return tuple(first + timedelta(days=n) for n in range(0, (last - first).days + 1, step))


def leader(window: Standings) -> str | None:
    """Return the model that was used most; None where there is none, or more than one."""
    most = [place.model for place in window.places if place.tokens == window.places[0].tokens]
    return most[0] if len(most) == 1 else None
