"""A world to judge: days, and what is known of models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.knowledge import CatalogueEntry
from bot.model import Day, Openness
from bot.openness import Directory
from tests.made import AS_OF, START, day, directory, verdict
from tests.naive.milestones import History, Told


def _author(model: str) -> str:
    return model.partition("/")[0].removesuffix("-llama")


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
        if day >= self.hints.get(model, date.max):
            return Openness.OPEN
        weeks_without = model in self.hints and day >= START + timedelta(14)
        return Openness.CLOSED if weeks_without and self._others(model) else Openness.UNKNOWN

    def _others(self, model: str) -> bool:
        opened = {m for m, (said, _) in self.registry.items() if said is Openness.OPEN}
        others = (opened | set(self.hints)) - {model}
        return any(_author(other) == _author(model) for other in others)

    def name(self, model: str) -> str:
        """Return the name people know."""
        return model.upper() if model in self.hints else model.partition("/")[2]

    def milestones(self) -> list[Told]:
        """Return what must be found in this world."""
        return History("models", self.days, self.verdict, self.name).milestones()


@dataclass(frozen=True)
class Spell:
    """So many days at the same rate: tokens a week by slug, of which the first `listed` show."""

    length: int
    weekly: Mapping[str, int]
    other: int | None = 100
    listed: int | None = None


def spread(weekly: int, number: int) -> int:
    """Return a day's part of a weekly amount: any seven days on end make it, to the token."""
    return weekly * (number + 1) // 7 - weekly * number // 7


def lived(spells: Iterable[Spell], missing: Sequence[int] = ()) -> dict[date, Day]:
    """Return the days of spells on end, without the missing ones (so many days after START)."""
    numbered = enumerate(spell for spell in spells for _ in range(spell.length))
    made: list[Day] = []
    for number, spell in numbered:
        counts = {slug: spread(weekly, number) for slug, weekly in spell.weekly.items()}
        shown = sorted(counts, key=lambda slug, of=counts: (-of[slug], slug))[: spell.listed]
        as_of = AS_OF + timedelta(number % 5)
        made.append(day(number, {slug: counts[slug] for slug in shown}, spell.other, as_of))
    return {d.date: d for d in made if (d.date - START).days not in missing}
