"""A model's milestones in the few words that a chart of it has room for (pure)."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from bot.model import Milestone, Openness, Severity
from bot.text.rounds import round_tokens
from bot.text.say import Names, Say

_SELF = ("model", "subject", "previous", "passed")
"""Facts that name the models whose own a milestone is, and not one of several's."""

_SEVERITIES = tuple(Severity)

Words: TypeAlias = Callable[[Milestone, str, Names, Say], str]


def own(milestones: Iterable[Milestone], model: str) -> tuple[Milestone, ...]:
    """Return a model's own milestones, the most telling first.

    The weightier comes before the lighter, then the rarer kind before the other, then the newer.
    """
    kinds = list(_BY_RULE)
    found = [
        one
        for one in milestones
        if one.rule in _BY_RULE and model in {one.facts.get(fact) for fact in _SELF}
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                _SEVERITIES.index(one.severity),
                kinds.index(one.rule),
                -one.date.toordinal(),
            ),
        )
    )


def event_words(milestone: Milestone, model: str, names: Names, say: Say) -> str:
    """Return what one of a model's own milestones was for it, as briefly as can be."""
    return _BY_RULE[milestone.rule](milestone, model, names, say)


def _leader(one: Milestone, model: str, names: Names, say: Say) -> str:
    if one.facts["model"] == model:
        return say("First place")
    return say("Passed by {model}", model=names(one.facts["model"]))


def _overtake(one: Milestone, model: str, names: Names, say: Say) -> str:
    if one.facts["model"] == model:
        return say("Ahead of {model}", model=names(one.facts["passed"]))
    return say("Passed by {model}", model=names(one.facts["model"]))


def _top_entry(one: Milestone, _: str, __: Names, say: Say) -> str:
    return say("Top five") if one.facts["places"] == 5 else say("Top ten")


def _first_to_mark(one: Milestone, _: str, __: Names, say: Say) -> str:
    return say("First model to {tokens} in a week", tokens=round_tokens(one.facts["mark"], say))


def _token_mark(one: Milestone, _: str, __: Names, say: Say) -> str:
    return say("{tokens} in a week", tokens=round_tokens(one.facts["mark"], say))


def _streak(one: Milestone, _: str, __: Names, say: Say) -> str:
    return say("Number one for {days} days", days=one.facts["windows"])


def _surge(one: Milestone, _: str, __: Names, say: Say) -> str:
    return say("Up to number {rank} in a week", rank=one.facts["rank"])


def _share_record(one: Milestone, _: str, __: Names, say: Say) -> str:
    share = say.percent(one.facts["tokens"], one.facts["total"])
    return say("Record share: {share}", share=share)


def _dropout(one: Milestone, _: str, __: Names, say: Say) -> str:
    if one.facts["rank"] is None:
        return say("Out of the published top 50")
    return say("Out of the top twenty")


def _reclassified(one: Milestone, _: str, __: Names, say: Say) -> str:
    words = {
        Openness.OPEN: say("Now open"),
        Openness.CLOSED: say("Now counts as closed"),
        Openness.UNKNOWN: say("Open or not: unknown"),
    }
    return words[Openness(one.facts["now"])]


_BY_RULE: Mapping[str, Words] = {
    "leader": _leader,
    "first_to_mark": _first_to_mark,
    "share_record": _share_record,
    "streak": _streak,
    "top_entry": _top_entry,
    "surge": _surge,
    "dropout": _dropout,
    "reclassified": _reclassified,
    "token_mark": _token_mark,
    "overtake": _overtake,
}
"""Words by rule, the most telling first."""
