"""What is known of one model: against figures worked out again by plain sums."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.model import Best, Point, Profile, Run, Searched, Streak
from bot.boards import MODELS, Board
from bot.knowledge import CatalogueEntry
from bot.model import BOARD_MODELS, Day, Milestone, Openness, Severity
from bot.openness import Directory
from bot.queries.almanac import almanac
from bot.queries.milestones import naming
from bot.queries.model import profile
from bot.standings import OFFICIAL, WEEKLY, Counting
from tests.contract.nouns import milestone
from tests.made import START, day, days, directory, verdict

A, B, C = "a/one", "b/two", "c/three"
KNOWN = directory({A: verdict(Openness.OPEN, START)}, names={A: "One"})
ONE = timedelta(days=1)
FAR = date(2030, 1, 1)


def known_of(
    stored: Mapping[date, Day],
    model: str = A,
    until: date = FAR,
    counting: Counting = OFFICIAL,
    directory: Directory = KNOWN,
) -> Profile:
    """Return what is known of a model."""
    weekly = counting is WEEKLY
    board: Board = replace(MODELS, weekly=weekly)
    return profile(board, almanac(BOARD_MODELS, stored, counting), directory, model, until)


def at(number: int) -> date:
    """Return the day so many days after START."""
    return START + timedelta(days=number)


def test_before_the_first_complete_week_only_what_needs_no_figures_is_known() -> None:
    found = known_of(days([{A: 1}] * 6))
    assert (found.newest, found.place, found.searched, found.record) == (None, None, None, None)
    assert found.history == ()
    assert (found.name, found.verdict.openness) == ("One", Openness.OPEN)


def test_one_week_is_one_window() -> None:
    found = known_of(days([{A: 5, B: 9}] * 7))
    assert found.place is not None
    assert (found.place.rank, found.place.tokens) == (2, 35)
    assert found.searched == Searched(at(6), windows=1, missing=0, whole=1)
    assert found.record is not None
    assert found.record.best == Best(2, at(6), 1)
    assert found.record.streaks == ()
    assert found.history == (Point(at(6), 2, 35, stored=True),)


def test_a_model_that_no_ranking_listed_still_has_its_entry_in_the_catalogue() -> None:
    entry = CatalogueEntry(C, "Three", START, None, None)
    known = directory(catalogue=[entry])
    found = known_of(days([{A: 1}] * 9), C, directory=known)
    assert (found.entry, found.read, found.name) == (entry, True, "Three")
    assert (found.place, found.record, found.history) == (None, None, ())
    assert found.searched == Searched(at(6), windows=3, missing=0, whole=3)
    assert not known_of(days([{A: 1}] * 9), C).read


def test_a_model_that_is_gone_is_told_as_it_was_last_listed() -> None:
    found = known_of(days([{A: 9, B: 5}] * 7 + [{B: 5}] * 8))
    assert found.place is None
    assert found.record is not None
    assert (found.record.last.date, found.record.last.place.rank) == (at(12), 2)
    assert [point.rank for point in found.history] == [1, 1, 1, 1, 2, 2, 2, None, None]
    assert all(point.stored for point in found.history)


def test_nothing_after_the_day_that_may_be_judged_is_told() -> None:
    stored = days([{A: 1, B: 2}] * 7 + [{A: 99, B: 2}] * 3)
    early = known_of(stored, until=at(6))
    assert early == known_of(days([{A: 1, B: 2}] * 7))
    assert early.record is not None
    assert early.record.best.rank == 2


def test_a_missing_window_breaks_a_streak() -> None:
    stored = days([{A: 1}] * 30)
    del stored[at(15)]
    found = known_of(stored)
    assert found.record is not None
    (streak,) = found.record.streaks
    assert streak == Streak(1, Run(at(6), at(14), 9, cut=True), Run(at(22), at(29), 8, cut=True))
    assert found.searched == Searched(at(6), windows=17, missing=7, whole=17)
    assert [point.stored for point in found.history].count(False) == 7


def test_a_streak_says_nothing_that_a_higher_one_says_already() -> None:
    first = [{A: 9, B: 1}] * 10
    found = known_of(days(first + [{A: 9, B: 99}] * 10))
    assert found.record is not None
    higher, wider = found.record.streaks
    assert (higher.depth, higher.present) == (1, None)
    assert (wider.depth, wider.present, wider.longest.windows) == (5, wider.longest, 14)


def test_a_share_counts_where_all_tokens_were_published() -> None:
    stored = days([{A: 50}] * 7 + [{A: 900}] * 1 + [{A: 1}] * 7)
    stored[at(7)] = replace(stored[at(7)], other=None)
    found = known_of(stored)
    assert found.record is not None
    assert found.record.highest is not None
    assert found.record.highest.date == at(6)
    assert found.searched == Searched(at(6), windows=9, missing=0, whole=2)
    without = known_of({when: replace(each, other=None) for when, each in stored.items()})
    assert without.record is not None
    assert without.record.highest is None


@pytest.mark.parametrize(("listed", "points"), [(8, 2), (187, 181), (188, 182), (300, 182)])
def test_a_history_has_every_window_of_the_last_half_year(listed: int, points: int) -> None:
    history = known_of(days([{A: 1}] * listed)).history
    assert len(history) == points
    assert history[-1].date == at(listed - 1)
    assert {b.date - a.date for a, b in pairwise(history)} == {ONE}


def test_a_history_of_weeks_goes_back_as_far() -> None:
    weeks = [day(7 * n, {A: 9}) for n in range(40)]
    history = known_of({each.date: each for each in weeks}, counting=WEEKLY).history
    assert [point.date for point in history] == [at(7 * n) for n in range(14, 40)]


def test_a_history_has_the_tokens_of_each_window_and_none_where_there_is_no_window() -> None:
    stored = days([{A: n, B: 50} for n in range(1, 20)])
    del stored[at(8)]
    history = known_of(stored).history
    assert [point.tokens for point in history] == [28, 35, *[None] * 7, 91, 98, 105, 112]
    assert [point.stored for point in history] == [True] * 2 + [False] * 7 + [True] * 4


def test_a_history_begins_when_the_model_was_first_listed() -> None:
    history = known_of(days([{B: 1}] * 100 + [{A: 1, B: 1}] * 3)).history
    assert [(point.date, point.rank) for point in history] == [
        (at(100), 2),
        (at(101), 2),
        (at(102), 2),
    ]


def test_weeks_of_a_weekly_board_are_counted_as_weeks() -> None:
    weeks = [day(7 * n, {A: 9, B: 1 if n != 2 else 10}) for n in range(6)]
    found = known_of({each.date: each for each in weeks}, counting=WEEKLY)
    assert found.record is not None
    assert found.record.streaks[0] == Streak(1, Run(at(21), at(35), 3), Run(at(21), at(35), 3))
    assert found.searched == Searched(at(0), windows=6, missing=0, whole=6)
    assert [point.rank for point in found.history] == [1, 1, 2, 1, 1, 1]


COUNTS = st.lists(
    st.dictionaries(st.sampled_from([A, B, C, "d/4"]), st.integers(0, 30), min_size=1),
    min_size=7,
    max_size=50,
)
MISSING = st.sets(st.integers(0, 49), max_size=2)


@settings(deadline=None)
@given(COUNTS, MISSING)
def test_a_record_is_what_plain_sums_over_each_seven_days_say(
    counts: list[dict[str, int]], missing: set[int]
) -> None:
    ranks, shares = by_plain_sums(counts, missing)
    stored = {at(n): day(n, each) for n, each in enumerate(counts) if n not in missing}
    found = known_of(stored)
    listed = {n: rank for n, rank in ranks.items() if rank is not None}
    if not listed:
        assert found.record is None
        return
    best = min(listed.values())
    had = [n for n, rank in listed.items() if rank == best]
    assert found.record is not None
    gap = not all(n in ranks for n in range(min(ranks), had[0]))
    assert found.record.best == Best(best, at(had[0]), len(had), gap)
    assert found.record.highest is not None
    assert found.record.highest.date == at(max(listed, key=lambda n: (shares[n], -n)))
    assert found.record.last.date == at(max(listed))
    for streak in found.record.streaks:
        high = {n for n, rank in listed.items() if rank <= streak.depth}
        end = max(high, key=lambda n: (in_a_row(high, n), n))
        length = in_a_row(high, end)
        assert (streak.longest.windows, streak.longest.last) == (length, at(end))
        whole = end - length in ranks and (end == max(ranks) or end + 1 in ranks)
        assert streak.longest.cut is not whole
        now = in_a_row(high, max(ranks))
        assert (streak.present.windows if streak.present else 0) == now
    assert {(p.date, p.rank, p.stored) for p in found.history} == {
        (at(n), ranks.get(n), n in ranks) for n in range(min(listed), max(ranks) + 1)
    }
    assert all((p.rank is None) is (p.tokens is None) for p in found.history)


def by_plain_sums(
    counts: list[dict[str, int]], missing: set[int]
) -> tuple[dict[int, int | None], dict[int, float]]:
    """Return A's rank (None: not listed) and share in each whole week, by its last day's number."""
    ranks: dict[int, int | None] = {}
    shares: dict[int, float] = {}
    for end in range(6, len(counts)):
        week = counts[end - 6 : end + 1]
        if missing.isdisjoint(range(end - 6, end + 1)):
            sums = {m: sum(each.get(m, 0) for each in week) for each in week for m in each}
            order = sorted(sums, key=lambda m: (-sums[m], m))
            ranks[end] = order.index(A) + 1 if A in sums else None
            shares[end] = sums.get(A, 0) / (sum(sums.values()) + 700)
    return ranks, shares


def in_a_row(numbers: set[int], end: int) -> int:
    """Return how many numbers there are in a row up to `end`."""
    return 0 if end not in numbers else 1 + in_a_row(numbers, end - 1)


def named(name: str, when: int, severity: Severity = Severity.NOTABLE) -> Milestone:
    """Return a milestone that names A."""
    made = milestone(name, when)
    return replace(made, facts={"model": A}, severity=severity)


def test_the_milestones_that_name_a_model_are_told_newest_and_weightiest_first() -> None:
    old, small, big = named("x", 1), named("a", 5, Severity.MINOR), named("z", 5, Severity.HEADLINE)
    passed = replace(named("p", 9), facts={"model": B, "passed": A})
    told = naming([old, small, passed, big, milestone("other", 20)], A)
    assert told == (passed, big, small, old)


def test_what_is_not_posted_of_a_model_is_not_told() -> None:
    made = named("x", 1)
    hidden = [replace(made, held_by=(B,)), replace(made, inhibited_by="another")]
    assert naming(hidden, A) == ()
    assert naming([made], A) == (made,)
