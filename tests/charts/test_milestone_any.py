"""The picture of an alert can be read, whatever it is made of."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts.milestone import draw
from bot.charts.theme import DARK
from bot.model import Openness
from bot.pictures import Tick
from bot.pictures.milestone import Before, Kind, Places, Seat, Way, Ways
from tests.charts.reading import LONG, ODD, unreadable
from tests.charts.stories import places, way, ways

names = st.sampled_from((*ODD, "Hy3", "MiMo-V2.5", ""))
said = st.sampled_from(("", "3 of 5", LONG, *ODD))
levels = st.sampled_from(("5 T", "100 T", "%60", "60 %"))
"""Words of levels are ours, and short."""
odd_seats = st.lists(st.builds(Seat, names, st.sampled_from(Openness)), max_size=5).map(tuple)


@st.composite
def odd_places(draw_: st.DrawFn) -> Places:
    count = draw_(st.integers(0, 40))
    some = st.lists(odd_seats, min_size=count, max_size=count).map(tuple)
    word = st.lists(said, min_size=count, max_size=count).map(tuple)
    before = st.none() | st.builds(Before, said, odd_seats, said)
    return replace(
        places(*[""] * count),
        seats=draw_(some),
        days=draw_(word),
        counted=draw_(word),
        counts=draw_(said),
        since=draw_(st.integers(0, count)),
        before=draw_(before),
        estimated=draw_(st.sampled_from(("", "Estimates"))),
    )


@st.composite
def odd_ways(draw_: st.DrawFn) -> Ways:
    count = draw_(st.integers(0, 30))
    kind = draw_(st.sampled_from([Kind.RANKS, Kind.SHARES, Kind.TOKENS]))
    number = st.integers(1 if kind is Kind.RANKS else 0, draw_(st.sampled_from([12, 400, 10**15])))
    values = st.lists(st.none() | number, min_size=count, max_size=count).map(tuple)
    openness = st.none() | st.sampled_from(Openness)
    line = st.builds(Way, names, openness, values, said, st.booleans(), st.just(()) | values)
    ticks = draw_(st.lists(number, max_size=6, unique=True).map(sorted))
    return replace(
        ways(way("", *[None] * count)),
        kind=kind,
        ways=tuple(draw_(st.lists(line, max_size=14))),
        ticks=tuple(Tick(value, draw_(said)) for value in ticks),
        mark=None if kind is Kind.RANKS else draw_(st.none() | st.builds(Tick, number, levels)),
        since=draw_(st.integers(0, count)),
        happened=draw_(said),
        estimated=draw_(st.sampled_from(("", "Estimates"))),
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(odd_places() | odd_ways())
def test_no_data_keeps_the_picture_from_being_drawn_readably(picture: Places | Ways) -> None:
    assert unreadable(draw(picture, DARK)) == []
