"""What the picture of a milestone is made of: it says what the alert says, of the same window."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.answers.stories import Course, Scene
from bot.backtest import backtest
from bot.detect import detect
from bot.model import BOARD_MODELS, Day, Milestone, Openness
from bot.openness import Directory
from bot.pictures.milestone import ALL_MODELS, OPEN_MODELS, Kind, Ways
from bot.proof import prove
from bot.queries.stories import scene, staged
from bot.rules import Rule
from bot.standings import WEEK, standings
from bot.text.say import english
from bot.text.stories import story_picture
from bot.text.story_alt import story_alt
from bot.text.words import LONGEST_ALT
from storage.tinydb_store import TinyDBStore
from tests.made import START, days, open_closed
from tests.naive import World, eventful, worlds
from tests.test_all_rules import _real

RULES = rules.discover()
SAY = english()
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
MANY = 12
"""Milestones of a rule that are looked at, evenly picked."""


@cache
def _eventful() -> tuple[World, tuple[Milestone, ...]]:
    world = eventful()
    return world, detect(BOARD_MODELS, world.days, world.directory, RULES)[1]


def some(rule: Rule) -> list[Milestone]:
    """Return milestones of a rule from eventful times, the first and the last among them."""
    found = [one for one in _eventful()[1] if one.rule == rule.name]
    return [*found[:: max(len(found) // MANY, 1)], found[-1]]


def shown(
    milestone: Milestone, stored: Mapping[date, Day] | None = None, known: Directory | None = None
) -> Scene:
    """Return what the picture of a milestone shows, of eventful times if of no others."""
    world = _eventful()[0]
    story = RULES[milestone.rule].story(milestone)
    stored = world.days if stored is None else stored
    return staged(milestone, story, stored, known or world.directory)


def courses(found: Scene) -> dict[str, Course]:
    """Return the courses of a scene by whom they are about."""
    return {each.about: each for each in found.courses}


def said(milestone: Milestone, known: Directory) -> str:
    """Return what an alert says of a milestone."""
    rule = RULES[milestone.rule]
    headline = rule.headline(milestone, known.name, SAY)
    return f"{headline}. {rule.sentence(milestone, known.name, SAY)}"


def agrees(milestone: Milestone, found: Scene, known: Directory) -> None:
    """Assert that a picture's figures are those that the alert says."""
    facts, told = milestone.facts, said(milestone, known)
    picture = story_picture(found, "t", known.name, SAY)
    if not isinstance(picture, Ways):
        assert [seat.name for seat in picture.seats[-1]] == [each.name for each in milestone.top]
        if "open" in facts:
            assert picture.counted[-1] == str(len(facts["open"]))
        return
    first, ending = found.courses[0], picture.ways[0].ending
    if "counted_tokens" in facts:
        down = facts["direction"] == "down" and facts["unknown_tokens"]
        assert ending.split(", at most ")[-1 if down else 0] in told
    if found.story.kind is Kind.SHARES and "tokens" in facts:
        assert ending in told
    if ALL_MODELS in found.story.about:
        assert ending in told
    if "rank" in facts:
        assert first.values[-1] == facts["rank"]
        assert ending == ("not listed" if facts["rank"] is None else f"number {facts['rank']}")
    if milestone.rule in {"leader", "streak"}:
        assert ending == "number 1"
    if found.story.kind is Kind.TOKENS:
        assert (first.values[-1] or 0) >= facts["mark"]


@every_rule
def test_the_figures_are_those_that_the_alert_says(rule: Rule) -> None:
    for milestone in some(rule):
        if not milestone.held_by:
            agrees(milestone, shown(milestone), _eventful()[0].directory)


def test_on_real_days_too_the_figures_are_those_that_the_alert_says(real_data: Path) -> None:
    stored, known = _real(real_data)
    told = [one for one in backtest(BOARD_MODELS, stored, known, RULES) if one.told]
    assert {one.rule for one in told} == set(RULES)
    for milestone in told:
        agrees(milestone, shown(milestone, stored, known), known)


@every_rule
def test_a_picture_can_be_made_of_whatever_it_tells(rule: Rule) -> None:
    world = _eventful()[0]
    for milestone in some(rule):
        proven = prove(milestone, world.days, world.directory, rule)
        found = shown(proven)
        picture = story_picture(found, "t", str, SAY)
        assert (picture.dates[-1], picture.since < len(picture.dates)) == (milestone.date, True)
        assert picture.table().rows
        assert any(char.isdigit() for char in story_alt(found, str, SAY))
        assert len(story_alt(found, str, SAY)) <= LONGEST_ALT


@every_rule
def test_it_is_about_what_the_milestone_names(rule: Rule) -> None:
    for milestone in some(rule):
        story, facts = rule.story(milestone), milestone.facts
        named = {value for value in facts.values() if isinstance(value, str)}
        about = {each.removesuffix("/") for each in story.about} - {OPEN_MODELS, ALL_MODELS}
        assert about <= named
        assert story.mark == facts.get("mark")
        assert (story.kind is Kind.PLACES) == (story.about == ())


@every_rule
def test_without_its_days_the_milestone_itself_is_still_shown(rule: Rule) -> None:
    known = _eventful()[0].directory
    for milestone in some(rule):
        found = shown(milestone, {})
        assert (found.dates, found.stored) == ((milestone.date,), False)
        story_picture(found, "t", known.name, SAY)
        if found.story.kind is Kind.PLACES:
            assert found.seats == (milestone.top,)
        elif not milestone.held_by and rule.name in {"leader", "open_share", "platform_mark"}:
            agrees(milestone, found, known)


