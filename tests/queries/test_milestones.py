"""Which milestones are listed, on which page, and which one a key means."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.milestones import Sought
from bot.errors import UnknownName
from bot.model import BOARD_MODELS, Cause, Milestone, Severity
from bot.queries.milestones import (
    LONGEST_OFFERED,
    PAGE,
    SHORTEST,
    begun_with,
    listed,
    offered_key,
    was_told,
)
from bot.queries.names import Named, Names
from tests.contract.nouns import milestone
from tests.made import START

ORDER = list(Severity)
SOUGHT = Sought(BOARD_MODELS, Severity.MINOR, date.min)


def made(number: int, severity: Severity = Severity.HEADLINE) -> Milestone:
    """Return a milestone dated so many days after START."""
    return replace(milestone(f"models.rule.subject.{number:03}", number), severity=severity)


@given(
    found=st.lists(st.tuples(st.integers(0, 60), st.sampled_from(ORDER)), max_size=40),
    least=st.sampled_from(ORDER),
    since=st.integers(0, 60),
)
def test_the_pages_together_are_all_that_was_sought_newest_first(
    found: list[tuple[int, Severity]], least: Severity, since: int
) -> None:
    every = [
        replace(made(day, severity), key=f"models.rule.{index}")
        for index, (day, severity) in enumerate(found)
    ]
    sought = Sought(BOARD_MODELS, least, START + timedelta(days=since))
    first = listed(every, sought)
    pages = [listed(every, replace(sought, page=n)) for n in range(first.pages)]
    shown = [one for page in pages for one in page.milestones]
    wanted = [
        one
        for one in every
        if one.date >= sought.since and ORDER.index(one.severity) <= ORDER.index(least)
    ]
    assert sorted(shown, key=lambda one: one.key) == sorted(wanted, key=lambda one: one.key)
    assert [one.date for one in shown] == sorted((one.date for one in wanted), reverse=True)
    assert first.count == len(wanted)
    assert all(len(page.milestones) == PAGE for page in pages[:-1])


@pytest.mark.parametrize(("asked", "there"), [(-3, 0), (1, 1), (99, 2)])
def test_a_page_that_is_not_there_is_the_nearest_that_is(asked: int, there: int) -> None:
    every = [made(n) for n in range(2 * PAGE + 1)]
    assert listed(every, replace(SOUGHT, page=asked)).page == there


def test_what_was_not_told_is_left_out_and_what_was_withdrawn_is_not() -> None:
    held = replace(made(1), held_by=("a/x",))
    silenced = replace(made(2), inhibited_by="models.other")
    withdrawn = replace(made(3), withdrawn=Cause.FIGURES)
    assert [was_told(one) for one in (held, silenced, withdrawn)] == [False, False, True]
    assert listed([held, silenced, withdrawn], SOUGHT).milestones == (withdrawn,)


def test_a_key_is_meant_by_its_beginning_if_no_other_begins_so() -> None:
    long, other = "models.overtake." + "x" * 120, "models.overtake." + "y" * 120
    both = [replace(made(1), key=long), replace(made(2), key=other)]
    names = Names("milestone", tuple(Named(offered_key(one.key), "Headline") for one in both))
    assert begun_with(long[:100], both, names).key == long
    assert begun_with(f" {other[:SHORTEST]} ", both, names).key == other
    with pytest.raises(UnknownName):
        begun_with("models.overtake.", both, names)


def test_of_long_keys_that_begin_alike_the_one_chosen_is_meant() -> None:
    pair = "models.overtake." + "x" * 60 + ">" + "y" * 60
    both = [replace(made(n), key=f"{pair}.2026-07-{n}") for n in (10, 28)]
    names = Names("milestone", tuple(Named(offered_key(one.key), "Headline") for one in both))
    for one in both:
        assert len(offered_key(one.key)) == LONGEST_OFFERED
        assert begun_with(offered_key(one.key), both, names) is one


def test_words_that_mean_no_milestone_are_refused_with_the_nearest() -> None:
    one = made(1)
    names = Names("milestone", (Named(one.key, "Open models hold four of the top five"),))
    assert begun_with("four of the top five", [one], names) is one
    with pytest.raises(UnknownName) as refused:
        begun_with("open models hold foru of teh top", [one], names)
    assert refused.value.nearest == ("Open models hold four of the top five",)
