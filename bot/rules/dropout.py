"""A model of the top five falls out of the top twenty within a month."""

from datetime import date

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import RANK_READINGS, Found, Rule, Step, Windows
from bot.rules._claims import REST, both, place, ranked_again, recent, rested, the_model
from bot.rules._stories import ranks_of_the_model
from bot.standings import WEEK
from bot.text.beside import beside_model
from bot.text.say import Names, Say

_TOP = 5
_OUTSIDE = 20


def baseline(window: Window) -> RuleMemory:
    """Take note of the first window's top five."""
    return {"last": _noted({}, window), "told": {}}


def _noted(last: dict[str, str], window: Window) -> dict[str, str]:
    known = {m: day for m, day in last.items() if window.date - date.fromisoformat(day) <= REST}
    return known | {each.model: window.date.isoformat() for each in window.top(_TOP)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the models that are surely outside the top twenty in both windows."""
    last, told = _noted(memory["last"], now), recent(memory["told"], now.date)
    if before is None:
        return {"last": last, "told": told}, ()
    found = {
        model: Found(model, _facts(model, day, now), Severity.MINOR)
        for model, day in sorted(last.items())
        if _outside(before, model) and _outside(now, model) and rested(told, model, now.date)
    }
    told = told | dict.fromkeys(found, now.date.isoformat())
    return {"last": last, "told": told}, tuple(found.values())


def _facts(model: str, last: str, now: Window) -> dict[str, object]:
    found = place(now, model)
    return {"model": model, "rank": found.rank if found else None, "last": last}


def _outside(window: Window, model: str) -> bool:
    found = place(window, model)
    most = found.tokens + found.hidden if found else window.standings.hidden
    return len([p for p in window.top(_OUTSIDE) if p.tokens > most]) == _OUTSIDE


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say what it fell out of."""
    model = names(milestone.facts["model"])
    if milestone.facts["rank"] is None:
        return say("{model} is no longer in the published top 50", model=model)
    return say("{model} has fallen out of the top twenty", model=model)


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say when it was among the first."""
    return say(
        "It was last among the top five in the seven days to {day}.",
        day=say.day(date.fromisoformat(milestone.facts["last"])),
    )


def reversal(milestone: Milestone, names: Names, say: Say) -> str:
    """Say where it would have to be again."""
    model, rank = names(milestone.facts["model"]), milestone.facts["rank"]
    if rank is None:
        return say("{model} would be back with a place in the published ranking.", model=model)
    return say(
        "{model} would be back with a place among the top twenty; by the published figures it is at"
        " place {rank} now.",
        model=model,
        rank=rank,
    )


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether it was in the top five, and is surely outside the top twenty in both windows."""
    model: str = milestone.facts["model"]
    last = windows(date.fromisoformat(milestone.facts["last"]))
    was = place(last, model) if last is not None else None
    return (
        was is not None
        and was.rank <= _TOP
        and both(milestone, windows, lambda window: _outside(window, model))
    )


def reach(milestone: Milestone) -> int:
    """Return how many days the window in which it was among the first lies back, and its own."""
    return (milestone.date - date.fromisoformat(milestone.facts["last"])).days + WEEK - 1


RULE = Rule(
    name="dropout",
    version=1,
    severities=(Severity.MINOR,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_model,
    reversal=reversal,
    story=ranks_of_the_model,
    holds=holds,
    deciding=the_model,
    readings=RANK_READINGS,
    reach=reach,
    refreshed=ranked_again,
)
