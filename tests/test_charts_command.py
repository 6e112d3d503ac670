"""`rankshift charts` and `rankshift chart`: every chart of the stored days, as a press pack."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import rules
from bot.app import open_folder
from bot.backtest import backtest
from bot.charted import CHARTS, Asked, charted
from bot.errors import InputError
from bot.model import BOARD_MODELS
from bot.packaged import read_languages
from bot.text.say import english
from storage.protocol import Store
from tests.charts.figures import demo_days, known

HY3 = "tencent/hy3-20260706"
FLASH = "deepseek/deepseek-v4-flash-20260423"
ASKED = {
    "history": Asked("history", models=("deepseek v4 flash",)),
    "compare": Asked("compare", models=("hy3", FLASH)),
    "calendar": Asked("calendar", rule="leader"),
}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store of the demo's days."""
    async with open_folder(tmp_path / "data", writable=True) as found:
        await found.put_days(BOARD_MODELS, tuple(demo_days().values()))
        yield found


def told() -> list[str]:
    """Return the keys of the milestones of the demo's days: one that is told, one that is not."""
    found = backtest(BOARD_MODELS, demo_days(), known(), rules.discover())
    return [next(one.key for one in found if one.told is good) for good in (True, False)]


@pytest.mark.parametrize("chart", sorted(set(CHARTS) - {"milestone"}))
@pytest.mark.parametrize("language", ["en", "tr"])
async def test_every_chart_comes_with_its_rows_and_its_words(
    store: Store, chart: str, language: str
) -> None:
    say = read_languages()[language]
    picture, alt = await charted(store, ASKED.get(chart, Asked(chart)), say)
    assert picture.chart == chart
    assert picture.language == language
    assert "OpenRouter" in picture.citation
    table = picture.table()
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert 40 < len(alt) <= 1000


async def test_a_milestone_is_drawn_as_its_alert_is(store: Store) -> None:
    key, held = told()
    picture, alt = await charted(store, Asked("milestone", key=key), english())
    assert picture.chart == "milestone"
    assert alt
    with pytest.raises(InputError, match="held back, silenced or withdrawn"):
        await charted(store, Asked("milestone", key=held), english())


async def test_an_author_is_told_of_alone(store: Store) -> None:
    everybody, _ = await charted(store, Asked("authors"), english())
    one, _ = await charted(store, Asked("authors", author="deepseek"), english())
    assert everybody.title != one.title
    assert "deepseek" in one.title


async def test_until_a_day_nothing_newer_is_shown(store: Store) -> None:
    days = sorted(demo_days())
    picture, _ = await charted(store, Asked("bump", until=days[20]), english())
    assert max(row[0] for row in picture.table().rows) == days[20]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked("pie"), "there are standings, bump"),
        (Asked("history"), "chart history: give --model a name"),
        (Asked("history", models=("hyy33",)), "I know no model called “hyy33”"),
        (Asked("compare", models=("hy3", HY3)), "two to 5 times"),
        (Asked("calendar"), "chart calendar: give --rule one of author_leader"),
        (Asked("calendar", rule="luck"), "give --rule one of author_leader"),
        (Asked("milestone"), "give --key"),
        (Asked("milestone", key="models.leader.x.2026-01-01"), "not stored, and not found"),
        (Asked("milestone", key="nonsense"), "is no milestone's key"),
        (Asked("authors", author="nobodyatall"), "nobodyatall"),
        (Asked("bump", board="pies"), "pies"),
    ],
)
async def test_what_cannot_be_drawn_is_said_with_what_can(
    store: Store, asked: Asked, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        await charted(store, asked, english())


async def test_an_empty_store_is_said_to_be_one(tmp_path: Path) -> None:
    async with open_folder(tmp_path / "new", writable=True) as store:
        for chart in sorted(set(CHARTS) - {"milestone", "calendar"}):
            asked = replace(ASKED.get(chart, Asked(chart)), models=(HY3, FLASH))
            with pytest.raises(InputError):
                await charted(store, asked, english())


async def test_the_command_writes_four_files_and_says_where(tmp_path: Path) -> None:
    async with open_folder(tmp_path / "data", writable=True) as store:
        await store.put_days(BOARD_MODELS, tuple(demo_days().values()))
    done = await asyncio.to_thread(
        run, tmp_path, "chart", "standings", "--theme", "light", "--language", "tr", "--to", "out"
    )
    assert done.returncode == 0, done.stderr
    names = [f"standings-light-tr.{end}" for end in ("png", "svg", "csv", "txt")]
    assert done.stdout.split() == [str(Path("out") / name) for name in names]
    assert all((tmp_path / "out" / name).stat().st_size for name in names)


async def test_the_list_has_every_chart(tmp_path: Path) -> None:
    done = await asyncio.to_thread(run, tmp_path, "charts")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(CHARTS)
    done = await asyncio.to_thread(run, tmp_path, "chart", "bump", "--language", "xx")
    assert (done.returncode, done.stderr) == (2, "rankshift: --language xx: there are en, tr\n")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder that holds its data folder."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=kept | {"RANKSHIFT_DATA_DIR": str(folder / "data")},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
