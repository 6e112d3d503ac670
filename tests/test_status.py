"""`rankshift status`, run as people run it, beside a store that is open or was."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery
from bot.model import BOARD_MODELS
from bot.standings import newest_judged
from bot.states import State, StateKind
from bot.subscription import Subscription, Wish
from bot.terminal.status import spans
from storage.protocol import Progress
from storage.tinydb_store import TinyDBStore
from tests.made import day

Run = Callable[..., subprocess.CompletedProcess[str]]

SINCE = datetime(2026, 7, 14, 6, 30, tzinfo=UTC)
STATES = (
    State(StateKind.NOT_PUBLISHED, "coding", "2026-07-13", SINCE, "no day is [stored]"),
    State(
        StateKind.HELD,
        "models",
        "models.open_top5.4.2026-07-15.held",
        SINCE - timedelta(days=1),
        "only if x",
    ),
)


@pytest.fixture
def status(tmp_path: Path) -> Run:
    """Return a way to ask for the status of the data folder below tmp_path."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
        data = {"RANKSHIFT_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-m", "bot", "status", *arguments],
            env=kept | data | {"PYTHONPATH": str(Path(__file__).parent.parent)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def last(back: int = 0) -> date:
    """Return the newest day that may be judged now, or one so many days before it."""
    return newest_judged(datetime.now(UTC)) - timedelta(days=back)


async def store_days(folder: Path, back: Sequence[int]) -> TinyDBStore:
    """Return a writing store with days so many days back, each read at five past four."""
    store = TinyDBStore(folder / "data", writable=True)
    as_of = datetime(2026, 7, 1, 4, 5, tzinfo=UTC)
    await store.put_days(BOARD_MODELS, [day(last(n), {"a/b": 5}, as_of=as_of) for n in back])
    return store


def test_the_help_names_it(status: Run) -> None:
    done = status("--help")
    assert done.returncode == 0
    assert "--format <text|json>" in done.stdout


def test_a_data_folder_that_is_not_there_is_said_kindly_and_not_made(
    status: Run, tmp_path: Path
) -> None:
    done = status()
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"rankshift: {tmp_path / 'data'}: there is no data folder yet")
    assert "RANKSHIFT_DATA_DIR" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_an_empty_data_folder_has_nothing_and_nothing_is_made_in_it(
    status: Run, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    done = status()
    assert (done.returncode, done.stderr) == (0, "")
    assert "none is stored" in done.stdout
    assert "none is complete" in done.stdout
    assert "Nothing is out of the ordinary." in done.stdout
    found = json.loads(status("--format", "json").stdout)
    assert found == {
        "board": "models",
        "newest": None,
        "as_of": None,
        "window": None,
        "missing": [last(n).isoformat() for n in range(29, -1, -1)],
        "subscriptions": 0,
        "waiting": 0,
        "states": [],
    }
    assert list((tmp_path / "data").iterdir()) == []


async def test_it_says_how_far_the_days_are_and_which_are_missing(
    status: Run, tmp_path: Path
) -> None:
    stored = [n for n in range(40) if n not in {0, 2, 3, 20}]
    await (await store_days(tmp_path, stored)).close()
    found = json.loads(status("--format", "json").stdout)
    assert found["newest"] == last(1).isoformat()
    assert found["as_of"] == "2026-07-01T04:05:00+00:00"
    assert found["window"] == last(4).isoformat()
    assert found["missing"] == [last(n).isoformat() for n in (20, 3, 2, 0)]
    assert found["citation"].startswith(
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-07"
    )
    lines = [" ".join(line.split()) for line in status().stdout.splitlines()]
    assert lines[:3] == [
        f"newest day {last(1)}, read on 2026-07-01 04:05 UTC",
        f"newest window {last(10)} to {last(4)}",
        f"missing in 30 days 4: {last(20)}, {last(3)} to {last(2)}, {last()}",
    ]
    assert lines[-1] == found["citation"]


async def test_days_that_are_all_there_are_none_missing(status: Run, tmp_path: Path) -> None:
    await (await store_days(tmp_path, range(30))).close()
    assert json.loads(status("--format", "json").stdout)["missing"] == []
    assert "missing in 30 days none" in " ".join(status().stdout.split())


async def test_a_board_whose_days_are_all_old_has_them_still(status: Run, tmp_path: Path) -> None:
    await (await store_days(tmp_path, range(200, 210))).close()
    found = json.loads(status("--format", "json").stdout)
    assert (found["newest"], found["window"]) == (last(200).isoformat(), last(200).isoformat())
    assert len(found["missing"]) == 30


async def test_it_counts_subscriptions_and_what_waits_while_the_bot_runs(
    status: Run, tmp_path: Path
) -> None:
    store = await store_days(tmp_path, [0])
    await store.subscribe(Subscription(1, 10, Wish(), last(), SINCE, 5))
    await store.subscribe(Subscription(2, 10, Wish(), last(), SINCE, 5))
    owed = [Delivery(f"d{n}", 1, 10, ("m",), f"nonce-{n}", SINCE) for n in range(3)]
    await store.record(BOARD_MODELS, Progress((), None), [], owed)
    done = json.loads(status("--format", "json").stdout)
    assert (done["subscriptions"], done["waiting"]) == (2, 3)
    text = " ".join(status().stdout.split())
    assert "subscriptions 2 alerts waiting 3" in text
    await store.close()


async def test_states_come_with_since_when_and_are_no_failure(status: Run, tmp_path: Path) -> None:
    store = await store_days(tmp_path, [0])
    for state in STATES:
        await store.put_states(state.board, [state])
    done = status()
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[6:9] == [
        "since (UTC) what board about",
        f"2026-07-13 06:30 milestone held models {STATES[1].subject} only if x",
        "2026-07-14 06:30 day not published coding 2026-07-13 no day is [stored]",
    ]
    assert "Nothing is out of the ordinary" not in done.stdout
    await store.close()
    found = json.loads(status("--format", "json").stdout)["states"]
    assert found == [
        {
            "kind": "day not published",
            "board": "coding",
            "subject": "2026-07-13",
            "since": "2026-07-14T06:30:00+00:00",
            "detail": "no day is [stored]",
        },
        {
            "kind": "milestone held",
            "board": "models",
            "subject": "models.open_top5.4.2026-07-15.held",
            "since": "2026-07-13T06:30:00+00:00",
            "detail": "only if x",
        },
    ]


def test_consecutive_days_are_told_as_one_span() -> None:
    first = date(2026, 2, 27)
    some = [first + timedelta(days=n) for n in (0, 1, 2, 4, 7, 8)]
    assert spans(some) == [(some[0], some[2]), (some[3], some[3]), (some[4], some[5])]
    assert spans([]) == []
