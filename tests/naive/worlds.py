"""Worlds drawn at random: few or many models, short or long, at the edges of every rule."""

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import strategies as st

from bot.model import Openness
from tests.made import START
from tests.naive.world import Spell, World, lived

BASES = (
    *("b/one", "e/two", "a/three", "d/four", "c/five", "f/six", "openrouter/seven", "h/eight"),
    *("meta/nine", "meta-llama/ten", "a/eleven", "b/twelve"),
)
CROWD = (*BASES, *(f"{'abcdefgh'[n % 8]}/x{n}" for n in range(24)))
_SLUGS = (*BASES, "a/three:free", "d/four:thinking", "d/four:free", "b/one:free")
_TRILLION = 10**12
_LENGTH = 42

_COUNTS = st.sampled_from((0, 1, 1, 2, 3, 5, 8, 40, 2**31, 2**63 - 1, 2**63, 10**25))
_FEW = st.dictionaries(st.sampled_from(_SLUGS), _COUNTS, max_size=9)
_ALL = st.permutations(BASES[:8]).map(lambda ms: {m: n for n, m in enumerate(ms, start=1)})
_NEAR_MARKS = st.sampled_from(
    [m * _TRILLION + off for m in (1, 2, 5, 10, 20, 50, 100) for off in (-1, 0, 0, 1)]
)
_NEAR = st.dictionaries(st.sampled_from(BASES[:6]), _NEAR_MARKS, min_size=1, max_size=4)
_LEADS = st.sampled_from((10_000, 10_099, 10_100, 10_101, 10_200, 10_201, 10_302, 0))
_CLOSE = st.dictionaries(st.sampled_from(BASES[:7]), _LEADS, min_size=2, max_size=7)
_OTHERS = st.sampled_from((None, 0, 0, 7, 5 * _TRILLION, 2**64))

_OPEN, _CLOSED, _UNKNOWN = BASES[0:3], BASES[3:6], ("openrouter/seven", "h/eight")
_KNOWN: Mapping[str, tuple[Openness, None]] = {
    **dict.fromkeys((*_OPEN, "meta/nine"), (Openness.OPEN, None)),
    **dict.fromkeys(_CLOSED, (Openness.CLOSED, None)),
}
_FIVES = (  # as the registry above knows them: four open, three or four, two
    (*_OPEN, "meta/nine", "d/four"),
    (*_OPEN, "openrouter/seven", "d/four"),
    (*_OPEN[:2], *_CLOSED),
)
_TOP = st.sampled_from(_FIVES).map(lambda top: {m: 9 - place for place, m in enumerate(top)})
_HALVES = st.sampled_from(
    ((48, 0), (49, 0), (50, 0), (51, 0), (60, 0), (40, 20), (45, 5), (49, 1))
).map(lambda n: {"b/one": n[0], "openrouter/seven": n[1], "d/four": 100 - sum(n)})
_MOMENTS = st.integers(-9, _LENGTH).map(lambda n: START + timedelta(n))
_SURE = st.tuples(st.sampled_from((Openness.OPEN, Openness.OPEN, Openness.CLOSED)), st.none())
_SAID = st.tuples(st.sampled_from(Openness), st.none() | _MOMENTS)
_ALL_KNOWN = st.fixed_dictionaries(dict.fromkeys(BASES, _SURE))
_SOME_KNOWN = st.fixed_dictionaries({}, optional=dict.fromkeys(BASES, _SURE | _SAID))
_REGISTRIES = _ALL_KNOWN | _SOME_KNOWN | st.just(_KNOWN)
_HINTS = st.just({}) | st.dictionaries(st.sampled_from(BASES), _MOMENTS, max_size=3)
_GAPS = st.just(()) | st.sets(st.integers(0, _LENGTH), max_size=3).map(sorted)


