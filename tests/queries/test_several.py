"""Several names in one text, with commas between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownName
from bot.queries.names import Named, Names
from bot.queries.several import meant, offered

SOME = Names(
    "board",
    (
        Named("models", "All models", ("Tüm modeller",)),
        Named("category-programming", "Programming"),
        Named("category-marketing-seo", "Marketing: SEO"),
        Named("language-natural", "Natural languages"),
        Named("long", "x" * 99),
    ),
)


def named(typed: str) -> list[str]:
    """Return what a text names."""
    return [each.what for each in meant(SOME, typed)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("models", ["models"]),
        ("models,category-programming", ["models", "category-programming"]),
        (" Programming , tüm modeller ", ["category-programming", "models"]),
        ("marketing: seo, seo, marketing", ["category-marketing-seo"]),
        ("natural,,", ["language-natural"]),
        ("", []),
        (" , ", []),
    ],
)
def test_each_part_names_one_and_each_is_named_once(typed: str, names: list[str]) -> None:
    assert named(typed) == names


def test_a_part_that_names_nothing_is_refused_by_itself() -> None:
    with pytest.raises(UnknownName) as caught:
        meant(SOME, "models, cheese")
    assert caught.value.typed.strip() == "cheese"


def test_the_last_part_is_being_typed_and_what_is_chosen_stays_before_it() -> None:
    assert [each.what for each in offered(SOME, "prog")] == ["category-programming"]
    (only,) = offered(SOME, "models, seo")
    assert only == Named("models, category-marketing-seo", "All models, Marketing: SEO")


def test_what_is_chosen_already_is_not_offered_again() -> None:
    offers = [each.what for each in offered(SOME, "models,")]
    assert offers == [
        "models, category-programming",
        "models, category-marketing-seo",
        "models, language-natural",
    ]


def test_after_what_names_nothing_there_is_nothing_to_offer() -> None:
    assert offered(SOME, "cheese, mod") == ()


def test_what_discord_would_cut_is_not_offered() -> None:
    assert "long" in [each.what for each in offered(SOME, "")]
    assert not [each for each in offered(SOME, "models,xxxx") if "long" in each.what]


@given(chosen=st.lists(st.sampled_from(SOME.all), min_size=1, unique=True))
def test_what_is_offered_can_be_typed_on_by_what_it_stands_for_and_as_it_is_shown(
    chosen: list[Named],
) -> None:
    for text in (", ".join(one.what for one in chosen), ", ".join(one.name for one in chosen)):
        assert meant(SOME, text) == tuple(chosen)
        for more in offered(SOME, f"{text},"):
            assert meant(SOME, more.what) == meant(SOME, more.name)
            assert meant(SOME, more.what)[:-1] == tuple(chosen)
