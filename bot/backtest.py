"""The days that are stored, through the very same detection (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot import rules as found_rules
from bot.answers.backtest import Backtest
from bot.boards import Board
from bot.detect import detect
from bot.model import Day, Milestone, Severity
from bot.openness import Directory
from bot.proof import moved, plain_windows
from bot.rules import Rule, Windows
from bot.silence import silenced
from bot.standings import OFFICIAL, WEEK, Counting


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


def whole_backtest(board: Board, days: Mapping[date, Day], directory: Directory) -> Backtest:
    """Return what the rules that may tell something on a board find in all its days."""
    rules, counting = board.among(found_rules.discover()), board.counting
    found = backtest(board.name, days, directory, rules, counting=counting)
    windows = plain_windows(board.name, days, directory, counting)
    told = [one for one in found if one.told and rules[one.rule].lasts]
    ends = complete_ends(days, counting)
    said = {one.key: ended(one, rules[one.rule], windows, ends[-1]) for one in told}
    return Backtest(
        board=board.name,
        milestones=found,
        ends=ends,
        windows_a_week=1 if board.weekly else WEEK,
        reversed={key: end for key, end in said.items() if end is not None},
    )


@dataclass(frozen=True, slots=True)
class Rates:
    """How often milestones come: told ones by severity over so many complete windows.

    Of the `lasting` ones, which tell of a state that may end and whose week is over or that ended
    before, `reversed` were untrue of some stored window within a week. A week has `windows_a_week`.
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
    return sum(since is None or end >= since for end in complete_ends(days, counting))


def complete_ends(days: Mapping[date, Day], counting: Counting = OFFICIAL) -> tuple[date, ...]:
    """Return the last days of the complete windows, ascending."""
    length = range(counting.window)
    whole = (end for end in days if all(end - back * counting.step in days for back in length))
    return tuple(sorted(whole))


def rates(
    found: Sequence[Milestone],
    rules: Mapping[str, Rule],
    windows: Windows,
    complete: int,
    newest: date,
) -> Rates:
    """Return how often the told ones of these milestones come, and how often they are reversed.

    They are of so many complete windows; the last of all ends on the `newest` day.
    """
    told = [one for one in found if one.told]
    lasting = [one for one in told if rules[one.rule].lasts]
    said = [ended(one, rules[one.rule], windows, newest) for one in lasting]
    known = [one for one in said if one is not None]
    counts = Counter(one.severity for one in told)
    return Rates(counts, complete, len(known), sum(known))


def ended(milestone: Milestone, rule: Rule, windows: Windows, newest: date) -> bool | None:
    """Say whether some stored window within a week did not have it.

    None without any, and where none of them says so and the week is not over by the `newest`.
    """
    later = [moved(milestone, days) for days in range(1, WEEK + 1)]
    stored = [one for one in later if windows(one.date) and windows(one.began)]
    if not all(rule.holds(one, windows) for one in stored):
        return True
    return False if stored and later[-1].date <= newest else None
