"""The picture of an alert is looked at the way a reader would: one thing strong, all else quiet."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Polygon

from bot.charts._files import to_png
from bot.charts._notes import Box
from bot.charts.milestone import draw
from bot.charts.theme import DARK, ESTIMATE, LIGHT, THEMES, Theme
from bot.packaged import read_languages
from bot.pictures import Picture, Tick
from bot.pictures.milestone import Before, Kind, Seat
from bot.text.say import english
from tests.charts.cases.milestone import cases
from tests.charts.reading import ODD, place, texts, unreadable, width_of, words
from tests.charts.stories import CLOSED, OPEN, UNKNOWN, WORDS, places, quiet, way, ways

CASES = [(code, name) for code in read_languages() for name in cases(english())]
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


def seats(figure: Figure) -> Mapping[tuple[str, str], int]:
    """Return how many shapes there are by openness and colour, those of the legend aside."""
    drawn = [patch for patch in figure.findobj(PathPatch) if patch.get_gid() is not None]
    return {
        (str(patch.get_gid()), colour(patch)): sum(patch.get_path().codes == 1) for patch in drawn
    }


def colour(patch: Patch) -> str:
    red, green, blue, _ = (round(255 * part) for part in patch.get_facecolor())
    return f"#{red:02X}{green:02X}{blue:02X}"


def told(figure: Figure) -> tuple[float, float]:
    """Return where the panel of what is told begins and ends."""
    (panel,) = (patch for patch in figure.findobj(Patch) if patch.get_gid() == "told")
    box = panel.get_bbox()  # type: ignore[attr-defined]
    return box.x0, box.x1


def strokes(figure: Figure, name: str) -> list[Line2D]:
    """Return the strokes of a line, one for each unbroken run."""
    lines = [line for line in figure.axes[0].lines if line.get_gid() == name]
    lines = [line for line in lines if line.get_linestyle() != "None"]
    return [line for line in lines if line.get_color() not in {DARK.paper, LIGHT.paper}]


def marks(figure: Figure, name: str) -> list[tuple[float, float]]:
    """Return where a line bears markers."""
    lines = [line for line in figure.axes[0].lines if line.get_gid() == name]
    shown = [line for line in lines if line.get_linestyle() == "None"]
    return [(float(x), float(y)) for line in shown for x, y in line.get_xydata()]


def ring(figure: Figure) -> tuple[float, float] | None:
    found = [line for line in figure.axes[0].lines if line.get_gid() == "ring"]
    return (found[0].get_xdata()[0], found[0].get_ydata()[0]) if found else None


def box_of(figure: Figure, word: str) -> Box:
    """Return where a text lies, in CSS pixels from the top left."""
    (text,) = (text for text in texts(figure) if text.get_text() == word)
    drawn = text.get_window_extent().transformed(figure.axes[0].transData.inverted())
    return Box(drawn.x0, min(drawn.y0, drawn.y1), drawn.x1, max(drawn.y0, drawn.y1))


@pytest.mark.parametrize(("code", "name"), CASES)
def test_every_case_gives_a_small_png_in_which_all_can_be_read(code: str, name: str) -> None:
    picture = cases(read_languages()[code])[name]
    figure = draw(picture, DARK)
    assert len(words(figure)) >= 3
    assert unreadable(figure) == []
    png = to_png(figure)
    assert width_of(png) == 1600
    assert len(png) < 150_000


@both_themes
def test_only_open_models_of_what_is_told_are_strong(theme: Theme) -> None:
    figure = draw(places("ccuco", "oocuc", "oooco", since=2), theme)
    strong = theme.looks[OPEN].colour.upper()
    counts = seats(figure)
    assert counts[OPEN, strong] == 4
    assert counts[CLOSED, theme.back.upper()] == 1
    assert sum(count for (kind, _), count in counts.items() if kind == OPEN) == 7
    assert sum(counts.values()) == 15
    assert strong not in {shade for kind, shade in counts if kind != OPEN}


def test_the_panel_lies_under_the_columns_of_what_is_told_and_their_names() -> None:
    columns = ("oocuc", "oocuo", "ooouo", "ooooo")
    late, early = (told(draw(places(*columns, since=n), DARK)) for n in (3, 1))
    assert early[0] < late[0]
    assert early[1] == late[1]
    figure = draw(places(*columns, since=3), DARK)
    assert late[0] < place(figure, "Model 4")[0] < box_of(figure, "Model 4").right < late[1]
    assert place(figure, "4/1")[0] < late[0] < place(figure, "25/1")[0]


def test_the_newest_names_stand_level_with_their_places_and_open_ones_are_strong() -> None:
    figure = draw(places("ocuoo", counted=("three",)), DARK)
    for n in range(5):
        level = pytest.approx(place(figure, str(n + 1))[1], abs=2)
        assert place(figure, f"Model {n}")[1] == level
    shades = {text.get_text(): text.get_color() for text in texts(figure)}
    assert (shades["Model 0"], shades["Model 1"]) == (DARK.ink, DARK.quiet)


def test_how_many_are_open_stands_below_each_column_the_newest_largest() -> None:
    columns = ("ccccc", "occcc", "oocoo")
    figure = draw(places(*columns, counted=("none", "one", "four")), DARK)
    sizes = {text.get_text(): text.get_fontsize() for text in texts(figure)}
    assert sizes["four"] > sizes["one"] == sizes["none"]
    across = [place(figure, word)[0] for word in ("none", "one", "four")]
    assert across == sorted(across)
    assert place(figure, "open models")[0] > across[2]


def test_six_months_before_stand_apart_on_the_left_with_their_count() -> None:
    before = Before("six months before", places("cucuo").seats[0], "just 1")
    figure = draw(places("oocoo", "ooooo", before=before), DARK)
    assert place(figure, "just 1")[0] == place(figure, "six months before")[0]
    assert place(figure, "just 1")[0] < place(figure, "4/1")[0] - 80
    assert sum(seats(figure).values()) == 15


def test_a_date_without_places_is_a_gap_in_its_place() -> None:
    whole, gapped = (draw(places("ooooo", each, "ooooo"), DARK) for each in ("ooooc", ""))
    assert sum(seats(gapped).values()) == sum(seats(whole).values()) - 5
    assert place(gapped, "11/1") == place(whole, "11/1")
    assert place(gapped, "18/1") == place(whole, "18/1")


def test_an_estimated_place_is_hatched_and_a_counted_one_is_not() -> None:
    for estimated, hatch in (("Estimates", ESTIMATE), ("", None)):
        figure = draw(places("oocuo", estimated=estimated), DARK)
        drawn = [patch for patch in figure.findobj(PathPatch) if patch.get_gid() is not None]
        assert {patch.get_hatch() for patch in drawn} == {hatch}


@both_themes
def test_strong_lines_have_the_look_of_their_openness_and_others_step_back(theme: Theme) -> None:
    figure = draw(ways(way("Hy3", 3, 2, 1), quiet("Phi", 1, 1, 2), quiet("Qi", 2, 3, 3)), theme)
    (strong,), (thin,) = strokes(figure, "Hy3"), strokes(figure, "Phi")
    assert strong.get_color() == theme.looks[OPEN].colour
    assert strong.get_linewidth() > 2 * thin.get_linewidth()
    assert strong.get_zorder() > thin.get_zorder()
    kinds = {line.get_marker() for line in figure.axes[0].lines if line.get_gid() == "Phi"}
    assert theme.looks[CLOSED].marker in kinds
    assert theme.looks[CLOSED].colour not in {
        strokes(figure, n)[0].get_color() for n in ("Phi", "Qi")
    }


def test_a_second_strong_line_steps_back_a_little_and_an_author_is_drawn_in_ink() -> None:
    figure = draw(ways(way("Hy3", 3, 1), way("Phi", 1, 3)), DARK)
    (first,), (second,) = strokes(figure, "Hy3"), strokes(figure, "Phi")
    assert first.get_linewidth() > second.get_linewidth()
    assert first.get_color() != second.get_color()
    figure = draw(ways(way("openai", 3, 1, openness=None)), DARK)
    assert strokes(figure, "openai")[0].get_color() == DARK.ink
    assert marks(figure, "openai") == []
    assert not set(WORDS.values()) & set(words(figure))


def test_a_strong_line_is_named_at_its_end_with_its_ending_and_quiet_ones_where_room_is() -> None:
    others = [quiet(f"M{n}", 1, n) for n in range(2, 11)]
    figure = draw(ways(way("Hy3", 5, 1), *others), DARK)
    assert place(figure, "ending")[0] == place(figure, "Hy3")[0]
    assert place(figure, "ending")[1] > place(figure, "Hy3")[1]
    shades = {text.get_text(): text.get_color() for text in texts(figure)}
    assert shades["Hy3"] == DARK.ink
    assert all(shades[f"M{n}"] == DARK.quiet for n in range(3, 11))
    assert "unsaid" not in shades
    crowded = [quiet(f"N{n}", 1, n) for n in range(2, 11)]
    named = words(draw(ways(way("Hy3", 5, 1), *others, *crowded), DARK))
    assert not [word for word in named if word.startswith("N")]


def test_what_lies_behind_does_not_stretch_an_axis_of_ranks() -> None:
    near, far = (draw(ways(way("Hy3", 5, 1), quiet("Phi", 1, deep)), DARK) for deep in (9, 900))
    assert place(near, "10") == place(far, "10")
    assert "Phi" in words(near)
    assert "Phi" not in words(far)


def test_ranks_have_the_best_on_top_and_tokens_begin_at_zero() -> None:
    figure = draw(ways(way("Hy3", 10, 1)), DARK)
    fall = strokes(figure, "Hy3")[0].get_ydata()
    assert fall[0] - fall[1] == pytest.approx(place(figure, "10")[1] - place(figure, "1")[1])
    ticks = (Tick(0, "nothing"), Tick(100, "hundred"))
    figure = draw(ways(way("Hy3", 50, 100), kind=Kind.TOKENS, ticks=ticks), DARK)
    low, high = strokes(figure, "Hy3")[0].get_ydata()
    height = place(figure, "nothing")[1] - place(figure, "hundred")[1]
    assert low - high == pytest.approx(height / 2)


def test_deep_ranks_draw_nearer_so_that_the_top_has_room() -> None:
    figure = draw(ways(way("Hy3", 60, 50, 2, 1)), DARK)
    at = strokes(figure, "Hy3")[0].get_ydata()
    assert at[2] - at[3] > 2 * (at[0] - at[1]) / 10


def test_the_ring_is_where_it_happened_and_its_words_cover_no_strong_line() -> None:
    values = (9, 8, 7, 2, 1, 2, 1, 1)
    figure = draw(ways(way("Hy3", *values), since=4), DARK)
    x, y = ring(figure) or (0, 0)
    line = strokes(figure, "Hy3")[0].get_xydata()
    assert (x, y) == pytest.approx(tuple(line[4]))
    said = box_of(figure, "First of all")
    assert not said.count(sorted(map(tuple, line), key=lambda point: point[1]))
    assert not said.meets(Box(x, y, x, y).grown(8))


def test_what_happened_to_a_line_that_ended_is_ringed_where_it_was_last() -> None:
    figure = draw(ways(way("Hy3", 1, 4, None, None), quiet("Phi", 2, 1, 1, 1), since=2), DARK)
    assert ring(figure) == pytest.approx(tuple(strokes(figure, "Hy3")[0].get_xydata()[-1]))


def test_what_happened_is_said_even_where_no_line_tells_it() -> None:
    for line in (way("Hy3", None, None, 3), quiet("Phi", 1, 2, 3)):
        figure = draw(ways(line, since=1), DARK)
        assert ring(figure) is None
        assert "First of all" in words(figure)


def test_the_level_is_dashed_at_its_height_with_its_words_beside_it() -> None:
    ticks = (Tick(0, "nothing"), Tick(100, "hundred"))
    line = way("Hy3", 20, 100)
    figure = draw(ways(line, kind=Kind.TOKENS, ticks=ticks, mark=Tick(50, "fifty")), DARK)
    (level,) = (each for each in figure.axes[0].lines if each.get_gid() == "level")
    middle = (place(figure, "nothing")[1] + place(figure, "hundred")[1]) / 2
    assert level.get_ydata()[0] == pytest.approx(middle, abs=8)
    assert level.is_dashed()
    assert abs(place(figure, "fifty")[1] - level.get_ydata()[0]) < 30


def test_what_unknown_models_may_add_is_textured_above_the_line_and_said_in_the_legend() -> None:
    line = way("Open", 20, None, 40, 60, most=(30, None, 45, 60))
    figure = draw(ways(line, kind=Kind.SHARES, ticks=(Tick(0, "0"), Tick(100, "100"))), DARK)
    bands = [patch for patch in figure.findobj(Patch) if patch.get_gid() == "most"]
    assert len(bands) == 2
    assert {band.get_hatch() for band in bands} == {DARK.looks[UNKNOWN].hatch}
    assert {"open", "unknown"} <= set(words(figure))
    assert "unknown" not in words(draw(ways(way("Open", 20, 40), kind=Kind.SHARES), DARK))


def test_gaps_stay_gaps_and_a_single_date_is_seen() -> None:
    figure = draw(
        ways(way("Hy3", 1, 1, None, 2, None, 3), quiet("Phi", 2, 2, None, 1, None, 1)), DARK
    )
    assert [len(each.get_xdata()) for each in strokes(figure, "Hy3")] == [2, 1, 1]
    assert len(marks(figure, "Hy3")) == 6
    thin = [each.get_xdata() for each in strokes(figure, "Phi")]
    assert all(line[-1] > line[0] for line in thin)
    assert len(marks(figure, "Phi")) == 1


def test_estimated_strong_lines_are_hatched_and_quiet_ones_are_not() -> None:
    lines = (way("Hy3", 2, 1, None, 1, 1), quiet("Phi", 1, 2, 2, 2, 2))
    for estimated, count in (("Estimates", 2), ("", 0)):
        figure = draw(ways(*lines, estimated=estimated), DARK)
        bands = [each for each in figure.findobj(Polygon) if each.get_hatch() == ESTIMATE]
        assert len(bands) == count


@pytest.mark.parametrize("picture", [places(), places("", ""), ways(), ways(way("Hy3", None))])
def test_an_empty_picture_says_so_and_keeps_its_title_and_source(picture: Picture) -> None:
    said = words(draw(picture, DARK))
    assert sorted(said) == sorted(
        [picture.title, picture.subtitle, "No data yet", "Source: somewhere"]
    )


def test_text_from_outside_is_drawn_literally() -> None:
    figure = draw(ways(way(ODD[2], 1, 1), happened="$5 and $x^2$"), DARK)
    assert {ODD[2], "$5 and $x^2$"} <= set(words(figure))
    figure = draw(replace(places("o"), seats=((Seat(ODD[2], OPEN),),)), DARK)
    assert ODD[2] in words(figure)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_all_that_is_written_can_be_read_on_what_it_stands_on(theme: Theme) -> None:
    figure = draw(places("oocuc", "oocuo"), theme)
    (panel,) = (patch for patch in figure.findobj(Patch) if patch.get_gid() == "told")
    inks = {str(text.get_color()) for text in texts(figure)}
    assert all(contrast(ink, colour(panel)) >= 4.5 for ink in inks)
    figure = draw(ways(way("Hy3", 1, 1), way("Phi", 2, 2, openness=CLOSED)), theme)
    inks = {str(text.get_color()) for text in texts(figure)}
    assert all(contrast(ink, theme.paper) >= 4.5 for ink in inks)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2."""

    def light(shade: str) -> float:
        parts = [int(shade[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        even = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * even[0] + 0.7152 * even[1] + 0.0722 * even[2]

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)
