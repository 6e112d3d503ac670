"""Since when something has been, as far as the stored rankings tell (pure)."""

from datetime import date

from bot.text.say import Say


def first_time(day: date, since: date, say: Say, *, gap: bool) -> str:
    """Return when something was first, of the rankings stored since `since`.

    What the first of them had already may be older, as may what came after a `gap` in them.
    """
    if day == since:
        return say("already on {day}, the first ranking stored", day=say.day(day))
    if gap:
        return say("first on record on {day}", day=say.day(day))
    return say("first on {day}", day=say.day(day))
