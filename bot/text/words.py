"""Words and lines that many messages use (pure)."""

from datetime import date, datetime, timedelta

from bot.model import Openness
from bot.text.say import Say

LONGEST_ALT = 1000
"""Characters of a picture's content in words; Discord takes 1,024."""

_LONGEST_NAME = 40


def citation(as_of: datetime) -> str:
    """Return the line that every quoted figure carries, in the source's words in any language."""
    day = as_of.date().isoformat()
    return f"Source: OpenRouter (openrouter.ai/rankings), as of {day}. Licensed under CC BY 4.0."


def span(end: date, days: int, say: Say) -> str:
    """Return the days of a window in words."""
    return between(end - timedelta(days=days - 1), end, say)


def between(start: date, end: date, say: Say) -> str:
    """Return the first and the last of some days in words; one day alone as itself."""
    if start == end:
        return say.day(end)
    return say("{start} to {end}", start=say.day(start), end=say.day(end))


def short_name(name: str) -> str:
    """Return a name of at most 40 characters, cut between words, so that others have room too."""
    if len(name) <= _LONGEST_NAME:
        return name
    head = name[: _LONGEST_NAME - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"


def estimates_word(say: Say, *, estimated: bool) -> str:
    """Return what a picture of estimates says of itself; nothing where figures are counted."""
    return say("Estimates from a sample of requests") if estimated else ""


def openness_word(openness: Openness, say: Say) -> str:
    """Return the word for an openness."""
    words = {
        Openness.OPEN: say("open"),
        Openness.CLOSED: say("closed"),
        Openness.UNKNOWN: say("unknown"),
    }
    return words[openness]
