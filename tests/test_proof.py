"""What proves a milestone: the hash of its rows, its inputs, other readings, six months before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import rules
from bot.detect import detect
from bot.model import Day, HalfYear, Milestone, Openness, Row
from bot.openness import Directory
from bot.proof import (
    half_a_year_before,
    half_year,
    input_days,
    oldest_for_proof,
    plain_windows,
    prove,
    readings,
    rows_hash,
)
from bot.rules import EVERY_READING, Reading
from tests.made import day, days, directory, open_closed, verdict
from tests.naive import eventful

RULES = rules.discover()
WEEK = [{"a/a": 5, "b/b": 3}] * 7


def _first(counts: Sequence[Mapping[str, int]], rule: str, known: Directory) -> Milestone:
    """Return the first milestone that a rule finds."""
    _, found = detect("models", days(counts), known, {rule: RULES[rule]})
    return found[0]


def _fails(counts: Sequence[Mapping[str, int]], rule: str, known: Directory) -> set[Reading]:
    """Return the other readings in which a rule's first milestone, true as such, does not hold."""
    one, all_days = _first(counts, rule, known), days(counts)
    assert RULES[rule].holds(one, plain_windows("models", all_days, known))
    tried = readings(one, all_days, known, RULES[rule])
    assert set(tried) == set(RULES[rule].readings)
    return {reading for reading, holds in tried.items() if not holds}


def _times(counts: Mapping[str, int], factor: int) -> dict[str, int]:
    return {model: count * factor for model, count in counts.items()}


def _altered(one: Day) -> list[Day]:
    """Return a day with each thing that proves it changed in turn."""
    first, *others = one.rows
    return [
        replace(one, rows=(replace(first, tokens=first.tokens + 1), *others)),
        replace(one, rows=(replace(first, model=f"{first.model}:free"), *others)),
        replace(one, rows=tuple(others)),
        replace(one, rows=(*one.rows, Row("z/z", 1))),
        replace(one, rows=(*others, first)),
        replace(one, other=(one.other or 0) + 1),
        replace(one, other=None),
        replace(one, other=0),
        replace(one, date=one.date + timedelta(1)),
    ]


def test_the_hash_of_rows_changes_with_whatever_is_altered_in_any_day() -> None:
    held = list(days(WEEK).values())
    hashes = {rows_hash(held), rows_hash(held[1:]), rows_hash([])}
    altered = [
        rows_hash([*held[:number], changed, *held[number + 1 :]])
        for number, one in enumerate(held)
        for changed in _altered(one)
    ]
    assert len(hashes | set(altered)) == 3 + len(altered)


def test_the_hash_of_rows_does_not_change_with_who_gave_them_and_when() -> None:
    held = list(days(WEEK).values())
    moved = [replace(d, as_of=d.as_of + timedelta(9), origin="elsewhere") for d in held]
    assert rows_hash(moved) == rows_hash(held)


def test_anyone_can_compute_the_hash_of_rows_with_a_plain_sha256() -> None:
    two = [day(0, {"a/a": 5, "b/b": 3}, other=7), day(1, {"ä/a": 2**70}, other=None)]
    # printf '2026-06-01\na/a,5\nb/b,3\nother,7\n2026-06-02\nä/a,1180591620717411303424\n'
    assert rows_hash(two) == "088411effe18ee8c5efcd0736d1240edc285d82d83ec97ca025c968c54225480"


@pytest.mark.parametrize(
    ("when", "before"),
    [
        ("2026-07-15", "2026-01-15"),
        ("2026-06-30", "2025-12-30"),
        ("2026-08-31", "2026-02-28"),
        ("2026-08-28", "2026-02-28"),
        ("2024-08-31", "2024-02-29"),
        ("2024-08-29", "2024-02-29"),
        ("2026-05-31", "2025-11-30"),
        ("2026-03-31", "2025-09-30"),
        ("2026-01-01", "2025-07-01"),
        ("2024-02-29", "2023-08-29"),
        ("2026-12-31", "2026-06-30"),
    ],
)
def test_half_a_year_is_six_calendar_months(when: str, before: str) -> None:
    assert half_a_year_before(date.fromisoformat(when)) == date.fromisoformat(before)


