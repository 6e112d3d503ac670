"""How one to five models stand over time: a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick


@dataclass(frozen=True, slots=True)
class Series:
    """A line's value on each date (None: a gap), and what stands at its end beside its name."""

    name: str
    openness: Openness
    values: tuple[int | None, ...]
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Picture):
    """One to five lines over time.

    `dates` ascend and `days` says each of them; values are ranks, best on top (`ranks`), or
    hundredths of a per cent from 0 up; `ticks` ascend; `words` are the legend's.
    """

    chart: ClassVar[str] = "compare"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    series: tuple[Series, ...]
    ticks: tuple[Tick, ...]
    ranks: bool
    words: Mapping[Openness, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless there are as many days, and values in each line, as dates."""
        if {len(self.dates)} != {len(self.days), *(len(each.values) for each in self.series)}:
            raise ValueError("a chart of lines needs a day and a value for each date")

    def table(self) -> Table:
        """Return the value of each line on each date, shares in hundredths of a per cent."""
        return Table(
            ("date", "model", "openness", "rank" if self.ranks else "share_of_10000"),
            tuple(
                (day, each.name, each.openness.value, value)
                for each in self.series
                for day, value in zip(self.dates, each.values, strict=True)
            ),
        )
