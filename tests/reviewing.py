"""A short history, its milestones as they were told, and reviews of them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot import rules
from bot.detect import detect
from bot.model import Day, Milestone, Openness
from bot.openness import Directory
from bot.proof import prove
from bot.review import review
from tests.made import AS_OF, START, at, day, directory, verdict

RULES = rules.discover()
LATER = AS_OF + timedelta(days=3)
OPEN, CLOSED, UNKNOWN = Openness.OPEN, Openness.CLOSED, Openness.UNKNOWN
MODELS = ("a/one", "b/two", "c/three", "d/four", "e/five", "f/six")
SAID = {
    "a/one": verdict(OPEN),
    "b/two": verdict(OPEN),
    "c/three": verdict(OPEN),
    "d/four": verdict(CLOSED),
    "e/five": verdict(CLOSED),
    "f/six": verdict(CLOSED),
}
KNOWN = directory(SAID)
BEFORE = {"a/one": 4, "b/two": 3, "d/four": 2, "e/five": 6, "f/six": 5, "c/three": 1}
TURN = 9
"""From this day on three of the top five are open, and a/one leads."""

AFTER = dict(zip(MODELS, (90_000, 80_000, 30_000, 20_000, 10_000, 5_000), strict=True))


def story(**restated: Mapping[str, int]) -> dict[date, Day]:
    """Return sixteen days; `d11={…}` has day 11 read otherwise, later on."""
    made = {}
    for number in range(16):
        counts = AFTER if number >= TURN else BEFORE
        made[number] = day(number, counts)
        if (changed := restated.get(f"d{number}")) is not None:
            made[number] = day(number, {**counts, **changed}, as_of=LATER)
    return {one.date: one for one in made.values()}


def until(days: Mapping[date, Day], last: date) -> dict[date, Day]:
    """Return the days up to one."""
    return {when: one for when, one in days.items() if when <= last}


def told(rule: str, known: Directory = KNOWN, days: Mapping[date, Day] | None = None) -> Milestone:
    """Return the first milestone of a rule, as it was proven and told on its day."""
    days = days or story()
    _, found = detect("models", days, known, RULES)
    one = next(m for m in found if m.rule == rule and m.told)
    return prove(one, until(days, one.date), known, RULES[rule])


def final_at(one: Milestone) -> datetime:
    """Return when the figures of a milestone's day are final."""
    return at(one.date + timedelta(days=1), 0, 0) + timedelta(hours=26)


def reviewed(
    one: Milestone,
    days: Mapping[date, Day] | None = None,
    known: Directory = KNOWN,
    hours: int = 26,
) -> Milestone:
    """Review a milestone so many hours after its day, with the days that are over by then."""
    now = at(one.date + timedelta(days=1), 0, 0) + timedelta(hours=hours)
    then = until(days or story(), (now - timedelta(days=1)).date())
    return review(one, then, known, RULES[one.rule], now)


LEVEL, LEADER = told("open_top5"), told("leader")
DAY = f"d{(LEVEL.date - START).days}"
