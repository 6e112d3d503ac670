"""Try many payloads and people: `make fuzz PAYLOADS=20000 PEOPLE=10000 SEED=1`."""

import argparse
import asyncio
import logging
import resource
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.logs import set_up_logs
from tests.fuzz.interactions import Unforeseen, attack, mob, settings_of, unsafe
from tests.fuzz.payloads import Range, tried
from tests.wire.discord_schema import EVERYDAY
from tests.wire.running import MANAGER

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


async def _people(count: int, seed: int) -> None:
    told, answered, grown = Unforeseen(), 0, 0
    logging.root.addHandler(told)
    with (
        TemporaryDirectory(prefix="rankshift-fuzz-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        async with mob(Path(folder), seed, patch) as people:
            before = await settings_of(people)
            half = count // 2
            await attack(people, min(_WARM, half), EVERYDAY)
            warm = _resident()
            answered += await attack(people, half, EVERYDAY)
            assert await settings_of(people) == before, "somebody changed what they may not"
            answered += await attack(people, count - half, MANAGER.permissions)
            grown = _resident() - warm
            assert not unsafe(people), unsafe(people)
            assert people.bot.client.is_ready()
    assert not told.found, told.found[0]
    assert grown <= _MOST_GROWTH, f"memory grew by {grown} MB"
    print(  # noqa: T201
        f"fuzz: {count} interactions, {answered} answered, 0 unforeseen errors,"
        f" 0 changes by who may not, memory {grown:+d} MB"
    )


def main() -> None:
    """Try payloads and people as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payloads", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.payloads:
        asyncio.run(_payloads(options.payloads, options.seed))
    if options.people:
        set_up_logs("console", "warning")
        asyncio.run(_people(options.people, options.seed))


if __name__ == "__main__":
    main()
