"""One milestone a file, found by discovery; all pure.

A rule sees complete windows only, oldest first, and keeps what it must remember between them in a
memory of plain JSON values.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.model import Facts, Milestone, RuleMemory, Severity, Window
from bot.text.say import Names, Say


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: about what, with which facts, and whether for the first time."""

    subject: str
    facts: Facts
    first: bool


Step: TypeAlias = tuple[RuleMemory, tuple[Found, ...]]
"""What to remember from now on, and what was found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of milestone.

    `baseline` takes the first complete window and returns the first memory. `step` takes the
    memory, the window of the day before (None where that is incomplete: nothing can be confirmed
    then) and the window that is judged. `headline` words a milestone of this rule, `sentence` says
    what changed.
    """

    name: str
    severity: Severity
    baseline: Callable[[Window], RuleMemory]
    step: Callable[[RuleMemory, Window | None, Window], Step]
    headline: Callable[[Milestone, Names, Say], str]
    sentence: Callable[[Milestone, Names, Say], str]


def discover() -> Mapping[str, Rule]:
    """Return the rules of this folder by name, in the order of their names."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [importlib.import_module(f"{__name__}.{name}").RULE for name in modules]
    return {rule.name: rule for rule in rules}
