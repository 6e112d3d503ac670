"""Who climbed and who fell between two weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.model import Openness
from bot.pictures import Picture, Table


@dataclass(frozen=True, slots=True)
class Move:
    """A model's rank then and now (None: not listed), and how that is said ("▲ up 5").

    `tokens` are those of the two weeks; `strong` ones moved furthest.
    """

    name: str
    openness: Openness
    before: int | None
    after: int | None
    word: str
    tokens: tuple[int | None, int | None]
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope(Picture):
    """Ranks on two days, side by side.

    `columns` name the two days, `totals` are the tokens of all models in the weeks up to them;
    ranks deeper than `depth` follow each other closely at the lower edge; `unlisted` is said where
    models have no rank; `words` are the legend's.
    """

    chart: ClassVar[str] = "movers"

    columns: tuple[str, str]
    totals: tuple[int, int]
    moves: tuple[Move, ...]
    depth: int
    unlisted: str
    words: Mapping[Openness, str]

    def table(self) -> Table:
        """Return ranks and tokens of each model, then and now, in the order they are told."""
        return Table(
            (
                *("model", "openness", "rank_before", "rank"),
                *("tokens_before", "tokens", "all_tokens_before", "all_tokens"),
            ),
            tuple(
                (m.name, m.openness.value, m.before, m.after, *m.tokens, *self.totals)
                for m in self.moves
            ),
        )
