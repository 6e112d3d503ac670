"""Every milestone is the one that a naive second telling of the public statement finds."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot import rules
from bot.backtest import backtest
from bot.model import Day, Milestone, Openness, Severity
from bot.openness import Directory, directory, parse_registry
from bot.sources.catalogue import parse_catalogue
from bot.sources.rows import parse_rows
from tests.made import START, at
from tests.naive import History, Told, World, eventful, worlds
from tests.naive.milestones import SILENCES
from tests.naive.world import Spell, lived

RULES = rules.discover()
TRILLION = 10**12
HELD_RULES = {"open_top5", "open_top5_lost", "open_share", "streak"}


def _projected(milestone: Milestone) -> Told:
    searched = milestone.searched
    return Told(
        key=milestone.key,
        rule=milestone.rule,
        subject=milestone.subject,
        began=milestone.began,
        date=milestone.date,
        severity=milestone.severity,
        facts=dict(milestone.facts),
        first=milestone.first,
        held_by=milestone.held_by,
        inhibited_by=milestone.inhibited_by,
        since=searched.since,
        days=searched.days,
        missing=searched.missing,
    )


def _by_key(told: Sequence[Told]) -> dict[str, Told]:
    by_key = {each.key: each for each in told}
    assert len(by_key) == len(told)
    return by_key


def _bot(days: Mapping[date, Day], known: Directory) -> dict[str, Told]:
    return _by_key([_projected(each) for each in backtest("models", days, known, RULES)])


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_the_bot_finds_what_the_naive_telling_finds(world: World) -> None:
    assert _bot(world.days, world.directory) == _by_key(world.milestones())


def test_the_bot_finds_in_eventful_times_what_the_naive_telling_finds() -> None:
    world = eventful()
    assert _bot(world.days, world.directory) == _by_key(world.milestones())


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_the_naive_telling_repeats_nothing_and_says_what_held_ones_hang_on(world: World) -> None:
    told = world.milestones()
    assert {each.key for each in told if each.held} == {each.key for each in told if each.held_by}
    same = sorted((each.rule, each.subject, each.held, each.date) for each in told)
    for *one, before in same:
        assert not [d for *other, d in same if one == other and 0 < (d - before).days <= 3]


def test_eventful_times_have_every_rule_told_held_and_silenced() -> None:
    told = eventful().milestones()
    by_key = _by_key(told)
    assert {each.rule for each in told if not each.held} == set(RULES)
    assert {each.rule for each in told if each.held} == HELD_RULES
    assert {"50-down"} < {each.subject for each in told if each.rule == "open_share"}
    assert {(by_key[each.inhibited_by].rule, each.rule) for each in told if each.inhibited_by} == {
        (silence.by, silence.silenced) for silence in SILENCES
    }
    assert {each.subject for each in told if each.rule == "open_top5"} == {"3", "4", "5"}


def _known(model: str) -> Openness:
    kinds = {"open": Openness.OPEN, "closed": Openness.CLOSED}
    return kinds.get(model.partition("/")[0], Openness.UNKNOWN)


def _world(*spells: Spell, said: Mapping[str, date] | None = None) -> World:
    models = {model.partition(":")[0] for spell in spells for model in spell.weekly}
    known = {model: (_known(model), None) for model in models}
    known |= {model: (Openness.OPEN, since) for model, since in (said or {}).items()}
    return World(lived(spells), known, {})


def _told(rule: str, world: World) -> list[object]:
    """Return subject and day (counted from START) of a rule's milestones, held ones in a list."""
    return [
        [each.subject, _day(each)] if each.held else (each.subject, _day(each))
        for each in world.milestones()
        if each.rule == rule
    ]


def _day(told: Told) -> int:
    return (told.date - START).days


def _by_place(*models: str, by: int = 1) -> dict[str, int]:
    return {model: by * (100 - place) for place, model in enumerate(models)}


