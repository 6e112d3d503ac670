"""The days that are stored, through the very same detection (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.detect import detect
from bot.model import Day, Milestone, Severity
from bot.openness import Directory
from bot.proof import moved
from bot.rules import Rule, Windows
from bot.silence import silenced
from bot.standings import OFFICIAL, ONE_DAY, WEEK, Counting


def backtest(
    board: str,
    days: Mapping[date, Day],
    directory: Directory,
    rules: Mapping[str, Rule],
    since: date | None = None,
    counting: Counting = OFFICIAL,
) -> tuple[Milestone, ...]:
    """Return what the rules find in `days`, dated from `since` on, oldest first.

    Held and silenced milestones are among them. Detection starts at the first complete window of
    all days, whatever `since` is: what stood before it matters to what is new after it.
    """
    _, found = detect(board, days, directory, rules, counting=counting)
    return tuple(one for one in silenced(found) if since is None or one.date >= since)


@dataclass(frozen=True, slots=True)
class Rates:
    """How often milestones come: told ones by severity over so many complete windows.

    Of the `lasting` ones, which tell of a state that may end and have a window after them,
    `reversed` were untrue of some window within a week. A week has `windows_a_week`.
    """

    told: Mapping[Severity, int]
    windows: int
    lasting: int
    reversed: int
    windows_a_week: int = WEEK


def complete_windows(
    days: Mapping[date, Day], since: date | None, counting: Counting = OFFICIAL
) -> int:
    """Return how many complete windows end on `since` or later."""
    ends = (end for end in days if since is None or end >= since)
    length = range(counting.window)
    return sum(all(end - back * ONE_DAY in days for back in length) for end in ends)


def rates(
    found: Sequence[Milestone], rules: Mapping[str, Rule], windows: Windows, complete: int
) -> Rates:
    """Return how often the told ones of these milestones come, and how often they are reversed."""
    told = [one for one in found if one.told]
    ends = [_ended(one, rules[one.rule], windows) for one in told if rules[one.rule].lasts]
    known = [ended for ended in ends if ended is not None]
    counts = Counter(one.severity for one in told)
    return Rates(counts, complete, len(known), sum(known))


def _ended(milestone: Milestone, rule: Rule, windows: Windows) -> bool | None:
    """Say whether some window within a week did not have it; None without a window to tell."""
    later = [moved(milestone, days) for days in range(1, WEEK + 1)]
    stored = [one for one in later if windows(one.date) and windows(one.began)]
    return not all(rule.holds(one, windows) for one in stored) if stored else None
