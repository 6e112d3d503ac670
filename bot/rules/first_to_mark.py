"""A model is the first of all to reach a round number of tokens in seven days."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import Found, Reading, Rule, Step
from bot.rules._claims import the_model, tokens
from bot.rules._marks import TRILLION, highest_mark, marks_up_to, model_has_it, short
from bot.rules._stories import tokens_of_the_model
from bot.text.beside import beside_model
from bot.text.reversal import reversal_past
from bot.text.say import Names, Say
from bot.text.searched import over


def _held(holders: dict[str, list[str]], window: Window, done: int) -> dict[str, list[str]]:
    """Return, by mark, which model had it first and when; marks that are done are left out."""
    top = window.top(1)
    new = marks_up_to(top[0].tokens, done) if top else []
    mine = {str(mark): [top[0].model, window.date.isoformat()] for mark in new}
    return mine | {mark: holder for mark, holder in holders.items() if int(mark) > done}


def baseline(window: Window) -> RuleMemory:
    """Take the marks as done that the first window's leader has."""
    return {"done": max((highest_mark(p.tokens) for p in window.top(1)), default=0), "holders": {}}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the highest mark that its holder has in both windows."""
    holders = _held(memory["holders"], now, memory["done"])
    if before is None:
        return {**memory, "holders": holders}, ()
    confirmed = [
        int(mark)
        for mark, (model, _) in holders.items()
        if min(tokens(before, model), tokens(now, model)) >= int(mark)
    ]
    if not confirmed:
        return {**memory, "holders": holders}, ()
    mark = max(confirmed)
    model, first_had = holders[str(mark)]
    found = Found(
        short(mark),
        {"model": model, "mark": mark},
        Severity.HEADLINE,
        first=first_had >= before.date.isoformat(),
    )
    return {"done": mark, "holders": _held(holders, now, mark)}, (found,)


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say who reached what."""
    return say(
        "{model} is the first model to reach {mark} trillion tokens in seven days",
        model=names(milestone.facts["model"]),
        mark=milestone.facts["mark"] // TRILLION,
    )


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say over what it is the first, where being the first time does not say it already."""
    if milestone.first:
        return say(
            "Counted over the seven days to {day}, variants such as :free included.",
            day=say.day(milestone.date),
        )
    return say(
        "It had as many in an earlier window too, before any other model in {over}.",
        over=over(milestone.searched, say),
    )


RULE = Rule(
    name="first_to_mark",
    version=1,
    severities=(Severity.HEADLINE,),
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
