"""Windows by hand: models of author `o` are open, those of `c` closed, all others unknown."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from bot.model import Openness, Place, Standings, Window
from bot.rules import Found, Rule
from tests.made import AS_OF, START

Tokens: TypeAlias = Mapping[str, int]
_KINDS = {"o": Openness.OPEN, "c": Openness.CLOSED}


def standings(
    number: int,
    tokens: Tokens,
    other: int = 0,
    hidden: Tokens | None = None,
    unlisted: int = 0,
) -> Standings:
    """Return the standings that end so many days after START; `hidden` is by model, else 0."""
    ranked = sorted(tokens, key=lambda model: (-tokens[model], model))
    places = tuple(
        Place(model, rank, tokens[model], None, None, (hidden or {}).get(model, 0))
        for rank, model in enumerate(ranked, start=1)
    )
    when, total = START + timedelta(number), sum(tokens.values()) + other
    return Standings("models", when, 7, places, total, 0, False, AS_OF, unlisted)


def window(
    number: int, tokens: Tokens, other: int = 0, kinds: Mapping[str, Openness] | None = None
) -> Window:
    """Return a window that ends so many days after START."""
    said = {m: _KINDS.get(m.split("/")[0], Openness.UNKNOWN) for m in tokens}
    return Window(standings(number, tokens, other), said | dict(kinds or {}))


def at(*spells: tuple[int, Tokens | None]) -> list[Window | None]:
    """Return windows day by day: so many of each; None are incomplete ones."""
    counts = [tokens for length, tokens in spells for _ in range(length)]
    return [None if each is None else window(n, each) for n, each in enumerate(counts)]


def run(rule: Rule, windows: Sequence[Window | None]) -> list[tuple[int, Found]]:
    """Return all finds with the number of their window; the first one is the baseline."""
    first, *others = windows
    assert first is not None
    memory, before, told = rule.baseline(first), windows[0], list[tuple[int, Found]]()
    for number, now in enumerate(others, start=1):
        if now is not None:
            memory, found = rule.step(memory, before, now)
            told += [(number, find) for find in found]
        before = now
    return told


def subjects(rule: Rule, windows: Sequence[Window | None]) -> list[tuple[int, str]]:
    """Return number of the window and subject of what is told; held ones end in `.held`."""
    return [(n, f.subject + ".held" * bool(f.held_by)) for n, f in run(rule, windows)]
