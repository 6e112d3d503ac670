"""What final figures make of a milestone that was told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.knowledge import Verdict
from bot.model import Cause, Day, Earlier, Milestone
from bot.proof import moved, plain_windows
from bot.review import differs
from bot.verify import verify
from tests.made import START, directory
from tests.reviewing import (
    AFTER,
    CLOSED,
    DAY,
    KNOWN,
    LATER,
    LEADER,
    LEVEL,
    OPEN,
    RULES,
    SAID,
    TURN,
    final_at,
    reviewed,
    story,
    until,
)


def test_the_story_is_told_of_the_days_that_these_tests_restate() -> None:
    assert (LEVEL.subject, LEADER.subject) == ("3", "a/one")
    assert LEVEL.date == LEADER.date == START + timedelta(TURN + 1)


@pytest.mark.parametrize("hours", [0, 3, 25])
def test_before_26_hours_the_milestone_is_left_as_it_is(hours: int) -> None:
    untrue = story(**{DAY: {"d/four": 10**9, "e/five": 10**9, "f/six": 10**9}})
    assert reviewed(LEVEL, untrue, hours=hours) is LEVEL


def test_from_26_hours_on_it_is_marked_final_and_stays_so() -> None:
    after = reviewed(LEVEL)
    assert after == replace(LEVEL, final=True)
    assert reviewed(after) is after
    assert reviewed(after, hours=400) is after


WHOLE = 100_000
SHARES = replace(
    LEVEL,
    total=WHOLE,
    top=tuple(
        replace(each, tokens=tokens)
        for each, tokens in zip(LEVEL.top, (40_000, 20_000, 8_000, 5_000, 1_000), strict=True)
    ),
)


def shifted(tokens: int, place: int = 0) -> Milestone:
    """Return the same with so many tokens of 100,000 more at a place."""
    top = list(SHARES.top)
    top[place] = replace(top[place], tokens=top[place].tokens + tokens)
    return replace(SHARES, top=tuple(top))


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize(("tokens", "edited"), [(0, False), (99, False), (100, True)])
def test_a_share_that_differs_by_a_tenth_of_a_point_is_told_and_one_by_less_is_not(
    place: int, tokens: int, edited: bool
) -> None:
    assert differs(SHARES, shifted(tokens, place)) is edited
    assert differs(shifted(tokens, place), SHARES) is edited


def test_shares_are_compared_in_whole_numbers_however_large() -> None:
    huge = 10**30
    one = replace(SHARES, total=huge, top=(replace(SHARES.top[0], tokens=huge // 2),))
    for more, edited in ((huge // 1000, True), (huge // 1000 - 1, False)):
        top = (replace(SHARES.top[0], tokens=huge // 2 + more),)
        assert differs(one, replace(one, top=top)) is edited


def test_the_open_models_share_is_a_printed_figure_too() -> None:
    # Each of the three is off by less than a tenth of a point, together they are not.
    moves = (40, 40, 40, 0, 0)
    top = tuple(shifted(by, place).top[place] for place, by in enumerate(moves))
    assert [each.openness for each in top] == [OPEN, OPEN, OPEN, CLOSED, CLOSED]
    assert differs(SHARES, replace(SHARES, top=top))


def test_a_rank_that_changed_is_told_however_near_the_two_are() -> None:
    one, two, *rest = SHARES.top
    near = replace(SHARES, top=(one, replace(two, tokens=one.tokens), *rest))
    first, second = replace(two, tokens=one.tokens, rank=1), replace(one, rank=2)
    swapped = replace(near, top=(first, second, *rest))
    assert not differs(near, near)
    assert differs(near, swapped)


@pytest.mark.parametrize("rank", ["rank", "rank_before"])
def test_a_rank_that_a_message_says_in_words_counts_like_those_in_its_list(rank: str) -> None:
    said = replace(SHARES, facts={**SHARES.facts, rank: 17})
    assert differs(said, replace(said, facts={**said.facts, rank: 18}))


def test_an_edit_has_the_final_figures_and_verifies() -> None:
    more = {"a/one": AFTER["a/one"] + 9_000, "d/four": AFTER["d/four"] + 1_000}
    final = story(**{DAY: more})
    for one in (LEVEL, LEADER):
        after = reviewed(one, final)
        assert (after.final, after.revised) == (True, final_at(one))
        assert after.withdrawn is None
        assert after.total == one.total + 10_000
        assert after.top[0].tokens == one.top[0].tokens + 9_000
        assert after.as_of == LATER
        versions = {when: (story()[when], final[when]) for when in until(final, one.date)}
        assert all(check.holds for check in verify(after, versions, KNOWN, RULES))


def test_figures_that_hardly_moved_are_not_edited() -> None:
    final = story(**{DAY: {"a/one": AFTER["a/one"] + 100}})
    assert reviewed(LEVEL, final) == replace(LEVEL, final=True)


def untrue(one: Milestone) -> dict[date, Day]:
    """Return the story with the milestone's own day read so that nothing of it was true."""
    number = (one.date - START).days
    closed = {"d/four": 10**6, "e/five": 10**6, "f/six": 10**6}
    return story(**{f"d{n}": closed for n in range(number, number + 5)})


@pytest.mark.parametrize("one", [LEVEL, LEADER], ids=lambda one: one.rule)
def test_what_the_final_figures_make_untrue_is_withdrawn_and_shows_them(one: Milestone) -> None:
    after = reviewed(one, untrue(one))
    assert (after.withdrawn, after.revised) == (Cause.FIGURES, final_at(one))
    assert (after.final, after.told) == (True, False)
    assert (after.facts, after.key, after.receipt) == (one.facts, one.key, one.receipt)
    assert after.top[0].model == "d/four"
    assert after.as_of == LATER


def test_what_is_changed_keeps_what_it_said_before_each_change() -> None:
    more = {"a/one": AFTER["a/one"] + 9_000, "d/four": AFTER["d/four"] + 1_000}
    once = reviewed(LEVEL, story(**{DAY: more}))
    first = Earlier(
        until=final_at(LEVEL),
        date=LEVEL.date,
        facts=LEVEL.facts,
        top=LEVEL.top,
        total=LEVEL.total,
        as_of=LEVEL.as_of,
    )
    assert once.earlier == (first,)
    corrected = Verdict(CLOSED, START, "it never was", correction=True)
    wrong = {"a/one": corrected, "b/two": corrected}
    twice = reviewed(once, story(**{DAY: more}), directory(SAID | wrong), hours=40)
    assert twice.withdrawn is Cause.REGISTRY
    assert [said.total for said in twice.earlier] == [LEVEL.total, once.total]


@pytest.mark.parametrize("late", [1, 2, 3])
def test_what_the_final_figures_move_by_up_to_three_days_moves_and_stays_itself(late: int) -> None:
    low = {"b/two": 1, "c/three": 1}
    days = story(**{f"d{n}": low for n in range(TURN, TURN + late)})
    windows, rule = plain_windows("models", days, KNOWN), RULES["open_top5"]
    assert [rule.holds(moved(LEVEL, by), windows) for by in (0, late)] == [False, True]
    after = reviewed(LEVEL, days, hours=26 + 24 * late)
    shift = timedelta(days=late)
    assert (after.key, after.withdrawn, after.final) == (LEVEL.key, None, True)
    assert (after.began, after.date) == (LEVEL.began + shift, LEVEL.date + shift)
    assert after.facts["began"] == str(after.began)
    assert after.revised is not None
    assert rule.holds(after, windows)
