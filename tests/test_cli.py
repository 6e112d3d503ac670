"""The command line, run as people run it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = "date,model_permaslug,total_tokens"
OPEN, CLOSED = "minimax/minimax-m3-20260531", "anthropic/claude-4.8-opus-20260528"
SECRET = "a-token-nobody-may-see"
FIRST = date(2026, 7, 1)


@pytest.fixture
def rankshift(tmp_path: Path) -> Run:
    """Return a way to run the command in an empty folder with a data folder of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
        data = {"RANKSHIFT_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=kept | data | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def rankings(length: int = 16, turn: int = 12) -> str:
    """Return a CSV in which OPEN overtakes CLOSED by trailing weeks."""
    lines = [HEADER]
    for number in range(length):
        day = FIRST + timedelta(days=number)
        loud = 900 if number >= turn else 90
        lines += [f"{day},{CLOSED},100", f"{day},{OPEN},{loud}", f"{day},other,10"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a good file of rankings."""
    path = tmp_path / "rankings.csv"
    path.write_text(rankings(), encoding="utf-8")
    return path


def test_help_names_every_command_and_what_the_exit_codes_mean(rankshift: Run) -> None:
    shown = rankshift("--help").stdout
    commands = ("run", "poll", "standings", "import", "backtest", "openness", "demo")
    assert all(f"  {command} " in shown for command in commands)
    assert "Exit codes" in shown


def test_run_without_a_token_exits_2_naming_it(rankshift: Run) -> None:
    done = rankshift("run")
    assert done.returncode == 2
    assert done.stderr.startswith("rankshift: DISCORD_TOKEN is not set")


def test_wrong_settings_are_all_named_at_once_and_no_secret_is_shown(rankshift: Run) -> None:
    done = rankshift(
        "run",
        DISCORD_TOKEN=SECRET,
        RANKSHIFT_POLL_MINUTES="often",
        RANKSHIFT_OPENROUTER_URL="ftp://x",
    )
    assert done.returncode == 2
    assert "RANKSHIFT_POLL_MINUTES" in done.stderr
    assert "RANKSHIFT_OPENROUTER_URL" in done.stderr
    assert SECRET not in done.stderr


def test_an_import_counts_what_is_new_and_again_brings_nothing(rankshift: Run, file: Path) -> None:
    assert rankshift("import", str(file)).stdout == "rankings.csv: 16 days, 16 new, 0 changed.\n"
    assert rankshift("import", str(file)).stdout == "rankings.csv: 16 days, 0 new, 0 changed.\n"


def test_the_exports_format_is_taken_too(rankshift: Run, tmp_path: Path) -> None:
    export = tmp_path / "2026-07-02.csv"
    export.write_bytes(
        b"date,model_permaslug,rank,total_tokens,share_of_daily_tokens\r\n"
        b"2026-07-01,a/b,1,300,0.75\r\n2026-07-01,other,,100,0.25\r\n"
    )
    assert rankshift("import", str(export)).stdout == "2026-07-02.csv: 1 days, 1 new, 0 changed.\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"<html>", "does not begin with"),
        (f"{HEADER}\n2026-07-01,a/b,-5\n".encode(), "line 2: has '-5' for a count of tokens"),
        (f"{HEADER}\n2026-07-01,a/b,1\n2026-07-01,a/b,2\n".encode(), "line 3: lists a/b a second"),
        (f"{HEADER}\n2999-01-01,a/b,1\n".encode(), "a day that is not over"),
        (b"\xff\xfe", "is not text (UTF-8) at byte 0"),
    ],
)
def test_a_bad_file_is_refused_whole_with_its_place(
    rankshift: Run, tmp_path: Path, content: bytes, complaint: str
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    done = rankshift("import", str(bad))
    assert done.returncode in {2, 3}
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert rankshift("standings").returncode == 1


def test_a_file_that_is_not_there_is_named(rankshift: Run) -> None:
    done = rankshift("import", "nowhere.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere.csv" in done.stderr


def test_an_import_of_nothing_says_what_to_name(rankshift: Run) -> None:
    done = rankshift("import")
    assert done.returncode == 2
    assert "--catalogue" in done.stderr


def test_an_as_of_before_the_figures_is_refused(rankshift: Run, file: Path) -> None:
    done = rankshift("import", str(file), "--as-of", "2026-07-10")
    assert done.returncode == 2
    assert "must be after 2026-07-16" in done.stderr


def test_standings_print_as_text_and_as_json(rankshift: Run, file: Path) -> None:
    rankshift("import", str(file))
    text = rankshift("standings", "--date", "2026-07-16").stdout
    assert "MiniMax M3" in text
    assert "Source: OpenRouter (openrouter.ai/rankings), as of 2026-07-17." in text
    found = json.loads(rankshift("standings", "--top", "1", "--format", "json").stdout)
    (first,) = found["places"]
    assert (first["model"], first["tokens"], first["openness"]) == (OPEN, 3870, "open")
    assert found["total_tokens"] == 3870 + 700 + 70


def test_standings_of_a_day_are_those_of_its_week(rankshift: Run, file: Path) -> None:
    rankshift("import", str(file))
    found = json.loads(rankshift("standings", "--date", "2026-07-08", "--format", "json").stdout)
    assert found["date"] == "2026-07-08"
    assert found["places"][0]["model"] == CLOSED


def test_no_standings_yet_says_why_and_fails(rankshift: Run) -> None:
    done = rankshift("standings")
    assert done.returncode == 1
    assert "No rankings are stored yet" in done.stdout


def test_a_backtest_lists_the_milestones_in_its_days(rankshift: Run, file: Path) -> None:
    rankshift("import", str(file))
    lines = rankshift("backtest", "--rule", "leader", "--format", "jsonl").stdout.splitlines()
    (line,) = lines
    assert json.loads(line) == {
        "date": "2026-07-14",
        "began": "2026-07-13",
        "rule": "leader",
        "board": "models",
        "key": f"models.leader.{OPEN}.2026-07-14",
        "severity": "headline",
        "facts": {"model": OPEN, "previous": CLOSED},
        "first": True,
        "held_by": None,
        "inhibited_by": None,
    }
    assert "MiniMax M3 is now the most-used model" in rankshift("backtest").stdout
    only = ("backtest", "--rule", "leader", "--format", "jsonl")
    assert rankshift(*only, "--since", "2026-07-15").stdout == ""
    assert rankshift(*only, "--until", "2026-07-13").stdout == ""


def test_a_milestone_is_verified_by_the_stored_rows_whoever_told_it(
    rankshift: Run, file: Path
) -> None:
    rankshift("import", str(file))
    done = rankshift("verify", f"models.leader.{OPEN}.2026-07-14")
    assert done.returncode == 0
    assert done.stdout.count("holds  ") == 6
    assert "rankings.csv sha256:" in done.stdout
    for key, said in (
        (f"models.leader.{OPEN}.2026-07-13", "not stored, and not found in the stored days"),
        ("nonsense", "is no milestone's key"),
        ("apps.leader.x.2026-07-13", "is no milestone's key"),
    ):
        wrong = rankshift("verify", key)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert said in wrong.stderr


def test_openness_comes_with_its_evidence(rankshift: Run) -> None:
    lines = rankshift("openness", OPEN, f"{CLOSED}:free", "x/y", "--format", "jsonl").stdout
    found = [json.loads(line) for line in lines.splitlines()]
    assert [(each["model"], each["openness"]) for each in found] == [
        (OPEN, "open"),
        (CLOSED, "closed"),
        ("x/y", "unknown"),
    ]
    assert all(set(each) == {"model", "openness", "since", "evidence"} for each in found)
    assert all(each["evidence"] for each in found)


def test_a_catalogue_gives_names_and_hints(rankshift: Run, tmp_path: Path, file: Path) -> None:
    catalogue = tmp_path / "models.json"
    row = {
        "id": "new/one",
        "canonical_slug": "new/one-1",
        "name": "New: One",
        "created": 1782864000,
    }
    catalogue.write_text(json.dumps({"data": [row | {"hugging_face_id": "new/One"}]}))
    done = rankshift("import", str(file), "--catalogue", str(catalogue))
    assert done.stdout.splitlines()[1] == "models.json: 1 models."
    (line,) = rankshift("openness", "new/one-1", "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["openness"] == "open"
    assert "huggingface.co/new/One" in json.loads(line)["evidence"]


def test_a_source_that_is_down_ends_a_poll_with_exit_code_3(rankshift: Run) -> None:
    done = rankshift("poll", RANKSHIFT_OPENROUTER_URL="http://127.0.0.1:9")
    assert done.returncode == 3
    assert "127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_one_ends_with_exit_code_4(
    rankshift: Run, tmp_path: Path, file: Path
) -> None:
    (tmp_path / "data").write_text("a file in its place")
    done = rankshift("import", str(file))
    assert done.returncode == 4
    assert "cannot be used as data folder" in done.stderr


def test_the_main_process_imports_no_matplotlib_and_the_worker_no_discord() -> None:
    code = (
        "import sys; import bot.__main__, bot.service;"
        "assert 'matplotlib' not in sys.modules; assert 'discord' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    code = (
        "import sys; import bot.__main__, bot.render, bot.charts; bot.charts.discover();"
        "assert 'matplotlib' in sys.modules; assert 'discord' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_today_is_never_judged(rankshift: Run, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    file = tmp_path / "today.csv"
    file.write_text(f"{HEADER}\n{today},a/b,5\n")
    assert "a day that is not over" in rankshift("import", str(file)).stderr
