"""What every rule says of its milestones: whole sentences, in people's names, translatable."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from bot import rules
from bot.detect import detect
from bot.model import HalfYear, Milestone
from bot.packaged import read_languages
from bot.proof import prove
from bot.rules import Rule
from bot.text.say import english
from tests.angled import angled
from tests.naive import World, eventful
from tests.rules import milestones

RULES = rules.discover()
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
PLACEHOLDER = re.compile(r"[{}]|\bNone\b(?! of the five)")
SAY = english()


@cache
def _eventful() -> tuple[World, tuple[Milestone, ...]]:
    world = eventful()
    return world, detect("models", world.days, world.directory, RULES)[1]


def _found(rule: Rule) -> list[Milestone]:
    """Return some milestones of a rule, with and without what was six months before."""
    world, found = _eventful()
    own = [m for m in found if m.rule == rule.name]
    few = [*own[:10], *own[:: max(1, len(own) // 20)]]
    proven = [prove(m, world.days, world.directory, rule) for m in few]
    return [*few, *proven]


@every_rule
def test_it_finds_something_in_eventful_times_so_that_its_words_are_tried(rule: Rule) -> None:
    assert {m.half_year is None for m in _found(rule)} == {True, False}


@every_rule
def test_what_it_says_is_whole_and_names_models_as_people_do(rule: Rule) -> None:
    for milestone in _found(rule):
        headline = rule.headline(milestone, str.upper, SAY)
        sentence = rule.sentence(milestone, str.upper, SAY)
        beside = rule.beside(milestone, str.upper, SAY)
        reversal = rule.reversal(milestone, str.upper, SAY)
        for text in (headline, sentence, beside, reversal):
            assert text == text.strip() != ""
            assert not PLACEHOLDER.search(text)
        assert sentence.endswith(".")
        assert beside.endswith(".")
        assert reversal.endswith(".")
        assert not headline.endswith(".")
        assert not any(e.model in headline + sentence + beside + reversal for e in milestone.top)


@every_rule
def test_it_says_something_else_of_six_months_before_than_that_there_is_nothing(
    rule: Rule,
) -> None:
    said = {rule.beside(m, str, SAY)[:10] for m in _found(rule) if m.half_year is not None}
    assert said == {"Six months"}
    without = {rule.beside(m, str, SAY)[:10] for m in _found(rule) if m.half_year is None}
    assert without == {"No complet"}


@every_rule
def test_everything_a_rule_says_can_be_translated(rule: Rule) -> None:
    say = angled()
    for milestone in _found(rule):
        for text in (
            rule.headline(milestone, str, say),
            rule.sentence(milestone, str, say),
            rule.beside(milestone, str, say),
            rule.reversal(milestone, str, say),
        ):
            assert text.startswith("<")
            assert text.endswith(">")


def test_four_open_ones_are_not_called_three() -> None:
    one = next(m for m in _eventful()[1] if m.rule == "open_top5" and m.facts["level"] == 3)
    for count, said in ((3, "hold three"), (4, "hold at least three")):
        told = replace(one, facts={**one.facts, "open": [f"a/{n}" for n in range(count)]})
        assert said in RULES["open_top5"].headline(told, str, SAY)


def test_a_record_says_that_days_without_all_their_tokens_do_not_count() -> None:
    record = {"model": "lab/1", "tokens": 113, "total": 1000, "record_tokens": 1}
    one = milestones.milestone("share_record", {**record, "record_total": 10}, ())
    assert RULES["share_record"].sentence(one, milestones.name, SAY) == (
        "It is the highest share over seven days that any model had in 10 complete days since"
        " 7 June 2026; seven days of which not all tokens were published do not count. The highest"
        " before was 10.0 %."
    )


def test_a_first_mark_of_all_says_that_only_published_tokens_count() -> None:
    one = milestones.milestone("platform_mark", {"mark": 10**13}, ())
    said = RULES["platform_mark"].sentence(one, milestones.name, SAY)
    first = RULES["platform_mark"].sentence(replace(one, first=True), milestones.name, SAY)
    assert first == (
        f"{said} Of a day whose tokens were not all published, only the published ones count."
    )


def test_a_streak_of_four_open_ones_does_not_deny_that_five_may_be_open() -> None:
    one = milestones.milestone("streak", {"subject": "open_top5:4", "windows": 30}, ())
    headline = RULES["streak"].headline(one, milestones.name, SAY)
    assert headline == "At least four of the top five have been open for 30 days"
    turkish = RULES["streak"].headline(one, milestones.name, read_languages()["tr"])
    assert turkish == "30 gündür ilk beşin en az dördü açık"


@pytest.mark.parametrize("direction", ["up", "down"])
def test_what_is_not_known_of_any_token_is_not_said(direction: str) -> None:
    facts = {"mark": 50, "direction": direction, "open_tokens": 600, "counted_tokens": 1000}
    none, some = (
        RULES["open_share"].sentence(
            milestones.milestone("open_share", {**facts, "unknown_tokens": count}, ()),
            milestones.name,
            SAY,
        )
        for count in (0, 1)
    )
    assert none == "Of the tokens of all ranked models, 60.0 % go to open models."
    assert "0.1 %" in some


def test_six_months_before_what_is_not_known_of_any_token_is_not_said() -> None:
    one = milestones.milestone("open_share", {}, ())
    then = HalfYear(date(2025, 12, 7), (), 100, None, 0, 60, 10, 100)
    beside = "Six months before, in the seven days to 7 December 2025, open models had 60.0 % of"
    said = RULES["open_share"].beside(replace(one, half_year=then), milestones.name, SAY)
    assert said == f"{beside} ranked tokens; for 10.0 % it is not known."
    known = replace(then, unknown_tokens=0)
    said = RULES["open_share"].beside(replace(one, half_year=known), milestones.name, SAY)
    assert said == f"{beside} ranked tokens."
