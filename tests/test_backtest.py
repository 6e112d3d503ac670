"""The backtest is detection from the first week on; and what it finds in the real weeks."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import combinations, groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.backtest import backtest
from bot.detect import detect, oldest_needed, unseen
from bot.model import Day, Memory, Milestone, Openness
from bot.openness import STEALTH_AUTHORS, Directory, directory, parse_registry
from bot.silence import silenced
from bot.sources.catalogue import parse_catalogue
from bot.sources.rows import parse_rows
from bot.standings import all_standings, base_model, newest_judged
from tests.made import START, at, days, open_closed
from tests.naive import World, eventful, worlds

RULES = rules.discover()
TODAY = date(2026, 8, 22)
REGISTRY = parse_registry((files("bot") / "openness.toml").read_text(encoding="utf-8"), "shipped")

TWO = ("leader", "open_top5")
EXPECTED = [
    ("leader", "tencent/hy3-preview-20260421", "2026-06-02"),
    ("open_top5", "3", "2026-06-03"),
    ("leader", "deepseek/deepseek-v4-flash-20260423", "2026-06-04"),
    ("open_top5", "4", "2026-06-07"),
    ("open_top5", "5", "2026-06-10"),
    ("leader", "minimax/minimax-m3-20260531", "2026-06-16"),
    ("leader", "deepseek/deepseek-v4-flash-20260423", "2026-06-19"),
    ("open_top5", "5", "2026-07-03"),
    ("leader", "tencent/hy3-20260706", "2026-07-13"),
]


def _told(found: Iterable[Milestone]) -> list[tuple[str, str, str]]:
    """Return what the two oldest rules told: neither held nor silenced."""
    return [(m.rule, m.subject, str(m.date)) for m in found if m.told and m.rule in TWO]


@given(worlds(), st.none() | st.integers(-5, 50).map(lambda n: START + timedelta(n)))
@settings(max_examples=100, deadline=None)
def test_a_backtest_is_what_detection_finds_from_a_day_on(world: World, since: date | None) -> None:
    found = backtest("models", world.days, world.directory, RULES, since)
    _, detected = detect("models", world.days, world.directory, RULES)
    wanted = [m for m in silenced(detected) if since is None or m.date >= since]
    assert list(found) == wanted


def test_what_stood_before_the_asked_day_is_still_no_news() -> None:
    turn, by = days([{"open/a": 1}] * 7 + [{"open/b": 50}] * 9), {"leader": RULES["leader"]}
    (found,) = backtest("models", turn, open_closed(), by)
    assert backtest("models", turn, open_closed(), by, found.date) == (found,)
    assert backtest("models", turn, open_closed(), by, found.date + timedelta(1)) == ()


def test_what_is_silenced_from_before_the_asked_day_stays_silenced() -> None:
    crowd = {f"closed/m{n:02}": 100 - n for n in range(30)}
    rise = days([crowd] * 14 + [crowd | {"open/z": 10**6}] * 9)
    found = backtest("models", rise, open_closed(), RULES)
    (surge,) = [m for m in found if m.rule == "surge"]
    later = backtest("models", rise, open_closed(), RULES, surge.date)
    assert surge.inhibited_by == f"models.leader.open/z.{surge.date}"
    assert surge in later


def test_eventful_times_are_told_from_any_day_on() -> None:
    world = eventful()
    whole = backtest("models", world.days, world.directory, RULES)
    assert {m.rule for m in whole} == set(RULES)
    for milestone in whole[:: len(whole) // 5]:
        later = backtest("models", world.days, world.directory, RULES, milestone.date)
        assert later == tuple(m for m in whole if m.date >= milestone.date)


def _real_days(folder: Path) -> dict[date, Day]:
    text = (folder / "rankings_daily.csv").read_text(encoding="utf-8")
    read = parse_rows(text, where="rankings_daily.csv", as_of=at(TODAY), today=TODAY)
    return {each.date: each for each in read}


def _real_directory(folder: Path) -> Directory:
    entries = parse_catalogue((folder / "catalog.json").read_bytes(), "catalog.json")
    return directory(REGISTRY, entries)


def test_the_real_weeks_give_these_milestones_and_no_others(real_data: Path) -> None:
    found = backtest("models", _real_days(real_data), _real_directory(real_data), RULES)
    assert _told(found) == EXPECTED


def test_what_hangs_on_the_stealth_model_of_the_real_weeks_is_held(real_data: Path) -> None:
    found = backtest("models", _real_days(real_data), _real_directory(real_data), RULES)
    held = [(m.subject, str(m.date)) for m in found if m.held_by and m.rule == "open_top5"]
    assert held == [
        ("3", "2026-05-30"),
        ("4", "2026-06-03"),
        ("5", "2026-06-07"),
        ("5", "2026-06-22"),
    ]
    assert {name for m in found if m.rule == "open_top5" for name in m.held_by} == {
        "openrouter/owl-alpha"
    }


def test_the_real_weeks_are_told_with_these_weights(real_data: Path) -> None:
    found = backtest("models", _real_days(real_data), _real_directory(real_data), RULES)
    assert Counter(str(m.severity) for m in found if m.told) == {
        "headline": 11,
        "notable": 18,
        "minor": 64,
    }


def test_by_the_registry_alone_the_levels_come_later(real_data: Path) -> None:
    found = backtest("models", _real_days(real_data), directory(REGISTRY, ()), RULES)
    levels = [(level, when) for rule, level, when in _told(found) if rule == "open_top5"]
    assert levels == [("3", "2026-06-03"), ("4", "2026-06-10"), ("5", "2026-07-03")]


def test_every_model_of_a_real_top_ten_has_a_verdict_in_the_shipped_registry(
    real_data: Path,
) -> None:
    held = _real_days(real_data)
    ranked = {place.model for w in all_standings("models", held) for place in w.places[:10]}
    listed = {base_model(row.model) for each in held.values() for row in each.rows[:10]}
    merged = {model for each in held.values() for model in _by_day(each)[:10]}
    known, last = directory(REGISTRY, ()), date(2026, 7, 15)
    nameless = {
        model
        for model in ranked | listed | merged
        if model.split("/")[0] not in STEALTH_AUTHORS
        and known.at(model, last).openness is Openness.UNKNOWN
    }
    assert max(held) == last
    assert len(ranked) > 10
    assert nameless == set()


def _by_day(one: Day) -> list[str]:
    tokens: dict[str, int] = {}
    for row in one.rows:
        tokens[base_model(row.model)] = tokens.get(base_model(row.model), 0) + row.tokens
    return sorted(tokens, key=lambda model: (-tokens[model], model))


def _versions(folder: Path) -> list[tuple[datetime, Day]]:
    """Return every full reading of a restated day with the moment it was seen, in that order."""
    with (folder / "restatements.csv").open(encoding="utf-8", newline="") as file:
        full = [row for row in csv.DictReader(file) if row["rows_kind"] == "full51"]
    full.sort(key=lambda row: (row["seen_utc"], row["date"]))
    versions = []
    for (seen, _), rows in groupby(full, key=lambda row: (row["seen_utc"], row["date"])):
        lines = [f"{r['date']},{r['model_permaslug']},{r['total_tokens']}" for r in rows]
        text = "\n".join(["date,model_permaslug,total_tokens", *lines])
        moment = datetime.fromisoformat(seen).astimezone(UTC)
        (read,) = parse_rows(text, where="restatements.csv", as_of=moment, today=TODAY)
        versions.append((moment, read))
    return versions


def _as_seen(folder: Path) -> Iterator[tuple[datetime, date, dict[date, Day]]]:
    """Yield each moment, the day that is new or restated then, and all that was known.

    Days of which no other reading is known come when they were over.
    """
    versions = _versions(folder)
    restated = {read.date for _, read in versions}
    others = [(at(d + timedelta(1), 0), day) for d, day in _real_days(folder).items()]
    known: dict[date, Day] = {}
    for moment, read in sorted(
        [*versions, *(other for other in others if other[1].date not in restated)],
        key=lambda seen: (seen[0], seen[1].date),
    ):
        known[read.date] = read
        yield moment, read.date, dict(known)


def _poll(
    held: Mapping[date, Day], known: Directory, memories: tuple[Memory, ...], until: date
) -> tuple[tuple[Memory, ...], tuple[Milestone, ...]]:
    oldest = oldest_needed(memories) or date.min
    needed = {when: each for when, each in held.items() if oldest <= when <= until}
    return detect("models", needed, known, RULES, memories)


@pytest.mark.parametrize("remembers", [True, False], ids=["memory", "from the start"])
@pytest.mark.parametrize("settles", [True, False], ids=["settled", "at once"])
def test_readings_replayed_as_they_were_seen_repeat_nothing(
    real_data: Path, remembers: bool, settles: bool
) -> None:
    known = _real_directory(real_data)
    memories: tuple[Memory, ...] = ()
    told: list[Milestone] = []
    for moment, changed, held in _as_seen(real_data):
        until = newest_judged(moment) if settles else date.max
        kept = tuple(m for m in memories if remembers and m.through < changed)
        memories, found = _poll(held, known, kept, until)
        told += unseen(found, told)
    assert _told(silenced(told)) == EXPECTED
    assert not [
        (one.key, two.key)
        for one, two in combinations(told, 2)
        if (one.rule, one.subject, bool(one.held_by)) == (two.rule, two.subject, bool(two.held_by))
        and abs(one.date - two.date) <= timedelta(3)
    ]


def test_restated_days_were_seen_in_more_than_one_reading(real_data: Path) -> None:
    versions = _versions(real_data)
    assert len(versions) == 21
    assert len({read.date for _, read in versions}) == 10
    assert all(len(read.rows) == 50 and read.other is not None for _, read in versions)
