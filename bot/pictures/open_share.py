"""What share of the tokens open models have over time, and unknown and closed ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick

UPWARDS = (Openness.OPEN, Openness.UNKNOWN, Openness.CLOSED)
"""The order in which the areas stand on each other: above the lowest begins what may be open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas(Picture):
    """Open, unknown and closed shares of tokens over time, one above the other, UPWARDS.

    `dates` ascend and `days` says each of them; `tokens` are those of each kind on each date
    (None: a gap), and what is drawn is each one's part of them together. `ticks` are tenths of a
    per cent. `marks` are dates, by index, at which a line says something ("3 Jul: 5 of top 5
    open"), the first the most wanted: where there is no room the last are left out. `endings`
    stand beside the newest shares; `words` say each kind.
    """

    chart: ClassVar[str] = "open_share"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    tokens: Mapping[Openness, tuple[int | None, ...]]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    words: Mapping[Openness, str]
    endings: Mapping[Openness, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError unless days and tokens are as many as dates, and marks are of dates."""
        if {len(self.dates)} != {len(self.days), *map(len, self.tokens.values())}:
            raise ValueError("a chart of areas needs a day and tokens of each for each date")
        if any(mark.value not in range(len(self.dates)) for mark in self.marks):
            raise ValueError("a mark of a chart of areas stands at one of its dates")

    def table(self) -> Table:
        """Return the tokens of each kind on each date."""
        return Table(
            ("date", *(f"{kind}_tokens" for kind in UPWARDS)),
            tuple(
                (day, *(self.tokens[kind][index] for kind in UPWARDS))
                for index, day in enumerate(self.dates)
            ),
        )
