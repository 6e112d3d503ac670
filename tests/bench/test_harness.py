"""The benchmark harness."""

import json
from pathlib import Path

import pytest

from tests.bench.harness import run_benchmarks


def test_a_benchmark_prints_its_figures_and_keeps_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_benchmarks({"path": lambda: {"poll_ms": 1.25, "polls": 3}}, tmp_path / "r", [])
    assert code == 0
    assert "poll_ms" in capsys.readouterr().out
    kept = json.loads((tmp_path / "r" / "path.json").read_text())
    assert (kept["poll_ms"], kept["polls"]) == (1.25, 3)


def test_only_the_named_benchmark_runs(tmp_path: Path) -> None:
    benchmarks = {"one": lambda: {"a": 1}, "two": lambda: {"b": 2}}
    assert run_benchmarks(benchmarks, tmp_path, ["two"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["two.json"]


def test_a_name_that_no_benchmark_has_is_said_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_benchmarks({"one": dict}, tmp_path, ["three"]) == 2
    assert "there are: one" in capsys.readouterr().out
