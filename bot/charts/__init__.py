"""One picture a file, found by discovery: data in, figure out."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any


def discover() -> Mapping[str, Callable[..., Any]]:
    """Return each chart's `draw(data, theme)` by the chart's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name: module.draw for name, module in modules.items() if hasattr(module, "draw")}
