"""What the stored days of a board would have told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.model import Milestone


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the rules find in all stored days of a board, oldest first, held and silenced too.

    `ends` are the last days of its complete windows, ascending; a week has `windows_a_week`.
    `reversed` says by the key of a told milestone whether it was untrue of some stored window
    within a week; it names those alone that tell of a state that may end, and whose week is over or
    that ended before.
    """

    board: str
    milestones: tuple[Milestone, ...]
    ends: tuple[date, ...]
    windows_a_week: int
    reversed: Mapping[str, bool]
