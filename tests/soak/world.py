"""A seeded world to live in for years: days as they are published, and what is known of models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import sin
from random import Random

from bot.model import Day, Openness, Row
from bot.openness import Directory, Registry
from tests.made import START, at, verdict
from tests.naive.world import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LISTED = 32
MODELS = tuple(f"{'abcdefghij'[n % 10]}/m{n:02}" for n in range(40))
OPEN, CLOSED, UNKNOWN = MODELS[0:36:2], MODELS[1:36:2], MODELS[36:]
OTHER = 10**11
FINAL_BY = 18
"""Hours after its end by which a day reads as it will for ever, unless all of it comes late."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a day reads from a moment on."""

    since: datetime
    day: Day


@dataclass(frozen=True)
class Past:
    """What happens in the world, whoever looks: readings oldest first, outages, registries.

    `outages` of the source and of Discord are from the one moment until the other; `registry` has
    what is known of a model from which day on (None: always).
    """

    readings: tuple[Reading, ...]
    outages: tuple[tuple[datetime, datetime], ...]
    silences: tuple[tuple[datetime, datetime], ...]
    registry: Mapping[str, tuple[Openness, date | None]]

    def final(self) -> World:
        """Return the world as it is known in the end."""
        days = {each.day.date: each.day for each in self.readings}
        return World(dict(sorted(days.items())), self.registry, {})

    def directory(self, today: date) -> Directory:
        """Return what is known on a day; a newer registry has another version."""
        known = {m: s for m, s in self.registry.items() if s[1] is None or s[1] <= today}
        models = {model: verdict(said, since) for model, (said, since) in known.items()}
        return Directory(Registry(f"of {len(known)}", {}, models, {}), {})


def past(seed: int, days: int) -> Past:
    """Return so many days of history from START on; the same seed is the same history."""
    chance = Random(f"world {seed}")
    end = START + timedelta(days=days)
    outages = tuple(_spans(chance, days, 20, (3, 50)))
    days_made = [_day(START + timedelta(days=n), n, *_tides(seed)) for n in range(days)]
    found = (reading for day in days_made for reading in _readings(chance, day, outages))
    readings = tuple(sorted(found, key=lambda each: (each.since, each.day.date)))
    registry = _registry(chance, end)
    return Past(readings, outages, tuple(_spans(chance, days, 30, (1, 8))), registry)


def within(spans: tuple[tuple[datetime, datetime], ...], now: datetime) -> bool:
    """Say whether a moment is in one of these."""
    return any(begin <= now < end for begin, end in spans)


def _spans(
    chance: Random, days: int, apart: int, hours: tuple[int, int]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield spans of so many hours, `apart` days apart on average."""
    day = chance.randrange(3, apart)
    while day < days:
        begin = at(START + timedelta(days=day), chance.randrange(24))
        yield begin, begin + HOUR * chance.randint(*hours)
        day += chance.randrange(4, 2 * apart)


def _tides(seed: int) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return for each model when its tide began, and how long it takes."""
    chance = Random(f"tides {seed}")
    begun = {model: chance.uniform(0, 60) for model in MODELS}
    return begun, {model: chance.choice((6, 25, 30, 38, 45)) for model in MODELS}


def _day(when: date, number: int, begun: Mapping[str, float], long: Mapping[str, float]) -> Day:
    counts = {m: int(10 ** _power(number, m, begun[m], long[m])) for m in MODELS}
    if number % 90 < 60:  # one variant that counts for its model
        counts[f"{OPEN[1]}:free"] = counts[OPEN[1]] // 3
    other = None if number % 50 == 3 else OTHER
    return Day(when, _rows(counts), other, at(when + DAY, 2, 0), "final")


def _power(number: int, model: str, begun: float, long: float) -> float:
    """Return by which power of ten a model is up: all of a kind together, and by itself."""
    kinds = ((OPEN, sin(number / 19)), (CLOSED, -sin(number / 19)), (UNKNOWN, sin(number / 29)))
    together = sum(0.7 * up for kind, up in kinds if model in kind)
    return 9.9 + number / 250 + together + sin(begun + number / long)


def _rows(counts: Mapping[str, int]) -> tuple[Row, ...]:
    listed = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:LISTED]
    return tuple(Row(*each) for each in listed)


def _readings(
    chance: Random, day: Day, outages: tuple[tuple[datetime, datetime], ...]
) -> Iterator[Reading]:
    """Yield how a day is published: at once, at first otherwise, late, or never."""
    over, draw = at(day.date + DAY, 0, 0), chance.random()
    first, last = over + HOUR * chance.uniform(1, 4), over + HOUR * chance.randint(6, FINAL_BY)
    # What is corrected while nobody can see it is judged as it read: that is another story.
    hidden = any(begin < over + 2 * DAY and over < end for begin, end in outages)
    if draw < 0.01:
        return
    if draw < 0.04:
        late = over + DAY * chance.randint(1, 5)
        yield Reading(late, replace(day, as_of=late))
    elif draw < 0.6 or hidden:
        yield Reading(first, replace(day, as_of=first))
    else:
        yield Reading(first, _otherwise(chance, replace(day, as_of=first, origin="first")))
        yield Reading(last, replace(day, as_of=last))


def _otherwise(chance: Random, day: Day) -> Day:
    """Return a day as it reads at first: far too low, a little too low, or with wrong leaders."""
    kind = chance.choice(("half", "nearly", "nearly", "wrong"))
    counts = {row.model: row.tokens for row in day.rows}
    if kind == "wrong":
        raised = chance.sample(sorted(counts, key=lambda model: -counts[model])[:12], 2)
        return replace(day, rows=_rows({**counts, **{m: counts[m] * 9 for m in raised}}))
    per_cent = 55 if kind == "half" else chance.randint(93, 99)
    rows = _rows({model: tokens * per_cent // 100 for model, tokens in counts.items()})
    return replace(day, rows=rows, other=day.other and day.other * per_cent // 100)


def _registry(chance: Random, end: date) -> dict[str, tuple[Openness, date | None]]:
    """Return what is known of models; of some it is learnt, or changes, on the way."""
    known: dict[str, tuple[Openness, date | None]] = {
        **dict.fromkeys(OPEN, (Openness.OPEN, None)),
        **dict.fromkeys(CLOSED, (Openness.CLOSED, None)),
    }
    span = (end - START).days
    learnt = START + timedelta(days=chance.randrange(span // 3, span // 2))
    changed = START + timedelta(days=chance.randrange(span // 2, span))
    known |= dict.fromkeys(UNKNOWN[:2], (Openness.OPEN, learnt))
    known |= dict.fromkeys(chance.sample(CLOSED, 2), (Openness.OPEN, changed))
    return known
