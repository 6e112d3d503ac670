"""Pages of the standings, over a day, a week or a month."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.rankings import Page, Span, Wanted
from bot.boards import MODELS, Board
from bot.errors import SpanRefused
from bot.model import Day, Openness
from bot.packaged import read_boards
from bot.queries.almanac import almanac
from bot.queries.rankings import counting_of_span, ranked, ranks_drawn
from bot.text.captions import bump_caption
from bot.text.say import english
from tests.made import AS_OF, START, day, days, open_closed

WEEKLY = read_boards()["category-legal"]
KNOWN = open_closed()
MANY = {f"{('open', 'closed', 'other')[n % 3]}/m{n:02}": 1000 - n for n in range(23)}
STORED = days([MANY] * 40)


def asked(
    wanted: Wanted,
    found: Mapping[date, Day] = STORED,
    until: date = date.max,
    board: Board = MODELS,
) -> Page:
    """Return a page of made days."""
    windows = almanac(board.name, found, counting_of_span(board, wanted.span))
    return ranked(board, windows, until, wanted, KNOWN)


def shown(wanted: Wanted, until: date = date.max) -> list[tuple[int, str]]:
    """Return ranks and models of a page."""
    page = asked(wanted, until=until)
    return [(place.rank, place.model) for place in page.places]


@given(top=st.integers(1, 25), show=st.sampled_from([None, Openness.OPEN, Openness.CLOSED]))
def test_the_pages_together_are_all_that_is_to_be_shown(top: int, show: Openness | None) -> None:
    wanted = Wanted(top=top, show=show)
    first = asked(wanted)
    pages = [shown(replace(wanted, page=n)) for n in range(first.pages)]
    expected = [
        (rank, model)
        for rank, model in enumerate(MANY, start=1)
        if show is None or model.startswith(show.value)
    ]
    assert [each for page in pages for each in page] == expected
    assert first.listed == len(expected)
    assert all(len(page) == top for page in pages[:-1])


@pytest.mark.parametrize(("number", "there"), [(-4, 0), (2, 2), (3, 2), (10**9, 2)])
def test_a_page_that_is_not_there_is_the_nearest_that_is(number: int, there: int) -> None:
    assert asked(Wanted(page=number)).page == there


def test_no_standings_are_one_empty_page() -> None:
    page = asked(Wanted(page=3), {})
    assert (page.places, page.pages, page.page, page.answer.standings) == ((), 1, 0, None)


@pytest.mark.parametrize(("span", "window"), [(Span.DAY, 1), (Span.WEEK, 7), (Span.MONTH, 30)])
def test_tokens_are_summed_over_the_window_that_was_asked_for(span: Span, window: int) -> None:
    page = asked(Wanted(span), until=START + timedelta(days=33))
    assert page.places[0].tokens == 1000 * window
    assert page.days == window
    assert page.answer.standings is not None
    assert page.answer.standings.date == START + timedelta(days=33)


def test_a_month_of_whole_weeks_is_four_of_them_and_a_day_is_refused() -> None:
    weeks = {
        (when := START + timedelta(weeks=n)): day(when, {"a/x": 10 + n}, None) for n in range(6)
    }
    month = asked(Wanted(Span.MONTH), weeks, board=WEEKLY)
    assert month.places[0].tokens == 12 + 13 + 14 + 15
    assert month.days == 28
    assert month.answer.standings is not None
    assert month.answer.standings.compared
    assert asked(Wanted(Span.WEEK), weeks, board=WEEKLY).places[0].tokens == 15
    with pytest.raises(SpanRefused):
        asked(Wanted(Span.DAY), weeks, board=WEEKLY)


def test_what_a_newer_window_lacks_is_told() -> None:
    lacking = {when: each for when, each in STORED.items() if when != START + timedelta(days=36)}
    page = asked(Wanted(), lacking)
    assert page.answer.standings is not None
    assert page.answer.standings.date == START + timedelta(days=35)
    assert page.answer.missing == (START + timedelta(days=36),)


@pytest.mark.parametrize("span", list(Span))
def test_the_chart_shows_the_same_windows_a_week_apart(span: Span) -> None:
    windows = almanac("models", STORED, counting_of_span(MODELS, span))
    page = ranked(MODELS, windows, date.max, Wanted(span), KNOWN)
    picture = ranks_drawn(page, windows, KNOWN, bump_caption("t", AS_OF, english()))
    assert picture.dates[-1] == START + timedelta(days=39)
    if span is not Span.MONTH:  # of which there are too few
        assert {(b - a).days for a, b in zip(picture.dates, picture.dates[1:], strict=False)} == {7}
    assert picture.lines[0].name == "m00"
    assert picture.lines[0].ranks[-1] == 1


def test_the_chart_of_a_few_whole_weeks_has_no_gaps_between_them() -> None:
    weeks = {(when := START + timedelta(weeks=n)): day(when, {"a/x": 9}, None) for n in range(3)}
    windows = almanac(WEEKLY.name, weeks, counting_of_span(WEEKLY, Span.WEEK))
    page = ranked(WEEKLY, windows, date.max, Wanted(), KNOWN)
    picture = ranks_drawn(page, windows, KNOWN, bump_caption("t", AS_OF, english()))
    assert picture.dates == tuple(weeks)
    assert picture.lines[0].ranks == (1, 1, 1)
