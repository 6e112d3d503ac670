"""What every picture shares: text is measured and cut, never guessed."""

from bot.charts._type import LABEL, measure, plain, shorten, wrap

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
