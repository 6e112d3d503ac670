"""Two models that tests compare, and what is known of them."""

from collections.abc import Mapping
from datetime import date

from bot.answers.comparison import Comparison
from bot.model import Openness
from bot.packaged import read_languages
from bot.queries.almanac import almanac
from bot.queries.comparison import comparison
from bot.standings import OFFICIAL
from bot.text.say import english
from tests.made import days, directory, verdict

SAY, TURKISH = english(), read_languages()["tr"]
KNOWN = directory(
    {"a/x": verdict(Openness.OPEN), "b/y": verdict(Openness.CLOSED)},
    names={"a/x": "Model X", "b/y": "Model Y", "c/z": "Model Z"},
)
DAILY = {"a/x": 400, "b/y": 100, "d/w": 50}


def asked(
    counts: Mapping[str, int] = DAILY, models: tuple[str, ...] = ("b/y", "a/x"), count: int = 14
) -> Comparison:
    """Return models side by side after days alike."""
    return comparison(almanac("models", days([counts] * count), OFFICIAL), models, date.max)
