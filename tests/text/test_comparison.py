"""The words of models side by side."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import OneModelAlone
from bot.model import Standings
from bot.queries.almanac import almanac
from bot.queries.comparison import comparison
from bot.standings import OFFICIAL, WEEKLY
from bot.text.comparison import compared
from bot.text.refusals import refusal
from bot.text.say import Say
from bot.text.words import citation
from tests.made import AS_OF, START, day, days
from tests.text.comparing import DAILY, KNOWN, SAY, TURKISH, asked


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
        "● Model X: number 1, already on 7 June 2026, the first ranking stored",
        "■ Model Y: number 2, already on 7 June 2026, the first ranking stored",
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
    assert note == ("Not listed on each of these days, so that tokens may be too few: Model X.")


def test_a_board_of_whole_weeks_is_named_and_said_to_be_estimated() -> None:
    weeks = [day(START + timedelta(weeks=n), DAILY) for n in range(2)]
    kept = almanac("category-legal", {each.date: each for each in weeks}, WEEKLY)
    found = comparison(kept, ["a/x", "b/y"], date.max)
    message = compared(found, KNOWN, SAY)
    assert message.title == "Legal: Model X and Model Y, side by side"
    assert any("estimates" in note for note in message.notes)


def test_a_best_rank_after_missing_rankings_is_the_first_on_record() -> None:
    stored = days([{"b/y": 9, "a/x": 5}] * 10 + [{"a/x": 9, "b/y": 5}] * 20)
    whole = comparison(almanac("models", stored, OFFICIAL), ["a/x", "b/y"], date.max)
    del stored[START + timedelta(days=10)]
    gap = comparison(almanac("models", stored, OFFICIAL), ["a/x", "b/y"], date.max)
    told = [compared(each, KNOWN, SAY).sections[0].lines[0].text for each in (whole, gap)]
    assert told == [
        "● Model X: number 1, first on 14 June 2026",
        "● Model X: number 1, first on record on 18 June 2026",
    ]


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
