"""What happened, as pages, and which milestone a key means (pure)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.answers.milestones import Listed, Sought
from bot.errors import UnknownName
from bot.model import Milestone, Severity
from bot.queries.names import Names
from bot.wishes import watchable

PAGE = 8
"""Milestones of a page: a headline, a key and a link each."""

LATELY = timedelta(days=90)
"""How far back is looked when nobody says since when."""

OFFERED = timedelta(days=30)
"""How far back keys are offered while somebody types."""

LONGEST_OFFERED = 100
"""Characters of a choice's value that Discord takes."""

SHORTEST = 20
"""So many signs of a key's beginning are enough, where no other key begins with them."""

_ORDER = tuple(Severity)


def listed(milestones: Iterable[Milestone], sought: Sought) -> Listed:
    """Return a page of those that were told, newest first; the last one where there are fewer.

    Held and silenced ones are left out; withdrawn ones stay, for they were told.
    """
    found = [
        one
        for one in milestones
        if was_told(one)
        and one.date >= sought.since
        and weight(one.severity) <= weight(sought.least)
    ]
    found.sort(key=newest_first)
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(sought.page, 0), pages - 1)
    shown = tuple(found[page * PAGE : (page + 1) * PAGE])
    return Listed(sought, shown, len(found), page, pages)


def weight(severity: Severity) -> int:
    """Return what sorts by how much a milestone matters, the weightiest first."""
    return _ORDER.index(severity)


def was_told(milestone: Milestone) -> bool:
    """Say whether a milestone was told, even if it was withdrawn since."""
    return not milestone.held_by and milestone.inhibited_by is None


def naming(milestones: Iterable[Milestone], what: str) -> tuple[Milestone, ...]:
    """Return those that may be told and name a model, or an author ("author/"), newest first.

    Of one day the weightiest comes first.
    """
    named = [one for one in milestones if one.told and what in watchable(one)]
    return tuple(sorted(named, key=newest_first))


def newest_first(one: Milestone) -> tuple[int, int, str]:
    """Return what sorts milestones by date, newest first, those of a day by weight, then key."""
    return -one.date.toordinal(), weight(one.severity), one.key


def offered_key(key: str) -> str:
    """Return what stands for a key where no more than 100 characters are taken.

    Its end, which has the date, tells keys of the same models apart.
    """
    if len(key) <= LONGEST_OFFERED:
        return key
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{mark}…{key[-(LONGEST_OFFERED - len(mark) - 1) :]}"


def begun_with(typed: str, milestones: Sequence[Milestone], offered: Names) -> Milestone:
    """Return the milestone whose key begins with a text, or that its headline alone means.

    Raises UnknownName with what is nearest.
    """
    key = typed.strip()
    if len(key) >= SHORTEST:
        found = [one for one in milestones if one.key.startswith(key)]
        if len(found) == 1:
            return found[0]
    what = offered.meant(key).what
    named = next((one for one in milestones if offered_key(one.key) == what), None)
    if named is None:
        raise UnknownName("milestone", typed)
    return named
