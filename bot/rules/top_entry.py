"""A model is among the top five or ten for the first time."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.rules import RANK_READINGS, Found, Rule, Step, Windows
from bot.rules._claims import both, place, ranked_again, the_model
from bot.rules._stories import ranks_of_the_model
from bot.text.beside import beside_model
from bot.text.say import Names, Say

_SEVERITIES = {5: Severity.NOTABLE, 10: Severity.MINOR}
_THE_PAST = ""


def _seen(first: dict[str, str], window: Window, places: int, when: str) -> dict[str, str]:
    return {each.model: when for each in window.top(places)} | first


def baseline(window: Window) -> RuleMemory:
    """Take whom the first window has there as known."""
    return {str(places): _seen({}, window, places, _THE_PAST) for places in _SEVERITIES}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the models that both windows have there and none before them had."""
    today = now.date.isoformat()
    seen = {str(n): _seen(memory[str(n)], now, n, today) for n in _SEVERITIES}
    if before is None:
        return seen, ()
    began = before.date.isoformat()
    found: dict[str, Found] = {}
    for places, severity in _SEVERITIES.items():
        for each in now.top(places):
            # The five come first: who enters both at once is told for the five.
            if seen[str(places)][each.model] == began:
                facts = {"model": each.model, "places": places, "rank": each.rank}
                subject = f"{each.model}:{places}"
                found.setdefault(each.model, Found(subject, facts, severity, first=True))
    return seen, tuple(found.values())


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say where it is."""
    model = names(milestone.facts["model"])
    if milestone.facts["places"] == 5:
        return say("{model} enters the top five", model=model)
    return say("{model} enters the top ten", model=model)


def sentence(milestone: Milestone, names: Names, say: Say) -> str:
    """Say which place it has."""
    return say(
        "{model} is now number {rank} by tokens.",
        model=names(milestone.facts["model"]),
        rank=milestone.facts["rank"],
    )


def reversal(milestone: Milestone, names: Names, say: Say) -> str:
    """Say how many others would have to be ahead, and how many are."""
    model, ahead = names(milestone.facts["model"]), milestone.facts["rank"] - 1
    if milestone.facts["places"] == 5:
        return say.plural(
            "{model} would leave the top five with five other models ahead of it over seven days;"
            " {count} is now.",
            "{model} would leave the top five with five other models ahead of it over seven days;"
            " {count} are now.",
            ahead,
            model=model,
        )
    return say.plural(
        "{model} would leave the top ten with ten other models ahead of it over seven days;"
        " {count} is now.",
        "{model} would leave the top ten with ten other models ahead of it over seven days;"
        " {count} are now.",
        ahead,
        model=model,
    )


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether both windows have it there."""
    facts = milestone.facts

    def there(window: Window) -> bool:
        found = place(window, facts["model"])
        return found is not None and found.rank <= facts["places"]

    return both(milestone, windows, there)


RULE = Rule(
    name="top_entry",
    version=1,
    severities=(Severity.NOTABLE, Severity.MINOR),
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
    lasts=True,
    refreshed=ranked_again,
)
