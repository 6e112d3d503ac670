"""One picture a file, found by discovery: data in, figure out. Files that begin with `_` help."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

_SHARED = frozenset({"theme"})


def discover() -> Mapping[str, Callable[..., Any]]:
    """Return each chart's `draw(data, theme)` by the chart's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    charts = (name for name in names if not name.startswith("_") and name not in _SHARED)
    return {name: named(name) for name in charts}


def named(chart: str) -> Callable[..., Any]:
    """Return a chart's `draw(data, theme)`; of the charts only this one is imported."""
    draw: Callable[..., Any] = importlib.import_module(f"{__name__}.{chart}").draw
    return draw
