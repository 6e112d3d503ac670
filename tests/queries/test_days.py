"""Days as people type them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownDay
from bot.queries.days import read_day


@given(day=st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert read_day(f" {day.isoformat()} ") == day


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "2026-02-30", "20260607", "2026-W23-1", "7.6.2026", "٢٠٢٦-٠٦-٠٧"]
)
def test_anything_else_is_no_day(typed: str) -> None:
    with pytest.raises(UnknownDay) as refused:
        read_day(typed)
    assert refused.value.typed == typed


@given(typed=st.text(max_size=40))
def test_no_text_does_harm(typed: str) -> None:
    with suppress(UnknownDay):
        assert read_day(typed).isoformat() == typed.strip()
