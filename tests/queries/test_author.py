"""One author's models together, now and before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.author import Portion
from bot.answers.comparison import Best
from bot.errors import NoStandings
from bot.model import Cause, Day, Milestone, Openness
from bot.queries.almanac import almanac
from bot.queries.author import author_answer, authorship
from bot.queries.milestones import naming
from bot.standings import OFFICIAL, WEEKLY
from tests.made import START, day, days, directory, open_closed, verdict
from tests.rules.milestones import milestone

ONE = timedelta(days=1)
NAMES = ("meta/x", "meta-llama/y:free", "meta-llama/z", "other/w")
COUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 99), min_size=1)
DAYS = st.dictionaries(st.integers(0, 20), COUNTS, min_size=14, max_size=21)


def stored(found: Mapping[int, Mapping[str, int]]) -> dict[date, Day]:
    """Return days by date, ascending; other models have 100 tokens each day."""
    return {START + n * ONE: day(n, found[n]) for n in sorted(found)}


def naive(found: Mapping[int, Mapping[str, int]], end: int) -> Portion | None:
    """Return the portion of meta and meta-llama in the seven days to one."""
    if not all(end - back in found for back in range(7)):
        return None
    rows = [row for back in range(7) for row in found[end - back].items()]
    own = [tokens for model, tokens in rows if model.startswith("meta")]
    total = sum(tokens for _, tokens in rows) + 700
    return Portion(START + end * ONE, sum(own) if own else None, total)


@given(DAYS, st.integers(0, 20))
def test_shares_are_those_found_by_counting_again(
    found: dict[int, dict[str, int]], until: int
) -> None:
    kept = almanac("models", stored(found), OFFICIAL)
    ends = [end for end in range(until + 1) if naive(found, end) is not None]
    if not ends:
        with pytest.raises(NoStandings):
            author_answer(kept, open_closed(), "meta", START + until * ONE)
        return
    answer = author_answer(kept, open_closed(), "meta", START + until * ONE)
    assert answer.now == naive(found, max(ends))
    assert answer.since == START + min(ends) * ONE
    assert answer.watched == START + (min(ends) - 6) * ONE
    assert answer.week_before == naive(found, max(ends) - 7)
    assert sum(place.tokens for place in answer.places) == (answer.now.tokens or 0)
    past = answer.past
    none = tuple(None if total is None else 0 for total in past.totals)
    used = past.authors.get("meta", none)
    assert past.parts.get(Openness.UNKNOWN, none) == used
    for when, tokens, total in zip(past.dates, used, past.totals, strict=True):
        then = naive(found, (when - START).days)
        assert total == (then.total if then else None)
        assert tokens == ((then.tokens or 0) if then else None)


def test_six_months_before_is_the_window_that_ended_six_calendar_months_earlier() -> None:
    counts = [{"a/x": 10 + n, "b/y": 5} for n in range(200)]
    kept = almanac("models", days(counts, date(2026, 1, 1)), OFFICIAL)
    answer = author_answer(kept, open_closed(), "a", date(2026, 7, 19))
    assert answer.half_year is not None
    assert answer.half_year.date == date(2026, 1, 19)
    assert answer.half_year.tokens == sum(10 + n for n in range(12, 19))
    short = author_answer(kept, open_closed(), "a", date(2026, 7, 6))
    assert short.half_year is None


def test_whole_weeks_are_set_beside_the_week_that_was_over_six_months_before() -> None:
    weeks = [day(date(2026, 1, 4) + timedelta(weeks=n), {"a/x": n + 1}) for n in range(28)]
    kept = almanac("weekly", {each.date: each for each in weeks}, WEEKLY)
    answer = author_answer(kept, open_closed(), "a", date.max)
    assert answer.standings.date == date(2026, 7, 12)
    assert answer.half_year == Portion(date(2026, 1, 11), 2, 102)


def test_what_is_not_listed_is_not_known_rather_than_zero() -> None:
    counts = [{"b/y": 5, "a/x": 1}] * 7 + [{"b/y": 5}] * 14
    kept = almanac("models", days(counts), OFFICIAL)
    answer = author_answer(kept, open_closed(), "a", date.max)
    assert answer.places == ()
    assert answer.now.tokens is None
    assert answer.week_before == Portion(START + 13 * ONE, None, 735)
    assert answer.best == Best("a/x", 2, START + 6 * ONE)


def test_the_best_rank_is_the_first_of_the_best_of_any_of_its_models() -> None:
    counts = [{"a/x": 9, "a/y": 1, "b/z": 5}] * 7 + [{"a/x": 1, "a/y": 90, "b/z": 5}] * 14
    kept = almanac("models", days(counts), OFFICIAL)
    answer = author_answer(kept, open_closed(), "a", date.max)
    assert answer.best == Best("a/x", 1, START + 6 * ONE)


def test_each_window_is_counted_by_what_the_models_were_then() -> None:
    opened = START + 10 * ONE
    known = directory({"a/x": verdict(Openness.OPEN, opened), "a/y": verdict(Openness.CLOSED)})
    kept = almanac("models", days([{"a/x": 3, "a/y": 2}] * 14), OFFICIAL)
    answer = author_answer(kept, known, "a", date.max)
    assert answer.past.dates == tuple(START + n * ONE for n in range(6, 14))
    assert answer.past.parts == {
        Openness.OPEN: (0,) * 4 + (21,) * 4,
        Openness.CLOSED: (14,) * 8,
        Openness.UNKNOWN: (21,) * 4 + (0,) * 4,
    }
    assert list(answer.past.parts) == list(Openness)


def test_of_all_authors_each_has_what_its_models_used_together_and_gaps_are_gaps() -> None:
    counts = [{"meta/x": 3, "meta-llama/y": 2, "b/z": 1}] * 10 + [{"meta/x": 5}] * 19
    whole = days(counts)
    kept = {when: each for when, each in whole.items() if when != START + 8 * ONE}
    found = authorship(almanac("models", kept, OFFICIAL), open_closed(), date.max)
    assert found.dates[:2] == (START + 6 * ONE, START + 7 * ONE)
    gap = (None,) * 7
    assert found.authors == {
        "meta": (35, 35, *gap, *(35,) * 14),
        "b": (7, 7, *gap, 1, *(0,) * 13),
    }
    assert found.totals == (742, 742, *gap, 736, *(735,) * 13)
    assert (found.focus, found.parts, found.lacking) == (None, {}, False)


def test_totals_that_lack_what_is_not_listed_are_told_of() -> None:
    lacking = [day(n, {"a/x": 1}, other=None if n == 3 else 5) for n in range(14)]
    kept = almanac("models", {each.date: each for each in lacking}, OFFICIAL)
    assert authorship(kept, open_closed(), date.max).lacking
    assert not authorship(kept, open_closed(), date.max, "a").parts.get(Openness.OPEN)
    later = {each.date: each for each in lacking[4:]}
    assert not authorship(almanac("models", later, OFFICIAL), open_closed(), date.max).lacking


def test_all_models_that_are_known_of_are_counted_by_what_they_are_now() -> None:
    known = directory(
        {"a/x": verdict(Openness.OPEN), "a/never": verdict(Openness.CLOSED)},
        names={"a/named": "Named", "b/other": "Other"},
    )
    kept = almanac("models", days([{"a/x": 3, "a/ranked": 2, "b/y": 1}] * 7), OFFICIAL)
    answer = author_answer(kept, known, "a", date.max)
    assert answer.known == {Openness.OPEN: 1, Openness.CLOSED: 1, Openness.UNKNOWN: 2}


LEADS = milestone("author_leader", {"author": "a", "previous": None}, ())
OVERTAKES = milestone("overtake", {"model": "b/y", "passed": "a/x"}, ())
OTHER = milestone("leader", {"model": "b/y", "previous": None}, ())


@pytest.mark.parametrize(
    ("one", "named"),
    [
        (LEADS, True),
        (OVERTAKES, True),
        (OTHER, False),
        (replace(LEADS, held_by=("c/z",)), False),
        (replace(LEADS, inhibited_by="another"), False),
        (replace(LEADS, withdrawn=Cause.FIGURES), False),
    ],
)
def test_milestones_are_those_told_that_name_it_or_a_model_of_its(
    one: Milestone, named: bool
) -> None:
    assert list(naming([one], "a/")) == ([one] if named else [])


def test_the_newest_milestone_comes_first() -> None:
    older, newer = LEADS, replace(LEADS, key="later", date=LEADS.date + ONE)
    assert naming([older, newer], "a/") == (newer, older)
