"""What every rule promises, whichever rules there are: pure, silent without news, well worded."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from bot import rules
from bot.detect import detect, judged
from bot.model import RuleMemory, Window
from bot.rules import Rule, Step
from bot.standings import all_standings
from bot.text.say import Say, english
from tests.naive import World, eventful, worlds

RULES = rules.discover()
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
PLACEHOLDER = re.compile(r"[{}]|\bNone\b")


def _windows(world: World) -> list[Window]:
    return [judged(found, world.directory) for found in all_standings("models", world.days)]


def _steps(rule: Rule, windows: list[Window]) -> Iterator[tuple[RuleMemory, Window | None, Window]]:
    """Yield all that a rule is asked in turn."""
    memory = rule.baseline(windows[0]) if windows else {}
    for before, now in pairwise(windows):
        known = before if before.date + timedelta(1) == now.date else None
        yield memory, known, now
        memory, _ = rule.step(memory, known, now)


def test_rules_are_discovered_under_their_own_names_in_order() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(name == rule.name for name, rule in RULES.items())
    assert {"leader", "open_top5"} <= set(RULES)


@every_rule
@settings(max_examples=30, deadline=None)
@given(world=worlds())
def test_the_same_input_gives_the_same_and_stays_as_it_was(rule: Rule, world: World) -> None:
    for asked in _steps(rule, _windows(world)):
        kept = deepcopy(asked)
        answer: Step = rule.step(*asked)
        assert rule.step(*deepcopy(kept)) == answer
        assert asked == kept


@every_rule
@settings(max_examples=50, deadline=None)
@given(world=worlds())
def test_what_is_remembered_is_plain_json(rule: Rule, world: World) -> None:
    windows = _windows(world)
    for window in windows[:1]:
        memory = rule.baseline(window)
        assert json.loads(json.dumps(memory)) == memory
    for asked in _steps(rule, windows):
        memory, found = rule.step(*asked)
        assert json.loads(json.dumps(memory)) == memory
        assert [json.loads(json.dumps(find.facts)) for find in found] == [f.facts for f in found]


@every_rule
@settings(max_examples=50, deadline=None)
@given(world=worlds())
def test_a_board_that_does_not_change_is_no_news(rule: Rule, world: World) -> None:
    for window in _windows(world)[:2]:
        memory, before = rule.baseline(window), window
        for _ in range(3):
            later = replace(before.standings, date=before.date + timedelta(1))
            memory, found = rule.step(memory, before, now := replace(window, standings=later))
            assert found == ()
            before = now


@every_rule
@settings(max_examples=50, deadline=None)
@given(world=worlds())
def test_nothing_is_found_without_the_window_of_the_day_before(rule: Rule, world: World) -> None:
    for memory, _, now in _steps(rule, _windows(world)):
        _, found = rule.step(memory, None, now)
        assert found == ()


@every_rule
def test_it_finds_something_in_eventful_times_so_that_its_words_are_tried(rule: Rule) -> None:
    world = eventful()
    _, found = detect("models", world.days, world.directory, {rule.name: rule})
    assert found


@every_rule
def test_a_key_follows_from_board_rule_subject_and_day_alone(rule: Rule) -> None:
    world = eventful()
    restated = {
        when: replace(
            day,
            rows=tuple(replace(row, tokens=row.tokens * 3) for row in day.rows),
            other=None,
            as_of=day.as_of + timedelta(30),
        )
        for when, day in world.days.items()
    }
    _, found = detect("models", world.days, world.directory, RULES)
    _, again = detect("models", restated, world.directory, {rule.name: rule})
    assert [m.key for m in again] == [m.key for m in found if m.rule == rule.name]
    assert [m.key for m in again] == [f"models.{m.rule}.{m.subject}.{m.date}" for m in again]
    assert len({m.key for m in found}) == len(found)


@every_rule
def test_headline_and_sentence_are_whole_and_name_models_as_people_do(rule: Rule) -> None:
    world = eventful()
    _, found = detect("models", world.days, world.directory, {rule.name: rule})
    for milestone in found:
        headline = rule.headline(milestone, str.upper, english())
        sentence = rule.sentence(milestone, str.upper, english())
        for text in (headline, sentence):
            assert text == text.strip() != ""
            assert not PLACEHOLDER.search(text)
        assert sentence.endswith(".")
        assert not headline.endswith(".")
        assert not any(entrant.model in headline + sentence for entrant in milestone.top)


class _Translations(Mapping[str, str]):
    """A language that has every sentence, in angle brackets."""

    def __getitem__(self, sentence: str) -> str:
        return f"<{sentence}>"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@every_rule
def test_everything_a_rule_says_can_be_translated(rule: Rule) -> None:
    world = eventful()
    say = Say("xx", _Translations())
    _, found = detect("models", world.days, world.directory, {rule.name: rule})
    for milestone in found:
        for text in (rule.headline(milestone, str, say), rule.sentence(milestone, str, say)):
            assert text.startswith("<")
            assert text.endswith(">")
