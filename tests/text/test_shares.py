"""The picture of open shares over time, and the words that stand in for it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.openness import Balance
from bot.model import Openness
from bot.text.say import Say
from bot.text.shares import shares_alt, shares_picture
from tests.made import START
from tests.text.test_openness import FOUND, SAY, TURKISH, asked


def test_the_picture_has_the_shares_and_marks_both_earlier_windows() -> None:
    picture = shares_picture(FOUND, SAY)
    assert picture.dates == FOUND.dates
    assert (picture.days[0], picture.days[-1]) == ("29 Jun 2026", "5 Jul 2027")
    assert [picture.dates[mark.value] for mark in picture.marks] == [
        date(2026, 7, 5),
        date(2027, 1, 5),
    ]
    assert [mark.label for mark in picture.marks] == [
        "a year before: 20.0 % open",
        "six months before: 60.0 % open",
    ]
    assert {kind: values[-1] for kind, values in picture.shares.items()} == {
        Openness.OPEN: 600,
        Openness.CLOSED: 300,
        Openness.UNKNOWN: 100,
    }
    assert [tick.label for tick in picture.ticks] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert [tick.value for tick in picture.ticks] == [0, 250, 500, 750, 1000]


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [(307, "13 Haz", "3 Nis"), (314, "13 Haz 2026", "10 Nis 2027")],
)
def test_dates_a_year_apart_have_their_years_on_the_axis(
    length: int, first: str, last: str
) -> None:
    picture = shares_picture(asked(length), TURKISH)
    assert (picture.days[0], picture.days[-1]) == (first, last)
    assert not any("202" in each for each in picture.days[1:-1])


def test_one_week_alone_is_told_as_ending_on_one_day() -> None:
    assert "over seven days each, 7 June 2026. On the last day:" in shares_alt(asked(7, 0), SAY)


def test_a_date_without_figures_is_a_gap() -> None:
    lacking = {when: each for when, each in FOUND.drawn.items() if when != FOUND.dates[3]}
    picture = shares_picture(replace(FOUND, drawn=lacking), SAY)
    for values in picture.shares.values():
        assert [index for index, value in enumerate(values) if value is None] == [3]


@given(st.integers(0, 10**15), st.integers(0, 10**15), st.integers(0, 10**15))
def test_the_shares_drawn_are_a_thousand_together_and_none_is_off(
    known: int, unknown: int, closed: int
) -> None:
    counted = known + unknown + closed
    if not counted:
        return
    balance = Balance(START, known, unknown, counted, ())
    made = replace(FOUND, dates=(START,), drawn={START: balance}, half_year=None, year=None)
    shares = {kind: values[0] for kind, values in shares_picture(made, SAY).shares.items()}
    drawn = {kind: value for kind, value in shares.items() if value is not None}
    assert sum(drawn.values()) == 1000
    for kind, value in drawn.items():
        assert abs(value * counted - 1000 * balance.of(kind)) <= counted
        assert value >= 0


@pytest.mark.parametrize("said", [SAY, TURKISH], ids=lambda said: said.code)
@pytest.mark.parametrize("length", [7, 10, 55, 100, 400])
def test_the_alt_text_tells_the_figures_and_fits_whole(length: int, said: Say) -> None:
    found = asked(length, length // 2)
    alt = shares_alt(found, said)
    assert len(alt) <= 1000
    assert alt.endswith(".")
    assert said.percent(found.now.open, found.now.counted) in alt
    assert said.day(found.now.date) in alt
    for balance in filter(None, (found.half_year, found.year)):
        assert said.day(balance.date) in alt
    assert not re.search(r"\s[;.]|;\.", alt)


def test_the_alt_text_tells_evenly_spread_dates_from_the_first_on() -> None:
    alt = shares_alt(FOUND, SAY)
    history = alt.split("Open and unknown before: ")[1]
    said = [each.split(" 20.0 %")[0].split(" 60.0 %")[0] for each in history[:-1].split("; ")]
    assert said[0] == SAY.day(FOUND.dates[0])
    assert 10 <= len(said) <= 14
    known = {SAY.day(when): when for when in FOUND.dates}
    gaps = [(known[b] - known[a]).days for a, b in pairwise(said)]
    assert max(gaps) - min(gaps) <= 7
    assert FOUND.now.date - known[said[-1]] <= timedelta(days=max(gaps))
    assert history.startswith(f"{said[0]} 20.0 %, 10.0 %;")


def test_long_subtitles_leave_out_whole_dates() -> None:
    long = replace(FOUND.board, name="x" * 500)
    alt = shares_alt(replace(FOUND, board=long), SAY)
    assert 900 < len(alt) <= 1000
    assert re.search(r"\d\d\.\d %, \d\d\.\d %\.$", alt)
