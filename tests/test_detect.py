"""Detection: the same as the naive telling, in one go or in many, and known things once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.detect import detect, judged, oldest_needed, unseen, usable
from bot.model import Day, Memory, Milestone, Openness, RuleMemory, Severity, Window
from bot.openness import Directory
from bot.rules import Found, Rule, Step
from bot.standings import standings
from tests.made import START, days, open_closed
from tests.naive import History, World, eventful, worlds

RULES = rules.discover()
MORE = settings(max_examples=250, deadline=None)
FEWER = settings(max_examples=120, deadline=None)


def _through_json(memory: Memory | None) -> Memory | None:
    if memory is None:
        return None
    return replace(memory, rules=json.loads(json.dumps(memory.rules)))


def _in_turn(
    known: Directory, polls: Iterable[Mapping[date, Day]]
) -> tuple[Memory | None, list[Milestone]]:
    """Detect poll by poll with the memory carried over and only the days that it needs."""
    memory: Memory | None = None
    found: list[Milestone] = []
    for held in polls:
        oldest = oldest_needed(memory) or date.min
        needed = {when: each for when, each in held.items() if when >= oldest}
        memory, more = detect("models", needed, known, RULES, _through_json(memory))
        found += more
    return memory, found


def _repeats(found: Sequence[Milestone]) -> list[tuple[str, str]]:
    return [
        (one.key, other.key)
        for one, other in combinations(found, 2)
        if (one.rule, one.subject) == (other.rule, other.subject)
        and abs(one.date - other.date) <= timedelta(3)
    ]


@MORE
@given(worlds())
def test_what_is_found_is_what_the_naive_telling_finds(world: World) -> None:
    _, found = detect("models", world.days, world.directory, RULES)
    assert list(found) == world.milestones()


def test_eventful_times_are_told_as_the_naive_telling_tells_them() -> None:
    world = eventful()
    _, found = detect("models", world.days, world.directory, RULES)
    assert list(found) == world.milestones()
    assert {m.subject for m in found if m.rule == "open_top5"} == {"3", "4", "5"}
    assert {m.first is None for m in found if m.rule == "leader"} == {True, False}


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
    memory, found = _in_turn(world.directory, polls)
    assert (memory, tuple(found)) == detect("models", world.days, world.directory, RULES)


def test_detecting_day_by_day_in_eventful_times_finds_the_same_as_in_one_go() -> None:
    world = eventful()
    polls = [{d: each for d, each in world.days.items() if d <= end} for end in world.days]
    memory, found = _in_turn(world.directory, polls)
    assert (memory, tuple(found)) == detect("models", world.days, world.directory, RULES)


@FEWER
@given(worlds())
def test_polling_the_same_again_finds_nothing_new(world: World) -> None:
    memory, found = detect("models", world.days, world.directory, RULES)
    again, nothing = detect("models", world.days, world.directory, RULES, memory)
    assert (again, nothing) == (memory, ())
    _, anew = detect("models", world.days, world.directory, RULES)
    assert unseen(anew, found) == ()
    assert unseen(anew, ()) == found


@FEWER
@given(worlds())
def test_memory_tells_the_first_window_the_last_one_and_how_many(world: World) -> None:
    memory, found = detect("models", world.days, world.directory, RULES)
    ends = History("models", world.days, world.verdict, world.name).ends
    if not ends:
        assert (memory, found) == (None, ())
    else:
        assert memory is not None
        assert (memory.baseline, memory.through, memory.windows) == (ends[0], ends[-1], len(ends))
        assert list(memory.rules) == list(RULES)


@pytest.mark.parametrize("count", range(8))
def test_nothing_is_found_in_a_single_week_or_less(count: int) -> None:
    memory, found = detect("models", days([{"open/a": 1}] * count), open_closed(), RULES)
    assert found == ()
    assert (memory is not None) == (count >= 7)


def test_a_day_that_arrives_late_is_not_judged_again() -> None:
    world = eventful()
    known, late = world.directory, START + timedelta(133)
    memory, _ = detect("models", world.days, known, RULES)
    filled = world.days | {late: replace(world.days[START], date=late)}
    assert detect("models", filled, known, RULES, memory) == (memory, ())


def test_a_last_window_that_is_gone_confirms_nothing() -> None:
    turn = days([{"open/a": 2, "open/b": 1}] * 8 + [{"open/b": 99}] * 8)
    past = {when: each for when, each in turn.items() if when < START + timedelta(9)}
    memory, _ = detect("models", past, open_closed(), RULES)
    assert memory is not None
    rest = {d: v for d, v in turn.items() if d > memory.through - timedelta(6)}
    _, found = detect("models", rest, open_closed(), RULES, memory)
    assert [str(milestone.date) for milestone in found] == ["2026-06-11"]


def _loud(name: str) -> Rule:
    """Return a rule that finds something in every window."""

    def baseline(window: Window) -> RuleMemory:
        return {"seen": 1}

    def step(memory: RuleMemory, before: Window | None, now: Window) -> Step:
        return {"seen": memory["seen"] + 1}, (Found("it", {}, first=False), Found("so", {}, True))

    return Rule(name, Severity.MINOR, baseline, step, lambda *_: "", lambda *_: "")


def test_what_a_rule_finds_without_the_day_before_is_not_told_yet_remembered() -> None:
    gap = days([{"open/a": 1}] * 17)
    del gap[START + timedelta(8)]
    memory, found = detect("models", gap, open_closed(), {"loud": _loud("loud")})
    assert [(m.date - START).days for m in found if m.subject == "it"] == [7, 16]
    assert memory is not None
    assert memory.rules == {"loud": {"seen": 4}}


def test_milestones_of_a_day_come_in_the_order_of_the_rules_with_their_weight() -> None:
    loud = {name: _loud(name) for name in ("z", "a")}
    _, found = detect("board", days([{"open/a": 1}] * 8), open_closed(), loud)
    assert [m.key for m in found] == [
        "board.z.it.2026-06-08",
        "board.z.so.2026-06-08",
        "board.a.it.2026-06-08",
        "board.a.so.2026-06-08",
    ]
    assert {m.severity for m in found} == {Severity.MINOR}
    assert [m.first is None for m in found] == [True, False, True, False]


def test_memory_of_other_rules_is_not_used() -> None:
    memory = Memory(START, START, 1, {"leader": {}, "open_top5": {}})
    assert usable(memory, RULES) is memory
    assert usable(memory, {"leader": RULES["leader"]}) is None
    assert usable(replace(memory, rules={"leader": {}}), RULES) is None
    assert usable(None, RULES) is None


def test_going_on_needs_the_days_of_the_last_window_and_starting_needs_them_all() -> None:
    oldest = oldest_needed(Memory(START, START + timedelta(30), 1, {}))
    assert oldest is not None
    assert oldest <= START + timedelta(24)
    assert oldest_needed(None) is None


def test_a_window_is_judged_as_of_its_last_day() -> None:
    world = World(days([{"a/a": 1}] * 8), {"a/a": (Openness.OPEN, START + timedelta(7))}, {})
    for end, said in ((6, Openness.UNKNOWN), (7, Openness.OPEN)):
        ranking = standings("models", world.days, START + timedelta(end))
        assert ranking is not None
        assert judged(ranking, world.directory).openness == {"a/a": said}


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
    _, (known, *_) = detect("models", days([{"a/a": 1}] * 8), open_closed(), {"x": _loud("x")})
    known = replace(known, date=START)
    found = replace(known, **change)  # type: ignore[arg-type]
    assert unseen([found], [known]) == ((found,) if new else ())