def test_a_leader_by_single_variants_alone_fails_when_they_are_not_merged() -> None:
    counts = [{"a/a": 10}] * 7 + [{"a/a": 10, "b/b": 99, "b/b:free": 99}] * 7
    assert _fails(counts, "leader", open_closed()) == set()
    close = [{"a/a": 10}] * 7 + [{"a/a": 100, "b/b": 80, "b/b:free": 80}] * 7
    assert _fails(close, "leader", open_closed()) == {Reading.UNMERGED}


def test_a_leader_by_one_loud_day_fails_by_single_days() -> None:
    counts = [{"a/a": 10, "b/b": 9}] * 7 + [{"a/a": 10, "b/b": 99}] + [{"a/a": 10, "b/b": 9}] * 7
    assert _fails(counts, "leader", open_closed()) == {Reading.ONE_DAY}


def test_a_leader_by_less_than_the_last_days_hundredth_fails_with_that_day_lower() -> None:
    counts = [{"a/a": 1000, "b/b": 999}] * 7 + [{"a/a": 1000, "b/b": 1008}] * 2
    # 7 × 1000 against 5 × 999 + 2 × 1008, less a hundredth of the last
    assert _fails(counts, "leader", open_closed()) == {Reading.LOWER}


KINDS = directory(
    {f"o/{n}": verdict(Openness.OPEN) for n in range(5)}
    | {f"c/{n}": verdict(Openness.CLOSED) for n in range(5)}
)


def test_a_fall_below_half_by_less_than_a_hundredth_fails_with_the_last_day_higher() -> None:
    loud = [{"o/0": 60, "c/0": 185}, {"o/0": 10_000, "c/0": 10_001}]
    assert _fails([{"o/0": 60, "c/0": 40}] * 7 + loud, "open_share", KINDS) == {Reading.HIGHER}


UNSURE = {"o/0": 9, "o/1": 8, "u/0": 7, "c/0": 6, "c/1": 5}
OPENS = {"o/0": 9, "o/1": 8, "o/2": 7, "c/0": 6, "c/1": 5}
CLOSED = {"o/0": 9, "o/1": 8, "c/0": 7, "c/1": 6, "c/2": 5}


@pytest.mark.parametrize(
    ("rule", "counts", "needs"),
    [
        ("open_top5", [CLOSED] * 7 + [_times(UNSURE, 99)] * 3, Reading.UNKNOWN_OPEN),
        ("open_top5_lost", [OPENS] * 7 + [_times(UNSURE, 99)] * 3, Reading.UNKNOWN_CLOSED),
    ],
)
def test_what_is_held_holds_in_the_reading_it_hangs_on_and_in_no_other(
    rule: str, counts: Sequence[Mapping[str, int]], needs: Reading
) -> None:
    one, held = _first(counts, rule, KINDS), days(counts)
    assert one.held_by == ("u/0",)
    assert not RULES[rule].holds(one, plain_windows("models", held, KINDS))
    tried = readings(one, held, KINDS, RULES[rule])
    assert [reading for reading, holds in tried.items() if holds] == [needs]


def test_what_is_told_never_hangs_on_what_unknown_models_are() -> None:
    world = eventful()
    by = {name: RULES[name] for name in ("open_top5", "open_top5_lost", "open_share")}
    _, found = detect("models", world.days, world.directory, by)
    for one in (each for each in found if not each.held_by):
        tried = readings(one, world.days, world.directory, by[one.rule])
        assert tried[Reading.UNKNOWN_OPEN]
        assert tried[Reading.UNKNOWN_CLOSED]


def test_a_reading_that_makes_no_sense_for_a_claim_is_not_tried() -> None:
    assert RULES["reclassified"].readings == ()
    assert set(RULES["platform_mark"].readings) == {Reading.LOWER, Reading.HIGHER}
    assert set(RULES["open_top5"].readings) == set(EVERY_READING)
    for name in ("leader", "surge", "top_entry", "dropout", "streak"):
        assert not {Reading.UNKNOWN_OPEN, Reading.UNKNOWN_CLOSED} & set(RULES[name].readings)


@pytest.fixture(scope="module")
def proven() -> Sequence[Milestone]:
    """Return some milestones of every rule, proven, of four hundred days."""
    world = eventful()
    _, found = detect("models", world.days, world.directory, RULES)
    some = {one.key: one for name in RULES for one in [m for m in found if m.rule == name][::9]}
    return [prove(one, world.days, world.directory, RULES[one.rule]) for one in some.values()]


