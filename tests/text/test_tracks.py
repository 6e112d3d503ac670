"""The picture of models side by side: its title, figures and words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.answers.comparison import By, Comparison
from bot.model import Openness
from bot.pictures.compare import Lines
from bot.queries.almanac import almanac
from bot.queries.comparison import comparison
from bot.standings import OFFICIAL, WEEKLY
from bot.text.comparison import compared_tracks
from bot.text.say import Say
from bot.text.tracks import tracks_alt, tracks_picture
from bot.text.words import estimates_word
from tests.made import START, day, days, directory
from tests.text.comparing import DAILY, KNOWN, SAY, TURKISH, asked


def picture_of(found: Comparison, by: By, say: Say = SAY) -> Lines | None:
    """Return the picture of models side by side."""
    return tracks_picture(compared_tracks(found, by, KNOWN, say, estimated=False), say)


def alt_of(found: Comparison, by: By, say: Say = SAY) -> str:
    """Return the words that stand in for the picture."""
    return tracks_alt(compared_tracks(found, by, KNOWN, say, estimated=False), say)


def titled(counts: Sequence[Mapping[str, int]], by: By, say: Say = SAY) -> str:
    """Return the title of the picture of two models after days of such counts."""
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x", "b/y"], date.max)
    return compared_tracks(found, by, KNOWN, say, estimated=False).title


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


WAYS = {
    "ahead": [{"a/x": 30, "b/y": 20}] * 14,
    "overtook": [{"a/x": 10, "b/y": 20}] * 7 + [{"a/x": 30, "b/y": 20}] * 7,
    "barely": [{"a/x": 20_001, "b/y": 20_000}] * 14,
    "just overtook": [{"a/x": 10_000, "b/y": 20_000}] * 7 + [{"a/x": 20_001, "b/y": 20_000}] * 7,
    "level": [{"a/x": 20, "b/y": 20}] * 14,
    "came later": [{"b/y": 20}] * 7 + [{"a/x": 30, "b/y": 20}] * 7,
    "drew ahead": [{"a/x": 20, "b/y": 20}] * 7 + [{"a/x": 30, "b/y": 20}] * 7,
    "one alone": [{"b/y": 20}] * 7 + [{"a/x": 30}] * 7,
    "neither": [{"a/x": 30, "b/y": 20}] * 7 + [{"d/w": 1}] * 7,
}


@pytest.mark.parametrize(
    ("way", "by", "title"),
    [
        ("ahead", By.SHARE, "Model X leads Model Y by 6.7 points"),
        ("ahead", By.RANK, "Model X is number 1, 1 place ahead of Model Y"),
        ("overtook", By.SHARE, "Model X has overtaken Model Y and leads by 6.7 points"),
        ("overtook", By.RANK, "Model X has overtaken Model Y and is number 1"),
        ("barely", By.SHARE, "Model X is just ahead of Model Y"),
        ("just overtook", By.SHARE, "Model X has overtaken Model Y and is just ahead"),
        ("level", By.SHARE, "Model X and Model Y have equally many tokens"),
        ("level", By.RANK, "Model X and Model Y have equally many tokens"),
        ("came later", By.SHARE, "Model X has overtaken Model Y and leads by 6.7 points"),
        ("drew ahead", By.RANK, "Model X is number 1, 1 place ahead of Model Y"),
        ("one alone", By.SHARE, "Of these models, only Model X is in the ranking now"),
        ("neither", By.RANK, "None of these models is in the ranking now"),
    ],
)
def test_the_picture_is_titled_with_how_the_best_two_stand(way: str, by: By, title: str) -> None:
    assert titled(WAYS[way], by) == title


def test_the_best_two_are_named_whoever_else_is_compared() -> None:
    three = asked({"a/x": 50, "b/y": 30, "c/z": 20}, ("c/z", "b/y", "a/x"))
    assert compared_tracks(three, By.SHARE, KNOWN, SAY, estimated=False).title == (
        "Model X leads Model Y by 10.0 points"
    )
    apart = asked({"a/x": 50, "b/y": 30, "c/z": 20}, ("c/z", "a/x"))
    assert compared_tracks(apart, By.RANK, KNOWN, TURKISH, estimated=False).title == (
        "Model X 1. sırada, Model Z modelinin 2 sıra önünde"
    )


def test_the_picture_is_titled_in_turkish_too() -> None:
    assert titled(WAYS["overtook"], By.SHARE, TURKISH) == (
        "Model X, Model Y modelini geçti ve 6,7 puan önde"
    )


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(0, 10**12))
def test_the_points_in_a_title_are_off_by_half_a_tenth_at_most(
    one: int, other: int, rest: int
) -> None:
    assume(one != other)
    counts = {"a/x": one, "b/y": other, "d/w": rest}
    found = asked(counts, ("a/x", "b/y"))
    title = compared_tracks(found, By.SHARE, KNOWN, SAY, estimated=False).title
    gap = Fraction(7 * 100 * abs(one - other), found.standings.total)
    if "just" in title:
        assert gap < Fraction(1, 20)
    else:
        assert abs(Fraction(title.split(" by ")[1].split()[0]) - gap) <= Fraction(1, 20)


def test_the_table_of_the_picture_has_the_tokens_themselves() -> None:
    counts = [{"a/x": 5, "b/y": 3}] * 7 + [{"b/y": 3}] * 7
    found = comparison(almanac("models", days(counts), OFFICIAL), ["a/x"], date.max)
    picture = picture_of(found, By.RANK)
    assert picture is not None
    rows = picture.table().rows
    assert rows[0] == (START + timedelta(6), "Model X", "open", 1, 35, 7 * 108)
    assert rows[-1] == (START + timedelta(13), "Model X", "open", None, None, 7 * 103)


def test_the_picture_of_estimates_says_that_they_are_in_the_readers_language() -> None:
    for say in (SAY, TURKISH):
        told = compared_tracks(asked(), By.SHARE, KNOWN, say, estimated=True)
        picture, word = tracks_picture(told, say), estimates_word(say, estimated=True)
        assert picture is not None
        assert (picture.estimated, picture.language) == (word, say.code)
        assert f" 2026. {word}: " in tracks_alt(told, say)


def test_the_picture_of_a_board_of_whole_weeks_names_it() -> None:
    weeks = [day(START + timedelta(weeks=n), DAILY) for n in range(2)]
    kept = almanac("category-legal", {each.date: each for each in weeks}, WEEKLY)
    picture = picture_of(comparison(kept, ["a/x", "b/y"], date.max), By.SHARE)
    assert picture is not None
    assert picture.subtitle == "Legal: Share of all tokens over seven days"


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
    found, known = asked(dict.fromkeys(models, 5), tuple(models)), directory(names=models)
    for say in (SAY, TURKISH):
        text = tracks_alt(compared_tracks(found, by, known, say, estimated=False), say)
        assert len(text) <= 1000
        numbers = ": her tarihte " if say is TURKISH else " on each date"
        assert text.count(numbers) - sum(name.count(numbers) for name in names) >= 5


def test_words_that_would_be_too_long_end_with_a_whole_line() -> None:
    tracks = compared_tracks(asked(), By.RANK, KNOWN, SAY, estimated=False)
    text = tracks_alt(replace(tracks, subtitle="s" * 900), SAY)
    assert len(text) <= 1000
    assert text.endswith(" Model X (open): number 1 on each date.")
