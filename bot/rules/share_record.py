"""The leader's share is the highest that any model had."""

from bot.model import Facts, Milestone, RuleMemory, Severity, Window
from bot.pictures.milestone import Kind, Story
from bot.rules import Found, Reading, Rule, Step, Windows
from bot.rules._claims import both, leader, recent, rested, the_model, tokens
from bot.text.beside import beside_model
from bot.text.say import Names, Say
from bot.text.searched import over

_BOARD = "board"


def _share(window: Window) -> list[int] | None:
    """Return the leader's tokens and all tokens, or None where there are none or not all known."""
    total = window.standings.total
    if window.standings.days_without_other:
        return None
    return [window.top(1)[0].tokens, total] if total and window.top(1) else None


def _above(share: list[int] | None, record: list[int] | None) -> bool:
    if share is None:
        return False
    return record is None or share[0] * record[1] > record[0] * share[1]


def _higher(one: list[int] | None, other: list[int] | None) -> list[int] | None:
    return one if _above(one, other) else other


def baseline(window: Window) -> RuleMemory:
    """Take the first window's share as the one to beat."""
    return {"record": None, "newest": _share(window), "told": {}}


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Find a leader whose share is a record in both windows."""
    earlier, then = memory["record"], memory["newest"]
    record, share = _higher(then, earlier), _share(now)
    told = recent(memory["told"], now.date)
    model = leader(now)
    found: tuple[Found, ...] = ()
    if (
        before is not None
        and model is not None
        and leader(before) == model
        and earlier is not None
        and _above(then, earlier)
        and _above(share, record)
        and share is not None
        and rested(told, _BOARD, now.date)
    ):
        told = told | {_BOARD: now.date.isoformat()}
        facts = {
            "model": model,
            "tokens": share[0],
            "total": share[1],
            "record_tokens": earlier[0],
            "record_total": earlier[1],
        }
        found = (Found(model, facts, Severity.NOTABLE),)
    return {"record": record, "newest": share, "told": told}, found


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say whose share is the highest."""
    facts = milestone.facts
    return say(
        "{model} sets a record: {share} of all tokens",
        model=names(facts["model"]),
        share=say.percent(facts["tokens"], facts["total"]),
    )


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say over what it is the highest, and what was before."""
    facts = milestone.facts
    return say(
        "It is the highest share over seven days that any model had in {over}; seven days of which"
        " not all tokens were published do not count. The highest before was {record}.",
        over=over(milestone.searched, say),
        record=say.percent(facts["record_tokens"], facts["record_total"]),
    )


def reversal(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say that a record stays one, and what would be a new one."""
    facts = milestone.facts
    return say(
        "A share above this {share} would be a new record; that this one was set stays true, unless"
        " its figures are corrected.",
        share=say.percent(facts["tokens"], facts["total"]),
    )


def refreshed(milestone: Milestone, now: Window) -> Facts:
    """Return the facts with the share of a later reading."""
    figures = {"tokens": tokens(now, milestone.facts["model"]), "total": now.standings.total}
    return {**milestone.facts, **figures}


def story(milestone: Milestone) -> Story:
    """Show the shares of the model."""
    return Story(Kind.SHARES, (milestone.facts["model"],))


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the model's share is above the record on file in both windows."""
    facts = milestone.facts
    record = [facts["record_tokens"], facts["record_total"]]

    def above(window: Window) -> bool:
        share = [tokens(window, facts["model"]), window.standings.total]
        return share[1] > 0 and _above(share, record)

    return both(milestone, windows, above)


RULE = Rule(
    name="share_record",
    version=2,
    severities=(Severity.NOTABLE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_model,
    reversal=reversal,
    story=story,
    holds=holds,
    deciding=the_model,
    readings=(Reading.UNMERGED, Reading.LOWER, Reading.HIGHER),
    refreshed=refreshed,
)
