"""What share of the tokens open models have over time, and unknown and closed ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas(Picture):
    """Open, unknown and closed shares over time, one above the other.

    `shares` are tenths of a per cent on each date (None: a gap), together 1,000, drawn one above
    the other: open from below, then unknown, closed on top. `marks` are dates, by index, at which
    a line says something ("six months before: 40.1 %"); `endings` stand beside the newest shares;
    `words` are the legend's.
    """

    chart: ClassVar[str] = "open_share"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    shares: Mapping[Openness, tuple[int | None, ...]]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    words: Mapping[Openness, str]
    endings: Mapping[Openness, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError unless days and shares are as many as dates, and marks are of dates."""
        if {len(self.dates)} != {len(self.days), *map(len, self.shares.values())}:
            raise ValueError("a chart of areas needs a day and a share of each for each date")
        if any(mark.value not in range(len(self.dates)) for mark in self.marks):
            raise ValueError("a mark of a chart of areas stands at one of its dates")

    def table(self) -> Table:
        """Return the three shares on each date, in tenths of a per cent."""
        return Table(
            ("date", *(f"{kind}_share_of_1000" for kind in Openness)),
            tuple(
                (day, *(self.shares[kind][index] for kind in Openness))
                for index, day in enumerate(self.dates)
            ),
        )
