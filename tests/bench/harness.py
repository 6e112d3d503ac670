"""Find benchmarks, run them, and keep what they measured."""

import importlib
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table

Figures: TypeAlias = Mapping[str, float | int | str]
Benchmark: TypeAlias = Callable[[], Figures]

_PREFIX = "bench_"


def discover() -> dict[str, Benchmark]:
    """Return each benchmark of this folder by its name."""
    files = sorted(Path(__file__).parent.glob(f"{_PREFIX}*.py"))
    modules = {file.stem: importlib.import_module(f"tests.bench.{file.stem}") for file in files}
    return {name.removeprefix(_PREFIX): module.run for name, module in modules.items()}


def run_benchmarks(benchmarks: Mapping[str, Benchmark], folder: Path, wanted: Sequence[str]) -> int:
    """Run the wanted benchmarks (all, if none is named) and return the exit code."""
    console = Console()
    unknown = [name for name in wanted if name not in benchmarks]
    if unknown:
        there = ", ".join(benchmarks) or "none yet"
        console.print(f"No benchmark is called {', '.join(unknown)}; there are: {there}.")
        return 2
    if not benchmarks:
        console.print("There are no benchmarks yet.")
    for name in wanted or benchmarks:
        _keep(name, benchmarks[name](), folder, console)
    return 0


def _keep(name: str, figures: Figures, folder: Path, console: Console) -> None:
    table = Table("figure", "value", title=name)
    for figure, value in figures.items():
        table.add_row(figure, f"{value:,.3f}" if isinstance(value, float) else str(value))
    console.print(table)
    folder.mkdir(exist_ok=True)
    measured = {"python": platform.python_version(), **figures}
    (folder / f"{name}.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


@contextmanager
def discord_process(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Start a loopback Discord as a process of its own, and say where everything is in it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.wire.discord_process", json.dumps(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=10)
