"""What one rule would have told, of a board's backtest."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.answers.preview import Barred, Preview, TooFew
from bot.backtest import whole_backtest
from bot.packaged import read_boards
from bot.queries.previews import preview
from bot.standings import WEEK, all_standings
from tests.made import START, day, days, open_closed
from tests.naive import eventful

RULES = rules.discover()
BOARDS = read_boards()
MODELS, WEEKLY = BOARDS["models"], BOARDS["category-legal"]
FIRST, SECOND = {"open/a": 9, "closed/b": 5}, {"open/a": 9, "closed/b": 99}
TURN = days([FIRST] * 9 + [SECOND] * 15)
WORLD = eventful()
FOUND = whole_backtest(MODELS, WORLD.days, WORLD.directory)
NEWEST = max(WORLD.days)


def _previewed(rule: str, until: date = NEWEST, span: int | None = None) -> Preview:
    found = preview(RULES[rule], MODELS, FOUND, WORLD.days, until, span)
    assert isinstance(found, Preview)
    return found


def test_a_turn_of_the_lead_is_told_once_and_stays() -> None:
    backtest = whole_backtest(MODELS, TURN, open_closed())
    found = preview(RULES["leader"], MODELS, backtest, TURN, date.max)
    assert isinstance(found, Preview)
    (one,) = found.told
    assert (one.subject, found.lasts, found.reversed) == ("closed/b", True, {one.key: False})
    assert (found.since, found.ends[0], found.ends[-1]) == (
        START,
        START + timedelta(6),
        START + timedelta(23),
    )
    assert (found.missing, found.held, found.silenced) == ((), 0, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(RULES)),
    st.integers(20, 400),
    st.none() | st.integers(7, 500),
)
def test_of_any_rule_and_span_that_is_shown_which_falls_into_it(
    rule: str, after: int, span: int | None
) -> None:
    until = START + timedelta(after)
    found = _previewed(rule, until, span)
    known = {when: each for when, each in WORLD.days.items() if when <= until}
    complete = [window.date for window in all_standings("models", known)]
    since = date.min if span is None else complete[-1] - timedelta(span - 1)
    assert list(found.ends) == [end for end in complete if end >= since]
    hits = [m for m in FOUND.milestones if m.rule == rule and since <= m.date <= until]
    assert {m.key for m in found.told} == {m.key for m in hits if m.told}
    assert found.held == len([one for one in hits if one.held_by])
    assert found.held + found.silenced + len(found.told) == len(hits)
    assert [m.date for m in found.told] == sorted((m.date for m in found.told), reverse=True)
    assert set(found.reversed) == {m.key for m in found.told if m.key in FOUND.reversed}
    assert found.reversed == {} or RULES[rule].lasts


def test_some_rules_are_held_silenced_or_undone_in_eventful_times() -> None:
    previews = [_previewed(rule) for rule in RULES]
    assert all(one.told for one in previews)
    assert any(one.held for one in previews)
    assert any(one.silenced for one in previews)
    assert any(True in one.reversed.values() for one in previews)
    assert any(False in one.reversed.values() for one in previews)


def test_what_is_both_held_and_silenced_is_counted_once_as_held() -> None:
    held = next(one for one in FOUND.milestones if one.held_by)
    both = replace(FOUND, milestones=(replace(held, inhibited_by="another"),))
    found = preview(RULES[held.rule], MODELS, both, WORLD.days, NEWEST)
    assert isinstance(found, Preview)
    assert (found.held, found.silenced, found.told) == (1, 0, ())


def test_days_that_are_not_stored_are_named() -> None:
    assert _previewed("leader").missing == tuple(START + timedelta(n) for n in (60, 133, 134, 315))
    lately = _previewed("leader", span=90)
    assert lately.missing == (START + timedelta(315),)
    assert lately.since == NEWEST - timedelta(89 + WEEK - 1)
    assert lately.ends[0] == NEWEST - timedelta(89)


def test_a_board_of_weeks_counts_and_misses_whole_weeks() -> None:
    sunday = date(2026, 6, 7)
    weeks = [day(sunday + timedelta(7 * n), FIRST if n < 3 else SECOND) for n in range(9)]
    stored = {each.date: each for each in weeks if each.date != sunday + timedelta(42)}
    backtest = whole_backtest(WEEKLY, stored, open_closed())
    found = preview(RULES["leader"], WEEKLY, backtest, stored, date.max)
    assert isinstance(found, Preview)
    assert found.since == sunday - timedelta(6)
    assert found.missing == (sunday + timedelta(42),)
    assert len(found.ends) == 8
    assert [one.date for one in found.told] == [sunday + timedelta(28)]
    shorter = preview(RULES["leader"], WEEKLY, backtest, stored, date.max, 14)
    assert isinstance(shorter, Preview)
    assert shorter.ends == (sunday + timedelta(49), sunday + timedelta(56))


def test_what_a_board_bars_is_said_before_anything_is_counted() -> None:
    backtest = whole_backtest(WEEKLY, {}, open_closed())
    found = preview(RULES["surge"], WEEKLY, backtest, {}, date.max)
    assert found == Barred(WEEKLY, "surge")


def test_one_complete_window_is_too_few() -> None:
    for count, windows in ((0, 0), (6, 0), (7, 1)):
        stored = days([FIRST] * count)
        backtest = whole_backtest(MODELS, stored, open_closed())
        found = preview(RULES["leader"], MODELS, backtest, stored, date.max)
        assert found == TooFew(MODELS, "leader", windows)
    stored = days([FIRST] * 8)
    backtest = whole_backtest(MODELS, stored, open_closed())
    assert isinstance(preview(RULES["leader"], MODELS, backtest, stored, date.max), Preview)
    until = START + timedelta(6)
    assert isinstance(preview(RULES["leader"], MODELS, backtest, stored, until), TooFew)
