"""Open models hold half of the tokens, or more, or no longer half."""

from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Any

from bot.model import Facts, Milestone, Openness, RuleMemory, Severity, Window
from bot.pictures.milestone import OPEN_MODELS, Kind, Story
from bot.rules import Found, Reading, Rule, Step, Windows
from bot.rules._claims import both
from bot.text.beside import beside_share
from bot.text.say import Names, Say

MARKS = (50, 60, 70, 75, 80, 90)
HALF = 50
_REARMED_BELOW = 2
"""Points below a mark at which it may be reached again."""

_FALL = "50-down"


@dataclass(frozen=True, slots=True)
class Share:
    """The tokens of open and of unknown models in a window, and of all whose place is listed."""

    open: int
    unknown: int
    counted: int

    def surely(self, mark: int) -> bool:
        """Say whether the lower bound is at or above a mark (per cent)."""
        return self.counted > 0 and self.open * 100 >= mark * self.counted

    def possibly(self, mark: int) -> bool:
        """Say whether the upper bound is at or above a mark."""
        return self.counted > 0 and (self.open + self.unknown) * 100 >= mark * self.counted

    def surely_below(self, mark: int) -> bool:
        """Say whether the upper bound is below a mark."""
        return self.counted > 0 and not self.possibly(mark)

    def possibly_below(self, mark: int) -> bool:
        """Say whether the lower bound is below a mark."""
        return self.counted > 0 and not self.surely(mark)

    def surely_at_most(self, mark: int) -> bool:
        """Say whether the upper bound is at or below a mark."""
        return self.counted > 0 and (self.open + self.unknown) * 100 <= mark * self.counted


def share(window: Window) -> Share:
    """Return the open share of a window."""
    sums = dict.fromkeys(Openness, 0)
    for place in window.standings.places:
        sums[window.openness[place.model]] += place.tokens
    return Share(sums[Openness.OPEN], sums[Openness.UNKNOWN], sum(sums.values()))


def _seen(first: dict[str, str], window: Window) -> dict[str, str]:
    now = share(window)
    return {str(m): window.date.isoformat() for m in MARKS if now.possibly(m)} | first


def baseline(window: Window) -> RuleMemory:
    """Take the marks as reached that the first window's lower bound has."""
    reached = [mark for mark in MARKS if share(window).surely(mark)]
    return {
        "reached": reached,
        "fall": HALF in reached,
        "held": [],
        "first_possible": _seen({}, window),
    }


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Re-arm marks, then find those newly reached, a fall, and what is newly held."""
    first = _seen(memory["first_possible"], now)
    if before is None:
        return {**memory, "first_possible": first}, ()
    pair = (share(before), share(now))
    kept = [m for m in memory["reached"] if not _rearmed(m, pair)]
    new = [m for m in MARKS if m not in kept and all(each.surely(m) for each in pair)]
    reached = [mark for mark in MARKS if mark in kept or mark in new]
    fall = memory["fall"] or HALF in new
    found = [_up(mark, before, now, first) for mark in new]
    if fell := fall and all(each.surely_below(HALF) for each in pair):
        found.append(_found(HALF, "down", now))
    held = _held(reached, pair, memory["held"], fall=fall and not fell)
    fresh = [subject for subject in held if subject not in memory["held"]]
    marks = [int(subject) for subject in fresh if subject != _FALL]
    found += [_up(mark, before, now, first, _needed(mark, before, now)) for mark in marks]
    if _FALL in fresh:
        found.append(_found(HALF, "down", now, held_by=_needed(HALF, before, now)))
    after = {"reached": reached, "fall": fall and not fell, "held": held, "first_possible": first}
    return after, tuple(found)


def _rearmed(mark: int, pair: tuple[Share, Share]) -> bool:
    return all(each.surely_at_most(mark - _REARMED_BELOW) for each in pair)


def _held(
    reached: list[int], pair: tuple[Share, Share], before: list[str], *, fall: bool
) -> list[str]:
    def stays(subject: str, possible: tuple[bool, bool]) -> bool:
        return all(possible) or (subject in before and any(possible))

    one, two = pair
    marks = [
        str(mark)
        for mark in MARKS
        if mark not in reached and stays(str(mark), (one.possibly(mark), two.possibly(mark)))
    ]
    falling = fall and stays(_FALL, (one.possibly_below(HALF), two.possibly_below(HALF)))
    return [*marks, _FALL] if falling else marks


def _needed(mark: int, before: Window, now: Window) -> tuple[str, ...]:
    """Return the fewest unknown models that, counted as open, bring the lower bound to a mark."""
    window = now if share(now).possibly(mark) and not share(now).surely(mark) else before
    bounds, openness = share(window), window.openness
    unknown = [p for p in window.standings.places if openness[p.model] is Openness.UNKNOWN]
    sums = accumulate((place.tokens for place in unknown), initial=bounds.open)
    short = takewhile(lambda total: total * 100 < mark * bounds.counted, sums)
    return tuple(place.model for place in unknown[: sum(1 for _ in short)])


def _up(
    mark: int, before: Window, now: Window, first: dict[str, str], held_by: tuple[str, ...] = ()
) -> Found:
    is_first = first[str(mark)] >= before.date.isoformat()
    return _found(mark, "up", now, first=is_first, held_by=held_by)


def _found(
    mark: int, direction: str, now: Window, *, first: bool = False, held_by: tuple[str, ...] = ()
) -> Found:
    facts = {"mark": mark, "direction": direction, **_figures(now)}
    subject = str(mark) if direction == "up" else _FALL
    severity = Severity.HEADLINE if mark == HALF else Severity.NOTABLE
    return Found(subject, facts, severity, first, held_by)


def _figures(now: Window) -> dict[str, Any]:
    counts = share(now)
    return {
        "open_tokens": counts.open,
        "unknown_tokens": counts.unknown,
        "counted_tokens": counts.counted,
    }


def refreshed(milestone: Milestone, now: Window) -> Facts:
    """Return the facts with the tokens of a later reading."""
    return {**milestone.facts, **_figures(now)}


def headline(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say which mark was passed, and which way."""
    mark = say.whole_percent(milestone.facts["mark"])
    if milestone.facts["direction"] == "up":
        return say("Open models now hold at least {mark} of ranked tokens", mark=mark)
    return say("Open models now hold less than {mark} of ranked tokens", mark=mark)


