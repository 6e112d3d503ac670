"""Hand-made charts of lines, and how well a colour can be read."""

from dataclasses import replace
from datetime import date, timedelta
from math import sin
from operator import mul

from matplotlib.colors import to_rgb

from bot.model import Openness
from bot.pictures import rank_ticks
from bot.pictures.compare import Lines, Series

OPEN, CLOSED, UNKNOWN = Openness
FIRST = date(2026, 1, 4)
NAMES = ("Hy3", "MiMo-V2.5", "DeepSeek V4 Flash", "Claude Opus 4.8", "Gemini 3 Flash Preview")


def line(name: str, kind: Openness, values: tuple[int | None, ...], ending: str) -> Series:
    """Return a line whose tokens are a thousand times its values."""
    tokens = tuple(None if value is None else 1000 * value for value in values)
    return Series(name, kind, values, tokens, ending)


def lines(*series: Series, **changes: object) -> Lines:
    """Return a chart of ranks over as many weeks as the first line has values."""
    dates = tuple(FIRST + timedelta(7 * n) for n in range(len(series[0].values) if series else 0))
    known = [value for each in series for value in each.values if value is not None]
    chart = Lines(
        title="Five models",
        subtitle="Ranks by tokens over seven days",
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        series=series,
        totals=(1_000_000,) * len(dates),
        ticks=rank_ticks(max(known, default=1)),
        ranks=True,
        words=dict(zip(Openness, ("open", "closed", "unknown"), strict=True)),
        empty="No data yet",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def five(
    kinds: tuple[Openness, ...], count: int, names: tuple[str, ...] = NAMES, **changes: object
) -> Lines:
    """Return five lines that cross, all of them near each other in the end."""
    made = []
    for n, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        ranks = [round(20 + 19 * sin(n + week / 5)) for week in range(count - 1)]
        made.append(line(name, kind, (*ranks, n + 1), f"number {n + 1}"))
    return lines(*made, **changes)


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand out from each other, as WCAG 2 has it: 1 to 21."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return how bright a colour is, 0 to 1."""
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return sum(map(mul, (0.2126, 0.7152, 0.0722), linear))
