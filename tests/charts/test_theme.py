"""What every picture shares: text is measured and cut, never guessed; colours anyone can tell."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from bot.charts._page import write
from bot.charts._type import (
    AXIS,
    BADGE,
    DENSITY,
    LABEL,
    SOURCE,
    STRONG,
    SUBTITLE,
    TITLE,
    Type,
    balanced,
    font,
    measure,
    plain,
    shorten,
    wrap,
)
from bot.charts.theme import DARK, LIGHT, Theme
from bot.model import Openness
from tests.charts.colours import BLINDNESS, contrast, distance

VOICES = (TITLE, SUBTITLE, LABEL, STRONG, BADGE, AXIS, SOURCE)
TEXTS = (
    "DeepSeek V4 Flash",
    "İlk ondaki bir modelin başka bir modeli geçmesi",
    "ĞğIıİiŞşÇçÖöÜü",
    "AVAST Tower, “To Wit” – VAT’s…",
    "1234567890 % <0.1",
    "fi ffi flow",
    "W",
    ".",
)
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])

LONG = "Extremely Long-Winded Preview Experimental Thinking Model 2026-07-15 Extended"


def test_a_long_name_is_cut_at_a_word_and_fits() -> None:
    short = shorten(LONG, LABEL, 248)
    kept = short.removesuffix("…")
    assert short != kept
    assert measure(short, LABEL) <= 248
    assert LONG.startswith(kept)
    assert LONG[len(kept)] in " -"
    assert len(kept) > 10


def test_a_name_that_fits_is_left_alone() -> None:
    assert shorten("Claude Opus 4.8", LABEL, measure("Claude Opus 4.8", LABEL)) == "Claude Opus 4.8"


def test_a_single_endless_word_is_cut_anywhere() -> None:
    assert 80 < measure(shorten("M" * 90, LABEL, 100), LABEL) <= 100


def test_a_long_text_is_wrapped_and_only_its_last_line_cut() -> None:
    first, second = wrap(f"{LONG} {LONG} {LONG}", LABEL, 400)
    assert LONG.startswith(first)
    assert second.endswith("…")
    assert max(measure(first, LABEL), measure(second, LABEL)) <= 400


def test_a_wrapped_text_keeps_every_word_where_there_is_room() -> None:
    assert " ".join(wrap(LONG, LABEL, 300, 4)) == LONG


def test_what_the_font_lacks_becomes_a_box_and_a_line_break_a_blank() -> None:
    assert plain("混元\nHy3 🚀 Большой", LABEL) == "□□ Hy3 □ Большой"


@pytest.mark.parametrize("kind", VOICES)
def test_a_text_is_as_wide_as_it_is_measured(kind: Type) -> None:
    figure = Figure(figsize=(20, 2), dpi=72 * DENSITY)
    FigureCanvasAgg(figure)
    surface = figure.add_axes((0, 0, 1, 1))
    for text in TEXTS:
        box = write(surface, (0, 0), text, kind, DARK.ink).get_window_extent()
        assert measure(text, kind) == pytest.approx(box.width / DENSITY, abs=1), text


@pytest.mark.parametrize("kind", VOICES)
def test_the_font_has_every_sign_we_write(kind: Type) -> None:
    said = "ğĞıİşŞçÇöÖüÜâîû “”‘’ – — … · % < > ( ) /"
    assert plain(said, kind) == said
    shapes = {sign: TextPath((0, 0), sign, prop=font(kind)) for sign in "ğıİşŞçöü”’–…"}
    assert all(len(shape.vertices) for shape in shapes.values())


def test_a_title_of_two_lines_has_lines_of_about_one_length() -> None:
    title = "DeepSeek V4 Flash keeps the lead it had on 29 May 2026"
    first, second = balanced(title, TITLE, 752)
    assert wrap(title, TITLE, 752)[1] == "2026"
    assert f"{first} {second}" == title
    assert abs(measure(first, TITLE) - measure(second, TITLE)) < 150


def test_a_title_that_fits_or_that_is_too_long_is_left_as_it_is() -> None:
    assert balanced("A short one", TITLE, 752) == ("A short one",)
    assert balanced(LONG * 3, TITLE, 752) == wrap(LONG * 3, TITLE, 752)


@both_themes
def test_words_can_be_read_on_the_page_and_on_marks(theme: Theme) -> None:
    grounds = [theme.accent, theme.quiet, *(look.colour for look in theme.looks.values())]
    assert contrast(theme.ink, theme.paper) >= 7
    assert contrast(theme.quiet, theme.paper) >= 4.5
    assert [ground for ground in grounds if contrast(theme.paper, ground) < 4.5] == []
    muted = [theme.muted(look.colour) for look in theme.looks.values()]
    assert [ground for ground in muted if contrast(theme.ink, ground) < 4.5] == []


@both_themes
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_open_closed_and_unknown_are_told_apart_by_their_colours(
    theme: Theme, blindness: str
) -> None:
    pairs = combinations((look.colour for look in theme.looks.values()), 2)
    assert min(distance(one, other, blindness) for one, other in pairs) >= 20


@both_themes
def test_open_closed_and_unknown_differ_by_shape_dashes_and_texture_too(theme: Theme) -> None:
    looks = [theme.looks[kind] for kind in Openness]
    for traits in zip(*((look.marker, look.dashes, look.hatch) for look in looks), strict=True):
        assert len(set(traits)) == len(Openness)


def test_an_openness_looks_the_same_in_both_themes_but_for_its_colour() -> None:
    for kind in Openness:
        one, other = DARK.looks[kind], LIGHT.looks[kind]
        assert (one.marker, one.dashes, one.hatch) == (other.marker, other.dashes, other.hatch)
