"""Another model becomes the most used."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import Found, Rule, Step
from bot.text.say import Names, Say


def _leader(window: Window) -> str | None:
    return next((place.model for place in window.top(1)), None)


def _seen(led: dict[str, str], window: Window) -> dict[str, str]:
    leader = _leader(window)
    return led if leader is None else {leader: window.date.isoformat()} | led


def baseline(window: Window) -> RuleMemory:
    """Take the first window's leader as known."""
    return {"leader": _leader(window), "first_led": _seen({}, window)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find a model that leads both windows and is not the last announced leader."""
    first_led = _seen(memory["first_led"], now)
    leader = _leader(now)
    confirmed = before is not None and leader is not None and _leader(before) == leader
    if before is None or leader is None or not confirmed or leader == memory["leader"]:
        return {"leader": memory["leader"], "first_led": first_led}, ()
    facts = {"model": leader, "previous": memory["leader"]}
    first = first_led[leader] >= before.date.isoformat()
    return {"leader": leader, "first_led": first_led}, (Found(leader, facts, first=first),)


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say who leads."""
    return say("{model} is now the most-used model", model=names(milestone.facts["model"]))


def sentence(milestone: Milestone, names: Names, say: Say) -> str:
    """Say whom it followed."""
    previous = milestone.facts["previous"]
    if previous is None:
        return say(
            "{model} has taken first place by tokens.", model=names(milestone.facts["model"])
        )
    return say(
        "{model} has taken first place by tokens; until now the leader on record was {previous}.",
        model=names(milestone.facts["model"]),
        previous=names(previous),
    )


RULE = Rule("leader", Severity.HEADLINE, baseline, step, headline, sentence)
