"""Over what a "first" or a "highest" is said (pure)."""

from bot.model import Searched
from bot.text.say import Say


def over(searched: Searched, say: Say) -> str:
    """Return the days that were searched, and how many are missing, in words."""
    since = say.day(searched.since)
    if not searched.missing:
        return say.plural(
            "{count} complete day since {since}",
            "{count} complete days since {since}",
            searched.days,
            since=since,
        )
    return say.plural(
        "{count} complete day since {since} ({missing} missing)",
        "{count} complete days since {since} ({missing} missing)",
        searched.days,
        since=since,
        missing=len(searched.missing),
    )
