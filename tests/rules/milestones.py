"""Milestones by hand, of any rule, with the first models that they show."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.model import Entrant, Milestone, Openness, Searched, Severity
from tests.made import AS_OF

KINDS = {"o": Openness.OPEN, "c": Openness.CLOSED, "u": Openness.UNKNOWN}
_DAY = date(2026, 6, 7)


def top(kinds: str, tokens: Sequence[int]) -> tuple[Entrant, ...]:
    """Return the first models, one a letter: open, closed or unknown."""
    return tuple(
        Entrant(f"lab/{n}", f"lab/{n}", n, count, KINDS[kind])
        for n, (kind, count) in enumerate(zip(kinds, tokens, strict=True), start=1)
    )


def milestone(rule: str, facts: Mapping[str, Any], shown: tuple[Entrant, ...]) -> Milestone:
    """Return a milestone of a rule with the first models of its window."""
    return Milestone(
        key=f"models.{rule}.made.{_DAY}",
        rule=rule,
        board="models",
        subject="made",
        began=_DAY,
        date=_DAY,
        severity=Severity.NOTABLE,
        facts=facts,
        first=False,
        searched=Searched(_DAY, 10),
        top=shown,
        total=1000,
        days_without_other=0,
        as_of=AS_OF,
    )


def name(model: str) -> str:
    """Return what people call a model."""
    return f"Model {model[-1]}"
