"""Is a milestone still what its receipt says: what may change without harm, and what may not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from bot import rules
from bot.backtest import backtest
from bot.detect import detect
from bot.model import Day, Milestone, Openness, Row
from bot.openness import Directory, directory, parse_registry
from bot.proof import prove
from bot.rules import Rule
from bot.sources.catalogue import parse_catalogue
from bot.sources.rows import parse_rows
from bot.verify import verify
from tests.made import AS_OF, START, at, day, days, verdict
from tests.made import directory as made_up

RULES = rules.discover()
KNOWN = made_up(
    {
        "a/open": verdict(Openness.OPEN),
        "b/closed": verdict(Openness.CLOSED),
        "d/open": verdict(Openness.OPEN, START),
    }
)
LATER = AS_OF + timedelta(days=3)
STORY = days([{"b/closed": 100, "a/open": 90 if n < 12 else 900, "d/open": 5} for n in range(16)])
GAP = START + timedelta(1)


def _versions(held: Mapping[date, Day]) -> dict[date, tuple[Day, ...]]:
    return {when: (one,) for when, one in held.items()}


def _proven(
    held: Mapping[date, Day], known: Directory = KNOWN, by: Mapping[str, Rule] = RULES
) -> list[Milestone]:
    """Return all milestones of some days, each as it was proven on its day."""
    _, found = detect("models", held, known, by)
    upto = [({d: one for d, one in held.items() if d <= m.date}, m) for m in found]
    return [prove(m, then, known, by[m.rule]) for then, m in upto]


def _leader(held: Mapping[date, Day] = STORY) -> Milestone:
    (found,) = [m for m in _proven(held) if m.rule == "leader"]
    return found


def _fails(
    one: Milestone,
    versions: Mapping[date, Sequence[Day]],
    known: Directory = KNOWN,
    by: Mapping[str, Rule] = RULES,
) -> set[str]:
    """Return which checks fail."""
    upto = {when: readings for when, readings in versions.items() if when <= one.date}
    return {check.what for check in verify(one, upto, known, by) if not check.holds}


def _restated(number: int, counts: Mapping[str, int]) -> dict[date, tuple[Day, ...]]:
    """Return the story's readings, one day of it reading otherwise since later."""
    when = START + timedelta(number)
    changed = day(when, counts, as_of=LATER)
    return _versions(STORY) | {when: (STORY[when], changed)}


def test_whatever_was_proven_verifies() -> None:
    found = _proven(STORY)
    assert {"leader", "author_leader", "overtake", "share_record"} <= {m.rule for m in found}
    for one in found:
        assert _fails(one, _versions(STORY)) == set()


def test_what_is_held_verifies_as_well() -> None:
    doubtful = made_up({"b/closed": verdict(Openness.CLOSED)})
    held = [m for m in _proven(STORY, doubtful) if m.held_by]
    assert held
    for one in held:
        assert _fails(one, _versions(STORY), doubtful) == set()


@pytest.mark.parametrize("number", [6, 9, 13])
def test_one_altered_row_of_the_inputs_and_it_does_not(number: int) -> None:
    when = START + timedelta(number)
    first, second, third = STORY[when].rows
    for rows in (
        (replace(first, tokens=first.tokens + 1), second, third),
        (first, replace(second, tokens=second.tokens - 1), third),
        (first, second, replace(third, model="d/open:free")),
        (first, second),
        (first, second, third, Row("e/e", 1)),
    ):
        altered = STORY | {when: replace(STORY[when], rows=rows)}
        assert "sha256 of the input rows" in _fails(_leader(), _versions(altered))


def test_an_altered_row_before_the_inputs_is_no_harm_while_the_claim_stays() -> None:
    altered = STORY | {START: day(0, {"b/closed": 101, "a/open": 90, "d/open": 5})}
    assert _fails(_leader(), _versions(altered)) == set()


@pytest.mark.parametrize("number", [0, 3, 6, 13])
def test_one_missing_day_of_those_searched_and_it_does_not(number: int) -> None:
    fewer = {d: one for d, one in STORY.items() if d != START + timedelta(number)}
    assert "days searched" in _fails(_leader(), _versions(fewer))


def test_by_another_version_of_its_rule_it_does_not() -> None:
    newer = {**RULES, "leader": replace(RULES["leader"], version=RULES["leader"].version + 1)}
    assert _fails(_leader(), _versions(STORY), by=newer) == {"rule version"}


