"""The note on models that are listed on some days of a window only (pure)."""

from collections.abc import Sequence

from bot.model import Place
from bot.text.say import Say
from bot.text.words import short_name

MOST_NAMED = 5
"""Models that the note names; the others are counted."""


def partly(named: Sequence[tuple[str, Place]], say: Say) -> tuple[str, ...]:
    """Return the note on the places, each with its model's name, that may lack tokens, if any."""
    names = [short_name(name) for name, place in named if place.hidden]
    if not names:
        return ()
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    if more > 0:
        shown.append(say.plural("{count} more model", "{count} more models", more))
    return (
        say(
            "Not listed on each of these days, so that tokens may be too few: {models}.",
            models=say.listed(shown),
        ),
    )
