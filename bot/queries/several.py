"""Several names in one text, with commas between (pure)."""

from collections.abc import Sequence

from bot.errors import UnknownName
from bot.queries.names import Named, Names

_LONGEST = 100
"""Characters of a choice in Discord."""


def meant(names: Names, typed: str) -> tuple[Named, ...]:
    """Return what each part of a text names, each once, in its order. Raises UnknownName."""
    parts = [part for part in typed.split(",") if part.strip()]
    return tuple(dict.fromkeys(names.meant(part) for part in parts))


def offered(names: Names, typed: str) -> Sequence[Named]:
    """Return whole texts that a text may become: its last part is what is being typed.

    None where an earlier part names nothing, and none that Discord would have to cut.
    """
    before, _, last = typed.rpartition(",")
    try:
        chosen = meant(names, before)
    except UnknownName:
        return ()
    whole = [_joined((*chosen, one)) for one in names.offered(last) if one not in chosen]
    return [one for one in whole if max(len(one.what), len(one.name)) <= _LONGEST]


def _joined(parts: Sequence[Named]) -> Named:
    return Named(", ".join(each.what for each in parts), ", ".join(each.name for each in parts))
