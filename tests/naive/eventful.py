"""One long world, always the same, in which everything happens that can be told."""

from datetime import timedelta
from math import sin

from bot.model import Openness
from tests.made import START
from tests.naive.world import Spell, World, lived

_DAYS = 400
_LISTED = 32
_MISSING = (60, 133, 134, 315)
_MODELS = tuple(f"{'abcdefghij'[n % 10]}/m{n:02}" for n in range(38))
_OPEN, _CLOSED = _MODELS[0:36:2], _MODELS[1:36:2]
_UNKNOWN = (*_MODELS[36:], "openrouter/m38", "stealth/m39", "meta/m40", "meta-llama/m41")
_ALL = (*_OPEN, *_CLOSED, *_UNKNOWN)

# Who has the first five places in quiet times, the first of them with more and more.
_SURE = (*_OPEN[:3], _CLOSED[0], _OPEN[3])
_DOUBTFUL = (*_OPEN[:3], _CLOSED[0], _UNKNOWN[0])
_QUIET = {(150, 200): _SURE, (200, 245): _DOUBTFUL}


def _clock(day: int) -> int:
    """Return the time by which the tides go: it stands still when it is quiet."""
    return day - sum(min(max(day - begin, 0), end - begin) for begin, end in _QUIET)


def _tide(number: int, model: str, day: int) -> float:
    """Return by which power of ten a model is up: all of a kind together, and by itself."""
    clock = _clock(day)
    kinds = ((_OPEN, sin(clock / 19)), (_CLOSED, -sin(clock / 19)), (_UNKNOWN, sin(clock / 29)))
    own = sin(number * number + clock / (6 if number % 7 == 3 else 40 + number % 9))
    return own + sum(0.7 * up for kind, up in kinds if model in kind)


def _weekly(day: int) -> dict[str, int]:
    """Return what each model has a week: more from month to month."""
    amounts = {m: int(10 ** (9.9 + day / 250 + _tide(n, m, day))) for n, m in enumerate(_ALL)}
    most = max(amounts.values())
    for (begin, end), first in _QUIET.items():
        if begin <= day < end:
            grown = 1 + (day - begin) // 15
            shares = {model: most * (7 - place) for place, model in enumerate(first)}
            amounts |= shares | {first[0]: most * 7 * grown}
    if 270 <= day < 290:  # one that leads from its first day on
        amounts["new/comer"] = most * 15
    if day < 140:  # one variant that counts for its model
        amounts[f"{_OPEN[1]}:free"] = amounts[_OPEN[1]] // 3
    return amounts


def eventful() -> World:
    """Return four hundred days in which all comes and goes, a few days missing."""
    spells = [
        Spell(1, _weekly(day), None if day % 50 == 3 else 10**11, _LISTED) for day in range(_DAYS)
    ]
    said = {
        **dict.fromkeys(_OPEN, (Openness.OPEN, None)),
        **dict.fromkeys(_CLOSED, (Openness.CLOSED, None)),
        **{model: (Openness.CLOSED, START + timedelta(300)) for model in _OPEN[-3:]},
        **{model: (Openness.OPEN, START + timedelta(310)) for model in _UNKNOWN[3:]},
    }
    hints = {_OPEN[-1]: START, _OPEN[-2]: START + timedelta(30)}
    return World(lived(spells, _MISSING), said, hints)