def test_a_receipt_says_what_was_computed_from_what(proven: Sequence[Milestone]) -> None:
    world = eventful()
    assert {one.rule for one in proven} == set(RULES)
    for one in proven:
        rule, receipt = RULES[one.rule], one.receipt
        assert receipt is not None
        assert (receipt.rule, receipt.version, receipt.board) == (rule.name, rule.version, "models")
        assert (receipt.start, receipt.end) == (one.date - timedelta(6), one.date)
        assert (receipt.registry, receipt.searched) == ("test", one.searched)
        assert {*receipt.holds, *receipt.fails} == {reading.value for reading in rule.readings}
        assert len(receipt.holds) + len(receipt.fails) == len(rule.readings)
        inputs = [world.days[each.date] for each in receipt.inputs]
        assert receipt.rows == rows_hash(inputs)
        assert [(d.origin, d.as_of) for d in inputs] == [
            (i.origin, i.as_of) for i in receipt.inputs
        ]


def test_the_inputs_are_the_days_within_reach_and_no_others(proven: Sequence[Milestone]) -> None:
    world = eventful()
    for one in proven:
        reach = RULES[one.rule].reach(one)
        wanted = [one.date - timedelta(back) for back in range(reach, -1, -1)]
        inputs = [day.date for day in input_days(one, world.days, RULES[one.rule])]
        assert inputs == [when for when in wanted if when in world.days]


def test_proving_looks_at_no_day_older_than_it_says(proven: Sequence[Milestone]) -> None:
    world = eventful()
    for one in proven:
        oldest = oldest_for_proof([one], RULES)
        assert oldest is not None
        fewer = {when: day for when, day in world.days.items() if oldest <= when <= one.date}
        again = prove(one, fewer, world.directory, RULES[one.rule])
        assert again.receipt == one.receipt
        assert _without_changes(again) == _without_changes(one)
    assert oldest_for_proof(proven, RULES) == min(oldest_for_proof([m], RULES) for m in proven)
    assert oldest_for_proof([], RULES) is None


def _without_changes(one: Milestone) -> HalfYear | None:
    """Return what was six months before, without how places had changed in the week before."""
    then = one.half_year
    if then is None or then.place is None:
        return then
    return replace(then, place=replace(then.place, rank_before=None, tokens_before=None))


THEN = date(2025, 12, 8)


def _half_year(counts: Sequence[Mapping[str, int]], **facts: object) -> Milestone:
    """Return a proven milestone with such facts, dated six months after the last of these days."""
    found = _first([{"a/a": 2, "b/b": 1}] * 7 + [{"b/b": 99}] * 2, "leader", KINDS)
    one = replace(found, date=date(2026, 6, 8), facts=facts)
    then = days(counts, THEN - timedelta(len(counts) - 1))
    return replace(one, half_year=half_year(one, then, KINDS))


def test_six_months_before_has_the_first_five_the_model_and_the_shares() -> None:
    counts = [{"o/0": 5, "c/0": 4, "u/0": 3, "o/1": 2, "c/1": 1, "c/2": 0}] * 7
    found = _half_year(counts, model="o/1").half_year
    assert found is not None
    assert (found.date, found.total) == (THEN, 7 * 115)
    assert [entrant.model for entrant in found.top] == ["o/0", "c/0", "u/0", "o/1", "c/1"]
    assert found.place is not None
    assert (found.place.rank, found.place.tokens) == (4, 14)
    assert (found.open_tokens, found.unknown_tokens, found.counted) == (49, 21, 105)
    assert found.author == 0


def test_six_months_before_has_the_tokens_of_the_author_it_is_about() -> None:
    counts = [{"meta/a": 5, "meta-llama/b": 4, "metal/c": 3}] * 7
    found = _half_year(counts, author="meta").half_year
    assert found is not None
    assert (found.author, found.place) == (63, None)


def test_a_model_that_was_not_listed_six_months_before_has_no_place_then() -> None:
    found = _half_year([{"o/0": 5}] * 7, model="o/new").half_year
    assert found is not None
    assert found.place is None


def test_nothing_is_said_of_six_months_before_where_that_window_lacks_a_day() -> None:
    assert _half_year([{"o/0": 5}] * 6, model="o/0").half_year is None
    assert _half_year([{"o/0": 5}] * 7, model="o/0").half_year is not None