@st.composite
def _shares(draw: st.DrawFn) -> dict[str, int]:
    """Draw amounts whose open share, by either bound, is at or beside a mark."""
    lower = draw(st.sampled_from((0, 40, 46, 48, 49, 50, 51, 58, 60, 68, 70, 73, 75, 80, 90)))
    upper = draw(st.sampled_from((lower, lower, 48, 49, 50, 58, 60, 70, 75, 78, 80, 88, 90, 100)))
    parts = ((_OPEN, lower), (_UNKNOWN, max(upper - lower, 0)), (_CLOSED, 100 - max(upper, lower)))
    off = draw(st.sampled_from((0, 0, -1, 1)))
    amounts = {"b/one": off, "d/four": -off}
    for models, part in parts:
        one = draw(st.sampled_from((part, part // 2, 0))) * _TRILLION // 10
        amounts[models[0]] = amounts.get(models[0], 0) + one
        amounts[models[1]] = part * _TRILLION // 10 - one
    return {model: amount for model, amount in amounts.items() if amount > 0}


@st.composite
def _moved(draw: st.DrawFn, order: list[str]) -> list[str]:
    """Draw an order that differs from another by a few models that rise or fall."""
    after = list(order)
    for _ in range(draw(st.integers(0, 4))):
        model = after.pop(draw(st.integers(0, len(after) - 1) | st.integers(-6, -1)))
        after.insert(draw(st.sampled_from((0, 1, 4, 5, 9, 10, 11, 12, 15, 19, 20, 22, 25))), model)
    return after


@st.composite
def _crowded(draw: st.DrawFn) -> list[Spell]:
    """Draw spells of many models, all of them or the first ones listed."""
    order, spells, scale = draw(st.permutations(CROWD)), [], 700
    curve = draw(st.sampled_from(("steep", "gentle", "even", "stairs")))
    for _ in range(draw(st.integers(2, 6))):
        order = draw(_moved(order))
        scale *= draw(st.sampled_from((1, 1, 3, 1000)))
        weekly = {m: _height(curve, place) * scale for place, m in enumerate(order)}
        listed = draw(st.sampled_from((None, None, 33, 24, 21, 20, 12, 8, 8)))
        length = draw(st.sampled_from((8, 9, 12, 2, 1, 7, 15)))
        spells.append(Spell(length, weekly, draw(_OTHERS), listed))
    return spells


def _height(curve: str, place: int) -> int:
    down = len(CROWD) - place
    heights = {
        "steep": 2**down,
        "gentle": 50 + down**2,
        "even": 500 + down,
        "stairs": (down + 1) // 6,
    }
    return heights[curve]


@st.composite
def _few(draw: st.DrawFn, amounts: st.SearchStrategy[dict[str, int]]) -> list[Spell]:
    """Draw short spells; most outweigh what was before, so that windows turn at once."""
    spells, weight = [], 1
    for _ in range(draw(st.integers(2, 9))):
        weight *= draw(st.sampled_from((1, 10, 1000, 1000)))
        weekly = {model: 7 * count * weight for model, count in draw(amounts).items()}
        length = draw(st.sampled_from((2, 3, 4, 1, 8)))
        spells.append(Spell(length, weekly, draw(_OTHERS)))
    return spells


@st.composite
def _blinks(draw: st.DrawFn) -> list[Spell]:
    """Draw two states that come and go for a window or a few."""
    amounts = draw(st.sampled_from((_TOP, _HALVES)))
    states = [draw(amounts), draw(amounts)]
    spells = [Spell(7, draw(amounts))]
    for turn in range(draw(st.integers(3, 9))):
        weekly = {m: 7 * count * 1000 ** (turn + 1) for m, count in states[turn % 2].items()}
        spells.append(Spell(draw(st.sampled_from((1, 1, 2, 3))), weekly))
    return spells


@st.composite
def _edges(draw: st.DrawFn, *kinds: st.SearchStrategy[dict[str, int]]) -> list[Spell]:
    """Draw spells long enough to fill a pair, of one kind of amounts."""
    weekly = draw(st.sampled_from(kinds))
    lengths = st.sampled_from((8, 8, 9, 7, 2, 13))
    count = draw(st.integers(2, 6))
    return [Spell(draw(lengths), draw(weekly), draw(_OTHERS)) for _ in range(count)]


@st.composite
def _long(draw: st.DrawFn, *kinds: st.SearchStrategy[dict[str, int]]) -> list[Spell]:
    """Draw 60 to 100 days in long spells, so that streaks and what is remembered a month occur."""
    weekly = draw(st.sampled_from(kinds))
    spells: list[Spell] = []
    weight = 7
    while (left := 100 - sum(spell.length for spell in spells)) > 40:
        length = draw(st.sampled_from((8, 22, 23, 29, 30, 31, 36, 37, 38, 2)))
        weight *= draw(st.sampled_from((1, 1000)))
        amounts = {model: amount * weight for model, amount in draw(weekly).items()}
        spells.append(Spell(min(length, left), amounts, draw(_OTHERS)))
    return spells


_KINDS = (
    (_few(_ALL | _FEW), _REGISTRIES),
    (_few(_TOP), st.just(_KNOWN)),
    (_blinks(), st.just(_KNOWN)),
    (_edges(_NEAR, _CLOSE, _shares()), _REGISTRIES),
    (_edges(_shares(), _HALVES), st.just(_KNOWN)),
    (_crowded(), _REGISTRIES),
    (_long(_ALL, _CLOSE, _shares()), _REGISTRIES),
    (_long(_TOP), st.just(_KNOWN)),
)
"""What may be drawn: spells, and a registry that goes with them."""


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world: gaps, ties, variants, huge counts, all kinds of knowledge of models."""
    spells, registry = draw(st.sampled_from(_KINDS))
    return World(lived(draw(spells), draw(_GAPS)), draw(registry), draw(_HINTS))
