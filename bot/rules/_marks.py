"""Round numbers of tokens: 1, 2, 5, 10, 20, 50 … trillion, without end (pure)."""

from bot.model import Milestone
from bot.rules import Windows
from bot.rules._claims import both, tokens

TRILLION = 10**12


def highest_mark(tokens: int, lowest: int = TRILLION) -> int:
    """Return the highest mark that so many tokens reach, or 0 if they do not reach `lowest`."""
    if tokens < lowest:
        return 0
    # The digits, not a logarithm: counts have no limit and a mark is reached exactly or not.
    power = int(f"1{'0' * (len(str(tokens)) - 1)}")
    return next(times * power for times in (5, 2, 1) if times * power <= tokens)


def marks_up_to(tokens: int, above: int) -> list[int]:
    """Return the marks above `above` that so many tokens reach, ascending."""
    found, mark = [], highest_mark(tokens)
    while mark > above and mark > 0:
        found.append(mark)
        mark = highest_mark(mark - 1)
    return found[::-1]


def short(mark: int) -> str:
    """Return a mark in trillions: `5T`."""
    return f"{mark // TRILLION}T"


def model_has_it(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the model that the facts name has the mark in both windows."""
    facts = milestone.facts
    return both(milestone, windows, lambda window: tokens(window, facts["model"]) >= facts["mark"])
