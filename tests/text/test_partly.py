"""The note on models that are listed on some days of a window only."""

import pytest

from bot.model import Place
from bot.packaged import read_languages
from bot.text.partly import partly
from bot.text.say import english

BEGINNING = "Not listed on each of these days, so that tokens may be too few:"


def place(hidden: int) -> tuple[str, Place]:
    """Return a place with its model's name; it may lack so many tokens."""
    return f"Model {hidden}", Place("a/x", 1, 50, None, None, hidden)


def test_models_listed_on_every_day_need_no_note() -> None:
    assert partly([], english()) == ()
    assert partly([place(0)] * 3, english()) == ()


@pytest.mark.parametrize(
    ("hidden", "models"),
    [
        ((0, 1), "Model 1"),
        ((1, 2), "Model 1 and Model 2"),
        ((1, 2, 3, 4, 5), "Model 1, Model 2, Model 3, Model 4 and Model 5"),
        ((1, 2, 3, 4, 5, 6), "Model 1, Model 2, Model 3, Model 4, Model 5 and 1 more model"),
        (range(9), "Model 1, Model 2, Model 3, Model 4, Model 5 and 3 more models"),
    ],
)
def test_five_models_are_named_and_the_others_counted(hidden: tuple[int, ...], models: str) -> None:
    assert partly([place(each) for each in hidden], english()) == (f"{BEGINNING} {models}.",)


def test_it_is_said_in_turkish_too() -> None:
    (note,) = partly([place(7)], read_languages()["tr"])
    assert note.startswith("Bu günlerin hepsinde listede olmadığı için token sayısı eksik")
    assert note.endswith(" modeller: Model 7.")


def test_long_names_leave_room_for_the_others() -> None:
    _, long = place(1)
    (note,) = partly([("word " * 60, long)] * 5, english())
    assert len(note) < 300