@settings(max_examples=60, deadline=None)
@given(world=worlds(), data=st.data())
def test_whatever_is_missing_there_is_a_picture_with_gaps(
    world: World, data: st.DataObject
) -> None:
    for milestone in detect(BOARD_MODELS, world.days, world.directory, RULES)[1][:6]:
        gone = data.draw(st.sets(st.sampled_from(sorted(world.days)), max_size=9))
        left = {day: each for day, each in world.days.items() if day not in gone}
        found = shown(milestone, left, world.directory)
        assert story_picture(found, "t", str, SAY).language == "en"
        assert len(story_alt(found, str, SAY)) <= LONGEST_ALT
        ends = [standings(BOARD_MODELS, left, end) for end in found.dates[:-1]]
        for index, window in enumerate(ends):
            assert window is not None or not any(found.seats[index : index + 1])
            assert window is not None or all(c.values[index] is None for c in found.courses)


CLOSED = {f"closed/{n}": 100 - n for n in range(5)}
RISING = days([CLOSED | {"open/a": 1 if n < 10 else 900} for n in range(17)])
"""Days in which an open model comes to lead."""


def rising(rule: str) -> Milestone:
    """Return what a rule tells of the open model that comes to lead."""
    found = detect(BOARD_MODELS, RISING, open_closed(), RULES)[1]
    return next(one for one in found if one.rule == rule)


def test_a_new_leader_and_the_one_before_stand_out_from_the_top_ten() -> None:
    found = shown(rising("leader"), RISING, open_closed())
    assert [(each.about, each.strong) for each in found.courses] == [
        ("open/a", True),
        ("closed/0", True),
        *((f"closed/{n}", False) for n in range(1, 5)),
    ]
    ranks = [6, 6, 6, 6, 1, 1]
    assert found.courses[0].values == tuple(map(Fraction, ranks))
    assert found.dates == tuple(START + timedelta(6 + n) for n in range(len(ranks)))
    assert found.courses[0].openness is Openness.OPEN
    assert found.dates[found.since] == found.milestone.date, "the day of the figures it tells"


def test_days_restated_since_do_not_change_what_the_milestone_says_of_its_window() -> None:
    milestone = rising("leader")
    restated = RISING | days([CLOSED] * 7, START + timedelta(10))
    found = courses(shown(milestone, restated, open_closed()))
    assert found["open/a"].values[-1] == 1
    last = [each.values[-1] for each in found.values() if each.values[-1] is not None]
    assert len(set(last)) == len(last), "nobody stands where somebody else does"
    held = replace(milestone, top=milestone.top[::-1])
    assert shown(replace(held, rule="open_top5"), restated, open_closed()).seats[-1] == held.top


def test_the_shares_of_an_author_are_those_of_all_its_models_beside_the_largest_others() -> None:
    found = shown(rising("author_leader"), RISING, open_closed())
    assert [each.about for each in found.courses] == ["open/", "closed/"]
    window = standings(BOARD_MODELS, RISING, found.milestone.date)
    assert window is not None
    closed = sum(place.tokens for place in window.places if place.model.startswith("closed/"))
    assert found.courses[1].values[-1] == Fraction(closed, window.total)
    assert found.courses[0].openness is None


@pytest.mark.parametrize(
    ("windows", "apart"), [(30, 7), (90, 9), (365, 32)], ids=["short", "long", "a year"]
)
def test_a_streak_is_shown_from_before_it_began(windows: int, apart: int) -> None:
    stored = days([CLOSED | {"open/a": 900}] * 400)
    facts = {"subject": "open_top5:4", "windows": windows}
    end = START + timedelta(399)
    pair = {"began": end - timedelta(1), "date": end}
    one = replace(rising("leader"), rule="streak", facts=facts, **pair)
    found = shown(one, stored, open_closed())
    since = one.date - timedelta(windows)
    assert found.dates[0] < since <= found.dates[found.since] < since + timedelta(apart)
    assert {b - a for a, b in zip(found.dates, found.dates[1:], strict=False)} == {timedelta(apart)}
    assert len(found.dates) in {12, 13}


@pytest.mark.parametrize(("length", "dates", "apart"), [(19, 13, 1), (43, 13, 3), (200, 13, 7)])
def test_first_places_have_about_a_dozen_columns_however_much_is_stored(
    length: int, dates: int, apart: int
) -> None:
    stored = days([CLOSED] * length)
    end = START + timedelta(length - 1)
    one = replace(rising("leader"), rule="open_top5", date=end, began=end - timedelta(1))
    found = shown(one, stored, open_closed())
    assert len(found.dates) == dates
    assert found.dates[1] - found.dates[0] == timedelta(apart)
    assert found.dates[found.since] == (one.began if apart == 1 else one.date)


def test_a_board_of_weeks_has_a_window_a_week() -> None:
    ends = [START + WEEK * timedelta(n) for n in range(40)]
    stored = {end: days([CLOSED], end)[end] for end in ends}
    one = replace(rising("leader"), began=ends[-2], date=ends[-1])
    for rule, count in (("leader", 9), ("open_top5", 13)):
        found = shown(replace(one, rule=rule), stored, open_closed())
        assert found.dates == tuple(ends[-count:])
        assert found.stored
    assert found.since == count - 2


async def test_of_a_store_with_more_days_than_are_shown_the_same_is_shown(tmp_path: Path) -> None:
    milestone, known = rising("leader"), open_closed()
    long_ago = days([CLOSED] * 90, START - timedelta(100))
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_days(BOARD_MODELS, tuple({**long_ago, **RISING}.values()))
    found = await scene(store, milestone, RULES["leader"].story(milestone), known)
    await store.close()
    assert found == shown(milestone, long_ago | RISING, known)
    assert found.dates[0] == milestone.date - timedelta(weeks=8)
    assert found.courses[0].values[0] is None
