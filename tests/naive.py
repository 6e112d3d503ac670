"""The standings and both rules told a second time, as naively as can be, and worlds to judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sin
from typing import TypeAlias

from hypothesis import strategies as st

from bot.model import (
    CatalogueEntry,
    Day,
    Entrant,
    First,
    Milestone,
    Openness,
    Place,
    Severity,
    Standings,
)
from bot.openness import Directory
from tests.made import AS_OF, START, day, directory, verdict

Verdicts: TypeAlias = Callable[[str, date], Openness]
Names: TypeAlias = Callable[[str], str]
Days: TypeAlias = Mapping[date, Day]


def complete(days: Days, end: date) -> bool:
    """Say whether all seven days up to `end` are there."""
    return {end - timedelta(back) for back in range(7)} <= set(days)


def tokens_by_model(days: Days, end: date) -> dict[str, int]:
    """Return the tokens of base models over the seven days up to `end`."""
    rows = [r for d in days.values() if end - timedelta(7) < d.date <= end for r in d.rows]
    bases = {row.model.partition(":")[0] for row in rows}
    return {b: sum(r.tokens for r in rows if r.model.partition(":")[0] == b) for b in bases}


def ranked(tokens: Mapping[str, int]) -> list[str]:
    """Return models by tokens, equal ones by name."""
    return sorted(sorted(tokens), key=lambda model: tokens[model], reverse=True)


def standings(board: str, days: Days, end: date) -> Standings | None:
    """Return what the standings must be."""
    if not complete(days, end):
        return None
    week = [d for d in days.values() if end - timedelta(7) < d.date <= end]
    now = tokens_by_model(days, end)
    earlier = end - timedelta(7)
    then = tokens_by_model(days, earlier) if complete(days, earlier) else {}
    places = [
        Place(
            model,
            ranked(now).index(model) + 1,
            now[model],
            ranked(then).index(model) + 1 if model in then else None,
            then.get(model),
        )
        for model in ranked(now)
    ]
    others = [d.other for d in week]
    return Standings(
        board=board,
        date=end,
        days=7,
        places=tuple(places),
        total=sum(now.values()) + sum(other for other in others if other is not None),
        days_without_other=others.count(None),
        compared=complete(days, earlier),
        as_of=max(d.as_of for d in week),
    )


class History:
    """Every complete window of a board, and what may be asked of them."""

    def __init__(self, board: str, days: Days, verdicts: Verdicts, names: Names) -> None:
        """Take the days, and what is known of models."""
        self.board, self.days, self.verdicts, self.names = board, days, verdicts, names
        self.ends = [end for end in sorted(days) if complete(days, end)]
        self.top = {end: ranked(tokens_by_model(days, end))[:5] for end in self.ends}

    def open(self, end: date) -> list[str]:
        """Return the open models of a window's first five."""
        return [m for m in self.top[end] if self.verdicts(m, end) is Openness.OPEN]

    def could(self, end: date) -> int:
        """Return how many of a window's first five could be open."""
        return sum(self.verdicts(m, end) is not Openness.CLOSED for m in self.top[end])

    def stands(self, level: int, upto: int) -> bool:
        """Say whether a level stands after window number `upto`, looking back from there."""
        if upto <= 0:
            return bool(self.ends) and len(self.open(self.ends[0])) >= level
        pair = self.pair(upto)
        if pair and all(len(self.open(end)) >= level for end in pair):
            return True
        if pair and all(self.could(end) < level for end in pair):
            return False
        return self.stands(level, upto - 1)

    def pair(self, number: int) -> tuple[date, date] | None:
        """Return the window of that number with the one of the day before, if that is complete."""
        end = self.ends[number]
        before = end - timedelta(1)
        return (before, end) if before in self.top else None

    def milestones(self) -> list[Milestone]:
        """Return what the rules must find, oldest first, the leader before the open ones."""
        found = [*self._leaders(), *self._levels()]
        return sorted(found, key=lambda milestone: (milestone.date, milestone.rule))

    def _leaders(self) -> list[Milestone]:
        found: list[Milestone] = []
        last = next(iter(self.top[self.ends[0]]), None) if self.ends else None
        for number in range(1, len(self.ends)):
            pair = self.pair(number)
            if not pair or not self.top[pair[0]] or not self.top[pair[1]]:
                continue
            one, two = (self.top[end][0] for end in pair)
            if one == two != last:
                could = {end for end in self.ends if self.top[end][:1] == [two]}
                facts = {"model": two, "previous": last}
                found.append(self._milestone("leader", two, pair, facts, could))
                last = two
        return found

    def _levels(self) -> list[Milestone]:
        found: list[Milestone] = []
        for number in range(1, len(self.ends)):
            pair = self.pair(number)
            if not pair:
                continue
            sure = min(len(self.open(end)) for end in pair)
            reached = [n for n in (3, 4, 5) if n <= sure and not self.stands(n, number - 1)]
            if reached:
                level = max(reached)
                facts = {
                    "level": level,
                    "began": str(pair[0]),
                    "open": self.open(pair[1]),
                }
                could = {end for end in self.ends if self.could(end) >= level}
                found.append(self._milestone("open_top5", str(level), pair, facts, could))
        return found

    def _milestone(
        self,
        rule: str,
        subject: str,
        pair: tuple[date, date],
        facts: Mapping[str, object],
        could: set[date],
    ) -> Milestone:
        began, end = pair
        watched = First(self.ends[0], sum(each <= end for each in self.ends))
        window = standings(self.board, self.days, end)
        assert window is not None
        return Milestone(
            key=f"{self.board}.{rule}.{subject}.{end}",
            rule=rule,
            board=self.board,
            subject=subject,
            began=began,
            date=end,
            severity=Severity.HEADLINE,
            facts=facts,
            first=None if any(each < began for each in could) else watched,
            top=tuple(
                Entrant(p.model, self.names(p.model), p.rank, p.tokens, self.verdicts(p.model, end))
                for p in window.places[:5]
            ),
            total=window.total,
            days_without_other=window.days_without_other,
            as_of=window.as_of,
        )


