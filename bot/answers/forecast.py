"""How many messages somebody may expect."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many messages a week come, judged by what the stored days would have told.

    `weekly` is exact; of several boards `days` are those of the one with the fewest. `enough` says
    whether that one has windows enough to judge by.
    """

    weekly: Fraction
    days: int
    enough: bool
