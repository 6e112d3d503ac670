"""What the picture of a milestone is made of."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.model import Entrant, Milestone, Openness
from bot.pictures.milestone import Story

Values = tuple[Fraction | None, ...]
"""Exact ranks, tokens, or shares from 0 to 1, one a date; None: a gap, or not listed."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one of those a story is about, or one of the others (not `strong`), got to the end.

    `about` is as in a story; `openness` is that of a model, or of open models together. `most` is
    what the values were with unknown models counted as open, where that is another.
    """

    about: str
    openness: Openness | None
    values: Values
    strong: bool
    most: Values = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A milestone's windows by their last days, ascending, up to its own.

    `since` is the index of the first date of what it tells. By the kind of the story there are
    `seats`, the first five of each window (none: a gap), or `courses`, the strong ones first.
    `stored` says whether its own window is: if not, nothing else is known of that date.
    """

    milestone: Milestone
    story: Story
    dates: tuple[date, ...]
    since: int
    stored: bool
    seats: tuple[tuple[Entrant, ...], ...] = ()
    courses: tuple[Course, ...] = ()
