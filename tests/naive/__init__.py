"""All milestones told a second time, as naively as can be, and worlds to find them in."""

from tests.naive.eventful import eventful
from tests.naive.milestones import History, Told
from tests.naive.windows import complete, standings
from tests.naive.world import World
from tests.naive.worlds import worlds

__all__ = ["History", "Told", "World", "complete", "eventful", "standings", "worlds"]
