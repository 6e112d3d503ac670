"""What /milestones is asked, and answered with."""

from dataclasses import dataclass
from datetime import date

from bot.model import Milestone, Severity


@dataclass(frozen=True, slots=True)
class Sought:
    """Which milestones: of a board, of at least a severity, dated from `since` on; which page."""

    board: str
    least: Severity
    since: date
    page: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of milestones, newest first; `count` counts those of all `pages` (1 or more)."""

    sought: Sought
    milestones: tuple[Milestone, ...]
    count: int
    page: int
    pages: int
