"""Another model becomes the most used."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.pictures.milestone import Kind, Story
from bot.rules import RANK_READINGS, Found, Rule, Step, Windows
from bot.rules._claims import both, leader, the_model
from bot.text.beside import beside_model
from bot.text.reversal import reversal_lead
from bot.text.say import Names, Say


def _seen(led: dict[str, str], window: Window) -> dict[str, str]:
    first = leader(window)
    return led if first is None else {first: window.date.isoformat()} | led


def baseline(window: Window) -> RuleMemory:
    """Take the first window's leader as known."""
    return {"leader": leader(window), "first_led": _seen({}, window)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find a model that leads both windows and is not the last announced leader."""
    first_led = _seen(memory["first_led"], now)
    model = leader(now)
    confirmed = before is not None and model is not None and leader(before) == model
    if before is None or model is None or not confirmed or model == memory["leader"]:
        return {"leader": memory["leader"], "first_led": first_led}, ()
    facts = {"model": model, "previous": memory["leader"]}
    first = first_led[model] >= before.date.isoformat()
    return {"leader": model, "first_led": first_led}, (
        Found(model, facts, Severity.HEADLINE, first),
    )


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


def story(milestone: Milestone) -> Story:
    """Show the ranks of the model, and of the one that it followed."""
    facts = milestone.facts
    previous = () if facts["previous"] is None else (facts["previous"],)
    return Story(Kind.RANKS, (facts["model"], *previous))


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the model leads both windows."""
    model: str = milestone.facts["model"]
    return both(milestone, windows, lambda window: leader(window) == model)


RULE = Rule(
    name="leader",
    version=2,
    severities=(Severity.HEADLINE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_model,
    reversal=reversal_lead,
    story=story,
    holds=holds,
    deciding=the_model,
    readings=RANK_READINGS,
    lasts=True,
)
