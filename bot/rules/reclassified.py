"""What is known of a leading model's weights has changed."""

from bot.model import Milestone, Openness, RuleMemory, Severity, Window
from bot.rules import Found, Rule, Step, Windows
from bot.rules._claims import both, nobody, place
from bot.rules._stories import ranks_of_the_model
from bot.text.beside import beside_model
from bot.text.say import Names, Say
from bot.text.words import openness_word

_TOP = 20


def _seen(record: dict[str, str], window: Window) -> dict[str, str]:
    return {p.model: window.openness[p.model].value for p in window.top(_TOP)} | record


def baseline(window: Window) -> RuleMemory:
    """Put the first window's verdicts on record."""
    return {"record": _seen({}, window)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the models of which both windows say the same, and other than is on record."""
    record = _seen(memory["record"], now)
    if before is None:
        return {"record": record}, ()
    then = {place.model: before.openness[place.model].value for place in before.top(_TOP)}
    found: list[Found] = []
    for each in now.top(_TOP):
        verdict, was = now.openness[each.model].value, record[each.model]
        if then.get(each.model) == verdict != was:
            facts = {"model": each.model, "was": was, "now": verdict}
            found.append(Found(f"{each.model}:{verdict}", facts, Severity.MINOR))
    return {"record": record | {f.facts["model"]: f.facts["now"] for f in found}}, tuple(found)


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say what is known now."""
    model = names(milestone.facts["model"])
    headlines = {
        Openness.OPEN: say("{model} is now open", model=model),
        Openness.CLOSED: say("{model} now counts as closed", model=model),
        Openness.UNKNOWN: say("{model}: open or not is no longer known", model=model),
    }
    return headlines[Openness(milestone.facts["now"])]


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what that means, and what was said before."""
    meanings = {
        Openness.OPEN: say("The public can download its weights."),
        Openness.CLOSED: say("No public weights of it are known."),
        Openness.UNKNOWN: say("What was known of its weights no longer stands."),
    }
    was = openness_word(Openness(milestone.facts["was"]), say)
    return f"{meanings[Openness(milestone.facts['now'])]} {say('Until now: {word}.', word=was)}"


def reversal(milestone: Milestone, names: Names, say: Say) -> str:
    """Say what would make the verdict another one."""
    model = names(milestone.facts["model"])
    needed = {
        Openness.OPEN: say(
            "This would change if the weights of {model} were no longer public.", model=model
        ),
        Openness.CLOSED: say("This would change with public weights of {model}.", model=model),
        Openness.UNKNOWN: say(
            "This would change with evidence of whether the weights of {model} are public.",
            model=model,
        ),
    }
    return needed[Openness(milestone.facts["now"])]


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether both windows say so of it, and have it in the top twenty."""
    facts = milestone.facts

    def said(window: Window) -> bool:
        found = place(window, facts["model"])
        return (
            found is not None
            and found.rank <= _TOP
            and window.openness[found.model].value == facts["now"]
        )

    return both(milestone, windows, said)


RULE = Rule(
    name="reclassified",
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
    deciding=nobody,
    readings=(),
    openness=True,
)
