"""Made-up charts of ranks, and what is looked for in their pictures."""

from dataclasses import replace
from datetime import date, timedelta
from math import sin

import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from bot.charts.theme import DARK, ESTIMATE, LIGHT
from bot.model import Openness
from bot.pictures.bump import Bump, Line
from tests.charts.reading import texts

NAMES = (
    "Hy3", "MiMo-V2.5", "DeepSeek V4 Flash", "MiniMax M3", "GLM 5.2", "Claude Opus 4.8",
    "Step 3.7 Flash", "Gemini 3 Flash Preview", "owl-alpha", "Grok 5", "GPT-5.6 Luna Pro", "Phi",
    "Llama 5", "Qwen 3.5 Coder", "Jamba", "Kimi K3",
)  # fmt: skip
FIRST = date(2026, 5, 29)
LONG = "Extremely Long-Winded Preview Experimental Thinking Model 2026-07-15 Extended"


def bump(lines: tuple[Line, ...], count: int, **changes: object) -> Bump:
    """Return a chart of lines over consecutive days."""
    dates = tuple(FIRST + timedelta(day) for day in range(count))
    chart = Bump(
        title="Open models hold the first seven places",
        subtitle="The ten most-used models, by tokens over seven days",
        dates=dates,
        days=tuple(f"{day.day}/{day.month}" for day in dates),
        lines=lines,
        highlight=frozenset(),
        depth=10,
        words=dict(zip(Openness, ("Open weights", "Closed weights", "Not known"), strict=True)),
        empty="No data yet",
        citation="Source: somewhere",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


def history(count: int, **changes: object) -> Bump:
    """Return sixteen models that trade places, so that some are always out of the picture."""
    orders = [
        sorted(range(len(NAMES)), key=lambda n: sin(2.3 * n + day / 17 * (1 + n % 5)))
        for day in range(count)
    ]
    kinds = tuple(Openness)
    lines = tuple(
        Line(name, kinds[n % 3], tuple(order.index(n) + 1 for order in orders))
        for n, name in enumerate(NAMES)
    )
    return bump(lines, count, **changes)


def gappy(count: int) -> Bump:
    """Return a history with days nobody has, days some lack, and single days between gaps."""
    chart = history(count)

    def cut(line: Line, n: int) -> Line:
        lacks = [day in (4, 5) or (day + n) % 4 == 0 for day in range(count)]
        ranks = zip(line.ranks, lacks, strict=True)
        return replace(line, ranks=tuple(None if lack else rank for rank, lack in ranks))

    return replace(chart, lines=tuple(cut(line, n) for n, line in enumerate(chart.lines)))


def long_named() -> Bump:
    """Return a chart in which everything that is written is too long."""
    chart = history(14, title=f"{LONG} {LONG} {LONG}", subtitle=f"{LONG} {LONG}", citation=LONG * 2)
    words = dict.fromkeys(Openness, LONG)
    lines = tuple(replace(line, name=f"{line.name} {LONG}") for line in chart.lines)
    return replace(chart, lines=lines, words=words, empty=LONG)


CASES = {
    "empty": bump((), 0),
    "one row": bump((Line("Hy3", Openness.OPEN, (2, 1, 1)),), 3),
    "one day": history(1),
    "two days": history(2),
    "gaps": gappy(14),
    "long names": long_named(),
    "long and highlighted": replace(long_named(), highlight=frozenset({f"Hy3 {LONG}"})),
    "seven weeks": history(48),
    "a quarter": history(90),
    "top five": history(48, depth=5),
    "highlighted": history(48, highlight=frozenset({"Hy3", "Phi"})),
}
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
all_cases = pytest.mark.parametrize("chart", CASES.values(), ids=CASES.keys())


def named(figure: Figure, name: str) -> tuple[Line2D, Line2D]:
    """Return the stroke and the markers of a line."""
    _, stroke, marks = (line for line in figure.axes[0].lines if line.get_gid() == name)
    return stroke, marks


def position(figure: Figure, word: str) -> tuple[float, float]:
    """Return where a text is anchored, in CSS pixels."""
    (text,) = (text for text in texts(figure) if text.get_text() == word)
    return text.get_position()


def positions(figure: Figure, word: str) -> list[tuple[float, float]]:
    """Return where a text is anchored each time it is written, from the left, in CSS pixels."""
    return sorted(text.get_position() for text in texts(figure) if text.get_text() == word)


def bands(figure: Figure) -> list[Polygon]:
    """Return the hatched bands around lines."""
    found = (patch for patch in figure.axes[0].patches if isinstance(patch, Polygon))
    return [patch for patch in found if patch.get_hatch() == ESTIMATE]