def _crowd(*first: str) -> dict[str, int]:
    return {
        m: 2 ** (60 - place) for place, m in enumerate((*first, *(f"z/{n}" for n in range(30))))
    }


_CLOSED = [f"closed/{n}" for n in range(5)]
_OPEN = [f"open/{n}" for n in range(5)]
_UNKNOWN = [f"new/{n}" for n in range(5)]
_NONE = Spell(9, _by_place(*_CLOSED))
_THREE = Spell(9, _by_place(*_OPEN[:3], *_CLOSED[:2], by=10**6))
_FOUR = Spell(9, _by_place(*_OPEN[:4], *_CLOSED[:1], by=10**3))
_MAYBE_FOUR = Spell(9, _by_place(*_OPEN[:3], _UNKNOWN[0], _CLOSED[0], by=10**6))
_AGAIN_NONE = Spell(9, _by_place(*_CLOSED, by=10**12))
_STAR = Spell(7, {"o/ld": 2**62} | _crowd())
_FADED = {f"z/{n}": 2**80 - n for n in range(5)} | {"o/ld": 2**70}
_CRUSHED = {f"z/{n}": 2**90 for n in range(30)} | {"o/ld": 1}
_EVEN = {f"z/{n}": 7 * (500 - n) for n in range(30)}
_RISEN = Spell(9, _EVEN | {"z/24": 7 * 600}, listed=8)
_SMALL = Spell(7, {"a/x": 1, "b/y": 2})


EXAMPLES = [
    ("leader", [_SMALL, Spell(9, {"a/x": 900, "b/y": 2})], [("a/x", 8)]),
    ("leader", [_SMALL, Spell(1, {"a/x": 9}), Spell(9, {"b/y": 900})], []),
    (
        "author_leader",
        [_SMALL, Spell(9, {"meta/m": 600, "meta-llama/n": 500, "a/x": 900})],
        [("meta", 8)],
    ),
    ("open_top5", [_NONE, _FOUR, _THREE], [("4", 10)]),
    ("open_top5", [_NONE, _MAYBE_FOUR], [("3", 10), ["4", 10]]),
    ("open_top5_lost", [_FOUR, _AGAIN_NONE], [("3", 10)]),
    ("open_top5_lost", [_FOUR, _MAYBE_FOUR], [["4", 10]]),
    (
        "open_share",
        [Spell(8, {"open/a": 0, "closed/b": 9}), Spell(16, {"open/a": 60, "closed/b": 40})],
        [("50", 11), ("60", 15)],
    ),
    (
        "open_share",
        [Spell(8, {"open/a": 9, "closed/b": 1}), Spell(9, {"open/a": 1, "closed/b": 900})],
        [("50-down", 9)],
    ),
    (
        "open_share",
        [Spell(8, {"closed/b": 350}), Spell(9, {"new/c": 6300, "closed/b": 700})],
        [["50", 9], ["60", 9], ["70", 10], ["75", 10], ["80", 10], ["90", 15]],
    ),
    (
        "first_to_mark",
        [_SMALL, Spell(9, {"a/x": 5 * TRILLION, "b/y": TRILLION * 2})],
        [("1T", 9), ("2T", 10), ("5T", 14)],
    ),
    (
        "token_mark",
        [_SMALL, Spell(9, {"a/x": 700, "b/y": TRILLION * 1})],
        [("b/y:1T", 14)],
    ),
    ("token_mark", [Spell(7, {"a/x": TRILLION}), Spell(9, {"a/x": 2 * TRILLION - 1})], []),
    ("platform_mark", [_SMALL, Spell(8, {"a/x": 10 * TRILLION - 100})], [("10T", 14)]),
    (
        "top_entry",
        [Spell(7, _crowd()), Spell(9, _crowd("n/ew"))],
        [("n/ew:5", 8)],
    ),
    ("streak", [Spell(38, {"a/x": 1})], [("a/x:30", 36)]),
    (
        "streak",
        [Spell(7, _FOUR.weekly), Spell(40, _MAYBE_FOUR.weekly)],
        [("open/0:30", 36), ["open_top5:4:30", 36]],
    ),
    (
        "overtake",
        [Spell(8, {"a/x": 100, "b/y": 101}), Spell(9, {"a/x": 1070, "b/y": 101})],
        [("a/x>b/y", 9)],
    ),
    ("surge", [Spell(14, _crowd()), Spell(9, _crowd("n/ew"))], [("n/ew", 15)]),
    ("surge", [Spell(14, _EVEN), Spell(2, _EVEN, listed=8), _RISEN], [("z/24", 17)]),
    (
        "share_record",
        [Spell(8, {"a/x": 50, "b/y": 50}), Spell(9, {"a/x": 60, "b/y": 50})],
        [("a/x", 9)],
    ),
    (
        "dropout",
        [Spell(7, {"o/ld": 2**61} | _crowd()), Spell(9, {"o/ld": 1} | _crowd())],
        [("o/ld", 14)],
    ),
    ("overtake", [Spell(20, {"a/x": 0, "b/y": 0, "c/z": 7})], []),
    ("dropout", [_STAR, Spell(28, _FADED), Spell(9, _CRUSHED)], [("o/ld", 36)]),
    ("dropout", [_STAR, Spell(29, _FADED), Spell(9, _CRUSHED)], []),
]


