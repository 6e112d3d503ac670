"""One milestone a file, found by discovery; all pure. Files that begin with `_` are shared by some.

A rule sees complete windows only, oldest first, and keeps what it must remember between them in a
memory of plain JSON values.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.model import Facts, Milestone, RuleMemory, Severity, Window
from bot.pictures.milestone import Story
from bot.standings import WEEK
from bot.text.say import Names, Say


class Reading(StrEnum):
    """Another way to read the same figures, under which a claim is tried again."""

    UNMERGED = "variants unmerged"
    ONE_DAY = "one-day ranking"
    UNKNOWN_OPEN = "unknown models open"
    UNKNOWN_CLOSED = "unknown models closed"
    LOWER = "newest day 1 % lower"
    HIGHER = "newest day 1 % higher"


EVERY_READING = tuple(Reading)
RANK_READINGS = (Reading.UNMERGED, Reading.ONE_DAY, Reading.LOWER, Reading.HIGHER)
"""Those that make sense for a claim about places, whatever is open."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: about what, with which facts, and how much it matters.

    `first` says whether no earlier window had it; `held_by` are the unknown models without which
    it would not hold.
    """

    subject: str
    facts: Facts
    severity: Severity
    first: bool = False
    held_by: tuple[str, ...] = ()


Step: TypeAlias = tuple[RuleMemory, tuple[Found, ...]]
"""What to remember from now on, and what was found."""

Windows: TypeAlias = Callable[[date], Window | None]
"""The window that ends on a day, under some reading; None where it is incomplete."""


def _unchanged(milestone: Milestone, now: Window) -> Facts:  # noqa: ARG001 — a rule may look at it
    return milestone.facts


def _pair(milestone: Milestone) -> int:  # noqa: ARG001 — a rule may look at it
    return WEEK


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of milestone.

    `baseline` takes the first complete window and returns the first memory. `step` takes the
    memory, the window of the day before (None where that is incomplete: nothing can be confirmed
    then) and the window that is judged. `headline` words a milestone of this rule, `sentence` says
    what changed, `beside` sets it beside the window six months before, `reversal` says what would
    reverse it, or that nothing can; `story` says what its picture is of.

    `holds` says whether a milestone's claim is true of windows, by themselves; `deciding` names
    the models on whose tokens it rests, `readings` are the other readings that make sense for it,
    `reach` is how many days before its date are the oldest that `holds` looks at, `lasts` says
    whether it tells of a state that may end. `refreshed` returns the facts with the figures of a
    later reading of the second window; `openness` says whether claims rest on what is open;
    `lately` is `holds` of the newest pair alone, for claims that look far back.
    """

    name: str
    version: int
    severities: tuple[Severity, ...]
    baseline: Callable[[Window], RuleMemory]
    step: Callable[[RuleMemory, Window | None, Window], Step]
    headline: Callable[[Milestone, Names, Say], str]
    sentence: Callable[[Milestone, Names, Say], str]
    beside: Callable[[Milestone, Names, Say], str]
    reversal: Callable[[Milestone, Names, Say], str]
    story: Callable[[Milestone], Story]
    holds: Callable[[Milestone, Windows], bool]
    deciding: Callable[[Milestone, Window], frozenset[str]]
    readings: tuple[Reading, ...]
    reach: Callable[[Milestone], int] = _pair
    lasts: bool = False
    refreshed: Callable[[Milestone, Window], Facts] = _unchanged
    openness: bool = False
    lately: Callable[[Milestone, Windows], bool] | None = None

    def newest(self, milestone: Milestone, windows: Windows) -> bool:
        """Say whether the claim is true as far as figures are that may still change."""
        return (self.lately or self.holds)(milestone, windows)

    @property
    def mark(self) -> str:
        """Return name and version: memory of another version is of no use."""
        return f"{self.name}@{self.version}"


def discover() -> Mapping[str, Rule]:
    """Return the rules of this folder by name, in the order of their names."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [
        importlib.import_module(f"{__name__}.{name}").RULE
        for name in modules
        if not name.startswith("_")
    ]
    return {rule.name: rule for rule in rules}
