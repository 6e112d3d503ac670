"""Another author's models together become the most used."""

from collections import Counter

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.openness import author
from bot.pictures.milestone import Kind, Story
from bot.rules import Found, Reading, Rule, Step, Windows
from bot.rules._claims import both
from bot.text.beside import beside_author
from bot.text.say import Names, Say


def _leader(window: Window) -> str | None:
    sums: Counter[str] = Counter()
    for place in window.standings.places:
        sums[author(place.model)] += place.tokens
    return min(sums, key=lambda each: (-sums[each], each), default=None)


def _seen(led: dict[str, str], window: Window) -> dict[str, str]:
    first = _leader(window)
    return led if first is None else {first: window.date.isoformat()} | led


def baseline(window: Window) -> RuleMemory:
    """Take the first window's leading author as known."""
    return {"author": _leader(window), "first_led": _seen({}, window)}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find an author that leads both windows and is not the last announced one."""
    first_led = _seen(memory["first_led"], now)
    leads = _leader(now)
    confirmed = before is not None and leads is not None and _leader(before) == leads
    if before is None or leads is None or not confirmed or leads == memory["author"]:
        return {"author": memory["author"], "first_led": first_led}, ()
    facts = {"author": leads, "previous": memory["author"]}
    first = first_led[leads] >= before.date.isoformat()
    return {"author": leads, "first_led": first_led}, (
        Found(leads, facts, Severity.NOTABLE, first),
    )


def headline(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say who leads."""
    return say("{author} is now the most-used author", author=milestone.facts["author"])


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what that means, and whom it followed."""
    previous = milestone.facts["previous"]
    if previous is None:
        return say("Its ranked models together have more tokens than those of any other author.")
    return say(
        "Its ranked models together have more tokens than those of any other author; until now the"
        " leader on record was {previous}.",
        previous=previous,
    )


def reversal(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say that another author would have to come first."""
    return say(
        "{author} would lose first place to an author whose ranked models together have more tokens"
        " over seven days.",
        author=milestone.facts["author"],
    )


def story(milestone: Milestone) -> Story:
    """Show the shares of the author, and of the one that it followed."""
    authors = (milestone.facts["author"], milestone.facts["previous"])
    return Story(Kind.SHARES, tuple(f"{each}/" for each in authors if each is not None))


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the author leads both windows."""
    leads: str = milestone.facts["author"]
    return both(milestone, windows, lambda window: _leader(window) == leads)


def deciding(milestone: Milestone, window: Window) -> frozenset[str]:
    """Return the author's models."""
    leads: str = milestone.facts["author"]
    return frozenset(p.model for p in window.standings.places if author(p.model) == leads)


RULE = Rule(
    name="author_leader",
    version=1,
    severities=(Severity.NOTABLE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_author,
    reversal=reversal,
    story=story,
    holds=holds,
    deciding=deciding,
    readings=(Reading.ONE_DAY, Reading.LOWER, Reading.HIGHER),
    lasts=True,
)
