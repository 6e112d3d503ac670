"""`rankshift backfill`, run as people run it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.sources.data_api import BEGINNING
from tests.keyed import KEY, every_day
from tests.wire.openrouter_server import LoopbackOpenRouter

WRONG = "sk-or-v1-a-key-nobody-may-see"
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
GAPS = (date(2025, 6, 15), date(2025, 7, 15))
CALLS = -(-((YESTERDAY - BEGINNING).days + 1) // 366)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


async def backfill(tmp_path: Path, *arguments: str, **environment: str) -> Done:
    """Run the command with a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    data = {"RANKSHIFT_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "backfill", *arguments),
        env=kept | data | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


@pytest.fixture
async def server() -> AsyncIterator[LoopbackOpenRouter]:
    """Give an OpenRouter with every day but the two it is known to lack."""
    async with LoopbackOpenRouter() as running:
        running.keyed.keys.add(KEY)
        rows = [("a/one", 900), ("b/two", 500), ("other", 5)]
        running.keyed.publish(every_day(BEGINNING, YESTERDAY, rows, less=GAPS))
        yield running


async def test_it_needs_a_key_and_says_so_kindly(tmp_path: Path) -> None:
    done = await backfill(tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "rankshift: OPENROUTER_API_KEY is not set: this is read from" in done.err
    assert "any key of openrouter.ai" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["nothing", "apps"])
async def test_a_board_there_is_not_is_refused_naming_those_there_are(
    tmp_path: Path, name: str
) -> None:
    done = await backfill(tmp_path, "--board", "models", "--board", name, OPENROUTER_API_KEY=KEY)
    assert (done.code, done.out) == (2, "")
    assert f"rankshift: --board {name}: there are models, category-programming, " in done.err
    assert not (tmp_path / "data").exists()


async def test_a_wrong_key_ends_with_exit_code_3_and_is_never_shown(
    tmp_path: Path, server: LoopbackOpenRouter
) -> None:
    key, url = WRONG, server.base_url
    done = await backfill(tmp_path, OPENROUTER_API_KEY=key, RANKSHIFT_OPENROUTER_URL=url)
    assert done.code == 3
    assert "OPENROUTER_API_KEY is not accepted by the source" in done.err
    assert "Traceback" not in done.err
    assert WRONG not in done.out + done.err
    assert len(server.requests) == 1


async def test_it_names_what_it_read_and_the_days_without_rows_and_again_asks_nothing(
    tmp_path: Path, server: LoopbackOpenRouter
) -> None:
    given = {"OPENROUTER_API_KEY": KEY, "RANKSHIFT_OPENROUTER_URL": server.base_url}
    twice = ("--board", "models", "--board", "models")
    done = await backfill(tmp_path, *twice, **given)
    assert done.code == 0
    said, gaps = done.out.splitlines()
    days = (YESTERDAY - BEGINNING).days + 1 - len(GAPS)
    assert said.startswith(f"models: {days} days new, 0 changed, by {CALLS} calls; ")
    assert said.endswith(" milestones found in them, none announced.")
    assert gaps == "  The source has no rows of 2025-06-15, 2025-07-15."
    assert f"{CALLS}/{CALLS} calls" in done.err
    assert KEY not in done.out + done.err
    assert len(server.requests) == CALLS
    again = await backfill(tmp_path, "--board", "models", **given)
    assert again.out.startswith("models: 0 days new, 0 changed, by 0 calls; 0 milestones")
    assert again.out.endswith(f"{gaps}\n")
    assert len(server.requests) == CALLS
