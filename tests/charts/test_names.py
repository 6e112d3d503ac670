"""Long names of models are cut so that versions can be told apart."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts._names import cut
from bot.charts._type import LABEL, STRONG, measure


def test_a_name_too_long_for_its_column_keeps_its_end() -> None:
    names = ["DeepSeek V4 Flash", "DeepSeek V4 Pro", "NVIDIA Nemotron 3 Ultra", "GLM 5"]
    assert list(cut(names, 120).values()) == [
        "DeepS…Flash",
        "DeepSee…Pro",
        "NVIDIA…Ultra",
        "GLM 5",
    ]


def test_names_with_equal_ends_keep_what_tells_them_apart() -> None:
    names = [f"Claude Opus 4.{n} Thinking" for n in (5, 6)]
    assert list(cut(names, 200).values()) == [f"Claude…4.{n} Thinking" for n in (5, 6)]
    assert list(cut(names, 160).values()) == [f"Claude Opus 4.{n}…" for n in (5, 6)]
    assert cut(["x" * 99, "x" * 98], 100).keys() == {"x" * 99, "x" * 98}


@given(st.lists(st.text("abM -–()4.5", max_size=40), max_size=5), st.integers(60, 250))
@settings(deadline=None, max_examples=40)
def test_any_name_fits_its_room(names: list[str], width: int) -> None:
    assert all(measure(text, LABEL) <= width + 2 for text in cut(names, width).values())


def test_names_of_a_thousand_words_are_cut_at_once() -> None:
    names = [f"{'word ' * 1000}{n}" for n in range(5)]
    assert list(cut(names, 200).values()) == [f"word word word…{n}" for n in range(5)]


def test_a_heavier_voice_has_room_for_less() -> None:
    name = "NVIDIA Nemotron 3 Ultra 550B"
    assert len(cut([name], 200, STRONG)[name]) < len(cut([name], 200)[name])
