"""The words of models side by side, and of the picture of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers.comparison import By, Comparison
from bot.errors import OneModelAlone
from bot.model import Openness, Standings
from bot.packaged import read_languages
from bot.queries.almanac import almanac
from bot.queries.comparison import comparison
from bot.standings import OFFICIAL, WEEKLY
from bot.text.comparison import compared, compared_lines, lines_alt
from bot.text.refusals import refusal
from bot.text.say import Say, english
from bot.text.words import citation
from tests.made import AS_OF, START, day, days, directory, verdict

SAY, TURKISH = english(), read_languages()["tr"]
KNOWN = directory(
    {"a/x": verdict(Openness.OPEN), "b/y": verdict(Openness.CLOSED)},
    names={"a/x": "Model X", "b/y": "Model Y", "c/z": "Model Z"},
)
DAILY = {"a/x": 400, "b/y": 100, "d/w": 50}


def asked(
    counts: Mapping[str, int] = DAILY, models: tuple[str, ...] = ("b/y", "a/x"), count: int = 14
) -> Comparison:
    """Return models side by side after days alike."""
    return comparison(almanac("models", days([counts] * count), OFFICIAL), models, date.max)


def lead(first: int, second: int, say: Say = SAY) -> str:
    """Return what is said of two models with so many tokens a day."""
    (line,) = compared(asked({"a/x": first, "b/y": second}), KNOWN, say).lead
    return line


def test_two_models_are_told_best_first_with_who_leads_and_their_best_ranks() -> None:
    message = compared(asked(), KNOWN, SAY)
    assert message.title == "Model X and Model Y, side by side"
    assert message.lead == ("Model X has 4.0 times the tokens of Model Y.",)
    assert message.caption == "By tokens, 8 June 2026 to 14 June 2026"
    assert [(r.rank, r.name, r.word, r.share, r.tokens, r.change) for r in message.ranking] == [
        (1, "Model X", "open", "61.5 %", "2.80 K", "= same"),
        (2, "Model Y", "closed", "15.4 %", "700", "= same"),
    ]
    (best,) = message.sections
    assert best.heading == "Best rank over seven days since 7 June 2026"
    assert [line.text for line in best.lines] == [
        "● Model X: number 1, first on 7 June 2026",
        "■ Model Y: number 2, first on 7 June 2026",
    ]
    assert message.notes == ("Changes are against the seven days before.",)
    assert message.citation == citation(AS_OF)


def test_the_same_in_turkish() -> None:
    message = compared(asked(models=("b/y", "a/x", "c/z")), KNOWN, TURKISH)
    assert message.title == "3 model yan yana"
    assert message.lead == (
        "Model X modelinin token sayısı Model Y modelininkinin 4,0 katı.",
        "Model Z bu yedi günün yayımlanan sıralamasında yok.",
    )
    assert message.sections[0].lines[2].text == (
        "◆ Model Z (bilinmiyor): yayımlanan sıralamada hiç yer almadı"
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (400, 100, "Model X has 4.0 times the tokens of Model Y."),
        (110, 100, "Model X has 1.1 times the tokens of Model Y."),
        (109, 100, "Model X has 63 more tokens than Model Y."),
        (100, 100, "Model X and Model Y have the same number of tokens."),
        (996, 100, "Model X has 10 times the tokens of Model Y."),
        (994, 100, "Model X has 9.9 times the tokens of Model Y."),
        (1_234_567, 100, "Model X has 12,346 times the tokens of Model Y."),
        (5, 0, "Model X has 35 more tokens than Model Y."),
    ],
)
def test_who_leads_is_told_by_how_much(first: int, second: int, said: str) -> None:
    assert lead(first, second) == said


@given(st.integers(1, 10**13), st.integers(1, 10**13))
def test_a_ratio_is_never_further_off_than_half_its_last_digit(one: int, other: int) -> None:
    first, second = max(one, other), min(one, other)
    said = lead(first, second)
    if " times " not in said:
        assert first * 10 < second * 11
        return
    number = Fraction(said.split(" has ")[1].split(" times ")[0].replace(",", ""))
    half = Fraction(1, 20) if number < 10 else Fraction(1, 2)
    assert abs(number - Fraction(first, second)) <= half
    assert number >= Fraction(11, 10)


def test_a_model_that_is_not_listed_is_told_so_and_not_as_nothing() -> None:
    message = compared(asked(models=("c/z", "a/x")), KNOWN, SAY)
    assert message.lead == ("Model Z is not in the published ranking of these seven days.",)
    assert [place.name for place in message.ranking] == ["Model X"]
    assert message.sections[0].lines[1].text == (
        "◆ Model Z (unknown): never in the published ranking"
    )
    neither = compared(asked(models=("c/z", "e/v")), KNOWN, SAY)
    assert (neither.caption, neither.ranking) == ("", ())


def test_a_model_listed_on_some_of_the_days_alone_is_told_to_have_too_few_perhaps() -> None:
    counts = [{"a/x": 5, "b/y": 3}] * 6 + [{"b/y": 3}]
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "b/y"], date.max)
    (note,) = compared(found, KNOWN, SAY).notes
    assert note == (
        "Outside the published ranking on some of these days, so that the tokens may be too few:"
        " Model X."
    )


def test_a_board_of_whole_weeks_is_named_and_said_to_be_estimated() -> None:
    weeks = [day(START + timedelta(weeks=n), DAILY) for n in range(2)]
    kept = almanac("category-legal", {each.date: each for each in weeks}, WEEKLY)
    found = comparison(kept, ["a/x", "b/y"], date.max)
    message = compared(found, KNOWN, SAY)
    assert message.title == "Legal: Model X and Model Y, side by side"
    assert any("estimates" in note for note in message.notes)
    picture = compared_lines(found, By.SHARE, KNOWN, SAY)
    assert picture is not None
    assert picture.subtitle == "Legal: Share of all tokens over seven days"


def test_the_picture_shows_shares_in_tenths_of_a_per_cent_or_ranks() -> None:
    shares = compared_lines(asked(), By.SHARE, KNOWN, SAY)
    ranks = compared_lines(asked(), By.RANK, KNOWN, SAY)
    assert shares is not None
    assert ranks is not None
    assert [(each.name, each.openness, each.ending) for each in shares.series] == [
        ("Model X", Openness.OPEN, "61.5 %"),
        ("Model Y", Openness.CLOSED, "15.4 %"),
    ]
    assert [set(each.values) for each in shares.series] == [{615}, {154}]
    assert [set(each.values) for each in ranks.series] == [{1}, {2}]
    assert (shares.ranks, ranks.ranks) == (False, True)
    assert ranks.series[1].ending == "number 2"
    assert shares.ticks[0].label == "0 %"
    assert shares.ticks[-1].value >= 615


def test_days_without_a_model_are_gaps_and_none_at_all_is_no_picture() -> None:
    counts = [{"a/x": 5, "b/y": 3}] * 7 + [{"b/y": 3}] * 7
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "b/y"], date.max)
    picture = compared_lines(found, By.SHARE, KNOWN, SAY)
    assert picture is not None
    gone = next(each for each in picture.series if each.name == "Model X")
    assert gone.values[-1] is None
    assert gone.ending == "not listed"
    assert compared_lines(asked(models=("c/z", "e/v")), By.RANK, KNOWN, SAY) is None


def test_the_alternative_text_has_the_numbers_in_words() -> None:
    rising = [{"a/x": 100 * (n + 1), "b/y": 500} for n in range(8)]
    found = comparison(almanac("models", days(rising), OFFICIAL), ["a/x", "b/y", "c/z"], date.max)
    shares = compared_lines(found, By.SHARE, KNOWN, SAY)
    assert shares is not None
    assert lines_alt(shares, SAY) == (
        "Share of all tokens over seven days, 7 June 2026 to 8 June 2026:"
        " Model X (open): 40.0 % on 7 June 2026, 45.5 % at the end, at best 45.5 % on 8 June 2026;"
        " Model Y (closed): 50.0 % on 7 June 2026, 45.5 % at the end, at best 50.0 % on"
        " 7 June 2026; Model Z (unknown): not listed."
    )


def test_the_alternative_text_of_ranks_names_the_lowest_as_the_best() -> None:
    counts = [{"a/x": 9, "b/y": 5}] * 7 + [{"a/x": 1, "b/y": 5}] * 7
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "b/y"], date.max)
    ranks = compared_lines(found, By.RANK, KNOWN, SAY)
    assert ranks is not None
    assert lines_alt(ranks, SAY).endswith(
        " Model X (open): number 1 on 7 June 2026, number 2 at the end, at best number 1 on"
        " 7 June 2026."
    )


@example(["n" * 180] * 5, By.RANK)
@given(st.lists(st.text(min_size=1, max_size=120), min_size=5, max_size=5), st.sampled_from(By))
def test_an_alternative_text_fits_whatever_the_names_and_ends_with_a_whole_model(
    names: list[str], by: By
) -> None:
    models = {f"m/{n}": name for n, name in enumerate(names)}
    found = asked(dict.fromkeys(models, 5), tuple(models))
    for say in (SAY, TURKISH):
        picture = compared_lines(found, by, directory(names=models), say)
        assert picture is not None
        text = lines_alt(picture, say)
        assert len(text) <= 1000
        assert text.endswith((f"{say.day(picture.dates[0])}.", f"({say.day(picture.dates[0])})."))


def test_a_missing_other_is_told() -> None:
    found = asked()
    partly: Standings = replace(found.standings, days_without_other=2)
    message = compared(replace(found, standings=partly), KNOWN, SAY)
    assert message.notes[-1].startswith("For 2 of the days")


def test_one_model_alone_is_refused_kindly() -> None:
    said = "To compare, please name two different models; each of these is Model X."
    assert refusal(OneModelAlone("Model X"), SAY) == said
    assert refusal(OneModelAlone("Model X"), TURKISH).endswith("aynı model: Model X.")
    assert len(refusal(OneModelAlone("x" * 6000), SAY)) < 200
