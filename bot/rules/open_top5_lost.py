"""Open models no longer hold as many of the five most-used places as they did."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import EVERY_READING, Found, Rule, Step, Windows
from bot.rules._claims import both
from bot.rules._levels import (
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
from bot.text.say import Names, Say


def baseline(window: Window) -> RuleMemory:
    """Let the levels stand that the first window's open models reach."""
    return {"standing": reached_by(window), "held": []}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the lowest level that ended, and the lowest newly held one."""
    if before is None:
        return memory, ()
    moved = move(memory["standing"], before, now)
    fewest, most = sorted((len(open_models(before)), len(open_models(now))))
    held = [
        level
        for level in moved.standing
        if most < level or (level in memory["held"] and fewest < level)
    ]
    found: list[Found] = []
    if moved.ended:
        found.append(_found(moved.ended[0], before, now))
    if fresh := [level for level in held if level not in memory["held"]]:
        found.append(_found(fresh[0], before, now, unknown(before, now)))
    return {"standing": moved.standing, "held": held}, tuple(found)


def _found(level: int, before: Window, now: Window, held_by: tuple[str, ...] = ()) -> Found:
    facts = level_facts(level, before, now)
    return Found(str(level), facts, Severity.NOTABLE, held_by=held_by)


def headline(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say which level ended."""
    headlines = {
        3: say("Open models no longer hold three of the top five"),
        4: say("Open models no longer hold four of the top five"),
        5: say("Not all of the five most-used models are open any more"),
    }
    return headlines[milestone.facts["level"]]


def reversal(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say how many would have to be open."""
    needed = {
        3: say("At least three open models in the top five would reverse this."),
        4: say("At least four open models in the top five would reverse this."),
        5: say("Five open models in the top five would reverse this."),
    }
    return needed[milestone.facts["level"]]


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether fewer could be open in both windows."""
    level: int = milestone.facts["level"]
    return both(milestone, windows, lambda window: possible(window) < level)


RULE = Rule(
    name="open_top5_lost",
    version=1,
    severities=(Severity.NOTABLE,),
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
