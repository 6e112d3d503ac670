"""The standings as the figures stood on an earlier day, of days that were read again since."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Answer, Day
from bot.queries.rankings import newest_standings
from bot.queries.stored import days_known_on, rankings
from bot.standings import OFFICIAL
from storage.tinydb_store import TinyDBStore
from tests.made import START, at, day

LAST = START + timedelta(days=8)


def read(number: int, counts: Mapping[str, int], on: datetime) -> Day:
    """Return a reading of a day."""
    return day(number, counts, as_of=on)


def on(number: int, hour: int = 2) -> datetime:
    """Return a moment so many days after START."""
    return at(START + timedelta(days=number), hour, 0)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return a store with nine days, each read on the next; the last was read three times."""
    opened = TinyDBStore(tmp_path, writable=True)
    for number in range(9):
        await opened.put_days(BOARD_MODELS, [read(number, {"a/x": 10, "b/y": 9}, on(number + 1))])
    await opened.put_days(BOARD_MODELS, [read(8, {"a/x": 10, "b/y": 50}, on(10))])
    await opened.put_days(BOARD_MODELS, [read(8, {"a/x": 99, "b/y": 50}, on(12))])
    yield opened
    await opened.close()


async def known_on(store: TinyDBStore, number: int, until: date = LAST) -> Answer:
    """Return the standings as they stood on a day, so many after START."""
    days = await days_known_on(store, BOARD_MODELS, until, START + timedelta(days=number))
    return newest_standings(BOARD_MODELS, days, OFFICIAL)


def shown(answer: Answer) -> list[tuple[str, int]]:
    """Return models and tokens by rank."""
    assert answer.standings is not None
    return [(place.model, place.tokens) for place in answer.standings.places]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (9, [("a/x", 70), ("b/y", 63)]),
        (10, [("b/y", 104), ("a/x", 70)]),
        (11, [("b/y", 104), ("a/x", 70)]),
        (12, [("a/x", 159), ("b/y", 104)]),
        (400, [("a/x", 159), ("b/y", 104)]),
    ],
)
async def test_each_reading_counts_from_the_day_on_which_it_was_seen(
    store: TinyDBStore, number: int, expected: list[tuple[str, int]]
) -> None:
    answer = await known_on(store, number)
    assert shown(answer) == expected
    assert answer.newest == LAST


async def test_a_reading_counts_on_its_day_however_late_it_was_seen(store: TinyDBStore) -> None:
    late = datetime(2026, 6, 10, 23, 59, 59, 999_999, tzinfo=on(0).tzinfo)
    await store.put_days(BOARD_MODELS, [read(7, {"c/z": 500}, late)])
    assert shown(await known_on(store, 9))[0] == ("c/z", 500)
    assert shown(await known_on(store, 8, until=START + timedelta(7)))[0] == ("a/x", 70)


async def test_days_that_nobody_had_seen_then_are_not_there(store: TinyDBStore) -> None:
    answer = await known_on(store, 8)
    assert answer.standings is not None
    assert (answer.newest, answer.standings.date) == (START + timedelta(7), START + timedelta(7))
    early = await known_on(store, 3)
    assert (early.standings, early.newest) == (None, START + timedelta(2))
    assert early.missing == tuple(START - timedelta(back) for back in (4, 3, 2, 1))
    assert (await known_on(store, 0)).newest is None


async def test_a_reading_that_came_late_but_is_older_counts_from_when_it_was_given(
    store: TinyDBStore,
) -> None:
    await store.put_days(BOARD_MODELS, [read(8, {"b/y": 7}, on(11))])
    assert shown(await known_on(store, 11)) == [("b/y", 61), ("a/x", 60)]
    assert shown(await known_on(store, 12)) == [("a/x", 159), ("b/y", 104)]


async def test_known_today_is_what_is_known(store: TinyDBStore) -> None:
    assert await known_on(store, 30) == await rankings(store, BOARD_MODELS, LAST)


def rankshift(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a data folder."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=dict(os.environ) | {"RANKSHIFT_DATA_DIR": str(data), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def leader(data: Path, *arguments: str) -> str:
    """Return who led up to the ninth day, asked of the command line."""
    done = rankshift(data, "standings", "--date", str(LAST), "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["places"][0]["model"])


async def test_the_command_answers_as_the_figures_stood(store: TinyDBStore, tmp_path: Path) -> None:
    assert leader(tmp_path) == "a/x"
    assert leader(tmp_path, "--known-on", str(START + timedelta(12))) == "a/x"
    assert leader(tmp_path, "--known-on", str(START + timedelta(10))) == "b/y"
    assert leader(tmp_path, "--known-on", str(START + timedelta(9))) == "a/x"


async def test_the_command_says_so_when_too_little_was_known(
    store: TinyDBStore, tmp_path: Path
) -> None:
    done = rankshift(tmp_path, "standings", "--known-on", str(START + timedelta(3)))
    assert done.returncode == 1
    assert done.stdout.startswith("No standings yet\n")
    wrong = rankshift(tmp_path, "standings", "--known-on", "yesterday")
    assert wrong.returncode == 2
