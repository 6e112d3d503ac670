"""Hours and days of the week in words."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date

from bot.packaged import read_languages
from bot.text.say import Say
from bot.text.timing import clock, weekday


@pytest.mark.parametrize("say", read_languages().values(), ids=lambda say: say.code)
def test_days_of_the_week_are_called_as_in_every_calendar(say: Say) -> None:
    for day in (date(2026, 6, 1) + timedelta(days=n) for n in range(7)):
        assert weekday(day.weekday(), say) == format_date(day, "EEEE", say.code)


def test_hours_are_shown_as_clocks_do() -> None:
    assert [clock(hour) for hour in (0, 7, 23)] == ["00:00", "07:00", "23:00"]
