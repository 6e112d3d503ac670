"""Try many payloads: `make fuzz COUNT=20000 SEED=1`."""

import argparse
import asyncio
import resource
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.payloads import Range, tried

_WARM = 500
"""Payloads until memory is measured the first time."""

_MOST_GROWTH = 50
"""Megabytes that memory may grow by afterwards."""

_LONGEST = 20.0
"""Seconds for one payload."""


def _resident() -> int:
    """Return how much memory the process holds, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


async def _payloads(count: int, seed: int) -> None:
    found: Counter[str] = Counter()
    longest, warm = 0.0, 0
    with TemporaryDirectory(prefix="rankshift-fuzz-") as folder:
        place = Range(Path(folder))
        await place.prepare()
        for number in range(count):
            began = time.monotonic()
            try:
                outcome = await tried(place, seed * 10**6 + number)
            except BaseException:
                print(f"payload {seed * 10**6 + number} fails:")  # noqa: T201
                raise
            longest = max(longest, time.monotonic() - began)
            found["taken in" if outcome.taken else "refused"] += 1
            found["milestones"] += outcome.milestones
            if number == min(_WARM, count // 2):
                warm = _resident()
    grown = _resident() - warm
    assert grown <= _MOST_GROWTH, f"memory grew by {grown} MB"
    assert longest <= _LONGEST, f"one payload took {longest:.1f} s"
    told = ", ".join(f"{number} {what}" for what, number in sorted(found.items()))
    print(  # noqa: T201
        f"fuzz: {count} payloads, {told}, 0 false, 0 crashes, 0 changes by refused ones,"
        f" memory {grown:+d} MB, longest {longest:.2f} s"
    )


def main() -> None:
    """Try payloads as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(_payloads(options.count, options.seed))


if __name__ == "__main__":
    main()
