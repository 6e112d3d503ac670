"""Charts of lines hold exact figures, and any figures at all give a chart that can be read."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts.compare import draw
from bot.charts.theme import DARK, LIGHT, Theme
from bot.model import Openness
from bot.packaged import read_languages
from bot.pictures import Table, Tick, rank_ticks, share_ticks
from bot.text.say import Say
from tests.charts.cases.compare import cases
from tests.charts.lines import line, lines
from tests.charts.reading import unreadable


def test_the_table_has_each_value_and_the_tokens_it_was_made_of() -> None:
    chart = lines(line("Hy3", Openness.OPEN, (None, 2), ""), totals=(None, 9000))
    first, second = chart.dates
    columns = ("date", "model", "openness", "rank", "tokens", "all_tokens")
    rows = ((first, "Hy3", "open", None, None, None), (second, "Hy3", "open", 2, 2000, 9000))
    assert chart.table() == Table(columns, rows)
    assert replace(chart, ranks=False).table().columns[3] == "share_of_10000"
    assert lines().table().rows == ()


@pytest.mark.parametrize("lacking", ["days", "totals", "values", "tokens"])
def test_figures_for_some_of_the_dates_alone_are_refused(lacking: str) -> None:
    chart = lines(line("Hy3", Openness.OPEN, (1, 2), ""))
    short = {lacking: (1,)}
    if lacking in {"values", "tokens"}:
        short = {"series": (replace(chart.series[0], **short),)}
    with pytest.raises(ValueError, match="for each date"):
        replace(chart, **short)


@given(data=st.data(), ranks=st.booleans(), estimated=st.sampled_from(["", "These are estimates"]))
@settings(deadline=None, max_examples=40)
def test_no_data_hinders_a_readable_chart(data: st.DataObject, ranks: bool, estimated: str) -> None:
    count = data.draw(st.integers(1, 30))
    value = st.none() | (st.integers(1, 400) if ranks else st.integers(0, 10_000))
    made = st.builds(
        line,
        st.text(max_size=60),
        st.sampled_from(Openness),
        st.lists(value, min_size=count, max_size=count).map(tuple),
        st.text(max_size=40),
    )
    series = data.draw(st.lists(made, min_size=1, max_size=5))
    ticks = rank_ticks(400) if ranks else share_ticks(1000, "{} %".format)
    if not ranks:
        ticks = tuple(Tick(tick.value * 10, tick.label) for tick in ticks)
    chart = lines(*series, ranks=ranks, ticks=ticks, estimated=estimated)
    assert unreadable(draw(chart, DARK)) == []


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("say", read_languages().values(), ids=read_languages())
def test_every_case_that_is_photographed_is_readable(theme: Theme, say: Say) -> None:
    for name, case in cases(say).items():
        assert unreadable(draw(case, theme)) == [], name
