"""A model reaches a round number of tokens in seven days, by itself."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import Found, Reading, Rule, Step
from bot.rules._claims import the_model
from bot.rules._marks import TRILLION, highest_mark, model_has_it, short
from bot.rules._stories import tokens_of_the_model
from bot.text.beside import beside_model
from bot.text.reversal import reversal_past
from bot.text.say import Names, Say


def _marks(window: Window) -> dict[str, int]:
    found = {place.model: highest_mark(place.tokens) for place in window.standings.places}
    return {model: mark for model, mark in found.items() if mark}


def baseline(window: Window) -> RuleMemory:
    """Take each model's mark in the first window as told."""
    return {"told": _marks(window)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the highest mark that a model has in both windows and that was not told for it."""
    if before is None:
        return memory, ()
    told, then = memory["told"], _marks(before)
    found = {
        model: min(mark, then[model])
        for model, mark in _marks(now).items()
        if model in then and min(mark, then[model]) > told.get(model, 0)
    }
    return {"told": told | found}, tuple(
        Found(f"{model}:{short(mark)}", {"model": model, "mark": mark}, Severity.MINOR)
        for model, mark in found.items()
    )


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say who reached what."""
    return say(
        "{model} has reached {mark} trillion tokens in seven days",
        model=names(milestone.facts["model"]),
        mark=milestone.facts["mark"] // TRILLION,
    )


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what is counted."""
    return say(
        "Counted over the seven days to {day}, variants such as :free included.",
        day=say.day(milestone.date),
    )


RULE = Rule(
    name="token_mark",
    version=1,
    severities=(Severity.MINOR,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_model,
    reversal=reversal_past,
    story=tokens_of_the_model,
    holds=model_has_it,
    deciding=the_model,
    readings=(Reading.UNMERGED, Reading.LOWER, Reading.HIGHER),
    lasts=True,
)
