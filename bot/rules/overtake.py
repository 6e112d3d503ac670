"""A model of the top ten passes another one clearly."""

from collections.abc import Sequence

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.pictures.milestone import Kind, Story
from bot.rules import Found, Reading, Rule, Step, Windows
from bot.rules._claims import both, place, recent, rested, the_model, tokens
from bot.standings import ONE_DAY, WEEK
from bot.text.beside import beside_model
from bot.text.say import Names, Say

_TOP = 10
READINGS = (Reading.UNMERGED, Reading.LOWER, Reading.HIGHER)
"""By single days nobody falls behind on one day and is ahead for good on the next two."""


def _order(window: Window) -> list[str]:
    return [each.model for each in window.top(_TOP)]


def baseline(_: Window) -> RuleMemory:
    """Remember nothing: the window before the pair's first is what counts."""
    return {"earlier": None, "told": {}}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the pairs of the top ten that changed places and stayed apart for two windows."""
    told = recent(memory["told"], now.date)
    if before is None:
        return {"earlier": None, "told": told}, ()
    earlier: Sequence[str] = memory["earlier"] or ()
    found: list[Found] = []
    for model in _order(now):
        for passed in _order(now):
            pair = "|".join(sorted((model, passed)))
            if _passed(model, passed, earlier, before, now) and rested(told, pair, now.date):
                told = told | {pair: now.date.isoformat()}
                facts = {"model": model, "passed": passed}
                found.append(Found(f"{model}>{passed}", facts, Severity.MINOR))
    return {"earlier": _order(before), "told": told}, tuple(found)


def _passed(model: str, other: str, earlier: Sequence[str], before: Window, now: Window) -> bool:
    there = {model, other} <= set(earlier) & set(_order(before)) & set(_order(now))
    return (
        there
        and earlier.index(model) > earlier.index(other)
        and _ahead(model, other, before)
        and _ahead(model, other, now)
    )


def _ahead(model: str, other: str, window: Window) -> bool:
    mine, theirs = tokens(window, model), tokens(window, other)
    return mine > theirs and mine * 100 >= theirs * 101


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say who passed whom."""
    facts = milestone.facts
    return say(
        "{model} has passed {passed}", model=names(facts["model"]), passed=names(facts["passed"])
    )


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say by how much at least."""
    return say("It has been at least 1 % ahead by tokens over seven days, for two days running.")


def reversal(milestone: Milestone, names: Names, say: Say) -> str:
    """Say that the other would have to be ahead, and how far behind it is, if both are shown."""
    model, passed = milestone.facts["model"], milestone.facts["passed"]
    said = say(
        "{passed} would be ahead again with more tokens than {model} over seven days.",
        passed=names(passed),
        model=names(model),
    )
    shown = {entrant.model: entrant.tokens for entrant in milestone.top}
    gap = shown.get(model, 0) - shown.get(passed, 0)
    if passed not in shown or gap <= 0:
        return said
    return f"{said} {say('It has {gap} fewer tokens now.', gap=say.tokens(gap))}"


def story(milestone: Milestone) -> Story:
    """Show the ranks of both."""
    return Story(Kind.RANKS, (milestone.facts["model"], milestone.facts["passed"]))


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the model was behind, and then clearly ahead in both windows."""
    model, passed = milestone.facts["model"], milestone.facts["passed"]
    earlier = windows(milestone.date - 2 * ONE_DAY)
    if earlier is None:
        return False
    then, other = place(earlier, model), place(earlier, passed)
    behind = then is not None and other is not None and then.rank > other.rank
    return behind and both(milestone, windows, lambda window: _ahead(model, passed, window))


def reach(_: Milestone) -> int:
    """Return how many days three windows take, one after the other."""
    return WEEK + 1


RULE = Rule(
    name="overtake",
    version=1,
    severities=(Severity.MINOR,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_model,
    reversal=reversal,
    story=story,
    holds=holds,
    deciding=the_model,
    readings=READINGS,
    reach=reach,
)
