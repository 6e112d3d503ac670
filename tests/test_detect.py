"""Detection: the same in one go or in many, from any memory kept, and known things once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.detect import KEPT, detect, judged, oldest_needed, unseen, usable, windows
from bot.model import Day, Memory, Milestone, Openness, RuleMemory, Searched, Severity, Window
from bot.openness import Directory
from bot.rules import Found, Rule, Step
from bot.standings import standings
from tests.made import START, days, open_closed
from tests.naive import World, complete, eventful, worlds

RULES = rules.discover()
MORE = settings(max_examples=120, deadline=None)
FEWER = settings(max_examples=60, deadline=None)


def _through_json(memories: Sequence[Memory]) -> tuple[Memory, ...]:
    return tuple(replace(m, rules=json.loads(json.dumps(m.rules))) for m in memories)


def _in_turn(
    known: Directory, polls: Iterable[Mapping[date, Day]]
) -> tuple[tuple[Memory, ...], tuple[Milestone, ...]]:
    """Detect poll by poll with the memories carried over and only the days that they need."""
    memories: tuple[Memory, ...] = ()
    found: list[Milestone] = []
    for held in polls:
        oldest = oldest_needed(memories) or date.min
        needed = {when: each for when, each in held.items() if when >= oldest}
        memories, more = detect("models", needed, known, RULES, _through_json(memories))
        found += more
    return memories, tuple(found)


def _repeats(found: Sequence[Milestone]) -> list[tuple[str, str]]:
    return [
        (one.key, other.key)
        for one, other in combinations(found, 2)
        if (one.rule, one.subject, bool(one.held_by))
        == (other.rule, other.subject, bool(other.held_by))
        and abs(one.date - other.date) <= timedelta(3)
    ]


@MORE
@given(worlds())
def test_no_key_comes_twice_and_nothing_repeats_within_three_days(world: World) -> None:
    _, found = detect("models", world.days, world.directory, RULES)
    assert len({milestone.key for milestone in found}) == len(found)
    assert _repeats(found) == []


@MORE
@given(worlds(), st.lists(st.integers(0, 60), max_size=12))
def test_detecting_in_any_split_finds_the_same_as_in_one_go(world: World, cuts: list[int]) -> None:
    ends = [START + timedelta(cut) for cut in sorted(cuts)]
    polls = [{d: each for d, each in world.days.items() if d <= end} for end in [*ends, date.max]]
    whole = detect("models", world.days, world.directory, RULES)
    assert _in_turn(world.directory, polls) == whole


def test_detecting_day_by_day_in_eventful_times_finds_the_same_as_in_one_go() -> None:
    world = eventful()
    polls = [{d: each for d, each in world.days.items() if d <= end} for end in world.days]
    whole = detect("models", world.days, world.directory, RULES)
    assert _in_turn(world.directory, polls) == whole


@FEWER
@given(worlds())
def test_going_on_from_any_memory_kept_finds_the_rest_as_in_one_go(world: World) -> None:
    memories, found = detect("models", world.days, world.directory, RULES)
    for count in range(1, len(memories) + 1):
        kept = memories[:count]
        again, rest = detect("models", world.days, world.directory, RULES, _through_json(kept))
        assert again == memories
        assert rest == tuple(one for one in found if one.date > kept[-1].through)


@FEWER
@given(worlds())
def test_polling_the_same_again_finds_nothing_new(world: World) -> None:
    memories, found = detect("models", world.days, world.directory, RULES)
    assert detect("models", world.days, world.directory, RULES, memories) == (memories, ())
    _, anew = detect("models", world.days, world.directory, RULES)
    assert unseen(anew, found) == ()
    assert unseen(anew, ()) == found


@FEWER
@given(worlds())
def test_memories_are_of_the_newest_windows_and_tell_what_is_missing(world: World) -> None:
    memories, found = detect("models", world.days, world.directory, RULES)
    ends = [end for end in sorted(world.days) if complete(world.days, end)]
    assert [memory.through for memory in memories] == ends[-KEPT:]
    assert memories or not found
    for memory in memories:
        assert memory.baseline == ends[0]
        assert list(memory.rules) == [rule.mark for rule in RULES.values()]
        assert memory.missing == tuple(_lacking(world, ends[0], memory.through))


def _lacking(world: World, since: date, until: date) -> list[date]:
    span = (since + timedelta(n) for n in range((until - since).days + 1))
    return [when for when in span if when not in world.days]


def test_a_milestone_says_over_which_days_it_was_searched() -> None:
    gap = days([{"open/a": 1}] * 17)
    del gap[START + timedelta(8)]
    _, found = detect("models", gap, open_closed(), {"loud": _loud("loud")})
    assert [one.searched for one in found if one.subject == "it"] == [
        Searched(START, 8, ()),
        Searched(START, 16, (START + timedelta(8),)),
    ]


@pytest.mark.parametrize("count", range(8))
def test_nothing_is_found_in_a_single_week_or_less(count: int) -> None:
    memories, found = detect("models", days([{"open/a": 1}] * count), open_closed(), RULES)
    assert found == ()
    assert len(memories) == (count == 7)


def test_a_day_that_arrives_late_is_not_judged_again() -> None:
    world = eventful()
    known, late = world.directory, START + timedelta(133)
    memories, _ = detect("models", world.days, known, RULES)
    filled = world.days | {late: replace(world.days[START], date=late)}
    assert detect("models", filled, known, RULES, memories) == (memories, ())


def test_a_last_window_that_is_gone_confirms_nothing() -> None:
    turn = days([{"open/a": 2, "open/b": 1}] * 8 + [{"open/b": 99}] * 8)
    past = {when: each for when, each in turn.items() if when < START + timedelta(9)}
    leader = {"leader": RULES["leader"]}
    memories, _ = detect("models", past, open_closed(), leader)
    rest = {d: v for d, v in turn.items() if d > memories[-1].through - timedelta(6)}
    _, found = detect("models", rest, open_closed(), leader, memories)
    assert [str(milestone.date) for milestone in found] == ["2026-06-11"]


def _loud(name: str) -> Rule:
    """Return a rule that finds two things in every window, one of them held."""

    def baseline(window: Window) -> RuleMemory:
        return {"seen": 1}

    def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
        told = Found("it", {}, Severity.MINOR)
        held = Found("so", {}, Severity.NOTABLE, first=True, held_by=("open/a",))
        return {"seen": memory["seen"] + 1}, (told, held)

    return replace(RULES["leader"], name=name, version=3, baseline=baseline, step=step)


def test_what_a_rule_finds_without_the_day_before_is_not_told_yet_remembered() -> None:
    gap = days([{"open/a": 1}] * 17)
    del gap[START + timedelta(8)]
    memories, found = detect("models", gap, open_closed(), {"loud": _loud("loud")})
    assert [(m.date - START).days for m in found if m.subject == "it"] == [7, 16]
    assert memories[-1].rules == {"loud@3": {"seen": 4}}


def test_milestones_of_a_day_come_in_the_order_of_the_rules_with_their_weight() -> None:
    loud = {name: _loud(name) for name in ("z", "a")}
    _, found = detect("board", days([{"open/a": 1}] * 8), open_closed(), loud)
    assert [m.key for m in found] == [
        "board.z.it.2026-06-08",
        "board.z.so.2026-06-08.held",
        "board.a.it.2026-06-08",
        "board.a.so.2026-06-08.held",
    ]
    assert [m.severity for m in found] == [Severity.MINOR, Severity.NOTABLE] * 2
    assert [m.first for m in found] == [False, True, False, True]
    assert [m.held_by for m in found] == [(), ("open/a",)] * 2
    assert [m.told for m in found] == [True, False] * 2


def test_memory_of_other_rules_or_other_versions_is_not_used() -> None:
    marks = {rule.mark: {} for rule in RULES.values()}
    memory = Memory(START, START, (), marks)
    older = replace(memory, rules=marks | {"leader@1": {}})
    fewer = replace(memory, rules={"leader@2": {}})
    assert usable((older, memory, fewer, memory), RULES) == (memory, memory)
    assert usable((memory,), {"leader": RULES["leader"]}) == ()
    newer = {**RULES, "leader": replace(RULES["leader"], version=99)}
    assert usable((memory,), newer) == ()
    assert usable((), RULES) == ()


def test_going_on_needs_two_weeks_and_starting_needs_every_day() -> None:
    memories = tuple(Memory(START, START + timedelta(n), (), {}) for n in (29, 30))
    assert oldest_needed(memories) == START + timedelta(17)
    assert oldest_needed(()) is None


def test_a_window_knows_the_one_of_a_week_before_where_that_is_complete() -> None:
    gap = days([{"open/a": 1}] * 24)
    del gap[START + timedelta(8)]
    for since in (None, START + timedelta(20)):
        found = {
            (w.date - START).days: w.week_before and (w.week_before.date - START).days
            for w in windows("models", gap, open_closed(), since)
        }
        expected = {6: None, 7: None, **dict.fromkeys(range(15, 22)), 22: 15, 23: 16}
        assert found == {end: then for end, then in expected.items() if not since or end >= 20}


def test_a_window_is_judged_as_of_its_last_day() -> None:
    world = World(days([{"a/a": 1}] * 8), {"a/a": (Openness.OPEN, START + timedelta(7))}, {})
    for end, said in ((6, Openness.UNKNOWN), (7, Openness.OPEN)):
        ranking = standings("models", world.days, START + timedelta(end))
        assert ranking is not None
        assert judged(ranking, world.directory, None).openness == {"a/a": said}


@pytest.mark.parametrize(
    ("change", "new"),
    [
        ({}, False),
        ({"date": START + timedelta(3)}, False),
        ({"date": START - timedelta(3)}, False),
        ({"date": START + timedelta(4)}, True),
        ({"date": START - timedelta(4)}, True),
        ({"subject": "other"}, True),
        ({"rule": "other"}, True),
        ({"board": "other"}, True),
        ({"key": "other", "facts": {"x": 1}, "total": 5}, False),
    ],
)
def test_found_within_three_days_of_a_known_one_is_the_same(
    change: dict[str, object], new: bool
) -> None:
    _, both = detect("models", days([{"a/a": 1}] * 8), open_closed(), {"x": _loud("x")})
    for known in (replace(each, date=START) for each in both):
        found = replace(known, **change)  # type: ignore[arg-type]
        assert unseen([found], [known]) == ((found,) if new else ())


def test_a_held_milestone_and_a_told_one_are_never_the_same() -> None:
    _, (told, held) = detect("models", days([{"a/a": 1}] * 8), open_closed(), {"x": _loud("x")})
    held = replace(held, subject=told.subject)
    assert unseen([told], [held]) == (told,)
    assert unseen([held], [told]) == (held,)
