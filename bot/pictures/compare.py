"""How one to five models stand over time: a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick


@dataclass(frozen=True, slots=True)
class Series:
    """A line's value and tokens on each date (None: a gap); `ending` stands below its name."""

    name: str
    openness: Openness
    values: tuple[int | None, ...]
    tokens: tuple[int | None, ...]
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Picture):
    """One to five lines over time.

    `dates` ascend and `days` says each of them; values are ranks, best on top (`ranks`), or
    hundredths of a per cent from 0 up; `totals` are the tokens of all models on each date;
    `ticks` ascend; `words` are the legend's.
    """

    chart: ClassVar[str] = "compare"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    series: tuple[Series, ...]
    totals: tuple[int | None, ...]
    ticks: tuple[Tick, ...]
    ranks: bool
    words: Mapping[Openness, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless days, totals and each line's figures are as many as dates."""
        lengths = {len(self.days), len(self.totals)}
        lengths |= {len(each) for line in self.series for each in (line.values, line.tokens)}
        if lengths != {len(self.dates)}:
            raise ValueError("a chart of lines needs a day, a total and figures for each date")

    def table(self) -> Table:
        """Return each line's value on each date, shares in hundredths of a per cent, and tokens."""
        unit = "rank" if self.ranks else "share_of_10000"
        return Table(
            ("date", "model", "openness", unit, "tokens", "all_tokens"),
            tuple(
                (day, line.name, line.openness.value, value, tokens, total)
                for line in self.series
                for day, value, tokens, total in zip(
                    self.dates, line.values, line.tokens, self.totals, strict=True
                )
            ),
        )
