"""The picture of open shares over time, and the words that stand in for it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.openness import Balance
from bot.model import Milestone, Openness
from bot.packaged import read_boards
from bot.text.openness import headline
from bot.text.say import Say
from bot.text.shares import MARKED, shares_alt, shares_picture
from bot.text.words import estimates_word
from tests.made import START
from tests.text.test_alert import MILESTONE
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
    assert {kind: values[-1] for kind, values in picture.tokens.items()} == {
        Openness.OPEN: 420,
        Openness.CLOSED: 210,
        Openness.UNKNOWN: 70,
    }
    assert (picture.language, picture.estimated) == ("en", "")
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
    assert "the seven days up to each date, 7 June 2026. On the last day:" in shares_alt(
        asked(7, 0), SAY
    )


def test_a_date_without_figures_is_a_gap() -> None:
    lacking = {when: each for when, each in FOUND.drawn.items() if when != FOUND.dates[3]}
    picture = shares_picture(replace(FOUND, drawn=lacking), SAY)
    for values in picture.tokens.values():
        assert [index for index, value in enumerate(values) if value is None] == [3]


def test_estimates_say_so() -> None:
    board = read_boards()["category-legal"]
    picture = shares_picture(replace(FOUND, board=board), TURKISH)
    assert picture.estimated == estimates_word(TURKISH, estimated=True)
    assert picture.language == "tr"


@pytest.mark.parametrize(
    ("then", "now", "title"),
    [
        ((200, 0), (600, 0), ", up from 20.0 % on 1 Jun"),
        ((600, 0), (200, 0), ", down from 60.0 % on 1 Jun"),
        ((200, 399), (600, 0), ", up from 20.0 % on 1 Jun"),
        ((200, 400), (600, 0), ""),
        ((600, 0), (200, 399), ", down from 60.0 % on 1 Jun"),
        ((600, 0), (200, 400), ""),
        ((600, 0), (600, 0), ""),
    ],
)
def test_the_title_tells_a_change_that_no_unknown_model_could_account_for(
    then: tuple[int, int], now: tuple[int, int], title: str
) -> None:
    before, after = (
        Balance(START + timedelta(days), *sums, 1000, ()) for days, sums in ((0, then), (9, now))
    )
    drawn = {each.date: each for each in (before, after)}
    found = replace(
        FOUND, now=after, half_year=None, year=None, dates=tuple(drawn), drawn=drawn, happened=()
    )
    assert shares_picture(found, SAY).title == f"{headline(after, SAY)}{title}"


def test_the_title_sets_the_newest_share_beside_a_year_or_half_a_year_before() -> None:
    assert shares_picture(FOUND, SAY).title.endswith("up from 20.0 % on 5 Jul 2026")
    found = replace(FOUND, year=None, half_year=replace(FOUND.year, date=date(2027, 1, 5)))
    assert shares_picture(found, SAY).title.endswith("up from 20.0 % on 5 Jan")
    same = replace(FOUND, year=None)
    assert shares_picture(same, SAY).title == headline(FOUND.now, SAY)


@given(st.integers(1, 999), st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_change_that_the_figures_do_not_show_is_not_told(
    more: int, opened: int, rest: int
) -> None:
    now = Balance(START + timedelta(9), opened * 10**6 + more, 0, (opened + rest) * 10**6, ())
    then = Balance(START, opened * 10**6, 0, now.counted, ())
    drawn = {each.date: each for each in (then, now)}
    made = replace(FOUND, now=now, half_year=None, year=None, dates=tuple(drawn), drawn=drawn)
    title = shares_picture(made, SAY).title
    share, before = (SAY.percent(each.open, each.counted) for each in (now, then))
    assert title.endswith(f"up from {before} on 1 Jun") == (share != before)


def happened(rule: str, day: date, **facts: object) -> Milestone:
    """Return a milestone of a day, as far as a picture tells it."""
    return replace(MILESTONE, rule=rule, date=day, facts=facts)


TOLD = (
    happened("open_share", date(2027, 6, 29), mark=50, direction="up"),
    happened("open_share", date(2027, 6, 29), mark=60, direction="up"),
    happened("open_top5", date(2027, 6, 29), level=3, open=["a"] * 3),
    happened("open_top5", date(2027, 6, 15), level=4, open=["a"] * 5),
    happened("open_top5_lost", date(2027, 2, 2), level=5, open=["a"] * 4),
    happened("open_share", date(2026, 12, 22), mark=50, direction="down"),
)
SAID = (
    "29 Jun: open reaches 60 %, 3 of top 5 open",
    "15 Jun: at least 4 of top 5 open",
    "2 Feb: under 5 of top 5 open",
    "22 Dec: open under 50 %",
)


def test_milestones_are_marked_on_their_days_in_few_words_after_the_earlier_windows() -> None:
    dates = tuple(sorted({*FOUND.dates, *(one.date for one in TOLD)}))
    picture = shares_picture(replace(FOUND, happened=TOLD, dates=dates), SAY)
    assert tuple(mark.label for mark in picture.marks[2:]) == SAID
    days = [picture.dates[mark.value] for mark in picture.marks[2:]]
    assert days == sorted({one.date for one in TOLD}, reverse=True)


def test_the_alt_text_tells_the_milestones_too() -> None:
    alt = shares_alt(replace(FOUND, happened=TOLD), SAY)
    assert " 15 June 2027: at least 4 of top 5 open. 2 February 2027: under 5 of" in alt
    assert alt.count("reaches") == 1
    assert "Open and unknown before: " in alt


def test_many_milestones_are_told_the_newest_first_and_fit() -> None:
    many = tuple(
        happened("open_share", FOUND.now.date - timedelta(7 * n), mark=60, direction="up")
        for n in range(30)
    )
    found = replace(FOUND, happened=many)
    assert len(shares_picture(found, SAY).marks) == 2 + MARKED
    for said in (SAY, TURKISH):
        assert len(shares_alt(found, said)) <= 1000
        assert said.day(many[0].date) in shares_alt(found, said)
    long = replace(found, board=replace(FOUND.board, name="x" * 600))
    assert 900 < len(shares_alt(long, SAY)) <= 1000


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
