"""All models together reach a round number of tokens in seven days."""

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.pictures.milestone import ALL_MODELS, Kind, Story
from bot.rules import Found, Reading, Rule, Step, Windows
from bot.rules._claims import both
from bot.rules._marks import TRILLION, highest_mark, marks_up_to, short
from bot.text.beside import beside_platform
from bot.text.reversal import reversal_past
from bot.text.say import Names, Say

_LOWEST = 10 * TRILLION


def _mark(window: Window) -> int:
    return highest_mark(window.standings.total, _LOWEST)


def _seen(first: dict[str, str], window: Window, done: int) -> dict[str, str]:
    new = marks_up_to(window.standings.total, max(done, _LOWEST - 1))
    ahead = {mark: day for mark, day in first.items() if int(mark) > done}
    return {str(mark): window.date.isoformat() for mark in new} | ahead


def baseline(window: Window) -> RuleMemory:
    """Take the first window's mark as told."""
    return {"done": _mark(window), "first_had": {}}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find the highest mark that both windows have and that was not told."""
    first = _seen(memory["first_had"], now, memory["done"])
    mark = min(_mark(before), _mark(now)) if before else 0
    if before is None or mark <= memory["done"]:
        return {**memory, "first_had": first}, ()
    found = Found(
        short(mark),
        {"mark": mark},
        Severity.HEADLINE,
        first=first[str(mark)] >= before.date.isoformat(),
    )
    return {"done": mark, "first_had": _seen(first, now, mark)}, (found,)


def headline(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what was reached."""
    mark = milestone.facts["mark"] // TRILLION
    return say("All models together have reached {mark} trillion tokens in seven days", mark=mark)


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say how many they are, and for a first what earlier days may have had besides."""
    said = say(
        "They used {tokens} tokens in the seven days to {day}.",
        tokens=say.tokens(milestone.total),
        day=say.day(milestone.date),
    )
    if not milestone.first:
        return said
    counted = say("Of a day whose tokens were not all published, only the published ones count.")
    return f"{said} {counted}"


def story(milestone: Milestone) -> Story:
    """Show the tokens of all models together, and the mark."""
    return Story(Kind.TOKENS, (ALL_MODELS,), milestone.facts["mark"])


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether both windows have as many."""
    mark: int = milestone.facts["mark"]
    return both(milestone, windows, lambda window: window.standings.total >= mark)


def deciding(_: Milestone, window: Window) -> frozenset[str]:
    """Return every listed model."""
    return frozenset(place.model for place in window.standings.places)


RULE = Rule(
    name="platform_mark",
    version=1,
    severities=(Severity.HEADLINE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_platform,
    reversal=reversal_past,
    story=story,
    holds=holds,
    deciding=deciding,
    readings=(Reading.LOWER, Reading.HIGHER),
    lasts=True,
)
