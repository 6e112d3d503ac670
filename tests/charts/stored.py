"""Every chart of some days, made as the terminal makes it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import rules
from bot.app import open_folder
from bot.backtest import backtest
from bot.charted import CHARTS, Asked, Made, charted
from bot.model import BOARD_MODELS, Day
from bot.standings import base_model
from bot.text.say import Say
from tests.charts.figures import known


async def every_chart(days: tuple[Day, ...], say: Say) -> Mapping[str, Made]:
    """Return each chart of these days, with its content in words."""
    with TemporaryDirectory() as folder:
        async with open_folder(Path(folder), writable=True) as store:
            await store.put_days(BOARD_MODELS, days)
            return {name: await charted(store, _asked(name, days), say) for name in CHARTS}


def _asked(name: str, days: tuple[Day, ...]) -> Asked:
    """Return a question for a chart.

    Models are those used most on the newest day; a history is of one that was listed on the first
    day already.
    """
    first, models = _listed(days[0]), _listed(days[-1])
    lasting = next((model for model in models if model in first), models[0])
    return Asked(
        chart=name,
        models=(lasting,) if name == "history" else models[:5],
        rule="overtake",
        key=_headline(days) if name == "milestone" else None,
    )


def _listed(day: Day) -> tuple[str, ...]:
    return tuple(dict.fromkeys(base_model(row.model) for row in day.rows))


def _headline(days: tuple[Day, ...]) -> str:
    """Return the key of the founding milestone, where these days have it; else of the newest."""
    found = backtest(BOARD_MODELS, {day.date: day for day in days}, known(), rules.discover())
    told = sorted((one for one in found if one.told), key=lambda one: one.rule == "open_top5")
    return told[-1].key
