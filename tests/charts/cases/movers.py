"""Slope charts of two weeks, made as /movers makes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.answers.movers import Movers
from bot.boards import MODELS
from bot.model import Openness
from bot.openness import Directory
from bot.pictures.movers import Slope
from bot.queries.almanac import Almanac, almanac
from bot.queries.movers import movers
from bot.standings import OFFICIAL
from bot.text.say import Say
from bot.text.slopes import slope
from tests.charts.cases.compare import NAMES
from tests.charts.figures import demo_almanac, known
from tests.made import days, directory, verdict

THEN = (900, 800, 700, 600, 500)
NOW = (600, 500, 700, 900, 800)


def cases(say: Say) -> Mapping[str, Slope]:
    """Return the charts by the names of their cases."""
    full = _moved(demo_almanac(), known(), 30)
    still = replace(full, climbers=(), fallers=(), arrivals=(), departures=())
    come_and_gone = replace(still, arrivals=full.arrivals, departures=full.departures)
    return {
        "empty": slope(still, say),
        "one row": slope(replace(still, climbers=full.climbers[:1]), say),
        "one day": slope(_moved(demo_almanac(), known(), 1), say),
        "gaps": slope(come_and_gone, say),
        "long names": slope(_long_named(), say),
        "full": slope(full, say),
        "a week": slope(_moved(demo_almanac(), known(), 7), say),
        "estimated": slope(replace(full, board=replace(MODELS, estimated=True)), say),
    }


def _moved(kept: Almanac, directory: Directory, back: int) -> Movers:
    found = movers(MODELS, kept, directory, date.max, back)
    assert isinstance(found, Movers)
    return found


def _long_named() -> Movers:
    models = [f"m/{number}" for number in range(len(NAMES))]
    weeks = [dict(zip(models, used, strict=True)) for used in (THEN, NOW)]
    stored = days([weeks[0]] * 7 + [weeks[1]] * 7)
    named = directory(
        {model: verdict(Openness.OPEN) for model in models[:3]},
        names=dict(zip(models, NAMES, strict=True)),
    )
    return _moved(almanac("models", stored, OFFICIAL), named, 7)
