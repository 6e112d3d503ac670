"""One model over time: its rank, its tokens, and its milestones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table, Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Picture):
    """A model's rank and tokens on each date (None: not listed, or no window).

    `dates` ascend and `days` says each of them. `events` are its milestones in few words, by the
    index of their date; where there is no room for all, the first are shown. `ending` says the
    newest rank, `amount` the newest tokens; `words` are what each openness is called.
    """

    chart: ClassVar[str] = "history"

    name: str
    openness: Openness
    dates: tuple[date, ...]
    days: tuple[str, ...]
    ranks: tuple[int | None, ...]
    tokens: tuple[int | None, ...]
    rank_ticks: tuple[Tick, ...]
    token_ticks: tuple[Tick, ...]
    rank_label: str
    tokens_label: str
    ending: str
    amount: str
    events: tuple[Tick, ...]
    words: Mapping[Openness, str]

    def __post_init__(self) -> None:
        """Raise ValueError unless days and values are as many as dates, and events are at them."""
        if {len(self.dates)} != {len(self.days), len(self.ranks), len(self.tokens)}:
            raise ValueError("a history needs a day, a rank and tokens for each date")
        if any(event.value not in range(len(self.dates)) for event in self.events):
            raise ValueError("an event of a history stands at one of its dates")

    def table(self) -> Table:
        """Return rank, tokens and milestones (in words) of each date."""
        rows = enumerate(zip(self.dates, self.ranks, self.tokens, strict=True))
        return Table(
            ("date", "model", "openness", "rank", "tokens", "milestones"),
            tuple(
                (day, self.name, self.openness.value, rank, used, self._happened(index))
                for index, (day, rank, used) in rows
            ),
        )

    def _happened(self, index: int) -> str | None:
        return "; ".join(event.label for event in self.events if event.value == index) or None
