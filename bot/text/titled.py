"""Names of models in the titles of pictures (pure)."""

_LONGEST = 28
"""Characters of a name, so that a title of two lines has room for two."""

_LONGEST_END = 12


def in_title(name: str) -> str:
    """Return a name without its middle if it is long: its end tells versions apart."""
    if len(name) <= _LONGEST:
        return name
    end = name.rpartition(" ")[2][-_LONGEST_END:]
    start = name[: _LONGEST - 1 - len(end)]
    return f"{start.rpartition(' ')[0] or start}…{end}"
