"""Words and lines that many messages use (pure)."""

from datetime import date, datetime, timedelta

from bot.model import Openness
from bot.text.say import Say


def citation(as_of: datetime) -> str:
    """Return the line that every quoted figure carries, in the source's words in any language."""
    day = as_of.date().isoformat()
    return f"Source: OpenRouter (openrouter.ai/rankings), as of {day}. Licensed under CC BY 4.0."


def span(end: date, days: int, say: Say) -> str:
    """Return the days of a window in words."""
    start = end - timedelta(days=days - 1)
    return say("{start} to {end}", start=say.day(start), end=say.day(end))


def openness_word(openness: Openness, say: Say) -> str:
    """Return the word for an openness."""
    words = {
        Openness.OPEN: say("open"),
        Openness.CLOSED: say("closed"),
        Openness.UNKNOWN: say("unknown"),
    }
    return words[openness]
