"""How long a channel may be muted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

Duration = Literal["1 hour", "4 hours", "8 hours", "1 day", "3 days", "1 week", "4 weeks", "off"]
"""As people choose them; `off` ends a mute."""

DURATIONS: Mapping[Duration, timedelta | None] = {
    "1 hour": timedelta(hours=1),
    "4 hours": timedelta(hours=4),
    "8 hours": timedelta(hours=8),
    "1 day": timedelta(days=1),
    "3 days": timedelta(days=3),
    "1 week": timedelta(weeks=1),
    "4 weeks": timedelta(weeks=4),
    "off": None,
}
