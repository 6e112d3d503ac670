"""How open windows are and were, against a recount from the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.answers.openness import Balance, Balances
from bot.backtest import backtest
from bot.boards import MODELS
from bot.errors import NoStandings
from bot.model import Cause, Day, Milestone, Openness, Severity
from bot.openness import UNKNOWN, Directory
from bot.packaged import read_boards
from bot.queries.almanac import almanac
from bot.queries.openness import balances
from tests.made import START, day, days, directory, open_closed, verdict

WEEKLY = read_boards()["category-legal"]
KNOWN = open_closed()
OPENED = START + timedelta(days=300)
DATED = directory(
    {"a/opened": verdict(Openness.OPEN, OPENED), "a/shut": verdict(Openness.CLOSED)},
    authors={"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)},
)
COUNTS = {"open/x:free": 40, "open/x": 10, "closed/y": 30, "other/z": 15, "other/w": 5}


def asked(stored: Mapping[date, Day], until: date = date.max, known: Directory = KNOWN) -> Balances:
    """Return the answer for the board of all models."""
    return balances(MODELS, almanac("models", stored, MODELS.counting), until, known)


def recounted(stored: Mapping[date, Day], end: date, known: Directory) -> dict[Openness, int]:
    """Return the tokens of each openness in the seven days to `end`, from the rows alone."""
    sums = dict.fromkeys(Openness, 0)
    for back in range(7):
        for row in stored[end - timedelta(days=back)].rows:
            sums[known.at(row.model.partition(":")[0], end).openness] += row.tokens
    return sums


def told(balance: Balance) -> dict[Openness, int]:
    """Return the tokens of each openness as they are answered."""
    return {kind: balance.of(kind) for kind in Openness}


def test_the_newest_window_is_summed_by_openness_without_the_unnamed() -> None:
    found = asked(days([COUNTS] * 9))
    assert found.now.date == START + timedelta(days=8)
    assert told(found.now) == {Openness.OPEN: 350, Openness.CLOSED: 210, Openness.UNKNOWN: 140}
    assert found.now.counted == 700
    assert found.found.total - found.now.counted == 7 * 100
    opened, closed, unknown = Openness.OPEN, Openness.CLOSED, Openness.UNKNOWN
    assert found.now.first == (opened, closed, unknown, unknown)


def test_the_unknown_models_come_most_used_first_with_what_is_said_of_them() -> None:
    found = asked(days([COUNTS] * 7))
    assert [(each.model, each.tokens) for each in found.unknown] == [
        ("other/z", 105),
        ("other/w", 35),
    ]
    assert all(each.verdict == UNKNOWN for each in found.unknown)


@settings(max_examples=25, deadline=None)
@given(
    length=st.integers(7, 420),
    missing=st.sets(st.integers(0, 419), max_size=6),
    seed=st.integers(0, 2**16),
)
def test_every_figure_is_what_a_recount_gives(length: int, missing: set[int], seed: int) -> None:
    models = ("open/a", "closed/b", "a/opened", "a/shut", "other/u:free", "other/u", "open/c:beta")
    stored = {
        (when := START + timedelta(days=n)): day(
            when, {model: (seed * (n + 1) * (k + 3)) % 997 for k, model in enumerate(models)}
        )
        for n in range(length)
        if n not in missing
    }
    complete = [d for d in stored if all(d - timedelta(days=back) in stored for back in range(7))]
    if not complete:
        with pytest.raises(NoStandings):
            asked(stored, known=DATED)
        return
    found = asked(stored, known=DATED)
    assert found.now.date == max(complete)
    assert found.since == min(complete) - timedelta(days=6)
    shown = [found.now, found.half_year, found.year, *found.drawn.values()]
    for balance in filter(None, shown):
        assert told(balance) == recounted(stored, balance.date, DATED)
        assert balance.counted == sum(told(balance).values())
    assert list(found.drawn) == [d for d in found.dates if d in complete and _counts(stored, d)]
    assert found.dates == tuple(sorted(set(found.dates)))
    assert found.dates[-1] == found.now.date
    assert {b.date for b in (found.half_year, found.year) if b} <= set(found.dates)


def _counts(stored: Mapping[date, Day], end: date) -> bool:
    return any(recounted(stored, end, DATED).values())


@pytest.mark.parametrize(
    ("newest", "half", "year"),
    [
        (date(2026, 6, 7), date(2025, 12, 7), date(2025, 6, 7)),
        (date(2026, 8, 31), date(2026, 2, 28), date(2025, 8, 31)),
        (date(2024, 2, 29), date(2023, 8, 29), date(2023, 2, 28)),
    ],
)
def test_before_is_by_the_calendar(newest: date, half: date, year: date) -> None:
    start = newest - timedelta(days=380)
    found = asked(days([COUNTS] * 381, start))
    assert found.half_year is not None
    assert found.year is not None
    assert (found.half_year.date, found.year.date) == (half, year)
    assert {half, year} <= set(found.dates)


def test_before_what_is_stored_nothing_is_said_to_have_been() -> None:
    found = asked(days([COUNTS] * 200))
    assert found.year is None
    assert found.half_year is not None
    assert found.since == START
    gap = days([COUNTS] * 200)
    del gap[found.half_year.date]
    assert asked(gap).half_year is None


def test_each_window_is_judged_by_its_own_last_day() -> None:
    found = asked(days([{"a/opened": 10, "closed/y": 10}] * 400), known=DATED)
    shares = {when: Fraction(each.open, each.counted) for when, each in found.drawn.items()}
    assert {share for when, share in shares.items() if when < OPENED} == {Fraction(0)}
    assert {share for when, share in shares.items() if when >= OPENED} == {Fraction(1, 2)}


@pytest.mark.parametrize(
    ("length", "count", "apart"), [(7, 1, 0), (55, 49, 1), (56, 8, 7), (150, 21, 7)]
)
def test_a_window_a_week_is_drawn_and_every_one_of_fewer_than_eight_weeks(
    length: int, count: int, apart: int
) -> None:
    dates = asked(days([COUNTS] * length)).dates
    assert len(dates) == count
    steps = {(after - before).days for before, after in pairwise(dates)}
    assert steps == ({apart} if apart else set())


def test_at_most_53_weeks_are_drawn_with_both_marks_on_their_days() -> None:
    found = asked(days([COUNTS] * 690))
    newest = found.now.date
    assert found.dates[0] == newest - timedelta(weeks=53)
    assert found.half_year is not None
    assert found.year is not None
    others = set(found.dates) - {found.half_year.date, found.year.date}
    assert others <= {newest - timedelta(weeks=n) for n in range(54)}
    assert len(found.dates) <= 56


def test_a_missing_window_is_a_gap_in_what_is_drawn() -> None:
    stored = days([COUNTS] * 100)
    del stored[START + timedelta(days=50)]
    found = asked(stored)
    assert set(found.dates) - set(found.drawn) == {
        end for end in found.dates if 50 <= (end - START).days < 57
    }


def test_of_whole_weeks_it_is_the_one_that_was_over_by_then() -> None:
    weeks = {(w := START + timedelta(weeks=n, days=-1)): day(w, COUNTS, None) for n in range(60)}
    board = almanac(WEEKLY.name, weeks, WEEKLY.counting)
    found = balances(WEEKLY, board, date.max, KNOWN)
    newest = max(weeks)
    assert newest == date(2027, 7, 18)
    assert found.half_year is not None
    assert found.year is not None
    assert found.half_year.date == date(2027, 1, 17)
    assert found.year.date == date(2026, 7, 12)
    assert len(found.dates) == 54
    assert found.since == START - timedelta(weeks=1)


def test_nothing_after_the_day_asked_for_is_seen() -> None:
    until = START + timedelta(days=20)
    found = asked(days([COUNTS] * 40), until)
    assert found.now.date == until
    assert found.answer.newest == until
    assert max(found.dates) == until


TURN = days([{"open/x": 20, "closed/y": 80}] * 150 + [{"open/x": 80, "closed/y": 20}] * 80)


def told_of(stored: Mapping[date, Day]) -> tuple[Milestone, ...]:
    """Return what the rules find in the days."""
    return backtest("models", stored, KNOWN, rules.discover())


def with_milestones(stored: Mapping[date, Day], milestones: Sequence[Milestone]) -> Balances:
    """Return the answer with what of these milestones is about openness."""
    board = almanac("models", stored, MODELS.counting)
    return balances(MODELS, board, date.max, KNOWN, milestones)


def test_milestones_of_openness_are_told_newest_first_each_on_a_day_that_is_drawn() -> None:
    milestones = told_of(TURN)
    assert {"leader", "open_share"} <= {one.rule for one in milestones}
    found = with_milestones(TURN, milestones)
    assert {one.rule for one in found.happened} == {"open_share"}
    assert [one.facts["mark"] for one in found.happened][-3:] == [70, 60, 50]
    ends = [one.date for one in found.happened]
    assert ends == sorted(ends, reverse=True)
    assert {one.date for one in found.happened} <= set(found.dates)
    plain = asked(TURN)
    assert plain.happened == ()
    assert set(found.dates) == {*plain.dates, *(one.date for one in found.happened)}
    for one in found.happened:
        drawn = found.drawn[one.date]
        assert drawn.open * 100 >= one.facts["mark"] * drawn.counted


def test_what_does_not_stand_as_told_is_not_among_them() -> None:
    kept, *others = with_milestones(TURN, told_of(TURN)).happened
    changes: tuple[dict[str, Any], ...] = (
        {"held_by": ("other/z",)},
        {"inhibited_by": "key"},
        {"withdrawn": Cause.FIGURES},
        {"date": max(TURN) + timedelta(days=1)},
    )
    changed = [replace(one, **change) for one, change in zip(others, changes, strict=True)]
    assert with_milestones(TURN, [kept, *changed]).happened == (kept,)


def test_of_one_day_the_weightiest_comes_first() -> None:
    first, *_ = with_milestones(TURN, told_of(TURN)).happened
    one, other = (replace(first, key=key) for key in "ab")
    weighty = replace(other, severity=Severity.HEADLINE)
    assert with_milestones(TURN, [one, weighty]).happened == (weighty, one)


def test_a_milestone_whose_window_lacks_a_day_now_is_not_among_them() -> None:
    milestones = told_of(TURN)
    newest = max(one.date for one in milestones if one.rule == "open_share")
    lacking = {when: each for when, each in TURN.items() if when != newest}
    assert newest not in {one.date for one in with_milestones(lacking, milestones).happened}


@given(*(st.integers(0, 50) for _ in range(6)))
def test_a_share_is_surely_above_where_any_reading_of_the_unknown_says_so(
    opened: int, unknown: int, closed: int, before: int, doubted: int, shut: int
) -> None:
    now = Balance(START, opened, unknown, opened + unknown + closed, ())
    then = Balance(START, before, doubted, before + doubted + shut, ())
    if not (now.counted and then.counted):
        assert not now.surely_above(then)
        return
    least, most = Fraction(opened, now.counted), Fraction(before + doubted, then.counted)
    assert now.surely_above(then) == (least > most)


@pytest.mark.parametrize("length", [0, 1, 6])
def test_without_a_complete_week_it_says_what_is_missing(length: int) -> None:
    with pytest.raises(NoStandings) as raised:
        asked(days([COUNTS] * length))
    assert len(raised.value.answer.missing) == (7 - length if length else 0)


def test_days_without_a_listed_token_have_no_share() -> None:
    found = asked(days([{"open/x": 0}] * 60))
    assert found.now.counted == 0
    assert found.drawn == {}
