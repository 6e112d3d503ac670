"""A model climbs ten places or more within a week."""

from bot.model import Milestone, Place, RuleMemory, Severity, Standings, Window
from bot.rules import RANK_READINGS, Found, Rule, Step, Windows
from bot.rules._claims import both, place, ranked_again, recent, rested, the_model
from bot.rules._stories import ranks_of_the_model
from bot.standings import WEEK, base_model
from bot.text.beside import beside_model
from bot.text.reversal import reversal_past
from bot.text.say import Names, Say

_LOWEST = 20
_CLIMB = 10
_CERTAIN = 10
"""Places up to here are taken as listed: hidden counts are too small to reach them."""


def baseline(_: Window) -> RuleMemory:
    """Remember nothing yet."""
    return {"told": {}}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the models that stand so much higher in both windows than a week before."""
    told = recent(memory["told"], now.date)
    if before is None:
        return {"told": told}, ()
    found = {
        each.model: Found(each.model, _facts(each), Severity.NOTABLE)
        for each in now.top(_LOWEST)
        if rested(told, each.model, now.date)
        and _climbed(now, each.model)
        and _climbed(before, each.model)
    }
    return {"told": told | dict.fromkeys(found, now.date.isoformat())}, tuple(found.values())


def _facts(each: Place) -> dict[str, object]:
    return {"model": each.model, "rank": each.rank, "rank_before": each.rank_before}


def _climbed(window: Window, model: str) -> bool:
    found, then = place(window, model), window.week_before
    if found is None or then is None or found.rank > _LOWEST:
        return False
    worst = _worst(window.standings, found)
    return worst is not None and worst <= _LOWEST and _best(then, model) - worst >= _CLIMB


def _worst(standings: Standings, found: Place) -> int | None:
    """Return the worst place that hidden counts allow; None where there is no telling."""
    if found.rank <= _CERTAIN:
        return found.rank
    if standings.hidden >= found.tokens:
        return None
    above = sum(
        p.rank < found.rank or (p.hidden > 0 and p.tokens + p.hidden >= found.tokens)
        for p in standings.places
        if p.model != found.model
    )
    return 1 + above


def _best(standings: Standings, model: str) -> int:
    """Return the best place that hidden counts allow."""
    found = next((p for p in standings.places if base_model(p.model) == model), None)
    if found is not None and (found.rank <= _CERTAIN or not found.hidden):
        return found.rank
    most = found.tokens + found.hidden if found else standings.hidden
    listed = found.rank if found else len(standings.places) + 1
    return min(listed, 1 + sum(p.tokens > most for p in standings.places if p is not found))


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say where it is now."""
    return say(
        "{model} has climbed to place {rank} within a week",
        model=names(milestone.facts["model"]),
        rank=milestone.facts["rank"],
    )


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say where it was."""
    before = milestone.facts["rank_before"]
    if before is None:
        return say("Seven days earlier it was not in the published ranking.")
    return say("Seven days earlier it was at place {rank} of the published figures.", rank=before)


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether both windows have it so much higher."""
    model: str = milestone.facts["model"]
    return both(milestone, windows, lambda window: _climbed(window, model))


def reach(_: Milestone) -> int:
    """Return how many days the windows of a week before take."""
    return 2 * WEEK


RULE = Rule(
    name="surge",
    version=1,
    severities=(Severity.NOTABLE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_model,
    reversal=reversal_past,
    story=ranks_of_the_model,
    holds=holds,
    deciding=the_model,
    readings=RANK_READINGS,
    reach=reach,
    refreshed=ranked_again,
)
