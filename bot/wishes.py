"""What a milestone names, and whether somebody asked for it (pure)."""

from bot.model import Milestone, Openness, Severity
from bot.openness import author
from bot.rules.streak import OPEN
from bot.subscription import Wish

SEVERITIES = tuple(Severity)
"""The weightiest first."""

_NAMING = ("passed", "previous", "author")
"""Facts that name a model or an author besides those that a milestone is about."""


def asked(milestone: Milestone, wish: Wish) -> bool:
    """Say whether a milestone, whatever its day, is what somebody wishes."""
    return (
        milestone.board in wish.boards
        and weighty(milestone.severity, wish)
        and ruled(milestone.rule, wish)
        and named(milestone, wish)
    )


def weighty(severity: Severity, wish: Wish) -> bool:
    """Say whether milestones of a severity are weighty enough for a wish."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(wish.least)


def ruled(rule: str, wish: Wish) -> bool:
    """Say whether milestones of a rule are wished."""
    return not wish.rules or rule in wish.rules


def named(milestone: Milestone, wish: Wish) -> bool:
    """Say whether a milestone names what a wish is about; one about nothing takes any."""
    return not wish.only or not watchable(milestone).isdisjoint(wish.only)


def subjects(milestone: Milestone) -> frozenset[str]:
    """Return the models a milestone is about."""
    facts = milestone.facts
    about = [facts.get("model"), facts.get("subject"), *facts.get("open", [])]
    if facts.get("subject") == OPEN:
        about = [each.model for each in milestone.top if each.openness is Openness.OPEN]
    return frozenset(model for model in about if model is not None)


def watchable(milestone: Milestone) -> frozenset[str]:
    """Return the models that a milestone names, and whose they are (as "author/")."""
    facts = milestone.facts
    names = subjects(milestone) | {facts[it] for it in _NAMING if facts.get(it) is not None}
    return names | {f"{author(name)}/" for name in names}
