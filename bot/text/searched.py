"""Over what a "first" or a "highest" is said (pure)."""

from bot.model import Searched
from bot.text.say import Say


def over(searched: Searched, say: Say) -> str:
    """Return the days that were searched, and how many are missing, in words."""
    since = say.day(searched.since)
    if not searched.missing:
        return say("{days} complete days since {since}", days=searched.days, since=since)
    return say(
        "{days} complete days since {since} ({missing} missing)",
        days=searched.days,
        since=since,
        missing=len(searched.missing),
    )
