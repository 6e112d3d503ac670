"""All milestones of a history: every rule's, under their keys, and which silences which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from bot.model import Severity
from tests.naive import marks, openness, places, shares
from tests.naive.windows import Days, Find, Names, Verdicts, Windows, author

RULES = (
    places.author_leader,
    places.dropout,
    marks.first_to_mark,
    places.leader,
    shares.open_share,
    openness.open_top5,
    openness.open_top5_lost,
    places.overtake,
    marks.platform_mark,
    openness.reclassified,
    marks.share_record,
    openness.streak,
    places.surge,
    marks.token_mark,
    places.top_entry,
)


@dataclass(frozen=True)
class Told:
    """What a milestone says, as far as the statement fixes it; `since`, `days` and `missing` are
    what it was searched over.
    """

    key: str
    rule: str
    subject: str
    began: date
    date: date
    severity: Severity
    facts: Mapping[str, object]
    first: bool
    held_by: tuple[str, ...]
    inhibited_by: str | None
    since: date
    days: int
    missing: tuple[date, ...]

    @property
    def held(self) -> bool:
        """Say whether it is held."""
        return self.key.endswith(".held")


class Silence(NamedTuple):
    """Which rule's milestones silence which other rule's, at most how many days apart."""

    by: str
    silenced: str
    days: int = 0


SILENCES = (
    Silence("leader", "top_entry"),
    Silence("leader", "surge", 30),
    Silence("leader", "overtake"),
    Silence("leader", "author_leader"),
    Silence("top_entry", "surge", 30),
    Silence("top_entry", "overtake"),
    Silence("surge", "overtake"),
    Silence("first_to_mark", "token_mark"),
)
_FIRST = ("leader", "top_entry", "surge", "first_to_mark")
"""Of several that silence one, whose is named."""


def _same(one: Told, other: Told) -> bool:
    if other.rule == "author_leader":
        return author(str(one.facts["model"])) == other.facts["author"]
    return one.facts["model"] == other.facts["model"]


def _silenced_by(milestone: Told, told: Sequence[Told]) -> str | None:
    silencers = [
        (_FIRST.index(one.rule), abs(one.date - milestone.date), one.date, one.key)
        for silence in SILENCES
        for one in told
        if (one.rule, milestone.rule) == (silence.by, silence.silenced)
        and abs(one.date - milestone.date) <= timedelta(silence.days)
        and not one.held
        and not milestone.held
        and _same(one, milestone)
    ]
    return min(silencers)[-1] if silencers else None


class History(Windows):
    """Every complete window of a board, and the milestones in them."""

    def __init__(self, board: str, days: Days, verdicts: Verdicts, names: Names) -> None:
        """Take the days, and what is known of models."""
        super().__init__(days, verdicts)
        self.board, self.days, self.names = board, days, names

    def _told(self, find: Find) -> Told:
        since, end = self.ends[0] - timedelta(6), find.pair.now.date
        span = [since + timedelta(n) for n in range((end - since).days + 1)]
        key = f"{self.board}.{find.rule}.{find.subject}.{end}"
        return Told(
            key=f"{key}.held" if find.held else key,
            rule=find.rule,
            subject=find.subject,
            began=find.pair.before.date,
            date=end,
            severity=find.severity,
            facts=find.facts,
            first=find.first,
            held_by=tuple(find.held_by),
            inhibited_by=None,
            since=since,
            days=sum(each in self.days for each in span),
            missing=tuple(each for each in span if each not in self.days),
        )

    def milestones(self) -> list[Told]:
        """Return what the rules must find, held and silenced ones included, oldest first."""
        if not self.ends:
            return []
        told = [self._told(find) for rule in RULES for find in rule(self)]
        told.sort(key=lambda each: each.date)
        return [replace(each, inhibited_by=_silenced_by(each, told)) for each in told]
