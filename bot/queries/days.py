"""Days as people type them (pure)."""

import re
from datetime import date

from bot.errors import UnknownDay

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(typed: str) -> date:
    """Return the day that is meant, such as 2026-06-07. Raises UnknownDay."""
    text = typed.strip()
    if not _DAY.fullmatch(text):
        raise UnknownDay(typed)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnknownDay(typed) from error