def test_without_a_receipt_it_does_not() -> None:
    assert _fails(replace(_leader(), receipt=None), _versions(STORY)) == {"receipt"}


@pytest.mark.parametrize(
    "changes",
    [
        {"total": 1},
        {"first": False},
        {"facts": {"model": "a/open", "previous": "d/open"}},
        {"top": ()},
        {"held_by": ("a/open",)},
    ],
    ids=["total", "first", "facts", "top", "held"],
)
def test_a_milestone_that_says_something_else_than_is_found_does_not(
    changes: dict[str, object],
) -> None:
    told_otherwise = replace(_leader(), **changes)  # type: ignore[arg-type]
    assert "found again by detection" in _fails(told_otherwise, _versions(STORY))


def test_a_claim_that_was_never_true_does_not_whatever_its_receipt() -> None:
    false = replace(_leader(), facts={"model": "d/open", "previous": "b/closed"}, first=False)
    assert _fails(false, _versions(STORY)) == {"found again by detection", "with today's figures"}


def test_a_later_restatement_that_makes_it_untrue_is_told() -> None:
    versions = _restated(12, {"b/closed": 100, "a/open": 90, "d/open": 5})
    assert _fails(_leader(), versions) == {"with today's figures"}


def test_a_later_restatement_that_leaves_it_true_is_no_harm() -> None:
    versions = _restated(12, {"b/closed": 100, "a/open": 899, "d/open": 6})
    assert _fails(_leader(), versions) == set()


def test_a_restatement_of_which_the_old_reading_was_lost_is_told() -> None:
    versions = _restated(12, {"b/closed": 100, "a/open": 899, "d/open": 6})
    lost = {when: readings[-1:] for when, readings in versions.items()}
    assert "sha256 of the input rows" in _fails(_leader(), lost)


def test_older_days_taken_in_later_are_no_harm() -> None:
    older = days([{"a/open": 999, "b/closed": 1}] * 9, START - timedelta(9))
    for one in _proven(STORY):
        assert _fails(one, _versions(older | STORY)) == set()


def test_a_missing_day_taken_in_later_is_no_harm() -> None:
    fewer = {when: one for when, one in STORY.items() if when != GAP}
    longer = {d + timedelta(9): replace(one, date=d + timedelta(9)) for d, one in STORY.items()}
    held = days([{"b/closed": 100, "a/open": 90, "d/open": 5}] * 9) | longer
    gap = {when: one for when, one in held.items() if when != START + timedelta(8)}
    assert _proven(fewer)
    for story, whole in ((fewer, STORY), (gap, held)):
        for one in _proven(story):
            assert _fails(one, _versions(story)) == set()
            assert _fails(one, _versions(whole)) == set()


def test_a_model_that_is_classified_otherwise_later_is_no_harm_to_a_claim_of_places() -> None:
    later = made_up({"a/open": verdict(Openness.CLOSED), "b/closed": verdict(Openness.OPEN)})
    assert _fails(_leader(), _versions(STORY), later) == set()


def _real(folder: Path) -> tuple[dict[date, Day], Directory]:
    text = (folder / "rankings_daily.csv").read_text(encoding="utf-8")
    today = date(2026, 8, 22)
    read = parse_rows(text, where="rankings_daily.csv", as_of=at(today), today=today)
    registry = parse_registry((files("bot") / "openness.toml").read_text(encoding="utf-8"), "it")
    entries = parse_catalogue((folder / "catalog.json").read_bytes(), "catalog.json")
    return {each.date: each for each in read}, directory(registry, entries)


def test_every_milestone_of_the_real_days_verifies_and_with_an_altered_row_none_does(
    real_data: Path,
) -> None:
    held, known = _real(real_data)
    found = backtest("models", held, known, RULES)
    assert len(found) > 100
    for number, one in enumerate(found):
        proven = prove(one, held, known, RULES[one.rule])
        assert proven.receipt is not None
        assert _fails(proven, _versions(held), known) == set(), one.key
        inputs = proven.receipt.inputs
        when = inputs[number % len(inputs)].date
        rows = list(held[when].rows)
        row = rows[number % len(rows)]
        rows[number % len(rows)] = replace(row, tokens=row.tokens + 1)
        altered = held | {when: replace(held[when], rows=tuple(rows))}
        assert "sha256 of the input rows" in _fails(proven, _versions(altered), known), one.key
