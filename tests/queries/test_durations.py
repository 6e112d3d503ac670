"""How long a mute may be."""

from datetime import timedelta
from typing import get_args

from bot.queries.durations import DURATIONS, Duration

UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def test_every_choice_lasts_as_long_as_it_says() -> None:
    assert tuple(DURATIONS) == get_args(Duration)
    for said, lasts in DURATIONS.items():
        if said != "off":
            count, unit = said.split()
            assert lasts == int(count) * UNITS[unit.rstrip("s")]
    assert DURATIONS["off"] is None
