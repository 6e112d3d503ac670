"""What the pictures of milestones are of, where rules share it (pure)."""

from bot.model import Milestone
from bot.pictures.milestone import Kind, Story


def first_places(_: Milestone) -> Story:
    """Show who holds the first places, and which of them are open."""
    return Story(Kind.PLACES)


def ranks_of_the_model(milestone: Milestone) -> Story:
    """Show the ranks of the one model that the facts name."""
    return Story(Kind.RANKS, (milestone.facts["model"],))


def tokens_of_the_model(milestone: Milestone) -> Story:
    """Show the tokens of the one model that the facts name, and the mark it has reached."""
    return Story(Kind.TOKENS, (milestone.facts["model"],), milestone.facts["mark"])
