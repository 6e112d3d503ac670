"""What every rule promises, whichever rules there are: pure, silent without news, true."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from bot import rules
from bot.detect import detect, windows
from bot.model import Milestone, Openness, RuleMemory, Severity, Window
from bot.proof import input_days, plain_windows
from bot.rules import Found, Rule
from bot.standings import ONE_DAY
from bot.text.say import english
from tests.naive import World, eventful, worlds

RULES = rules.discover()
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
FEW = settings(max_examples=25, deadline=None)


@cache
def _eventful() -> tuple[World, tuple[Milestone, ...]]:
    world = eventful()
    return world, detect("models", world.days, world.directory, RULES)[1]


def _windows(world: World) -> list[Window]:
    return list(windows("models", world.days, world.directory))


def _steps(
    rule: Rule, found: list[Window]
) -> Iterator[tuple[RuleMemory, Window | None, Window, RuleMemory, tuple[Found, ...]]]:
    """Yield all that a rule is asked in turn, and what it answers."""
    memory = rule.baseline(found[0]) if found else {}
    for earlier, now in pairwise(found):
        before = earlier if earlier.date + ONE_DAY == now.date else None
        after, finds = rule.step(memory, before, now)
        yield memory, before, now, after, finds
        memory = after


def _again(window: Window) -> Window:
    """Return the same figures a day later, as if nothing had changed for weeks."""
    standings = replace(window.standings, date=window.date + ONE_DAY)
    return replace(window, standings=standings, week_before=window.standings)


def test_rules_are_discovered_under_their_own_names_in_order() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(name == rule.name for name, rule in RULES.items())
    assert {"leader", "open_top5"} <= set(RULES)
    assert all(set(rule.severities) <= set(Severity) for rule in RULES.values())
    assert [rule.mark for rule in RULES.values()] == [
        f"{r.name}@{r.version}" for r in RULES.values()
    ]


@every_rule
@FEW
@given(world=worlds())
def test_the_same_input_gives_the_same_and_stays_as_it_was(rule: Rule, world: World) -> None:
    found = _windows(world)
    kept = deepcopy(found)
    for memory, before, now, after, finds in _steps(rule, found):
        assert rule.step(deepcopy(memory), before, now) == (after, finds)
        known = deepcopy(memory)
        rule.step(memory, before, now)
        assert memory == known
    assert found == kept


@every_rule
def test_the_same_input_gives_the_same_in_eventful_times_too(rule: Rule) -> None:
    for memory, before, now, after, finds in _steps(rule, _windows(_eventful()[0])):
        known = json.dumps(memory)
        assert rule.step(memory, before, now) == (after, finds)
        assert json.dumps(memory) == known


@every_rule
@FEW
@given(world=worlds())
def test_memory_and_facts_are_plain_json(rule: Rule, world: World) -> None:
    found = _windows(world)
    for window in found[:1]:
        assert json.loads(json.dumps(rule.baseline(window))) == rule.baseline(window)
    for *_, after, finds in _steps(rule, found):
        assert json.loads(json.dumps(after)) == after
        assert [json.loads(json.dumps(find.facts)) for find in finds] == [f.facts for f in finds]


@every_rule
@FEW
@given(world=worlds())
def test_a_board_that_never_changed_is_no_news(rule: Rule, world: World) -> None:
    for window in _windows(world)[:2]:
        memory, before, told = rule.baseline(window), replace(window, week_before=None), []
        for _ in range(29):
            memory, finds = rule.step(memory, before, now := _again(before))
            told.append(finds)
            before = now
        assert all(find.held_by for find in told[0])
        assert not any(told[1:])


@every_rule
@FEW
@given(world=worlds())
def test_once_nothing_changes_any_more_only_streaks_go_on(rule: Rule, world: World) -> None:
    found = _windows(world)
    assume(len(found) > 1)
    *_, (_, _, before, memory, _) = _steps(rule, found)
    for number in range(40):
        now = _again(before)
        memory, finds = rule.step(memory, before, now)
        assert number == 0 or finds == () or rule.name == "streak"
        before = now


@every_rule
@FEW
@given(world=worlds())
def test_nothing_is_found_without_the_window_of_the_day_before(rule: Rule, world: World) -> None:
    for memory, _, now, _, _ in _steps(rule, _windows(world)):
        assert rule.step(memory, None, now)[1] == ()


@every_rule
def test_what_is_found_has_a_subject_of_its_own_and_a_weight_of_the_rules(rule: Rule) -> None:
    told = []
    for *_, finds in _steps(rule, _windows(_eventful()[0])):
        assert len({find.subject for find in finds}) == len(finds)
        told += [find.severity for find in finds]
    assert set(told) == set(rule.severities)


@every_rule
@FEW
@given(world=worlds())
def test_what_is_held_hangs_on_models_of_which_it_is_unknown(rule: Rule, world: World) -> None:
    unknown: set[str] = set()
    for _, before, now, _, finds in _steps(rule, _windows(world)):
        pair = {m for w in (before, now) if w for m in _unknown(w)}
        unknown |= pair
        for find in finds:
            allowed = unknown if rule.name == "streak" else pair
            assert set(find.held_by) <= allowed
            assert len(set(find.held_by)) == len(find.held_by)


def _unknown(window: Window) -> set[str]:
    return {model for model, said in window.openness.items() if said is Openness.UNKNOWN}


def _true(world: World, milestone: Milestone) -> None:
    """Assert that a claim holds of its inputs alone, or hangs on unknown models."""
    rule = RULES[milestone.rule]
    inputs = {day.date: day for day in input_days(milestone, world.days, rule)}
    holds = rule.holds(milestone, plain_windows("models", inputs, world.directory))
    assert holds is not bool(milestone.held_by), milestone.key


@every_rule
def test_what_is_told_in_eventful_times_is_true_of_its_inputs_alone(rule: Rule) -> None:
    world, found = _eventful()
    for milestone in found:
        if milestone.rule == rule.name:
            _true(world, milestone)


@settings(max_examples=150, deadline=None)
@given(world=worlds())
def test_what_is_told_is_true_of_its_inputs_alone(world: World) -> None:
    for milestone in detect("models", world.days, world.directory, RULES)[1]:
        _true(world, milestone)


@every_rule
def test_a_claim_is_not_true_where_its_days_are_not_stored(rule: Rule) -> None:
    world, found = _eventful()
    for milestone in [m for m in found if m.rule == rule.name and not m.held_by][:5]:
        # In a streak of open models the last window counts as any other of fewer: it may lack them.
        for back in (6, 7) if rule.name == "streak" else (0, 6, 7):
            gone = milestone.date - timedelta(back)
            days = {when: day for when, day in world.days.items() if when != gone}
            assert not rule.holds(milestone, plain_windows("models", days, world.directory))


@every_rule
def test_a_claim_is_not_true_of_every_pair(rule: Rule) -> None:
    world, found = _eventful()
    seen = plain_windows("models", world.days, world.directory)
    pairs = [w.date for w in _windows(world) if seen(w.date - ONE_DAY)]
    for milestone in [m for m in found if m.rule == rule.name][:5]:
        assert not all(rule.holds(replace(milestone, date=date), seen) for date in pairs)


@every_rule
def test_a_claim_rests_on_tokens_of_listed_models(rule: Rule) -> None:
    world, found = _eventful()
    seen = plain_windows("models", world.days, world.directory)
    for milestone in [m for m in found if m.rule == rule.name]:
        window = seen(milestone.date)
        assert window is not None
        deciding = rule.deciding(milestone, window)
        listed = {place.model for place in window.standings.places}
        assert deciding <= listed | {milestone.facts.get("model")}
        assert bool(deciding) == (rule.name != "reclassified") or milestone.held_by


@every_rule
def test_what_would_reverse_it_is_said_of_all_that_is_found(rule: Rule) -> None:
    say, names = english(), eventful().directory.name
    for milestone in (m for m in _eventful()[1] if m.rule == rule.name):
        known = deepcopy(milestone)
        said = rule.reversal(milestone, names, say)
        assert said not in {"", rule.sentence(milestone, names, say)}
        assert rule.reversal(milestone, names, say) == said
        assert milestone == known


@every_rule
def test_a_key_follows_from_board_rule_subject_and_day_alone(rule: Rule) -> None:
    found = [m for m in _eventful()[1] if m.rule == rule.name]
    keys = [f"models.{m.rule}.{m.subject}.{m.date}{'.held' if m.held_by else ''}" for m in found]
    assert [m.key for m in found] == keys
    assert len(set(keys)) == len(keys)
