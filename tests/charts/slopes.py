"""Hand-made slope charts."""

from dataclasses import replace
from itertools import cycle
from random import Random

from bot.model import Openness
from bot.pictures.movers import Move, Slope

OPEN, CLOSED, UNKNOWN = Openness


def move(
    name: str,
    openness: Openness,
    before: int | None,
    after: int | None,
    word: str,
    strong: bool = False,
) -> Move:
    """Return a move of a model with a thousand tokens for each rank."""
    tokens = (before and 1000 * before, after and 1000 * after)
    return Move(name, openness, before, after, word, tokens, strong)


def slope(*moves: Move, **changes: object) -> Slope:
    """Return a chart of moves."""
    chart = Slope(
        title="Of the top 30, GLM 5 climbed furthest",
        subtitle="Ranks by tokens over seven days; models listed in both weeks",
        columns=("week to 15 June 2026", "week to 15 July 2026"),
        totals=(100_000, 200_000),
        moves=moves,
        depth=50,
        unlisted="not listed",
        words={OPEN: "open", CLOSED: "closed", UNKNOWN: "unknown"},
        empty="No model of the top 30 changed its rank",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def full(suffix: str = "", word: str = "up 5") -> Slope:
    """Return twenty moves, of which five come and five go."""
    random, kinds = Random(3), cycle(Openness)
    before, after = (random.sample(range(1, 51), 20) for _ in range(2))
    moves = [
        move(
            f"Model {n}{suffix}",
            next(kinds),
            None if n in range(5) else before[n],
            None if n in range(5, 10) else after[n],
            word,
        )
        for n in range(20)
    ]
    return slope(*moves)
