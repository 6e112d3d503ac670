"""What the charts show: every model of a top ten, gaps as gaps, today's openness, round ticks."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.boards import MODELS
from bot.knowledge import CatalogueEntry
from bot.model import Openness, Place, Standings
from bot.openness import Directory
from bot.packaged import read_boards, read_languages
from bot.pictures import Tick, rank_ticks, share_ticks
from bot.pictures.bump import Bump, Caption, Line, bump, leader
from bot.pictures.open_share import Areas
from bot.standings import all_standings
from bot.text.captions import bump_alt, bump_caption, lead_title
from bot.text.say import english
from tests.made import AS_OF, START, directory, verdict
from tests.naive import World, worlds

CAPTION = Caption(
    title="Title",
    subtitle="Subtitle",
    words={each: each.value for each in Openness},
    empty="Empty",
    citation="Citation",
    short_day=english().short_day,
)


def _window(number: int, *models: str) -> Standings:
    places = tuple(Place(m, r, 100 - r, None, None) for r, m in enumerate(models, start=1))
    return Standings("models", START + timedelta(number), 7, places, 1000, 0, False, AS_OF)


def _directory() -> Directory:
    dated = {"lab/a": verdict(Openness.OPEN, START + timedelta(1))}
    return directory(dated, names={"lab/a": "Model A"})


def _ranks(picture: Bump) -> dict[str, tuple[int | None, ...]]:
    return {line.name: line.ranks for line in picture.lines}


def test_a_line_is_a_models_rank_on_each_day() -> None:
    picture = bump(
        [_window(0, "lab/a", "lab/b"), _window(1, "lab/b", "lab/a")], _directory(), CAPTION
    )
    assert _ranks(picture) == {"Model A": (1, 2), "b": (2, 1)}
    assert picture.dates == (date(2026, 6, 1), date(2026, 6, 2))
    assert picture.days == ("1 Jun", "2 Jun")


def test_a_day_without_a_window_is_a_gap_and_so_is_a_model_that_is_not_listed() -> None:
    picture = bump([_window(0, "lab/a"), _window(3, "lab/a", "lab/b")], _directory(), CAPTION)
    assert _ranks(picture) == {"Model A": (1, None, None, 1), "b": (None, None, None, 2)}
    assert len(picture.dates) == len(picture.days) == 4


def test_weekly_windows_make_a_weekly_picture_with_a_gap_for_a_missing_week() -> None:
    windows = [_window(0, "lab/a"), _window(7, "lab/b"), _window(21, "lab/a")]
    picture = bump(windows, _directory(), CAPTION, step=7)
    assert picture.days == ("1 Jun", "8 Jun", "15 Jun", "22 Jun")
    assert _ranks(picture) == {"Model A": (1, None, None, 1), "b": (None, 1, None, None)}


def test_a_line_shows_openness_as_of_the_last_date() -> None:
    windows = [_window(0, "lab/a"), _window(1, "lab/a")]
    for upto, said in ((1, Openness.UNKNOWN), (2, Openness.OPEN)):
        (line,) = bump(windows[:upto], _directory(), CAPTION).lines
        assert line.openness is said


def test_every_model_that_reached_the_top_ten_has_a_line_with_its_deeper_ranks() -> None:
    models = [f"lab/m{n}" for n in range(12)]
    picture = bump([_window(0, *models), _window(1, *models[::-1])], _directory(), CAPTION)
    ranks = _ranks(picture)
    assert len(ranks) == 12
    assert ranks["m11"] == (12, 1)
    assert "m10" not in _ranks(bump([_window(0, *models)], _directory(), CAPTION))
    assert picture.depth == 10


def test_highlights_are_names_of_lines() -> None:
    picture = bump([_window(0, "lab/a", "lab/b")], _directory(), CAPTION, frozenset({"lab/a"}))
    assert picture.highlight == {"Model A"}
    assert bump([_window(0, "lab/a")], _directory(), CAPTION).highlight == frozenset()


def test_the_words_are_the_captions() -> None:
    picture = bump([_window(0, "lab/a")], _directory(), CAPTION)
    assert (picture.title, picture.subtitle) == ("Title", "Subtitle")
    assert (picture.empty, picture.citation) == ("Empty", "Citation")
    assert picture.words == CAPTION.words


def test_without_windows_the_picture_is_empty() -> None:
    picture = bump([], _directory(), CAPTION)
    assert (picture.dates, picture.days, picture.lines) == ((), (), ())


@pytest.mark.parametrize(
    ("days", "ranks"),
    [(("1 Jun",), (1, 2)), (("1 Jun", "2 Jun"), (1,)), ((), (1, 2)), (("a", "b", "c"), (1, 2))],
)
def test_a_chart_without_a_day_and_a_rank_for_each_date_is_refused(
    days: tuple[str, ...], ranks: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="a day and a rank for each date"):
        Bump(
            title="",
            subtitle="",
            dates=(START, START + timedelta(1)),
            days=days,
            lines=(Line("a", Openness.OPEN, ranks),),
            highlight=frozenset(),
            depth=10,
            words={},
            empty="",
            citation="",
        )


def test_two_models_of_one_name_keep_a_line_each() -> None:
    twins = [CatalogueEntry(f"lab/{n}", "Twin", START, None, None) for n in range(2)]
    known = directory(catalogue=twins)
    picture = bump([_window(0, "lab/0", "lab/1")], known, CAPTION)
    assert [(line.name, line.ranks) for line in picture.lines] == [("Twin", (1,)), ("Twin", (2,))]


def test_the_picture_in_words_ends_where_the_picture_ends() -> None:
    models = [f"lab/m{n}" for n in range(12)]
    picture = bump([_window(0, *models[::-1]), _window(1, *models)], _directory(), CAPTION)
    said = bump_alt(picture, english())
    assert said.endswith("9 m8 (unknown); 10 m9 (unknown).")
    assert "m10" not in said


def test_the_picture_in_words_begins_with_what_it_tells_and_says_that_figures_are_estimates() -> (
    None
):
    legal = read_boards()["category-legal"]
    for board, estimates in ((MODELS, ""), (legal, "Estimates from a sample of requests. ")):
        caption = bump_caption("It leads", AS_OF, english(), board)
        picture = bump([_window(0, "lab/a"), _window(1, "lab/a")], _directory(), caption)
        assert bump_alt(picture, english()).startswith(f"It leads. {estimates}")
        assert picture.estimated == estimates.removesuffix(". ")


@pytest.mark.parametrize("code", ["en", "tr"])
def test_a_picture_knows_its_language(code: str) -> None:
    caption = bump_caption("t", AS_OF, read_languages()[code])
    assert bump([_window(0, "lab/a")], _directory(), caption).language == code


@pytest.mark.parametrize(
    ("windows", "title"),
    [
        (["a", "ab", "ab"], "Model A keeps the lead it had on 1 June 2026"),
        (["ab", "ba", "ab"], "Model A leads again, as on 1 June 2026"),
        (["cba", "bac", "acb"], "Model A leads, up from rank 3 on 1 June 2026"),
        (["ba", "ab"], "Model A leads, up from rank 2 on 1 June 2026"),
        (["b", "ba", "ab"], "Model A leads; on 1 June 2026 it was not listed"),
        (["ab"], "Model A was used most, 26 May 2026 to 1 June 2026"),
        (["ab", ""], "Most-used models on OpenRouter"),
        ([], "Most-used models on OpenRouter"),
    ],
)
def test_the_title_says_who_leads_and_whence(windows: list[str], title: str) -> None:
    made = [_window(n, *(f"lab/{each}" for each in order)) for n, order in enumerate(windows)]
    assert lead_title(made, _directory(), english()) == title


def test_nobody_leads_where_two_have_most() -> None:
    both = [Place(f"lab/{name}", n, 70, None, None) for n, name in enumerate("ab", start=1)]
    tied = replace(_window(0), places=tuple(both))
    assert leader(tied) is None
    assert leader(_window(0)) is None
    assert leader(_window(0, "lab/a", "lab/b")) == "lab/a"
    assert lead_title([tied], _directory(), english()) == "Most-used models on OpenRouter"


def test_a_picture_without_a_line_says_so_in_words() -> None:
    assert bump_alt(bump([_window(0)], _directory(), CAPTION), english()) == "Empty"


@given(worlds())
@settings(max_examples=80, deadline=None)
def test_every_rank_in_the_picture_is_that_windows(world: World) -> None:
    windows = list(all_standings("models", world.days))
    picture = bump(windows, world.directory, CAPTION)
    reached = {p.model for w in windows for p in w.places if p.rank <= 10}
    assert len(picture.lines) == len(reached)
    for window in windows:
        column = picture.dates.index(window.date)
        shown = {line.ranks[column] for line in picture.lines} - {None}
        assert shown == {p.rank for p in window.places if p.model in reached}


@pytest.mark.parametrize(
    ("deepest", "ranks"),
    [
        (1, (1, 2, 5, 10)),
        (3, (1, 2, 5, 10)),
        (6, (1, 2, 5, 10)),
        (11, (1, 2, 5, 10, 20)),
        (50, (1, 2, 5, 10, 20, 50)),
        (53, (1, 2, 5, 10, 20, 50, 60)),
        (120, (1, 2, 5, 10, 20, 50, 100, 120)),
    ],
)
def test_ticks_of_ranks_are_closer_at_the_top_and_end_below_the_deepest(
    deepest: int, ranks: tuple[int, ...]
) -> None:
    assert rank_ticks(deepest) == tuple(Tick(rank, str(rank)) for rank in ranks)


@pytest.mark.parametrize(
    ("most", "values"),
    [
        (0, (0, 1)),
        (7, (0, 2, 4, 6, 8)),
        (156, (0, 50, 100, 150, 200)),
        (1000, (0, 200, 400, 600, 800, 1000)),
    ],
)
def test_ticks_of_shares_are_round_steps_said_by_the_caller(
    most: int, values: tuple[int, ...]
) -> None:
    ticks = share_ticks(most, lambda value: f"<{value}>")
    assert ticks == tuple(Tick(value, f"<{value}>") for value in values)


@given(st.integers(0, 1000))
def test_ticks_of_shares_are_few_evenly_apart_and_reach_the_most(most: int) -> None:
    values = [tick.value for tick in share_ticks(most, str)]
    steps = {after - before for before, after in pairwise(values)}
    assert values[0] == 0
    assert len(steps) == 1
    assert 2 <= len(values) <= 6
    assert most <= values[-1] <= 1000
    assert values[-2] < max(most, 1)


@pytest.mark.parametrize(
    ("days", "values"),
    [(("a",), (1, 2)), (("a", "b"), (1,)), ((), (1, 2)), (("a", "b"), (1, 2, 3))],
)
def test_areas_without_a_day_and_tokens_for_each_date_are_refused(
    days: tuple[str, ...], values: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="a day and tokens of each for each date"):
        _areas(days, values, ())


@pytest.mark.parametrize("index", [-1, 2])
def test_a_mark_that_stands_at_none_of_the_dates_is_refused(index: int) -> None:
    _areas(("a", "b"), (1000, 1000), (Tick(0, "first"), Tick(1, "last")))
    with pytest.raises(ValueError, match="stands at one of its dates"):
        _areas(("a", "b"), (1000, 1000), (Tick(index, "nowhere"),))


def _areas(days: tuple[str, ...], values: tuple[int, ...], marks: tuple[Tick, ...]) -> Areas:
    return Areas(
        title="",
        subtitle="",
        dates=(START, START + timedelta(1)),
        days=days,
        tokens={Openness.OPEN: values, Openness.CLOSED: (0, 0), Openness.UNKNOWN: (0, 0)},
        ticks=(),
        marks=marks,
        words={},
        empty="",
        citation="",
    )