@dataclass(frozen=True)
class World:
    """Days, what the registry says of models from which day on, and the catalogue's hints."""

    days: dict[date, Day]
    registry: Mapping[str, tuple[Openness, date | None]]
    hints: Mapping[str, date]

    @property
    def directory(self) -> Directory:
        """Return what is known, as the bot knows it."""
        entries = [CatalogueEntry(m, m.upper(), START, m, day) for m, day in self.hints.items()]
        models = {m: verdict(said, since) for m, (said, since) in self.registry.items()}
        return directory(models, catalogue=entries)

    def verdict(self, model: str, day: date) -> Openness:
        """Return what is known of a model on a day."""
        said, since = self.registry.get(model, (None, None))
        if said is not None and (since is None or day >= since):
            return said
        if model.startswith(("openrouter/", "stealth/")):
            return Openness.UNKNOWN
        return Openness.OPEN if day >= self.hints.get(model, date.max) else Openness.UNKNOWN

    def name(self, model: str) -> str:
        """Return the name people know."""
        return model.upper() if model in self.hints else model.partition("/")[2]

    def milestones(self) -> list[Milestone]:
        """Return what must be found in this world."""
        return History("models", self.days, self.verdict, self.name).milestones()


_BASES = ("b/one", "e/two", "a/three", "d/four", "c/five", "f/six", "openrouter/seven", "h/eight")
_EVENTFUL = 300


def eventful() -> World:
    """Return three hundred days in which leaders and levels come and go, a few days missing."""
    # Open ones and closed ones rise and fall like tides, and single models within them.
    bases = (*_BASES, "i/nine", "j/ten")

    def tokens(n: int, d: int) -> int:
        tide = (2 if n < 5 else -2) * sin(d / 11)
        return int(10 ** (9 + 2 * sin(n * n + d / (5 + n)) + tide))

    turns = [{m: tokens(n, d) for n, m in enumerate(bases)} for d in range(_EVENTFUL)]
    days = [day(n, counts) for n, counts in enumerate(turns) if n not in {60, 133, 134, 215}]
    said = dict.fromkeys(bases[:5], (Openness.OPEN, None)) | {
        bases[5]: (Openness.CLOSED, START + timedelta(20)),
        **dict.fromkeys(bases[7:], (Openness.CLOSED, None)),
    }
    hints = {bases[3]: START, bases[5]: START + timedelta(5)}
    return World({d.date: d for d in days}, said, hints)


_SLUGS = (*_BASES, "a/three:free", "d/four:thinking", "d/four:free")
_COUNTS = st.sampled_from((0, 1, 1, 2, 3, 5, 8, 40, 2**31, 2**63 - 1, 2**63, 10**25))
_FEW = st.dictionaries(st.sampled_from(_SLUGS), _COUNTS, max_size=9)
_ALL = st.permutations(_BASES).map(lambda ms: {m: n for n, m in enumerate(ms, start=1)})
_LENGTH = 42
_MOMENTS = st.integers(-9, _LENGTH).map(lambda n: START + timedelta(n))
_SURE = st.tuples(st.sampled_from((Openness.OPEN, Openness.OPEN, Openness.CLOSED)), st.none())
_SAID = st.tuples(st.sampled_from(Openness), st.none() | _MOMENTS)
_ALL_KNOWN = st.fixed_dictionaries(dict.fromkeys(_BASES, _SURE))
_SOME_KNOWN = st.fixed_dictionaries({}, optional=dict.fromkeys(_BASES, _SURE | _SAID))
_HINTS = st.dictionaries(st.sampled_from(_BASES), _MOMENTS, max_size=3)


@st.composite
def _spells(draw: st.DrawFn) -> list[Day]:
    """Draw spells of equal days; most outweigh what was before, so that windows turn at once."""
    made: list[Day] = []
    weight = 1
    for _ in range(draw(st.integers(2, 9))):
        counts = draw(_ALL | _FEW)
        weight *= draw(st.sampled_from((1, 10, 1000, 1000)))
        heavy = {model: count * weight for model, count in counts.items()}
        other = draw(st.sampled_from((None, 0, 7, 2**64)))
        for _ in range(draw(st.sampled_from((2, 3, 4, 1, 8)))):
            as_of = AS_OF + timedelta(len(made) % 5)
            made.append(day(len(made), heavy, other, as_of))
    return made


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world: gaps, ties, variants, huge counts, all kinds of knowledge of models."""
    gaps = draw(st.just(set()) | st.sets(st.integers(0, _LENGTH), max_size=3))
    missing = {START + timedelta(gap) for gap in gaps}
    days = {d.date: d for d in draw(_spells()) if d.date not in missing}
    return World(days, draw(_ALL_KNOWN | _SOME_KNOWN), draw(st.just({}) | _HINTS))
