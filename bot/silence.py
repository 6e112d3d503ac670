"""Which milestone silences which other, so that one event is told once (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.model import Milestone
from bot.openness import author

NEAR = timedelta(days=30)
"""How far a `surge` and the entry or lead that silences it may be apart, either way."""

_BY = {
    "top_entry": ("leader",),
    "surge": ("leader", "top_entry"),
    "overtake": ("leader", "top_entry", "surge"),
    "token_mark": ("first_to_mark",),
    "author_leader": ("leader",),
}
"""What may silence a rule's milestones, the first in the order of precedence."""


def silenced(
    milestones: Sequence[Milestone], known: Iterable[Milestone] = ()
) -> tuple[Milestone, ...]:
    """Return the milestones with `inhibited_by` where another of them, or a known one, silences it.

    Held and withdrawn ones silence nothing. Of several the first in precedence, then the nearest,
    then the earlier is named.
    """
    loud: dict[tuple[str, str, str], list[Milestone]] = defaultdict(list)
    for one in (*milestones, *known):
        if not one.held_by and one.withdrawn is None:
            loud[one.rule, one.board, _about(one)].append(one)
    return tuple(replace(one, inhibited_by=_silencer(one, loud)) for one in milestones)


def _about(milestone: Milestone) -> str:
    return str(milestone.facts.get("model"))


def _silencer(
    one: Milestone, loud: Mapping[tuple[str, str, str], Sequence[Milestone]]
) -> str | None:
    for rule in _BY.get(one.rule, ()):
        if one.rule == "author_leader":
            near = [
                other
                for (by, board, model), others in loud.items()
                if (by, board) == (rule, one.board) and author(model) == one.facts["author"]
                for other in others
                if other.date == one.date
            ]
        else:
            reach = NEAR if one.rule == "surge" else timedelta(0)
            others = loud.get((rule, one.board, _about(one)), ())
            near = [other for other in others if abs(other.date - one.date) <= reach]
        if near:
            return min(near, key=lambda other: (abs(other.date - one.date), other.date)).key
    return None
