"""The picture of authors' shares, and the words for it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.author import Authorship
from bot.model import Day, Openness
from bot.packaged import read_languages
from bot.pictures.authors import Stack
from bot.queries.almanac import almanac
from bot.queries.author import authorship
from bot.standings import OFFICIAL, WEEKLY
from bot.text.author_shares import NAMED, authors_alt, authors_picture
from bot.text.say import Say, english
from bot.text.words import LONGEST_ALT, citation
from tests.made import AS_OF, START, day, days, directory, verdict

SAY, TURKISH = english(), read_languages()["tr"]
OPEN, CLOSED, UNKNOWN = Openness
KNOWN = directory({"lab/x": verdict(OPEN), "lab/y": verdict(CLOSED)})
ONE = timedelta(days=1)
LAB = {"lab/x": 300, "lab/y": 100, "else/z": 500}
"""With the 100 tokens a day of what is not listed, a thousand."""
MANY = {f"author-{n}/m": 100 - n for n in range(9)}


def led_up(
    counts: Sequence[Mapping[str, int]], focus: str | None = None, board: str = "models"
) -> Authorship:
    """Return whose models used how much, on days that follow each other."""
    return authorship(almanac(board, days(counts), OFFICIAL), KNOWN, date.max, focus)


def picture(counts: Sequence[Mapping[str, int]], focus: str | None = None, say: Say = SAY) -> Stack:
    """Return the picture of days that follow each other."""
    return authors_picture(led_up(counts, focus), say)


def names(found: Stack) -> list[str]:
    """Return what the bands are called, from below."""
    return [band.name for band in found.bands]


def test_the_author_it_is_about_lies_below_all_others_by_what_its_models_are() -> None:
    counts = [LAB | {"lab/z": 50, "else/z": 450}] * 8
    found = picture(counts, "lab")
    assert [(b.name, b.openness, b.tokens, b.ending, b.rest) for b in found.bands] == [
        ("lab", OPEN, (2100, 2100), "30.0 %", False),
        ("lab", UNKNOWN, (350, 350), "5.0 %", False),
        ("lab", CLOSED, (700, 700), "10.0 %", False),
        ("else", None, (3150, 3150), "45.0 %", False),
        ("unlisted models", None, (700, 700), "10.0 %", True),
    ]
    assert (found.ending, found.totals) == ("45.0 %", (7000, 7000))
    assert [(t.value, t.label) for t in found.ticks][::2] == [
        (0, "0 %"),
        (5000, "50 %"),
        (10_000, "100 %"),
    ]
    assert found.dates == (START + 6 * ONE, START + 7 * ONE)
    assert (found.days, found.citation) == (("7 Jun", "8 Jun"), citation(AS_OF))


def test_the_most_used_authors_are_named_and_the_others_are_one_band() -> None:
    found = picture([MANY] * 8)
    first = [f"author-{n}" for n in range(NAMED)]
    assert names(found) == [*first, "other authors", "unlisted models"]
    assert found.bands[-2].tokens == ((94 + 93 + 92) * 7,) * 2
    assert (found.ending, found.title) == ("", "author-0 leads with 10.4 % of all tokens")
    about = picture([MANY | {"author-7/m": 150}] * 8, "author-7")
    assert names(about) == ["author-7", *first[:-1], "other authors", "unlisted models"]


def test_one_author_more_is_named_rather_than_called_the_others() -> None:
    seven = dict(list(MANY.items())[: NAMED + 1])
    assert names(picture([seven] * 8)) == [*(f"author-{n}" for n in range(7)), "unlisted models"]


def test_authors_are_named_by_what_is_used_now_and_those_gone_are_with_the_others() -> None:
    found = picture([{"old/m": 500, "zen/m": 1}] * 7 + [{"new/m": 5, "zen/m": 9}] * 7)
    assert names(found) == ["zen", "new", "other authors", "unlisted models"]
    assert found.bands[2].tokens[0] == 3500
    assert found.bands[2].tokens[-1] == 0


def test_the_picture_of_a_small_author_reaches_as_high_as_its_share_needs() -> None:
    counts = [{"lab/x": 40, "else/z": 860}] * 7 + [{"lab/x": 20, "else/z": 880}] * 7
    found = picture(counts, "lab")
    assert names(found) == ["lab", "all other models"]
    assert found.subtitle.endswith(" 14 June 2026. Axis up to 4 %")
    assert [(tick.value, tick.label) for tick in found.ticks] == [
        (0, "0 %"),
        (100, "1 %"),
        (200, "2 %"),
        (300, "3 %"),
        (400, "4 %"),
    ]
    assert found.bands[1].ending == "98.0 %"
    tiny = picture([{"lab/x": 1, "else/z": 10**6}] * 8, "lab")
    assert [tick.label for tick in tiny.ticks] == ["0 %", "0.1 %"]
    assert tiny.ending == "<0.1 %"


@pytest.mark.parametrize(
    ("then", "now", "english", "turkish"),
    [
        (
            500,
            100,
            "lab has 10.0 % of all tokens, down from 50.0 % on 7 Jun",
            "lab, 7 Haz gününden beri token payı kaybetti: %50,0 → %10,0",
        ),
        (
            100,
            500,
            "lab has 50.0 % of all tokens, up from 10.0 % on 7 Jun",
            "lab, token payını 7 Haz gününden beri artırdı: %10,0 → %50,0",
        ),
        (
            100,
            101,
            "lab has 10.1 % of all tokens, up from 10.0 % on 7 Jun",
            "lab, token payını 7 Haz gününden beri artırdı: %10,0 → %10,1",
        ),
        (
            101,
            100,
            "lab has 10.0 % of all tokens, down from 10.1 % on 7 Jun",
            "lab, 7 Haz gününden beri token payı kaybetti: %10,1 → %10,0",
        ),
        (100, 100, "lab still has 10.0 % of all tokens", "lab: token payı hâlâ %10,0"),
        (0, 100, "lab has 10.0 % of all tokens", "lab: token payı %10,0"),
        (
            100,
            0,
            "No model of lab is in the published ranking",
            "lab üreticisinin hiçbir modeli yayımlanan sıralamada değil",
        ),
    ],
)
def test_the_title_says_what_share_it_has_and_had(
    then: int, now: int, english: str, turkish: str
) -> None:
    counts = [
        {"lab/x": own, "else/z": 900 - own} if own else {"else/z": 900} for own in (then, now)
    ]
    weeks = [counts[0]] * 7 + [counts[1]] * 7
    assert picture(weeks, "lab").title == english
    assert picture(weeks, "lab", TURKISH).title == turkish


def test_a_single_week_is_a_picture_of_one_day_that_compares_nothing() -> None:
    found = picture([LAB] * 7, "lab")
    assert found.title == "lab has 40.0 % of all tokens"
    assert found.subtitle == "Listed models’ seven-day shares of all tokens, by author, 7 June 2026"
    assert [band.tokens for band in found.bands] == [(2100,), (700,), (3500,), (700,)]


def test_a_week_that_is_not_complete_is_a_gap_in_every_band() -> None:
    whole = days([LAB] * 30)
    kept = {when: each for when, each in whole.items() if when != date(2026, 6, 12)}
    found = authorship(almanac("models", kept, OFFICIAL), KNOWN, date.max, "lab")
    drawn = authors_picture(found, SAY)
    missing = {date(2026, 6, n) for n in range(12, 19)}
    for tokens in (drawn.totals, *(band.tokens for band in drawn.bands)):
        pairs = zip(drawn.dates, tokens, strict=True)
        assert {when for when, each in pairs if each is None} == missing
    assert authors_alt(found, SAY).endswith("no figures for 7 dates.")


def test_shares_that_are_too_high_and_estimates_say_so() -> None:
    lacking = [day(n, LAB, other=None if n == 3 else 100) for n in range(14)]
    kept = almanac("images", {each.date: each for each in lacking}, OFFICIAL)
    found = authors_picture(authorship(kept, KNOWN, date.max), SAY)
    assert found.subtitle.endswith(
        "7 June 2026 to 14 June 2026."
        " Where the figures of unlisted models are missing, shares are a little too high"
    )
    assert found.estimated == ""
    weeks: list[Day] = [day(7 * n, LAB) for n in range(9)]
    weekly = almanac("weekly", {each.date: each for each in weeks}, WEEKLY)
    estimated = authors_picture(authorship(weekly, KNOWN, date.max, "lab"), SAY)
    assert estimated.estimated == "Estimates from a sample of requests"


def test_the_picture_of_an_author_not_listed_on_some_dates_says_what_zero_is() -> None:
    listed = picture([LAB] * 14, "lab").subtitle
    assert listed.endswith("7 June 2026 to 14 June 2026")
    found = picture([{"else/z": 900}] * 7 + [LAB] * 7, "lab").subtitle
    assert found.endswith("14 June 2026. At zero none of its models is listed")


def test_an_author_that_is_never_listed_leaves_the_picture_to_the_others() -> None:
    found = picture([LAB] * 8, "nobody")
    assert names(found) == ["else", "lab", "unlisted models"]
    assert found.ending == "not listed"


def test_where_no_model_is_listed_now_no_author_leads() -> None:
    found = picture([{"lab/x": 5}] * 7 + [{}] * 7)
    assert found.title == "The most-used authors"
    assert [(band.name, band.ending) for band in found.bands] == [
        ("other authors", "0.0 %"),
        ("unlisted models", "100.0 %"),
    ]


def test_the_alt_text_has_the_numbers_in_words() -> None:
    counts = [LAB] * 7 + [{"lab/x": 900, "else/z": 500}] * 4 + [{"lab/x": 100, "else/z": 800}] * 7
    assert authors_alt(led_up(counts, "lab"), SAY) == (
        "Listed models’ seven-day shares of all tokens, by author, 7 June 2026 to 18 June 2026."
        " On the first day, and on the last: lab: 40.0 %, 10.0 %; lab (open): 30.0 %, 10.0 %;"
        " lab (closed): 10.0 %, not listed; else: 50.0 %, 80.0 %; unlisted models: 10.0 %, 10.0 %;"
        " lab: at most 53.3 %, on 11 June 2026."
    )
    assert authors_alt(led_up([LAB] * 7), SAY) == (
        "Listed models’ seven-day shares of all tokens, by author, 7 June 2026:"
        " else: 50.0 %; lab: 40.0 %; unlisted models: 10.0 %."
    )
    assert authors_alt(led_up([LAB] * 8), TURKISH) == (
        "Listelenen modellerin yedi günlük token payları, 7 Haziran 2026 – 8 Haziran 2026."
        " İlk ve son gün: else: %50,0, %50,0; lab: %40,0, %40,0; listede olmayanlar: %10,0, %10,0."
    )


def test_the_alt_text_says_as_many_bands_as_fit_and_those_whole() -> None:
    counts = {f"{n}-author{'-long' * 20}/m": 9 for n in range(9)}
    wordy = Say("en", {"On the first day, and on the last:": "word " * 150})
    text = authors_alt(led_up([counts] * 8), wordy)
    assert LONGEST_ALT - 70 < len(text) <= LONGEST_ALT
    assert text.endswith(" %.")


TOKENS = st.dictionaries(
    st.sampled_from([f"author-{n}-{'long-' * 20}/m" for n in range(9)] + ["lab/x", "lab/y"]),
    st.integers(1, 10**12),
)


@given(st.lists(TOKENS, min_size=7, max_size=20), st.sampled_from([None, "lab", "nobody"]))
def test_bands_are_the_totals_and_the_alt_text_is_short_enough(
    counts: list[dict[str, int]], focus: str | None
) -> None:
    found = led_up(counts, focus)
    drawn = authors_picture(found, SAY)
    own = [band for band in drawn.bands if band.openness is not None]
    for index, total in enumerate(drawn.totals):
        assert sum(band.tokens[index] or 0 for band in drawn.bands) == total
        listed = sum(band.tokens[index] or 0 for band in own)
        assert listed == (found.authors.get(focus or "", drawn.totals)[index] if own else 0)
        assert Fraction(listed, total or 1) * 10_000 <= drawn.ticks[-1].value
    assert len(authors_alt(found, SAY)) <= LONGEST_ALT
