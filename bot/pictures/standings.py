"""Who stands where now: a bar for each of the first places."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table


@dataclass(frozen=True, slots=True)
class Bar:
    """A place: its figures, and how share and change of rank are said ("12.3 %", "▲ up 3").

    `tokens` are of the window; `before` is the rank seven days before, None where not listed.
    `change` is empty where nothing can be compared.
    """

    rank: int
    name: str
    openness: Openness
    tokens: int
    share: str
    before: int | None
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Picture):
    """The first places of a window, by rank.

    `total` are all tokens of the window; `columns` say what the bars and what the changes are;
    `words` are the legend's.
    """

    chart: ClassVar[str] = "standings"

    bars: tuple[Bar, ...]
    total: int
    columns: tuple[str, str]
    words: Mapping[Openness, str]

    def table(self) -> Table:
        """Return each place with its tokens and those of all models together."""
        return Table(
            ("rank", "model", "openness", "tokens", "all_tokens", "rank_before"),
            tuple(
                (bar.rank, bar.name, bar.openness.value, bar.tokens, self.total, bar.before)
                for bar in self.bars
            ),
        )
