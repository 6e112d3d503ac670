"""The days that are stored, through the very same detection (pure)."""

from collections.abc import Mapping
from datetime import date

from bot.detect import detect
from bot.model import Day, Milestone
from bot.openness import Directory
from bot.rules import Rule


def backtest(
    board: str,
    days: Mapping[date, Day],
    directory: Directory,
    rules: Mapping[str, Rule],
    since: date | None = None,
) -> tuple[Milestone, ...]:
    """Return what the rules find in `days`, dated from `since` on, oldest first.

    Detection starts at the first complete window of all days, whatever `since` is: what stood
    before it matters to what is new after it.
    """
    _, found = detect(board, days, directory, rules)
    return tuple(milestone for milestone in found if since is None or milestone.date >= since)
