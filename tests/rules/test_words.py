"""What every rule says of its milestones: whole sentences, in people's names, translatable."""

import re
from dataclasses import replace
from functools import cache

import pytest

from bot import rules
from bot.detect import detect
from bot.model import Milestone
from bot.proof import prove
from bot.rules import Rule
from bot.text.say import english
from tests.angled import angled
from tests.naive import World, eventful

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
