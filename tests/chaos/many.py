"""Many runs, a few side by side."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from bot.delivery import Delivery
from bot.model import Severity
from bot.subscription import Subscription, Wish
from tests.chaos.figures import Figures, current, owed
from tests.chaos.nursery import Nursery
from tests.chaos.plan import plan
from tests.chaos.run import Outcome, Run, run
from tests.chaos.together import Together

AT_ONCE = 4
KINDS: Mapping[str, type[Run]] = MappingProxyType({"tinydb": Run, "postgresql": Together})
TOGETHER = 2
"""Runs side by side where each has three bots and a server."""


async def many(
    seed: int,
    numbers: Sequence[int],
    show: Callable[[Outcome, str], None],
    store: str = "tinydb",
) -> list[Outcome]:
    """Do the runs of these numbers on a store; `show` is told of each, and of its folder."""
    figures, nursery, kind = current(), Nursery(), KINDS[store]
    turns = asyncio.Semaphore(AT_ONCE if kind is Run else TOGETHER)
    rows = await _rows(figures)

    async def one(number: int) -> Outcome:
        async with turns:
            folder = Path(tempfile.mkdtemp(prefix=f"chaos-{seed}-{number}-"))
            outcome = await run(plan(seed, number), folder, nursery, figures, rows, kind)
            show(outcome, str(folder))
            if not outcome.failed:
                shutil.rmtree(folder)
            return outcome

    return await asyncio.gather(*map(one, numbers))


async def _rows(figures: Figures) -> tuple[Delivery, ...]:
    """Return what a channel is owed, whichever days are polled together."""
    found = []
    asked = Subscription(
        1,
        1,
        Wish(least=Severity.HEADLINE),
        figures.last - timedelta(10),
        datetime.now(UTC),
        1,
    )
    for ends in (figures.ends(), figures.ends()[-1:]):
        with tempfile.TemporaryDirectory() as folder:
            found.append(await owed(Path(folder), figures, asked, ends))
    apart, together = ({row.key for row in rows} for rows in found)
    assert apart == together, "what is owed depends on when days are polled"
    return tuple(found[0])
