"""Live through many days at once: `python -m tests.soak [--days 365] [--seed 1]`.

Prints what the bot takes after each quarter, what is wrong, and exits with 1 then. A seed fixes all
of it: the figures and how they are corrected, outages, restarts, crashes, clocks, who asks.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.life import Life, hushed
from tests.soak.report import report


def _main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        life = Life(Path(folder), options.seed, options.days)
        hushed(life.errors)
        lines, failed = asyncio.run(_lived(life))
    for line in lines:
        print(line, flush=True)  # noqa: T201 — this is its output
    return failed


async def _lived(life: Life) -> tuple[list[str], bool]:
    await life.live()
    return await report(life)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
