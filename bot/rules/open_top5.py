"""Open models hold three, four or all of the five most-used places."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import EVERY_READING, Found, Rule, Step, Windows
from bot.rules._claims import both
from bot.rules._levels import (
    LEVELS,
    could_be_open,
    level_facts,
    listed_open,
    move,
    open_models,
    possible,
    reached_by,
    refreshed,
    unknown,
)
from bot.rules._stories import first_places
from bot.text.beside import beside_open
from bot.text.reversal import last_open
from bot.text.say import Names, Say


def _seen(first: dict[str, str], window: Window) -> dict[str, str]:
    reachable = [str(level) for level in LEVELS if level <= possible(window)]
    return {level: window.date.isoformat() for level in reachable} | first


def baseline(window: Window) -> RuleMemory:
    """Let the levels stand that the first window's open models reach."""
    return {"standing": reached_by(window), "held": [], "first_possible": _seen({}, window)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the highest level that both windows newly reach, and the highest newly held one."""
    first = _seen(memory["first_possible"], now)
    if before is None:
        return {**memory, "first_possible": first}, ()
    moved = move(memory["standing"], before, now)
    fewest, most = sorted((possible(before), possible(now)))
    held = [
        level
        for level in LEVELS
        if level not in moved.standing
        and (level <= fewest or (level in memory["held"] and level <= most))
    ]
    found: list[Found] = []
    if moved.reached:
        is_first = first[str(moved.reached)] >= before.date.isoformat()
        found.append(_found(moved.reached, before, now, first=is_first))
    if fresh := [level for level in held if level not in memory["held"]]:
        is_first = first[str(fresh[-1])] >= before.date.isoformat()
        by = unknown(before, now)
        found.append(_found(fresh[-1], before, now, first=is_first, held_by=by))
    return {"standing": moved.standing, "held": held, "first_possible": first}, tuple(found)


def _found(
    level: int, before: Window, now: Window, *, first: bool, held_by: tuple[str, ...] = ()
) -> Found:
    facts = level_facts(level, before, now)
    return Found(str(level), facts, Severity.HEADLINE, first, held_by)


def headline(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say how many of the five are open: at least, where the second window has one more."""
    level: int = milestone.facts["level"]
    more = len(milestone.facts["open"]) > level
    headlines = {
        (3, False): say("Open models now hold three of the top five"),
        (4, False): say("Open models now hold four of the top five"),
        (5, False): say("All five of the most-used models are now open"),
        (3, True): say("Open models now hold at least three of the top five"),
        (4, True): say("Open models now hold at least four of the top five"),
    }
    return headlines[level, more]


def reversal(milestone: Milestone, names: Names, say: Say) -> str:
    """Say with how few it would end, and which open one is nearest to leaving."""
    level: int = milestone.facts["level"]
    ends = {
        3: say("Fewer than three open models in the top five would end this."),
        4: say("Fewer than four open models in the top five would end this."),
        5: say("A model in the top five that is not open would end this."),
    }
    return " ".join([ends[level], *last_open(milestone, level, names, say)])


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether so many are open in both windows."""
    level: int = milestone.facts["level"]
    return both(milestone, windows, lambda window: len(open_models(window)) >= level)


RULE = Rule(
    name="open_top5",
    version=2,
    severities=(Severity.HEADLINE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=listed_open,
    beside=beside_open,
    reversal=reversal,
    story=first_places,
    holds=holds,
    deciding=could_be_open,
    readings=EVERY_READING,
    lasts=True,
    refreshed=refreshed,
    openness=True,
)
