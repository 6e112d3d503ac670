"""What a picture costs: on real days where there are any (RANKSHIFT_TEST_DATA), else the demo's.

Of each chart: `cold_ms`, from data to PNG bytes through the renderer with a warm worker, the median
of pictures that differ in their titles; `warm_ms`, the same picture again; `plain_ms`, matplotlib's
own drawing and PNG writing of the same finished figure at the same density; `ratio`, the first by
the last; `kb`. `loop_stall_p999_ms` and `loop_stall_max_ms` are how late a task that sleeps 5 ms
again and again wakes while 20 pictures are drawn that were requested at once.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from bot import charts
from bot.charts.theme import DARK
from bot.demo import read_figures
from bot.model import Day
from bot.pictures import Picture
from bot.render import Renderer
from bot.sources.rows import parse_rows
from bot.text.say import english
from tests.bench.answering import probed
from tests.bench.harness import Figures
from tests.charts.figures import NOW
from tests.charts.stored import every_chart
from tests.wire.discord_crowd import percentile

ROUNDS = 15
AT_ONCE = 20


def run() -> Figures:
    """Measure all of it."""
    return asyncio.run(_measured())


async def _measured() -> Figures:
    made = await every_chart(_days(), english())
    pictures = {name: picture for name, (picture, _) in made.items()}
    figures: dict[str, float | int] = {}
    with closing(Renderer()) as renderer:
        await asyncio.gather(*(renderer.draw(picture) for picture in pictures.values()))
        for name, picture in pictures.items():
            figures |= await _figures(renderer, name, picture)
        figures |= await _stalls(renderer, list(pictures.values()))
    return figures


async def _figures(renderer: Renderer, name: str, picture: Picture) -> Figures:
    cold, warm, plain = [], [], []
    figure = charts.named(picture.chart)(picture, DARK)
    for number in range(ROUNDS):
        # In turns: what else the machine does weighs on each of them alike.
        other = replace(picture, title=f"{picture.title} {number}")
        cold.append(await _timed(lambda other=other: renderer.draw(other)))
        warm.append(await _timed(lambda other=other: renderer.draw(other)))
        begin = time.perf_counter()
        figure.savefig(BytesIO(), format="png")
        plain.append(time.perf_counter() - begin)
    return {
        f"{name}_cold_ms": statistics.median(cold) * 1000,
        f"{name}_warm_ms": statistics.median(warm) * 1000,
        f"{name}_plain_ms": statistics.median(plain) * 1000,
        f"{name}_ratio": statistics.median(cold) / statistics.median(plain),
        f"{name}_kb": len(await renderer.draw(picture)) / 1000,
    }


async def _timed(draw: Callable[[], Awaitable[bytes]]) -> float:
    begin = time.perf_counter()
    await draw()
    return time.perf_counter() - begin


async def _stalls(renderer: Renderer, pictures: list[Picture]) -> Figures:
    titled = [
        replace(pictures[number % len(pictures)], title=f"At once {number}")
        for number in range(AT_ONCE)
    ]
    async with probed() as late:
        begin = time.perf_counter()
        await asyncio.gather(*map(renderer.draw, titled))
        took = time.perf_counter() - begin
    return {
        "at_once_s": took,
        "loop_stall_p999_ms": percentile(late, 999) * 1000,
        "loop_stall_max_ms": max(late) * 1000,
    }


def _days() -> tuple[Day, ...]:
    folder = os.environ.get("RANKSHIFT_TEST_DATA")
    if folder is None:
        return read_figures(NOW)
    text = (Path(folder) / "rankings_daily.csv").read_text(encoding="utf-8")
    return parse_rows(text, where="rankings_daily.csv", as_of=NOW, today=NOW.date())
