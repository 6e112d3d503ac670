"""What would reverse what a milestone says (pure)."""

from bot.model import Milestone, Openness
from bot.text.say import Names, Say


def reversal_past(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say that nothing can: what was reached stays reached."""
    return say(
        "The headline tells of days that are past: nothing can reverse it but a correction of their"
        " figures."
    )


def reversal_lead(milestone: Milestone, names: Names, say: Say) -> str:
    """Say that another model would have to come first, and how far the second is from it."""
    said = say(
        "{model} would lose first place to a model with more tokens over seven days.",
        model=names(milestone.facts["model"]),
    )
    return " ".join([said, *second_place(milestone, names, say)])


def second_place(milestone: Milestone, names: Names, say: Say) -> list[str]:
    """Return by how much the second is behind the first; nothing where there is no second."""
    if len(milestone.top) < 2:
        return []
    first, second, *_ = milestone.top
    name, gap = names(second.model), first.tokens - second.tokens
    if not gap:
        return [say("{second}, in second place, has as many tokens.", second=name)]
    return [
        say("{second}, in second place, has {gap} fewer tokens.", second=name, gap=say.tokens(gap))
    ]


def last_open(milestone: Milestone, level: int, names: Names, say: Say) -> list[str]:
    """Return which open model of the first five is nearest to leaving them.

    Nothing where more than `level` of them are open, or all: that one alone would not decide.
    """
    opens = [entrant for entrant in milestone.top if entrant.openness is Openness.OPEN]
    if len(opens) != level or opens == [*milestone.top]:
        return []
    return [
        say(
            "The lowest-placed open one is {model}, at place {rank}.",
            model=names(opens[-1].model),
            rank=opens[-1].rank,
        )
    ]
