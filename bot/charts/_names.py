"""How long names of models are shortened so that versions can still be told apart."""

from collections.abc import Mapping, Sequence

from bot.charts._type import LABEL, Type, measure, plain, shorten

MOST_WORDS = 8
"""Words at the end of a name that are tried to tell it from the others."""
TAIL_SHARE = 0.6
"""The widest that the end of a name may become, as a share of its room."""


def cut(names: Sequence[str], width: float, kind: Type = LABEL) -> dict[str, str]:
    """Return names as they fit the width: long ones lose their middle, since ends tell versions.

    They keep as many words at the end as are needed to tell all of them apart, if that can be.
    """
    known = {name: plain(name, kind) for name in names}
    most = max((len(_tails(text, MOST_WORDS)) for text in known.values()), default=0)
    tries = [
        {name: _cut(text, width, kind, words) for name, text in known.items()}
        for words in (1, *range(2, most + 1), 0)
    ]
    return {
        name: next((each[name] for each in tries if _alone(name, each)), tries[0][name])
        for name in known
    }


def _alone(name: str, labels: Mapping[str, str]) -> bool:
    return list(labels.values()).count(labels[name]) == 1


def _cut(name: str, width: float, kind: Type, words: int) -> str:
    """Return a name with at most so many words at its end, as far as they leave room before it."""
    if measure(name, kind) <= width:
        return name
    room = width * TAIL_SHARE
    tail = next((tail for tail in _tails(name, words) if measure(tail, kind) <= room), "")
    return shorten(name, kind, width - measure(tail, kind)) + tail


def _tails(name: str, words: int) -> list[str]:
    """Return the last word of a name, the last two and so on; the longest first."""
    starts = [n + 1 for n, sign in enumerate(name) if sign in " -"]
    return [name[start:] for start in starts[len(starts) - min(words, len(starts)) :]]
