"""The backtest is detection from the first week on; and what it finds in the real weeks."""

import csv
from collections.abc import Iterator, Mapping
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
from bot.sources.catalogue import parse_catalogue
from bot.sources.rows import parse_rows
from bot.standings import all_standings, base_model, newest_judged
from tests.made import START, at, days, open_closed
from tests.naive import History, World, eventful, worlds

RULES = rules.discover()
TODAY = date(2026, 8, 22)
REGISTRY = parse_registry((files("bot") / "openness.toml").read_text(encoding="utf-8"), "shipped")

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


@given(worlds(), st.none() | st.integers(-5, 50).map(lambda n: START + timedelta(n)))
@settings(max_examples=100, deadline=None)
def test_a_backtest_is_what_detection_finds_from_a_day_on(world: World, since: date | None) -> None:
    found = backtest("models", world.days, world.directory, RULES, since)
    wanted = [m for m in world.milestones() if since is None or m.date >= since]
    assert list(found) == wanted


def test_what_stood_before_the_asked_day_is_still_no_news() -> None:
    turn = days([{"open/a": 1}] * 7 + [{"open/b": 50}] * 9)
    (found,) = backtest("models", turn, open_closed(), RULES)
    assert backtest("models", turn, open_closed(), RULES, found.date) == (found,)
    assert backtest("models", turn, open_closed(), RULES, found.date + timedelta(1)) == ()


def test_eventful_times_are_told_from_any_day_on() -> None:
    world = eventful()
    whole = backtest("models", world.days, world.directory, RULES)
    for milestone in whole:
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
    assert [(m.rule, m.subject, str(m.date)) for m in found] == EXPECTED


def test_by_the_registry_alone_the_levels_come_later(real_data: Path) -> None:
    found = backtest("models", _real_days(real_data), directory(REGISTRY, ()), RULES)
    levels = [(m.subject, str(m.date)) for m in found if m.rule == "open_top5"]
    assert levels == [("3", "2026-06-03"), ("4", "2026-06-10"), ("5", "2026-07-03")]


def test_the_real_weeks_are_told_as_the_naive_telling_tells_them(real_data: Path) -> None:
    held, known = _real_days(real_data), _real_directory(real_data)

    def said(model: str, when: date) -> Openness:
        return known.at(model, when).openness

    naive = History("models", held, said, known.name).milestones()
    assert list(backtest("models", held, known, RULES)) == naive


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


def _as_seen(folder: Path) -> Iterator[tuple[datetime, dict[date, Day]]]:
    """Yield what was known at each moment: readings as seen, other days when they were over."""
    versions = _versions(folder)
    restated = {read.date for _, read in versions}
    others = [(at(d + timedelta(1), 0), day) for d, day in _real_days(folder).items()]
    known: dict[date, Day] = {}
    for moment, read in sorted(
        [*versions, *(other for other in others if other[1].date not in restated)],
        key=lambda seen: (seen[0], seen[1].date),
    ):
        known[read.date] = read
        yield moment, dict(known)


def _poll(
    held: Mapping[date, Day], known: Directory, memory: Memory | None, until: date
) -> tuple[Memory | None, tuple[Milestone, ...]]:
    oldest = oldest_needed(memory) or date.min
    needed = {when: each for when, each in held.items() if oldest <= when <= until}
    return detect("models", needed, known, RULES, memory)


@pytest.mark.parametrize("remembers", [True, False], ids=["memory", "from the start"])
@pytest.mark.parametrize("settles", [True, False], ids=["settled", "at once"])
def test_readings_replayed_as_they_were_seen_repeat_nothing(
    real_data: Path, remembers: bool, settles: bool
) -> None:
    known, memory = _real_directory(real_data), None
    told: list[Milestone] = []
    for moment, held in _as_seen(real_data):
        until = newest_judged(moment) if settles else date.max
        after, found = _poll(held, known, memory, until)
        memory = after if remembers else None
        told += unseen(found, told)
    assert [(m.rule, m.subject, str(m.date)) for m in told] == EXPECTED
    assert not [
        (one.key, two.key)
        for one, two in combinations(told, 2)
        if (one.rule, one.subject) == (two.rule, two.subject)
        and abs(one.date - two.date) <= timedelta(3)
    ]


def test_restated_days_were_seen_in_more_than_one_reading(real_data: Path) -> None:
    versions = _versions(real_data)
    assert len(versions) == 21
    assert len({read.date for _, read in versions}) == 10
    assert all(len(read.rows) == 50 and read.other is not None for _, read in versions)