@pytest.mark.parametrize(("rule", "spells", "told"), EXAMPLES)
def test_the_naive_telling_finds(
    rule: str, spells: Sequence[Spell], told: Sequence[object]
) -> None:
    assert _told(rule, _world(*spells)) == told


@pytest.mark.parametrize("spells", [spells for _, spells, _ in EXAMPLES])
def test_the_bot_finds_in_these_too_what_the_naive_telling_finds(spells: Sequence[Spell]) -> None:
    world = _world(*spells)
    assert _bot(world.days, world.directory) == _by_key(world.milestones())


def test_a_model_whose_weights_appear_is_reclassified_once() -> None:
    said = {"new/a": START + timedelta(9)}
    assert _told("reclassified", _world(Spell(20, {"new/a": 1}), said=said)) == [("new/a:open", 10)]


def test_a_year_of_the_same_leader_is_told_in_five_lengths() -> None:
    lengths = [(f"a/x:{n}", n + 6) for n in (30, 60, 90, 180, 365)]
    assert _told("streak", _world(Spell(380, {"a/x": 1}))) == lengths


def _real(folder: Path) -> tuple[dict[date, Day], Directory]:
    text = (folder / "rankings_daily.csv").read_text(encoding="utf-8")
    today = date(2026, 8, 22)
    read = parse_rows(text, where="rankings_daily.csv", as_of=at(today), today=today)
    registry = parse_registry((files("bot") / "openness.toml").read_text("utf-8"), "shipped")
    entries = parse_catalogue((folder / "catalog.json").read_bytes(), "catalog.json")
    return {each.date: each for each in read}, directory(registry, entries)


def _naive(days: Mapping[date, Day], known: Directory) -> History:
    return History("models", days, lambda model, when: known.at(model, when).openness, known.name)


def test_the_bot_finds_in_the_real_weeks_what_the_naive_telling_finds(real_data: Path) -> None:
    days, known = _real(real_data)
    assert _bot(days, known) == _by_key(_naive(days, known).milestones())


def test_the_real_weeks_have_few_headlines_and_notable_ones(real_data: Path) -> None:
    history = _naive(*_real(real_data))
    posted = [
        each.severity
        for each in history.milestones()
        if not each.held and each.inhibited_by is None and each.severity is not Severity.MINOR
    ]
    assert posted.count(Severity.HEADLINE) * 7 <= 2 * len(history.ends)
    assert len(posted) * 7 <= 5 * len(history.ends)
