"""A model leads, or open models hold four of the top five, for weeks or months on end."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from bot.model import Milestone, RuleMemory, Severity, Window
from bot.pictures.milestone import Kind, Story
from bot.rules import RANK_READINGS, Found, Rule, Step, Windows
from bot.rules._claims import leader
from bot.rules._levels import could_be_open, move, open_models, reached_by, unknown
from bot.standings import ONE_DAY, WEEK
from bot.text.beside import beside_open, beside_subject
from bot.text.reversal import last_open, second_place
from bot.text.say import Names, Say

LENGTHS = (30, 60, 90, 180, 365)
_LEVEL = 4
OPEN = "open_top5:4"
"""What a streak of open models is about."""


def baseline(window: Window) -> RuleMemory:
    """Count from the first window on."""
    standing = reached_by(window)
    stands = int(_LEVEL in standing)
    return {
        "leader": leader(window),
        "led": 1,
        "standing": standing,
        "surely": stands,
        "stood": stands,
        "surely_stood": stands,
        "held": [],
        "by": [],
    }


def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
    """Count on, and find the lengths that the window before had."""
    model = leader(now)
    if before is None:
        return _after_a_gap(memory, model), ()
    led = memory["led"] + 1 if model == memory["leader"] else 1
    found = [_found(model, n) for n in _reached(led) if model is not None]
    standing = move(memory["standing"], before, now).standing
    fewest, most = sorted((len(open_models(before)), len(open_models(now))))
    surely = int(fewest >= _LEVEL or (memory["surely"] and most >= _LEVEL))
    stood = memory["stood"] + 1 if _LEVEL in standing else 0
    surely_stood = memory["surely_stood"] + 1 if surely else 0
    found += [_found(OPEN, length) for length in _reached(surely_stood)]
    # Whom it owes that it stands: unknown models, when fewer than four are known to be open.
    lent = unknown(before, now) if most < _LEVEL else ()
    by = sorted({*memory["by"], *lent}) if stood > surely_stood else []
    fresh = [length for length in _reached(stood) if surely_stood < stood]
    found += [_found(OPEN, length, tuple(by)) for length in fresh]
    held = [n for n in [*memory["held"], *fresh] if stood and surely_stood <= n]
    return {
        "leader": model,
        "led": led,
        "standing": standing,
        "surely": surely,
        "stood": stood,
        "surely_stood": surely_stood,
        "held": held,
        "by": by,
    }, tuple(found)


def _after_a_gap(memory: RuleMemory, model: str | None) -> RuleMemory:
    stands, surely = int(_LEVEL in memory["standing"]), memory["surely"]
    by = [] if surely else memory["by"]
    begun = {"leader": model, "led": 1, "stood": stands, "surely_stood": surely, "held": []}
    return {**memory, **begun, "by": by}


def _reached(windows: int) -> Iterable[int]:
    """Return the length that the window before has, this one being the next."""
    return (length for length in LENGTHS if windows == length + 1)


def _found(subject: str | None, length: int, held_by: tuple[str, ...] = ()) -> Found:
    facts = {"subject": subject, "windows": length}
    return Found(f"{subject}:{length}", facts, Severity.NOTABLE, held_by=held_by)


def headline(milestone: Milestone, names: Names, say: Say) -> str:
    """Say who holds what, for how long."""
    subject, windows = milestone.facts["subject"], milestone.facts["windows"]
    if subject == OPEN:
        return say("At least four of the top five have been open for {days} days", days=windows)
    return say(
        "{model} has been the most-used model for {days} days", model=names(subject), days=windows
    )


def sentence(milestone: Milestone, names: Names, say: Say) -> str:
    """Say since when."""
    subject = milestone.facts["subject"]
    since = say.day(_since(milestone))
    if subject == OPEN:
        return say(
            "Since {day} no two days running had fewer, by the seven days up to each day.",
            day=since,
        )
    return say(
        "On each day since {day}, {model} had the most tokens of the seven days up to it.",
        day=since,
        model=names(subject),
    )


def _since(milestone: Milestone) -> date:
    return milestone.date - timedelta(days=milestone.facts["windows"])


def beside(milestone: Milestone, names: Names, say: Say) -> str:
    """Set it beside what was half a year before."""
    text = beside_open if milestone.facts["subject"] == OPEN else beside_subject
    return text(milestone, names, say)


def reversal(milestone: Milestone, names: Names, say: Say) -> str:
    """Say what would end it, and how near that is."""
    if milestone.facts["subject"] == OPEN:
        said = say(
            "The streak ends with two days running on which fewer than four of the top five are"
            " known to be open."
        )
        return " ".join([said, *last_open(milestone, _LEVEL, names, say)])
    said = say(
        "The streak ends on the first day when another model has more tokens over the seven days"
        " up to it."
    )
    return " ".join([said, *second_place(milestone, names, say)])


def story(milestone: Milestone) -> Story:
    """Show, from before the streak on, the ranks of the model or who holds the first places."""
    subject, since = milestone.facts["subject"], _since(milestone)
    if subject == OPEN:
        return Story(Kind.PLACES, since=since)
    return Story(Kind.RANKS, (subject,), since=since)


def holds(milestone: Milestone, windows: Windows) -> bool:
    """Say whether every window of the streak has it.

    For open models: whether no two running have fewer than four.
    """
    length, subject = milestone.facts["windows"], milestone.facts["subject"]
    ends = (milestone.date - ONE_DAY * back for back in range(length, -1, -1))
    found = [window for end in ends if (window := windows(end)) is not None]
    if len(found) <= length:
        return False
    if subject != OPEN:
        return all(leader(window) == subject for window in found)
    opens = [len(open_models(window)) for window in found]
    return all(max(pair) >= _LEVEL for pair in pairwise(opens))


def lately(milestone: Milestone, windows: Windows) -> bool:
    """Say whether the newest pair does not end the streak."""
    subject, pair = milestone.facts["subject"], (milestone.began, milestone.date)
    found = [window for end in pair if (window := windows(end)) is not None]
    if subject == OPEN:
        return len(found) == 2 and max(len(open_models(window)) for window in found) >= _LEVEL
    return len(found) == 2 and all(leader(window) == subject for window in found)


def deciding(milestone: Milestone, window: Window) -> frozenset[str]:
    """Return the model, or the models that could be open."""
    subject = milestone.facts["subject"]
    return could_be_open(milestone, window) if subject == OPEN else frozenset({subject})


def reach(milestone: Milestone) -> int:
    """Return how many days the streak and its first window take."""
    return int(milestone.facts["windows"]) + WEEK - 1


RULE = Rule(
    name="streak",
    version=1,
    severities=(Severity.NOTABLE,),
    baseline=baseline,
    step=step,
    headline=headline,
    sentence=sentence,
    beside=beside,
    reversal=reversal,
    story=story,
    holds=holds,
    deciding=deciding,
    readings=RANK_READINGS,
    reach=reach,
    openness=True,
    lately=lately,
)
