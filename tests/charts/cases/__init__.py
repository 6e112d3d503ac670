"""What each chart is photographed with: `cases(say)` in a file a chart, by the names of NAMES."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.pictures import Picture
from bot.text.say import Say

NAMES = ("empty", "one row", "one day", "gaps", "long names", "full")
"""The histories that every chart is drawn with; `full` is that of the demo's real figures."""

Cases: TypeAlias = Callable[[Say], Mapping[str, Picture]]


def discover() -> Mapping[str, Cases]:
    """Return the cases of every chart, by the chart's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").cases for name in names}
