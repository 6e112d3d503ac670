"""How many of the five most-used models are open, and which levels stand (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.model import Facts, Milestone, Openness, Window
from bot.text.say import Names, Say

LEVELS = (3, 4, 5)
PLACES = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """What a pair of windows does to the levels: which stand after it, ended, or were reached."""

    standing: list[int]
    ended: list[int]
    reached: int


def open_models(window: Window) -> list[str]:
    """Return the open ones of the first five, by rank."""
    return [p.model for p in window.top(PLACES) if window.openness[p.model] is Openness.OPEN]


def possible(window: Window) -> int:
    """Return how many of the first five could be open."""
    return sum(window.openness[p.model] is not Openness.CLOSED for p in window.top(PLACES))


def unknown(before: Window, now: Window) -> tuple[str, ...]:
    """Return the unknown models among the first five of either window, by name."""
    found = {
        place.model
        for window in (before, now)
        for place in window.top(PLACES)
        if window.openness[place.model] is Openness.UNKNOWN
    }
    return tuple(sorted(found))


def reached_by(window: Window) -> list[int]:
    """Return the levels that the open models of a window reach."""
    return [level for level in LEVELS if level <= len(open_models(window))]


def move(standing: Sequence[int], before: Window, now: Window) -> Moved:
    """Drop the levels that neither window can hold, then add the highest that both reach."""
    could = max(possible(before), possible(now))
    kept = [level for level in standing if level <= could]
    sure = min(len(open_models(before)), len(open_models(now)))
    reached = max((level for level in LEVELS if level <= sure and level not in kept), default=0)
    after = [level for level in LEVELS if level in kept or level <= reached]
    return Moved(after, [level for level in standing if level > could], reached)


def level_facts(level: int, before: Window, now: Window) -> dict[str, Any]:
    """Return the facts of a milestone about a level."""
    return {"level": level, "began": before.date.isoformat(), "open": open_models(now)}


def refreshed(milestone: Milestone, now: Window) -> Facts:
    """Return the facts with the open models of a later reading."""
    began = milestone.began.isoformat()
    return {**milestone.facts, "began": began, "open": open_models(now)}


def could_be_open(_: Milestone, window: Window) -> frozenset[str]:
    """Return the models among the first five that are not closed."""
    return frozenset(
        place.model
        for place in window.top(PLACES)
        if window.openness[place.model] is not Openness.CLOSED
    )


def listed_open(milestone: Milestone, names: Names, say: Say) -> str:
    """Name the open models among the first five."""
    found = [names(model) for model in milestone.facts["open"]]
    if not found:
        return say("None of the five models with the most tokens is known to be open.")
    return say(
        "Open among the five models with the most tokens: {models}.", models=say.listed(found)
    )
