"""What would reverse a milestone: the figures are its own, and they are what it takes."""

import re
from itertools import permutations, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import rules
from bot.detect import detect, windows
from bot.model import Milestone
from bot.rules.open_share import MARKS, Share
from bot.text.say import english
from tests.naive import eventful
from tests.rules.milestones import milestone, name, top

RULES = rules.discover()
SAY = english()
FEW = st.integers(0, 999)
"""So few that they are said in full."""


def said(one: Milestone) -> str:
    """Return what would reverse a milestone."""
    return RULES[one.rule].reversal(one, name, SAY)


def figure(text: str, behind: str) -> int | None:
    """Return the number that stands before some words."""
    found = re.search(rf"(\d+) {behind}", text)
    return int(found[1]) if found else None


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("leader", {"model": "lab/1", "previous": None}),
        ("streak", {"subject": "lab/1", "windows": 30}),
    ],
)
@given(tokens=st.lists(FEW, min_size=1, max_size=5))
def test_the_second_would_draw_level_with_the_tokens_it_has_fewer(
    rule: str, facts: dict[str, object], tokens: list[int]
) -> None:
    tokens.sort(reverse=True)
    text = said(milestone(rule, facts, top("o" * len(tokens), tokens)))
    if len(tokens) == 1:
        assert "second" not in text
    elif tokens[0] == tokens[1]:
        assert text.endswith(" Model 2, in second place, has as many tokens.")
    else:
        gap = figure(text, "fewer")
        assert gap is not None
        assert tokens[1] + gap == tokens[0]
        assert f" Model 2, in second place, has {gap} fewer tokens." in text


@given(
    tokens=st.lists(FEW, min_size=5, max_size=5, unique=True),
    pair=st.sampled_from(list(permutations(range(1, 8), 2))),
)
def test_who_was_passed_would_draw_level_with_the_tokens_it_has_fewer(
    tokens: list[int], pair: tuple[int, int]
) -> None:
    model, passed = pair
    tokens.sort(reverse=True)
    facts = {"model": f"lab/{model}", "passed": f"lab/{passed}"}
    gap = figure(said(milestone("overtake", facts, top("ooooo", tokens))), "fewer")
    # Behind it is whoever was passed, unless the milestone was withdrawn.
    shown = model < passed <= 5
    assert gap == (tokens[model - 1] - tokens[passed - 1] if shown else None)


@given(mark=st.sampled_from(MARKS), opens=FEW, unknown=FEW, others=FEW)
@example(mark=50, opens=6, unknown=0, others=4)
@example(mark=50, opens=5, unknown=0, others=5)
def test_open_models_would_lose_a_mark_with_one_token_more_than_they_have_to_spare(
    mark: int, opens: int, unknown: int, others: int
) -> None:
    counted = opens + unknown + others
    gap = figure(_share("up", mark, opens, unknown, counted), "tokens more")
    if gap is None:
        assert not Share(opens - 1, unknown, counted).surely(mark)
    else:
        assert Share(opens - gap, unknown, counted).surely(mark)
        assert not Share(opens - gap - 1, unknown, counted).surely(mark)


@given(opens=FEW, unknown=FEW, others=FEW)
@example(opens=4, unknown=0, others=6)
@example(opens=5, unknown=0, others=5)
def test_open_models_would_have_half_again_with_the_tokens_they_have_fewer(
    opens: int, unknown: int, others: int
) -> None:
    counted = opens + unknown + others
    gap = figure(_share("down", 50, opens, unknown, counted), "fewer")
    if gap is None:
        assert not Share(opens, unknown, counted).surely_below(50)
    else:
        assert Share(opens + gap, unknown, counted).possibly(50)
        assert not Share(opens + gap - 1, unknown, counted).possibly(50)


def _share(direction: str, mark: int, opens: int, unknown: int, counted: int) -> str:
    facts = {
        "mark": mark,
        "direction": direction,
        "open_tokens": opens,
        "unknown_tokens": unknown,
        "counted_tokens": counted,
    }
    return said(milestone("open_share", facts, ()))


@pytest.mark.parametrize("level", [3, 4, 5])
def test_the_last_open_model_is_named_where_the_level_would_end_without_it(level: int) -> None:
    for kinds in map("".join, product("ocu", repeat=5)):
        facts = {"level": level, "open": []}
        text = said(milestone("open_top5", facts, top(kinds, (5, 4, 3, 2, 1))))
        named = re.search(r"Model (\d), at place (\d)\.", text)
        assert (named is not None) == (kinds.count("o") == level < 5)
        if named is not None:
            assert named[1] == named[2] == str(kinds.rindex("o") + 1)


def test_as_many_are_ahead_of_a_model_that_enters_as_its_window_has_above_it() -> None:
    world = eventful()
    seen = {each.date: each for each in windows("models", world.days, world.directory)}
    found = detect("models", world.days, world.directory, RULES)[1]
    entries = [one for one in found if one.rule == "top_entry"]
    assert {one.facts["places"] for one in entries} == {5, 10}
    for one in entries:
        models = [place.model for place in seen[one.date].standings.places]
        assert figure(said(one), "(is|are) now") == models.index(one.facts["model"])


def test_a_model_that_dropped_out_is_said_to_be_where_its_window_has_it() -> None:
    world = eventful()
    seen = {each.date: each for each in windows("models", world.days, world.directory)}
    found = detect("models", world.days, world.directory, RULES)[1]
    for one in (one for one in found if one.rule == "dropout"):
        models = [place.model for place in seen[one.date].standings.places]
        place = re.search(r"at place (\d+) now", said(one))
        listed = one.facts["model"] in models
        assert (place is not None) == listed
        assert place is None or int(place[1]) == 1 + models.index(one.facts["model"])
