"""Open models hold three, four or all of the five most-used places."""

from bot.model import Milestone, Openness, RuleMemory, Severity, Window
from bot.rules import Found, Rule, Step
from bot.text.say import Names, Say

LEVELS = (3, 4, 5)
_PLACES = 5


def _open(window: Window) -> list[str]:
    return [p.model for p in window.top(_PLACES) if window.openness[p.model] is Openness.OPEN]


def _could_be_open(window: Window) -> int:
    return sum(window.openness[p.model] is not Openness.CLOSED for p in window.top(_PLACES))


def _seen(possible: dict[str, str], window: Window) -> dict[str, str]:
    reachable = [str(level) for level in LEVELS if level <= _could_be_open(window)]
    return {level: window.date.isoformat() for level in reachable} | possible


def baseline(window: Window) -> RuleMemory:
    """Let the levels stand that the first window's open models reach."""
    return {
        "standing": [level for level in LEVELS if level <= len(_open(window))],
        "first_possible": _seen({}, window),
    }


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Drop the levels that neither window can hold, then find the highest that both newly reach."""
    first_possible = _seen(memory["first_possible"], now)
    if before is None:
        return {**memory, "first_possible": first_possible}, ()
    possible = max(_could_be_open(before), _could_be_open(now))
    kept = [level for level in memory["standing"] if level <= possible]
    sure = min(len(_open(before)), len(_open(now)))
    reached = max((level for level in LEVELS if level <= sure and level not in kept), default=0)
    standing = [level for level in LEVELS if level in kept or level <= reached]
    remembered = {"standing": standing, "first_possible": first_possible}
    if not reached:
        return remembered, ()
    began = before.date.isoformat()
    facts = {"level": reached, "began": began, "open": _open(now)}
    return remembered, (Found(str(reached), facts, first=first_possible[str(reached)] >= began),)


def headline(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say how many of the five are open."""
    headlines = {
        3: say("Open models now hold three of the top five"),
        4: say("Open models now hold four of the top five"),
        5: say("All five of the most-used models are now open"),
    }
    return headlines[milestone.facts["level"]]


def sentence(milestone: Milestone, names: Names, say: Say) -> str:
    """Name the open models, by rank."""
    return say(
        "{models} are among the five models with the most tokens.",
        models=say.listed([names(model) for model in milestone.facts["open"]]),
    )


RULE = Rule("open_top5", Severity.HEADLINE, baseline, step, headline, sentence)