def sentence(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what the bound is."""
    facts = milestone.facts
    counted = facts["counted_tokens"]
    if not facts["unknown_tokens"]:
        return say(
            "Of the tokens of all ranked models, {share} go to open models.",
            share=say.percent(facts["open_tokens"], counted),
        )
    unknown = say.percent(facts["unknown_tokens"], counted)
    if facts["direction"] == "up":
        return say(
            "Of the tokens of all ranked models, {share} go to models that are known to be open;"
            " for {unknown} it is not known.",
            share=say.percent(facts["open_tokens"], counted),
            unknown=unknown,
        )
    return say(
        "Of the tokens of all ranked models, at most {share} go to open models, those of which it"
        " is not known ({unknown}) counted in.",
        share=say.percent(facts["open_tokens"] + facts["unknown_tokens"], counted),
        unknown=unknown,
    )


def reversal(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say which side of the mark they would have to be on, and how far from it they are."""
    mark, gap = say.whole_percent(milestone.facts["mark"]), _gap(milestone.facts)
    if milestone.facts["direction"] == "up":
        said = say(
            "Open models would lose this mark with less than {mark} of ranked tokens.",
            mark=mark,
        )
        by = say(
            "Those known to be open have {gap} tokens more than that now.", gap=say.tokens(gap)
        )
    else:
        said = say(
            "Open models would be back at this mark with at least {mark} of ranked tokens.",
            mark=mark,
        )
        by = _below(milestone.facts, say.tokens(gap), say)
    return f"{said} {by}" if gap > 0 else said


def _below(facts: Facts, gap: str, say: Say) -> str:
    if not facts["unknown_tokens"]:
        return say("They have {gap} fewer tokens now.", gap=gap)
    return say("Even with the unknown ones they have {gap} fewer tokens now.", gap=gap)


def _gap(facts: Facts) -> int:
    """Return by how many tokens the bound that counts is past the mark; 0 or less: it is not."""
    at_mark = -(-facts["mark"] * facts["counted_tokens"] // 100)
    if facts["direction"] == "up":
        return int(facts["open_tokens"] - at_mark)
    return int(at_mark - facts["open_tokens"] - facts["unknown_tokens"])


def story(milestone: Milestone) -> Story:
    """Show the share of open models, and the mark."""
    return Story(Kind.SHARES, (OPEN_MODELS,), milestone.facts["mark"])


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the bound that counts is past the mark in both windows."""
    mark: int = milestone.facts["mark"]
    if milestone.facts["direction"] == "up":
        return both(milestone, windows, lambda window: share(window).surely(mark))
    return both(milestone, windows, lambda window: share(window).surely_below(mark))


def deciding(_: Milestone, window: Window) -> frozenset[str]:
    """Return the models that are known to be open."""
    openness = window.openness
    return frozenset(model for model, said in openness.items() if said is Openness.OPEN)


RULE = Rule(
    name="open_share",
    version=1,
    severities=(Severity.HEADLINE, Severity.NOTABLE),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside_share,
    reversal=reversal,
    story=story,
    holds=holds,
    deciding=deciding,
    readings=tuple(reading for reading in Reading if reading is not Reading.UNMERGED),
    lasts=True,
    refreshed=refreshed,
    openness=True,
)
