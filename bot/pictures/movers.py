"""Who climbed and who fell between two weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table


@dataclass(frozen=True, slots=True)
class Move:
    """A model's rank then and now (None: not listed), and how that is said ("▲ up 5")."""

    name: str
    openness: Openness
    before: int | None
    after: int | None
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope(Picture):
    """Ranks on two days, side by side.

    `columns` name the two days; ranks deeper than `depth` follow each other closely at the lower
    edge; `unlisted` is said where models have no rank; `words` are the legend's.
    """

    chart: ClassVar[str] = "movers"

    columns: tuple[str, str]
    moves: tuple[Move, ...]
    depth: int
    unlisted: str
    words: Mapping[Openness, str]

    def table(self) -> Table:
        """Return each model's two ranks, in the order in which they are told."""
        return Table(
            ("model", "openness", "rank_before", "rank"),
            tuple((m.name, m.openness.value, m.before, m.after) for m in self.moves),
        )
