"""Which authors' models are used how much, one above the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick


@dataclass(frozen=True, slots=True)
class Band:
    """An author's listed tokens on each date (None: no window); `ending` says the newest share.

    `openness` is set where a band shows one kind of the models of the author that is asked for;
    other bands step back. `rest` marks what is left over: other authors, unlisted models.
    """

    name: str
    tokens: tuple[int | None, ...]
    ending: str
    openness: Openness | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack(Picture):
    """Bands one above the other, from below; together they are `totals` on each date.

    `dates` ascend and `days` says each of them; `ticks` are hundredths of a per cent from 0 up, the
    last of them the top of the picture: below 10,000 what is higher is cut off. Where a band has an
    openness the picture is about it: `words` say what it is, and `ending` is the newest share of
    all such bands together.
    """

    chart: ClassVar[str] = "authors"

    dates: tuple[date, ...]
    days: tuple[str, ...]
    bands: tuple[Band, ...]
    totals: tuple[int | None, ...]
    ticks: tuple[Tick, ...]
    words: Mapping[Openness, str]
    ending: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless each date has a day, a total, and tokens that are it together."""
        lengths = {len(self.days), len(self.totals), *(len(band.tokens) for band in self.bands)}
        if lengths != {len(self.dates)}:
            raise ValueError("a stack needs a day, a total and tokens of each band for each date")
        columns = zip(self.totals, *(band.tokens for band in self.bands), strict=True)
        for total, *tokens in columns if self.bands else ():
            if total != (None if None in tokens else sum(filter(None, tokens))):
                raise ValueError("the bands of a stack are its totals together, or all are gaps")

    def table(self) -> Table:
        """Return the tokens of each band on each date, and those of all models."""
        return Table(
            ("date", "author", "openness", "tokens", "all_tokens"),
            tuple(
                (day, band.name, band.openness and band.openness.value, used, total)
                for band in self.bands
                for day, used, total in zip(self.dates, band.tokens, self.totals, strict=True)
            ),
        )
