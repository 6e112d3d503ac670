"""What each chart shows, as values: made here (pure), drawn in `charts/` by a worker."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeAlias

MOST_STEPS = 5
"""Steps of an axis of shares: its labels stay legible on a phone."""

Value: TypeAlias = str | int | date | None
"""What a plotted row holds; None where there is a gap."""


class ThemeName(StrEnum):
    """In which colours a picture is drawn; dark is made for Discord."""

    DARK = "dark"
    LIGHT = "light"


class Format(StrEnum):
    """What kind of file a picture becomes."""

    PNG = "png"
    SVG = "svg"


@dataclass(frozen=True, slots=True)
class Table:
    """The plotted rows: exact figures, in columns whose names no language changes."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(ABC):
    """What every picture says, every word in the reader's language (`language`, its code).

    `empty` is said where there is nothing to draw; `estimated` is empty unless the figures are
    estimates: then it says so, and what is drawn is hatched.
    """

    chart: ClassVar[str]

    title: str
    subtitle: str
    empty: str
    citation: str
    language: str = "en"
    estimated: str = ""

    @abstractmethod
    def table(self) -> Table:
        """Return the plotted rows."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, and what stands beside it."""

    value: int
    label: str


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
