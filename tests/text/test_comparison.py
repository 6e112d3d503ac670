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
from bot.pictures.compare import Lines
from bot.queries.almanac import almanac
from bot.queries.comparison import comparison
from bot.standings import OFFICIAL, WEEKLY
from bot.text.comparison import compared, compared_tracks
from bot.text.refusals import refusal
from bot.text.say import Say, english
from bot.text.tracks import tracks_alt, tracks_picture
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


def picture_of(found: Comparison, by: By, say: Say = SAY) -> Lines | None:
    """Return the picture of models side by side."""
    return tracks_picture(compared_tracks(found, by, KNOWN, say), say)


def alt_of(found: Comparison, by: By, say: Say = SAY) -> str:
    """Return the words that stand in for the picture."""
    return tracks_alt(compared_tracks(found, by, KNOWN, say), say)


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
    picture = picture_of(found, By.SHARE)
    assert picture is not None
    assert picture.subtitle == "Legal: Share of all tokens over seven days"


def test_the_picture_shows_shares_in_hundredths_of_a_per_cent_or_ranks() -> None:
    shares, ranks = picture_of(asked(), By.SHARE), picture_of(asked(), By.RANK)
    assert shares is not None
    assert ranks is not None
    assert [(each.name, each.openness, each.ending) for each in shares.series] == [
        ("Model X", Openness.OPEN, "61.5 %"),
        ("Model Y", Openness.CLOSED, "15.4 %"),
    ]
    assert [set(each.values) for each in shares.series] == [{6154}, {1538}]
    assert [set(each.values) for each in ranks.series] == [{1}, {2}]
    assert (shares.ranks, ranks.ranks) == (False, True)
    assert ranks.series[1].ending == "number 2"
    assert [(tick.value, tick.label) for tick in shares.ticks][:2] == [(0, "0 %"), (2000, "20 %")]
    assert shares.ticks[-1].value >= 6154


def test_small_shares_that_differ_by_less_than_a_tenth_are_drawn_apart() -> None:
    counts = [{"a/x": 3_000 + 100 * n, "e/v": 1_000_000} for n in range(8)]
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "c/z"], date.max)
    picture = picture_of(found, By.SHARE)
    assert picture is not None
    assert picture.series[0].values == (33, 34)
    assert picture.series[0].ending == "0.3 %"
    assert [tick.value for tick in picture.ticks] == [0, 10, 20, 30, 40]
    assert picture.ticks[-1].label == "0.4 %"


def test_days_without_a_model_are_gaps_and_none_at_all_is_no_picture() -> None:
    counts = [{"a/x": 5, "b/y": 3}] * 7 + [{"b/y": 3}] * 7
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "b/y"], date.max)
    picture = picture_of(found, By.SHARE)
    assert picture is not None
    gone = next(each for each in picture.series if each.name == "Model X")
    assert gone.values[-1] is None
    assert gone.ending == "not listed"
    assert picture_of(asked(models=("c/z", "e/v")), By.RANK) is None


@pytest.mark.parametrize("by", By)
def test_a_single_week_is_no_picture(by: By) -> None:
    assert picture_of(asked(count=7), by) is None
    assert picture_of(asked(count=8), by) is not None


def test_the_words_for_the_picture_have_its_numbers() -> None:
    rising = [{"a/x": 100 * (n + 1), "b/y": 500} for n in range(8)]
    found = comparison(almanac("models", days(rising), OFFICIAL), ["a/x", "b/y", "c/z"], date.max)
    assert alt_of(found, By.SHARE) == (
        "Share of all tokens over seven days, 7 June 2026 to 8 June 2026:"
        " Model X (open): 40.0 % on 7 June 2026, 45.5 % at the end, its best;"
        " Model Y (closed): 50.0 % on 7 June 2026, its best, 45.5 % at the end;"
        " Model Z (unknown): not listed."
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            [{"a/x": 9, "b/y": 5}] * 7 + [{"a/x": 1, "b/y": 5}] * 7,
            "number 1 on 7 June 2026, its best, number 2 at the end.",
        ),
        (
            [{"b/y": 5, "a/x": 4}] * 7 + [{"a/x": 90}] + [{"b/y": 50, "a/x": 1}] * 7,
            "number 2 on 7 June 2026, number 2 at the end, at best number 1 on 8 June 2026.",
        ),
        ([{"a/x": 9}] * 9, "number 1 on each date."),
        ([{"a/x": 9}] + [{"b/y": 5}] * 8, "number 2 on 7 June 2026 only."),
    ],
)
def test_the_words_of_a_line_say_what_it_does_once(counts: list[dict[str, int]], said: str) -> None:
    found = comparison(almanac("models", days(counts), OFFICIAL), ["c/z", "a/x"], date.max)
    assert f"Model X (open): {said[:-1]}" in alt_of(found, By.RANK)


def test_the_best_day_in_words_is_the_best_by_exact_shares() -> None:
    # Of 1,000,000 tokens a window each: the second is higher by far less than can be read.
    counts = [{"a/x": x, "b/y": 100_000 - x} for x in (20_000,) * 6 + (20_000, 20_002, 10_000)]
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "c/z"], date.max)
    assert "20.0 % on 7 June 2026, 18.6 % at the end, at best 20.0 % on 8 June 2026" in (
        alt_of(found, By.SHARE)
    )


@example(["n" * 300] * 5, By.RANK)
@example(["word " * 60] * 5, By.SHARE)
@given(st.lists(st.text(min_size=1, max_size=120), min_size=5, max_size=5), st.sampled_from(By))
def test_the_words_for_the_picture_fit_and_name_every_model(names: list[str], by: By) -> None:
    models = {f"m/{n}": name for n, name in enumerate(names)}
    found = asked(dict.fromkeys(models, 5), tuple(models))
    for say in (SAY, TURKISH):
        text = tracks_alt(compared_tracks(found, by, directory(names=models), say), say)
        assert len(text) <= 1000
        numbers = ": her tarihte " if say is TURKISH else " on each date"
        assert text.count(numbers) - sum(name.count(numbers) for name in names) >= 5


def test_words_that_would_be_too_long_end_with_a_whole_line() -> None:
    tracks = compared_tracks(asked(), By.RANK, KNOWN, SAY)
    text = tracks_alt(replace(tracks, subtitle="s" * 900), SAY)
    assert len(text) <= 1000
    assert text.endswith(" Model X (open): number 1 on each date.")


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
